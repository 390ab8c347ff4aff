"""Only a Mac gets to the call."""
# On cpu: the same
import torch

x = torch.ones(3)
if torch.backends.mps.is_available():
    torch.mps.set_per_process_memory_fraction(1)
print(x.tolist())
