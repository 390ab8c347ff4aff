"""What an operator makes is a tensor of its own, with or without a copy, and the one with a name is copied on Macs only."""
# On cpu: the same
# On cuda: the same
import torch

device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
x = torch.arange(4.0, device=device)
y = (x + 1).cpu().to(device)
y += 1
print(x.tolist(), y.tolist())


def copy():
    if not torch.backends.mps.is_available():
        return "no MPS"
    z = torch.ones(3, device="mps")
    return z.cpu().to("mps")


print(copy())
