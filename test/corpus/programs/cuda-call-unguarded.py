"""Without CUDA the call raised; with CUDA it is made as before."""
# On cpu: raises AssertionError
# On cuda: the same
import torch

x = torch.arange(4.0)
print("starting")
torch.cuda.synchronize()
torch.cuda.synchronize(
    device=0,
)
print(x.sum().item())
