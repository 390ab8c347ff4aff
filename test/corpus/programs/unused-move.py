"""Only a Mac gets past a move to MPS, and what nobody moves stays where it was."""
# On cpu: the same
# On cuda: the same
import torch


def total(x: torch.Tensor):
    if torch.backends.mps.is_available():
        x.to("mps")
    return x.sum()


def move(x: torch.Tensor):
    x.to(device="mps")
    print("moved")


tensor = torch.arange(4.0)
print(total(tensor).item())
try:
    move(tensor)
except RuntimeError as error:
    print(error)
if torch.backends.mps.is_available():
    tensor.to("mps")
print(tensor.device)
