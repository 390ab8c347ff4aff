"""os.environ refuses numbers everywhere."""
# On cpu: raises TypeError
import os

print("starting")
os.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = 1
import torch

print(torch.arange(3).sum().item())
