"""On the CPU the copy is the tensor itself, and the array shares its memory as before."""
# On cpu: the same
import numpy as np
import torch

device = "mps" if torch.backends.mps.is_available() else "cpu"
x = torch.arange(4.0, device=device)
a = x.numpy()
b = np.asarray(x)
c = (x + 1).numpy()
a[0] = 7
print(x.tolist(), b.tolist(), c.tolist(), np.array(x).tolist())
