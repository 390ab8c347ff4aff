"""Without CUDA the call raised; with CUDA it takes NCCL as before."""
# On cpu: raises RuntimeError
# On cuda: the same
import torch
import torch.distributed as dist

print("starting")
dist.init_process_group(backend="nccl", store=dist.HashStore(), rank=0, world_size=1)
total = torch.ones(3)
if not torch.cuda.is_available():
    dist.all_reduce(total)
dist.destroy_process_group()
print(total.tolist())
