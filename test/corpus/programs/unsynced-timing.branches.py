"""The device is named outright, in a branch that only a Mac takes."""
# On cpu: the same
# On cuda: the same
import time

import torch

if torch.backends.mps.is_available():
    a = torch.ones(8, 8, device="mps")
else:
    a = torch.ones(8, 8)
start = time.perf_counter()
b = a @ a
seconds = time.perf_counter() - start
print(seconds, b.sum().item())
