"""With CUDA the same is done; without CUDA and MPS nothing is."""
# On cpu: the same
# On cuda: the same
import torch


def free():
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return "freed"


x = torch.arange(4.0)
if torch.cuda.is_available(): torch.cuda.empty_cache()
print(free(), x.sum().item())
