"""On the CPU one call gives the same tensor as two."""
# On cpu: the same
# On cuda: the same
import numpy as np
import torch

device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
data = np.linspace(-1, 70000, 7) / 3
x = torch.from_numpy(data).to(device).float()
half = torch.tensor(data, device=device).to(torch.float16)
whole = torch.as_tensor(data, device=device).int()
keyword = torch.from_numpy(data).to(device=device).half()
print(x.tolist(), half.tolist(), whole.tolist(), keyword.tolist())
