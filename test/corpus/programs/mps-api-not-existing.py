"""torch.mps.manual_seed does nothing without MPS; the call raised everywhere."""
# On cpu: raises AttributeError
import torch

print("starting")
torch.mps.manual_seed_all(0)
x = torch.rand(2)
print(x.tolist())
