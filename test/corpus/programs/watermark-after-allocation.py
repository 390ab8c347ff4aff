"""The variables are for MPS alone, so where they are set does not matter elsewhere."""
# On cpu: the same
# On cuda: the same
import os

import torch

device = "mps" if torch.backends.mps.is_available() else "cpu"
x = torch.arange(4.0, device=device)
os.environ["PYTORCH_MPS_LOW_WATERMARK_RATIO"] = "1.0"
os.environ["PYTORCH_MPS_HIGH_WATERMARK_RATIO"] = "1.5"
print(x.sum().item(), os.environ["PATH"] != "")
