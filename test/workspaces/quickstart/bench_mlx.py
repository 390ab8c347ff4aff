"""Apple MLX is lazy: an operation is recorded when it is called, and computed when its value is needed.

So the usual ways to time it time something else. Every cell runs on any machine that has MLX.
"""

# %% Set-up
import time

try:
    import mlx.core as mx
except ImportError:
    mx = None
    print("MLX is not installed for this Python: run `pip install mlx` on a Mac (`pip install mlx[cpu]` on Linux).")

if mx:
    print(mx.default_device())

# %% Nothing is computed
# The clock stops before any of the matrices is multiplied.
if mx:
    a = mx.random.normal((512, 512))
    mx.eval(a)
    start = time.perf_counter()
    for _ in range(20):
        c = a @ a
    print(f"{(time.perf_counter() - start) * 1e3:.3f} ms")

# %% Too much is computed
# The random numbers are made inside the timed part.
if mx:
    x = mx.random.normal((512, 512))
    y = mx.random.normal((512, 512))
    start = time.perf_counter()
    z = x @ y
    mx.eval(z)
    print(f"{(time.perf_counter() - start) * 1e3:.3f} ms")

# %% Just right
if mx:
    mx.eval(x, y)
    start = time.perf_counter()
    z = x @ y
    mx.eval(z)
    print(f"{(time.perf_counter() - start) * 1e3:.3f} ms")

# %% Habits from elsewhere
# Nothing calls these here; the first two raise, the third prints a notice.


def add_batch():
    return mx.zeros((2, 3)).unsqueeze(0)


def load_weights():
    return mx.load("llama.mlpackage")


def peak_memory():
    return mx.metal.get_peak_memory()


# %% A kernel in Metal
# The string is Metal, and is coloured as Metal. It needs a GPU to run.
if mx and mx.metal.is_available():
    double = mx.fast.metal_kernel(
        name="twice",
        input_names=["inp"],
        output_names=["out"],
        source="""
            uint i = thread_position_in_grid.x;
            out[i] = inp[i] * 2; // one element per thread
        """,
    )
    numbers = mx.arange(8, dtype=mx.float32)
    (twice,) = double(
        inputs=[numbers],
        grid=(8, 1, 1),
        threadgroup=(8, 1, 1),
        output_shapes=[(8,)],
        output_dtypes=[mx.float32],
    )
    print(twice)
else:
    print("No Metal here: this cell runs on a Mac.")
