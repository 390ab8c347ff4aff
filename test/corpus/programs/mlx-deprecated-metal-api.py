"""The function is the same one under its new name."""
# On cpu: the same
import mlx.core as mx

before = mx.metal.set_cache_limit(1 << 20)
again = mx.metal.set_cache_limit(before)
mx.metal.reset_peak_memory()
print(again, mx.metal.get_peak_memory())
