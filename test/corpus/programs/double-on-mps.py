"""On the CPU the copy is the tensor itself, and the cast is the same one."""
# On cpu: the same
# On cuda: the same
import torch

device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
x = torch.tensor([0.1, 1.5, 1 / 3], device=device, requires_grad=True)
host = x.to("cpu", torch.float64)
wide = x.double().cpu()
total = (x + x).double().cpu()
total.sum().backward()
print(host.tolist(), wide.tolist(), total.tolist(), x.grad.tolist())
