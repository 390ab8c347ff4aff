"""On a machine without a GPU the CPU stream is the stream that was taken before."""
# On cpu: the same
import mlx.core as mx

a = mx.array([[4.0, 1.0], [2.0, 3.0]])
q, r = mx.linalg.qr(a)
inverse = mx.linalg.inv(a)
print((q @ r).tolist(), inverse.tolist())
