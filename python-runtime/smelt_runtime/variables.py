"""The variables of the kernel, described from their types: nothing of the user's runs for it."""

from __future__ import annotations

import sys
import types
from itertools import islice
from typing import Any

from smelt_runtime.class_names import bases_of, full_name_of, name_of, package_of
from smelt_runtime.mlx_device import default_device, is_lazy, loaded_core
from smelt_runtime.torch_device import device_of
from smelt_runtime.torch_sizes import StorageBytes, bytes_of
from smelt_runtime.touched import framework_of, is_torch_module, tensors_of

MOST = 1_000
"""Variables or parts that one answer describes."""
LONGEST = 200

HIDDEN = frozenset(("In", "Out", "exit", "quit", "get_ipython", "display", "open"))
NOT_VALUES = (
    types.ModuleType,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    type,
)
CONTAINERS = (dict, list, tuple, set, frozenset)
PLAIN = (bool, int, float, complex, str, bytes, type(None))
TORCH_VALUES = ("torch.device", "torch.dtype")
"""Their text is made by torch's own C code."""


def variables(namespace: dict[str, Any], path: list[str]) -> tuple[list[dict[str, Any]], int]:
    """(descriptions, how many more there are) of the namespace, or of the parts of the value at `path`."""
    if path:
        parts = parts_of(value_at(namespace, path))
    else:
        parts = [
            (name, name, value)
            for name, value in list(namespace.items())
            if type(name) is str
            and not name.startswith("_")
            and name not in HIDDEN
            and not issubclass(type(value), NOT_VALUES)
        ]
    return [describe(name, key, value) for name, key, value in parts[:MOST]], max(0, len(parts) - MOST)


def value_at(namespace: dict[str, Any], path: list[str]) -> Any:
    """The value that a path of keys leads to; LookupError when it does not."""
    value: Any = namespace[path[0]]
    for key in path[1:]:
        for _, known, part in parts_of(value):
            if known == key:
                value = part
                break
        else:
            raise LookupError(key)
    return value


def parts_of(value: Any) -> list[tuple[str, str, Any]]:
    """(name, key, part) of a module's own parameters, buffers and modules, or of a container's items."""
    kind = type(value)
    if is_torch_module(kind):
        found: dict[str, Any] = {}
        for table in ("_parameters", "_buffers", "_modules"):
            found.update(vars(value).get(table, {}))
        return [(name, name, part) for name, part in found.items() if part is not None]
    # isinstance() would ask the value for its class, which it may compute.
    if issubclass(kind, dict):
        # An mlx.nn.Module is a dict of its arrays and modules.
        items = islice(dict.items(value), 10 * MOST)
        return [(_name(key), str(place), part) for place, (key, part) in enumerate(items)]
    if kind in (list, tuple):
        return [(f"[{place}]", str(place), part) for place, part in enumerate(value[: 10 * MOST])]
    return []


def describe(name: str, key: str, value: Any) -> dict[str, Any]:
    """A Variable of question_messages.py."""
    kind = type(value)
    row: dict[str, Any] = {
        "name": name,
        "key": key,
        "kind": "object",
        "type": full_name_of(kind),
        "device": None,
        "dtype": None,
        "shape": None,
        "bytes": None,
        "lazy": None,
        "text": "",
        "parts": 0,
    }
    try:
        _fill(row, kind, value)
    except Exception:
        # A value that lies about itself is an object like any other.
        row["kind"] = "object"
    return row


def _fill(row: dict[str, Any], kind: type, value: Any) -> None:
    framework = framework_of(kind)
    root = package_of(kind)
    if framework == "torch" and is_torch_module(kind):
        tensors = tensors_of(value)
        devices = sorted({device for tensor in tensors if (device := device_of(tensor))})
        sizes = StorageBytes()
        size = sum(sizes.add(tensor) for tensor in tensors)
        row.update(kind="module", parts=len(parts_of(value)), bytes=size, device=", ".join(devices) or None)
        row["text"] = f"{sum(tensor.numel() for tensor in tensors)} numbers"
    elif framework == "torch" and "torch.Tensor" in _bases(kind):
        row.update(kind="tensor", device=device_of(value), dtype=_last(value.dtype), shape=list(value.shape))
        row["bytes"] = bytes_of(value)
    elif framework == "mlx" and issubclass(kind, dict):
        row.update(kind="module", parts=dict.__len__(value))
    elif framework == "mlx" and hasattr(kind, "nbytes"):
        core = loaded_core()
        row.update(kind="array", dtype=_last(value.dtype), shape=list(value.shape), bytes=value.nbytes)
        if core is not None:
            row.update(device=default_device(core), lazy=is_lazy(core, value))
    elif root == "numpy" and hasattr(kind, "nbytes"):
        row.update(kind="array", device="cpu", dtype=str(value.dtype), shape=list(value.shape))
        row["bytes"] = int(value.nbytes)
    elif root == "pandas" and hasattr(kind, "shape"):
        row.update(kind="frame", device="cpu", shape=list(value.shape))
    elif kind in PLAIN or row["type"] in TORCH_VALUES:
        row.update(kind="value", text=_short(value), bytes=sys.getsizeof(value))
    elif issubclass(kind, CONTAINERS):
        base = next(each for each in CONTAINERS if issubclass(kind, each))
        count = base.__len__(value)
        row.update(kind="container", text=f"{count} item{'' if count == 1 else 's'}")
        row["parts"] = count if base is dict or kind in (list, tuple) else 0


def _bases(kind: type) -> set[str]:
    return {full_name_of(base) for base in bases_of(kind)}


def _last(value: Any) -> str:
    return str(value).rsplit(".", 1)[-1]


def _name(key: Any) -> str:
    return _short(key) if type(key) in PLAIN else f"<{name_of(type(key))}>"


def _short(value: Any) -> str:
    """The repr of a plain value, cut before it is made."""
    if isinstance(value, int) and value.bit_length() > 4 * LONGEST:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, (str, bytes)) and len(value) > LONGEST:
        return f"{value[:LONGEST]!r}… ({len(value)})"
    return repr(value) if type(value) in PLAIN else str(value)
