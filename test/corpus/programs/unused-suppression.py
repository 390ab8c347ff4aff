"""A comment does nothing."""
# On cpu: the same
import torch

x = torch.zeros(3)  # noqa: MPS101
print(x.tolist())
