"""Both tests raised: whoever gets past them asked for one answer."""
# On cpu: raises ValueError
import mlx.core as mx

a = mx.array([1, 2, 3])
b = mx.array([1, 2, 3])
print("before")
if a == b:
    print("equal")
if mx.equal(a, mx.array([1, 2, 4])):
    print("not reached")
if mx.zeros((3,)) == 0:
    print("all zero")
