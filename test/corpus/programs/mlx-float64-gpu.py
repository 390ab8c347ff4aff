"""On a machine without a GPU the CPU stream is the stream that was taken before."""
# On cpu: the same
import mlx.core as mx

x = mx.linspace(0, 1, 5, dtype=mx.float64)
y = mx.exp(x)
rows = mx.ones((2, 3), dtype=mx.float64)
total = rows.sum()
wide = mx.array([1.5, 2.5]).astype(mx.float64)
print(x.dtype, y.tolist(), total.item(), wide.tolist(), mx.eye(2, dtype=mx.float64).tolist())
