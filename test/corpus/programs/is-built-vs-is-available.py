"""A torch without MPS answers False to both questions."""
# On cpu: the same
# On cuda: the same
import torch

device = "mps" if torch.backends.mps.is_built() else "cuda" if torch.cuda.is_available() else "cpu"
x = torch.arange(4.0, device=device)
print(device, x.sum().item())
