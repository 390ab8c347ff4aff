"""The call raised; the parentheses keep the sum together."""
# On cpu: raises ValueError
import mlx.core as mx
import numpy as np

x = mx.array([0.5, 1.25, 3.0], dtype=mx.bfloat16)
host = np.asarray(x + x)
print(host.dtype, host.tolist())
