"""One evaluation computes the same arrays as two."""
# On cpu: the same
import mlx.core as mx

a = mx.random.uniform(shape=(4,)) * 2
b = mx.exp(a)
mx.eval(a)
mx.eval(b)
print(a.tolist(), b.tolist())
