"""Machines without MPS lay the weights out as before."""
# On cpu: the same
# On cuda: the same
import torch

device = torch.device("mps" if torch.backends.mps.is_available() else "cpu")
model = torch.nn.Conv2d(3, 8, 3).to(device)
model = model.to(memory_format=torch.channels_last)
print(model.weight.is_contiguous(memory_format=torch.channels_last))
