"""Without CUDA the first use raised; with CUDA the device is the one that was named."""
# On cpu: raises AssertionError
# On cuda: the same
import torch
import torch.nn as nn

device = torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")
print("starting")
x = torch.ones(2, 3, device="cuda")
model = nn.Linear(3, 1).cuda()
named = torch.zeros(3).to("cuda")
y = model(x.cuda(non_blocking=True))
print(y.shape, named.sum().item())
