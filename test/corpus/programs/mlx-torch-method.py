"""The first call raised, and each of the others would have."""
# On cpu: raises AttributeError
import mlx.core as mx

print("starting")
a = mx.arange(6).cuda()
b = a.float()
c = b.reshape(2, 3).permute(1, 0)
d = c.detach()
e = a.view(3, 2)
print(b.dtype, c.tolist(), d.tolist(), e.tolist(), e.size(0))
