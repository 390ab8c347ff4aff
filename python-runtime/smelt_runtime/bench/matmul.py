"""Matrix multiplication in float32, on torch and on MLX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "matmul"
DTYPE = "float32"

SIZE_ON_GPU = 8192
SIZE_ON_CPU = 2048


def operations(size: int) -> int:
    """Floating-point operations of one product: a multiplication and an addition each."""
    return 2 * size**3


def memory(size: int) -> int:
    """Bytes of both matrices and of their product."""
    return 3 * 4 * size**2


def torch_workload(torch: Any, device: str, size: int) -> Callable[[int], None]:
    """Products on one torch device; returns when the device has finished them."""
    a = torch.randn(size, size, device=device, dtype=torch.float32)
    b = torch.randn(size, size, device=device, dtype=torch.float32)
    kind = device.split(":", maxsplit=1)[0]
    wait = {
        "mps": torch.mps.synchronize,
        "cuda": lambda: torch.cuda.synchronize(device),
    }.get(kind, lambda: None)
    wait()

    def run(iterations: int) -> None:
        for _ in range(iterations):
            torch.matmul(a, b)
        wait()

    return run


def mlx_workload(core: Any, device: str, size: int) -> Callable[[int], None]:
    """Products on one MLX device. Every result is asked for: MLX drops what nobody needs.

    As with torch the products are enqueued one after the other and waited for once: to wait for each
    would add the time of a launch to every one of them.
    """
    stream = core.gpu if device == "gpu" else core.cpu
    a = core.random.normal((size, size), stream=stream)
    b = core.random.normal((size, size), stream=stream)
    core.eval(a, b)

    def run(iterations: int) -> None:
        for _ in range(iterations):
            product = core.matmul(a, b, stream=stream)
            core.async_eval(product)
        core.eval(product)
        core.synchronize(core.default_stream(stream))

    return run
