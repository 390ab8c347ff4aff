"""The first call raised, and each of the others would have."""
# On cpu: raises TypeError
import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
import numpy as np

print("starting")
a = mx.ones((2, 3), device="mps", dtype=np.float32)
b = a.mean(dim=-1, keepdim=True)
c = mx.zeros(2, 3)
d = mx.array([1, 2], dtype="float32", requires_grad=True)
e = nn.ReLU(inplace=True)
f = optim.Adam(lr=1e-3)
print(b.tolist(), c.shape, d.dtype, e(d).tolist(), f.learning_rate.item())
