"""Machines without MPS choose what they chose before."""
# On cpu: the same
# On cuda: the same
import torch

device = "cuda:0" if torch.cuda.is_available() else "cpu"
if torch.cuda.is_available():
    other = torch.device("cuda")
else:
    other = torch.device("cpu")
x = torch.arange(4.0, device=device)
y = torch.arange(4.0).to(other)
print(device, other, (x + y).tolist())
