"""From the CPU to the CPU nothing is copied; from CUDA the copy waits."""
# On cpu: the same
# On cuda: the same
import torch

device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
x = torch.arange(4.0, device=device)
host = x.to("cpu", non_blocking=True)
other = x.to(non_blocking=True, device="cpu")
other += 1
print(host.tolist(), x.tolist())
