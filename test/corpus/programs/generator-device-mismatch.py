"""Without CUDA the generator raised; with CUDA it is the one that was named."""
# On cpu: raises RuntimeError
# On cuda: the same
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")
print("starting")
generator = torch.Generator(device="cuda").manual_seed(0)
noise = torch.randn(3, generator=generator, device=device)
print(noise.sum().item())
