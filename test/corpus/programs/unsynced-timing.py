"""Only a Mac waits; other machines read the clock as often as before."""
# On cpu: the same
# On cuda: the same
import time

import torch

device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
a = torch.ones(8, 8, device=device)
start = time.perf_counter()
b = torch.matmul(a, a)
seconds = time.perf_counter() - start
print(seconds, b.sum().item())
