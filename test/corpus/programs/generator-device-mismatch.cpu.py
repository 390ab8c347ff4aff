"""On the CPU it is the same generator. With CUDA torch refused it."""
# On cpu: the same
# On cuda: raises RuntimeError
import torch

device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
print("starting")
generator = torch.Generator().manual_seed(3)
x = torch.randn(4, device=device, generator=generator)
generator.manual_seed(4)
y = torch.rand(4, device=device, generator=generator)
z = torch.randint(0, 9, (4,), device=device, generator=torch.Generator().manual_seed(5))
print(x.tolist(), y.tolist(), z.tolist())
