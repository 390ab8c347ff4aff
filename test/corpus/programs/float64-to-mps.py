"""Without MPS the move raises whatever the dtype, and where it is not reached nothing is cast."""
# On cpu: the same
# On cuda: the same
import numpy as np
import torch

data = np.linspace(0, 1, 5)


def move():
    return torch.from_numpy(data).to("mps")


def convert():
    return torch.tensor(data, device="mps")


x = torch.from_numpy(data)
for make in (move, convert):
    try:
        x = make()
    except RuntimeError as error:
        print(error)
print(x.dtype, x.sum().item())
