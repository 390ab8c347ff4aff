"""Only a Mac gets to the name of the device."""
# On cpu: the same
# On cuda: the same
import torch

x = torch.ones(3)
if torch.backends.mps.is_available():
    x = x.to("mps:1")
print(x.tolist(), x.device)
