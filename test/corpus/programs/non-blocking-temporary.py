"""On the CPU both copy at once; with CUDA the copy still does not wait."""
# On cpu: the same
# On cuda: the same
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")
name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
x = torch.arange(4.0).to(device, non_blocking=True)
y = torch.arange(4.0).to(name, non_blocking=True)
z = torch.arange(4.0).to(non_blocking=True, device=device)
print((x + y + z).tolist())
loader = (torch.arange(n) for n in (4.0, 2.0))
for batch in loader:
    batch = batch.to(device, non_blocking=True)
    print(batch.tolist())
