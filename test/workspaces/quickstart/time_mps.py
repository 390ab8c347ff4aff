"""How long does a matrix multiplication take? The clock alone does not know."""

# %% Set-up
import time

try:
    import torch
except ImportError:
    torch = None
    print("PyTorch is not installed for this Python: run `pip install torch`, then restart the kernel.")

if torch:
    device = torch.device(
        "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    )
    a = torch.randn(512, 512, device=device)
    print(device)

# %% Too early
# torch hands the work to the GPU and returns; the second reading is taken while the GPU computes.
if torch:
    start = time.perf_counter()
    b = a @ a
    print(f"{(time.perf_counter() - start) * 1e3:.3f} ms")

# %% In time
# Reading a value waits for the GPU. The line below the cell is measured between two such waits.
if torch:
    start = time.perf_counter()
    total = (a @ a).sum().item()
    print(f"{(time.perf_counter() - start) * 1e3:.3f} ms")
