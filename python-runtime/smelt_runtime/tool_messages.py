"""What the other commands of `python -m smelt_runtime` print, one JSON line each, on stdout.

`server/tools/generate.ts` writes their TypeScript types and validators beside those of messages.py.
"""

from typing import Literal, Optional, TypedDict, Union

# ---- `python -m smelt_runtime probe`: one JSON line on stdout ---------------------------------


class DeviceProbe(TypedDict):
    """One compute device that a framework offers."""

    framework: Literal["torch", "mlx"]
    device: str
    """`cpu`, `mps`, `cuda:0`; for MLX `gpu` or `cpu`."""
    name: str
    """Chip or GPU name, or ""."""
    memory: Optional[int]
    """Bytes that the device may use, if it tells."""


class Probe(TypedDict):
    """What this interpreter can compute on."""

    type: Literal["probe"]
    python: str
    executable: str
    system: str
    """`platform.system()`: Darwin, Linux, Windows."""
    os_version: str
    """macOS version, else `platform.release()`."""
    arch: str
    translated: bool
    chip: str
    cores: int
    gpu_cores: Optional[int]
    """Of a Mac's GPU; None elsewhere."""
    memory: int
    versions: dict[str, str]
    devices: list[DeviceProbe]
    torch_mps_built: Optional[bool]
    """None when torch is absent."""
    torch_mps_available: Optional[bool]
    mlx_metal_available: Optional[bool]
    variables: dict[str, str]
    """PYTORCH_* and MLX_* variables that are set."""
    errors: list[str]
    """Import errors of installed frameworks, one sentence each."""


# ---- `python -m smelt_runtime bench …`: JSON lines on stdout ----------------------------------


class BenchmarkProgress(TypedDict):
    """`done` of `total` measurements are complete; `label` names the one that starts now."""

    type: Literal["progress"]
    label: str
    done: int
    total: int


class BenchmarkRow(TypedDict):
    """One workload on one device. Times are seconds per iteration; None with `error` when it failed."""

    type: Literal["row"]
    workload: str
    framework: Literal["torch", "mlx"]
    framework_version: str
    device: str
    device_name: str
    dtype: str
    size: list[int]
    samples: int
    iterations: int
    """Iterations in each sample."""
    first: Optional[float]
    """The very first run, cold."""
    median: Optional[float]
    q1: Optional[float]
    q3: Optional[float]
    gflops: Optional[float]
    """Floating-point operations per second / 1e9, at the median."""
    error: Optional[str]


class BenchmarkEnd(TypedDict):
    """The last line. `caveats` are sentences."""

    type: Literal["end"]
    python: str
    chip: str
    caveats: list[str]


BenchmarkEvent = Union[BenchmarkProgress, BenchmarkRow, BenchmarkEnd]
