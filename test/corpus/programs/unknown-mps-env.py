"""torch reads the new name on a Mac only."""
# On cpu: the same
import os

os.environ["PYTORCH_MPS_ENABLE_FALLBACK"] = "1"
import torch

print(torch.arange(3).sum().item())
