r"""The messages between the editor and the kernel: the one source for both sides.

Requests arrive as JSON lines on file descriptor 3, events leave as JSON lines on file descriptor 4.
`server/tools/generate.ts` writes `client/src/kernel/messages.gen.ts` (types and validator) from the
TypedDicts below. Unknown `type`s are logged and ignored on both sides.

File descriptors 1 and 2 carry the cell's raw output, untouched. So that output and events keep
their order, the kernel writes *marks*, `"\x1b]smelt;" + nonce + ";" + kind + n + "\x07"` (ASCII, n
counting from 1), to both of them: kind `e` before every event, kind `s` whenever Python output
switches between the two. Every event carries the `mark` that was written before it. Bytes before
mark n on either descriptor come before the event with `mark` n, and bytes after it come after.
Marks go through private duplicates of the descriptors, so user code that redirects or closes 1
and 2 neither sees nor breaks them.
A mark of 0 means that no order is known (the pipe is gone): deliver the event at once.
"""

from typing import Any, Literal, Optional, TypedDict, Union

PROTOCOL = 1

MimeBundle = dict[str, Any]
"""MIME type to data; binary types (image/png) are base64 text, JSON types are JSON values."""


# ---- requests: editor to kernel -------------------------------------------------------------


class ExecuteRequest(TypedDict):
    """Run a cell. `line` is the 0-based line of `code`'s first line in `filename`."""

    type: Literal["execute"]
    id: int
    code: str
    filename: str
    line: int


class InputReply(TypedDict):
    """Answers `input_request`; `value` None is end of file (EOFError)."""

    type: Literal["input_reply"]
    id: int
    value: Optional[str]


class ShutdownRequest(TypedDict):
    """Leave the main loop and exit with status 0."""

    type: Literal["shutdown"]
    id: int


Request = Union[ExecuteRequest, InputReply, ShutdownRequest]


# ---- events: kernel to editor ---------------------------------------------------------------


class Ready(TypedDict):
    """First event. `versions` maps installed distribution names of interest to their versions."""

    type: Literal["ready"]
    mark: int
    protocol: int
    nonce: str
    pid: int
    python: str
    arch: str
    """`platform.machine()`: arm64, x86_64, aarch64."""
    translated: bool
    """True under Rosetta (sysctl.proc_translated)."""
    executable: str
    shell: Literal["ipython", "standard"]
    versions: dict[str, str]


class Started(TypedDict):
    """The cell `id` begins to run as number `execution_count`."""

    type: Literal["started"]
    mark: int
    id: int
    execution_count: int


class Display(TypedDict):
    """Rich output of a running cell. `update` replaces the earlier display of `display_id`."""

    type: Literal["display"]
    mark: int
    id: int
    data: MimeBundle
    metadata: dict[str, Any]
    display_id: Optional[str]
    update: bool


class ClearOutput(TypedDict):
    """Forget the cell's outputs; with `wait`, only when the next output comes."""

    type: Literal["clear_output"]
    mark: int
    id: int
    wait: bool


class Result(TypedDict):
    """The value of the cell's last expression. `summary` is one short line of text."""

    type: Literal["result"]
    mark: int
    id: int
    data: MimeBundle
    metadata: dict[str, Any]
    summary: str


class Frame(TypedDict):
    """One traceback frame of user code; `line` is 0-based in `filename`."""

    filename: str
    line: int
    name: str


class Error(TypedDict):
    """The cell raised. `traceback` is plain text without ANSI codes; `frames` are innermost last."""

    type: Literal["error"]
    mark: int
    id: int
    ename: str
    evalue: str
    traceback: str
    frames: list[Frame]


class InputRequest(TypedDict):
    """User code called input() or getpass(); the kernel waits for `input_reply` with this id."""

    type: Literal["input_request"]
    mark: int
    id: int
    prompt: str
    password: bool


class DeviceUse(TypedDict):
    """Tensors or arrays that the cell made or changed (by name, or as its result) on one device."""

    framework: Literal["torch", "mlx"]
    device: str
    """`cpu`, `mps`, `cuda:0`; for MLX `gpu` or `cpu`."""
    names: list[str]
    """Variable names, at most 8; "_" for the result."""
    count: int
    bytes: int


class MemoryUse(TypedDict):
    """Bytes allocated by one framework on one device around the cell; None: cannot be told."""

    framework: Literal["torch", "mlx"]
    device: str
    before: int
    after: int
    peak: Optional[int]


class Fallback(TypedDict):
    """An operator that ran on the CPU although its tensors are on the GPU; `line` is 0-based."""

    operator: str
    filename: str
    line: int
    count: int


class Caveat(TypedDict):
    """Something that limits what the timing means."""

    kind: Literal["first-run", "rosetta", "lazy", "interrupted", "unsynchronized"]
    text: str


class Report(TypedDict):
    """What the cell did. Times are nanoseconds on time.perf_counter_ns; None: cannot be told.

    `wall` runs from a synchronised device to a synchronised device; `returned` until the code
    returned, before the closing synchronisation (smaller than `wall` when work was asynchronous);
    `evaluated` the part of `wall` spent computing MLX arrays that the cell had left lazy.
    """

    type: Literal["report"]
    mark: int
    id: int
    wall: int
    returned: int
    evaluated: int
    cpu: int
    gpu: Optional[int]
    device: Optional[str]
    """Where the work ran, in the words of the inline line: "mps", "cuda", "cpu", "mlx gpu", "mlx cpu",
    several joined by " + ", or None when the cell touched neither torch nor mlx."""
    uses: list[DeviceUse]
    memory: list[MemoryUse]
    unevaluated: int
    """MLX arrays that the cell left lazy (they were evaluated for the timing)."""
    fallbacks: list[Fallback]
    caveats: list[Caveat]


class Done(TypedDict):
    """The last event of a cell."""

    type: Literal["done"]
    mark: int
    id: int
    status: Literal["ok", "error", "interrupted"]


class Log(TypedDict):
    """A line for Smelt's own log; never shown as cell output."""

    type: Literal["log"]
    mark: int
    text: str


Event = Union[
    Ready,
    Started,
    Display,
    ClearOutput,
    Result,
    Error,
    InputRequest,
    Report,
    Done,
    Log,
]


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
