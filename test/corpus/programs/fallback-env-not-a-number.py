"""The variable is for MPS alone, so what is in it does not matter elsewhere."""
# On cpu: the same
import os

os.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = "True"
import torch

print(torch.arange(3).sum().item())
