"""The variable is for MPS alone, so where it is set does not matter elsewhere."""
# On cpu: the same
import torch
import os

os.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = "1"
print(os.environ["PYTORCH_ENABLE_MPS_FALLBACK"], torch.arange(3).sum().item())
