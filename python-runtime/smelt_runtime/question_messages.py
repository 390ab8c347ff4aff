"""Questions of the editor about what the kernel holds, and the events that answer them.

The kernel answers between cells, on its main thread: a question that comes while a cell runs waits.
`messages.py` says how messages travel.
"""

from typing import Any, Literal, Optional, TypedDict


class CompleteRequest(TypedDict):
    """What may stand at `cursor`, in UTF-16 units of `code`. Answered by `completions`, between cells."""

    type: Literal["complete"]
    id: int
    code: str
    cursor: int


class InspectRequest(TypedDict):
    """What the name at `cursor` (UTF-16 units of `code`) is. Answered by `inspection`, between cells."""

    type: Literal["inspect"]
    id: int
    code: str
    cursor: int


class VariablesRequest(TypedDict):
    """The variables, or the parts of the one at `path`. Answered by `variables`; runs no user code."""

    type: Literal["variables"]
    id: int
    path: list[str]
    """The name of a variable and the `key`s of its parts; empty for all variables."""


class ExamineRequest(TypedDict):
    """Read every number of one tensor or array, on demand. Answered by `examined`."""

    type: Literal["examine"]
    id: int
    path: list[str]


class AttachRequest(TypedDict):
    """An editor has come to a kernel that runs. Answered by `ready` and `attached`, between cells.

    An `input_request` that is open is sent again at once.
    """

    type: Literal["attach"]
    id: int


class Completion(TypedDict):
    """One text that may replace the range; `kind` as jedi says it (function, module, keyword), or ""."""

    text: str
    kind: str
    signature: str


class Completions(TypedDict):
    """Answers `complete`; `start` and `end` are UTF-16 units of its code."""

    type: Literal["completions"]
    mark: int
    id: int
    start: int
    end: int
    items: list[Completion]


class Inspection(TypedDict):
    """Answers `inspect`; `data` is empty when nothing is known."""

    type: Literal["inspection"]
    mark: int
    id: int
    data: dict[str, Any]


class Variable(TypedDict):
    """A variable or a part of one. Nothing of it was computed or called to describe it."""

    name: str
    key: str
    """What `path` names it by."""
    kind: Literal["tensor", "array", "module", "container", "frame", "value", "object"]
    type: str
    """`torch.Tensor`, `mlx.core.array`, `numpy.ndarray`, `dict`."""
    device: Optional[str]
    dtype: Optional[str]
    shape: Optional[list[int]]
    bytes: Optional[int]
    """Of a module: of its parameters and buffers together."""
    lazy: Optional[bool]
    """MLX only: not computed yet."""
    text: str
    """Numbers, texts and lengths; "" for what would have to run code to show itself."""
    parts: int
    """How many parts can be asked for."""


class Variables(TypedDict):
    """Answers `variables`; `left_out` more were not described."""

    type: Literal["variables"]
    mark: int
    id: int
    path: list[str]
    variables: list[Variable]
    left_out: int


class Examined(TypedDict):
    """Answers `examine`. Counts and figures are None when `error` says why not."""

    type: Literal["examined"]
    mark: int
    id: int
    path: list[str]
    count: Optional[int]
    nan: Optional[int]
    infinite: Optional[int]
    minimum: Optional[float]
    """Of the finite values; None without one."""
    maximum: Optional[float]
    mean: Optional[float]
    error: Optional[str]


class Attached(TypedDict):
    """Answers `attach`."""

    type: Literal["attached"]
    mark: int
    id: int
    cell: int
    """The last cell that the kernel has taken; 0 for none."""
    status: Optional[Literal["ok", "error", "interrupted"]]
    """How it ended; None without one."""
