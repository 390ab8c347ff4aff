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

from smelt_runtime.question_messages import (
    Attached,
    AttachRequest,
    CompleteRequest,
    Completions,
    Examined,
    ExamineRequest,
    Inspection,
    InspectRequest,
    Variables,
    VariablesRequest,
)

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
    mode: Literal["run", "profile"]
    """`profile` also times each line, synchronised after it, and sends a `profile` event. Default `run`."""
    evaluate: bool
    """Compute the MLX arrays that the cell leaves lazy, for an honest time. Default true."""


class InputReply(TypedDict):
    """Answers `input_request`; `value` None is end of file (EOFError)."""

    type: Literal["input_reply"]
    id: int
    value: Optional[str]


class ShutdownRequest(TypedDict):
    """Leave the main loop and exit with status 0."""

    type: Literal["shutdown"]
    id: int


Request = Union[
    ExecuteRequest,
    InputReply,
    ShutdownRequest,
    CompleteRequest,
    InspectRequest,
    VariablesRequest,
    ExamineRequest,
    AttachRequest,
]


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
    explanation: Optional[str]
    """What a known error means on this Mac and what to do, from known_errors.json."""
    rule: Optional[str]
    """Code of the rule whose fix applies (MPS201), if there is one."""


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
    """Variable names, at most 8; "the result" for what the cell ends with."""
    count: int
    bytes: int


class MemoryUse(TypedDict):
    """Bytes allocated by one framework on one device around the cell; None: cannot be told."""

    framework: Literal["torch", "mlx"]
    device: str
    before: int
    after: int
    peak: Optional[int]


class HostMemory(TypedDict):
    """Bytes of this process in main memory around the cell."""

    before: int
    after: int
    peak: Optional[int]
    """The most that it ever had, when that was during this cell."""


class Fallback(TypedDict):
    """An operator that ran on the CPU although its tensors are on the GPU; `line` is 0-based."""

    operator: str
    filename: str
    line: int
    count: int


class HostCopies(TypedDict):
    """Copies between main memory and MPS in one direction, as torch logs them.

    Copies that convert the dtype on their way are not in its log (mps_copy_ in operations/Copy.mm).
    The log knows no time of a copy, only that of the command buffer, which holds other work as well.
    """

    to: Literal["MPS", "CPU"]
    count: int
    bytes: int
    """From texts with two decimals of KB, MB or GB."""


class Caveat(TypedDict):
    """Something that limits what the timing means."""

    kind: Literal[
        "first-run",
        "rosetta",
        "lazy",
        "interrupted",
        "unsynchronized",
        "thermal",
        "contention",
    ]
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
    started: str
    """When the code began and ended, ISO 8601 in UTC, as `metadata.execution` of a notebook wants it."""
    ended: str
    wall: int
    returned: int
    evaluated: int
    cpu: int
    gpu: Optional[int]
    """GPU time of this process, when the system tells it (macOS); 0 is proof that the GPU did nothing."""
    accelerator: Optional[str]
    """The GPU that the loaded frameworks offer here: "mps", "cuda", "mlx gpu"; None without one."""
    device: Optional[str]
    """Where the work ran, in the words of the inline line: "mps", "cuda", "cpu", "mlx gpu", "mlx cpu",
    several joined by " + ", or None when the cell touched neither torch nor mlx."""
    uses: list[DeviceUse]
    left_on_cpu: list[str]
    """Names of torch tensors and modules of this cell on the CPU although there is an accelerator."""
    memory: list[MemoryUse]
    host: Optional[HostMemory]
    unevaluated: int
    """MLX arrays that the cell left lazy; they were computed for the timing unless `evaluate` was false."""
    flops: Optional[int]
    """Floating-point operations of the cell, only when they are known exactly."""
    fallbacks: list[Fallback]
    copies: Optional[list[HostCopies]]
    """Always None from the kernel: torch logs copies on stderr, where the editor reads them when asked to."""
    caveats: list[Caveat]


class LineProfile(TypedDict):
    """One statement of the file, all its executions together."""

    line: int
    """0-based first line of the statement in the cell's file."""
    end_line: int
    count: int
    wall: int
    """Nanoseconds until the device was idle again, without the lines of the file that it calls."""
    returned: int
    """The part of `wall` until the statement returned; the rest was spent waiting for the device."""
    device: Optional[str]
    """Where its values live, as `Report.device`."""


class Profile(TypedDict):
    """Comes before the `report` of a cell that was run with mode `profile`."""

    type: Literal["profile"]
    mark: int
    id: int
    filename: str
    lines: list[LineProfile]
    """By line. The sum of their `wall` is the time of the cell without the profiler's own."""
    own: int
    """Nanoseconds that the profiler itself took inside the cell's wall time."""


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
    Profile,
    Report,
    Done,
    Completions,
    Inspection,
    Variables,
    Examined,
    Attached,
    Log,
]
