"""torch.backends.mps has two functions of its own; the name raised everywhere."""
# On cpu: raises AttributeError
import torch

print("starting")
device = "mps" if torch.backends.mps_is_available() else "cpu"
print(torch.ones(2, device=device).sum().item())
