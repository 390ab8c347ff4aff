"""Without MPS there is neither the generator nor the tensor: both raise, at lines that follow one another."""
# On cpu: the same
# On cuda: the same
import torch


def noise():
    generator = torch.Generator()
    generator.manual_seed(0)
    x = torch.randn(4, device="mps", generator=generator)
    return x.cpu()


result = None
if torch.backends.mps.is_available():
    result = noise()
else:
    try:
        noise()
    except RuntimeError:
        print("no MPS")
print(result)
