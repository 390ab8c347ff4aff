"""Both variables are for MPS alone."""
# On cpu: the same
import os

os.environ["PYTORCH_MPS_HIGH_WATERMARK_RATIO"] = "0.7"
import torch

print(os.environ["PYTORCH_MPS_HIGH_WATERMARK_RATIO"], torch.arange(3).sum().item())
