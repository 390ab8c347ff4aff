"""With CUDA the same cache is emptied; without CUDA and MPS nothing is."""
# On cpu: the same
# On cuda: the same
import torch


def free():
    torch.cuda.empty_cache()
    return "freed"


x = torch.arange(4.0)
torch.cuda.empty_cache()
print(free(), x.sum().item())
