"""torch.has_mps is is_built() by an older name."""
# On cpu: the same
# On cuda: the same
import torch

device = "mps" if torch.has_mps else "cuda" if torch.cuda.is_available() else "cpu"
x = torch.arange(4.0, device=device)
print(device, x.sum().item())
