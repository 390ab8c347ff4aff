"""What may be written at a place, and what stands there: by IPython and jedi, or by the standard library."""

from __future__ import annotations

import builtins
import keyword
import re
from typing import Any

from smelt_runtime.class_names import full_name_of

MOST = 500

NAME = re.compile(r"[A-Za-z_][\w.]*\Z")
WHOLE_NAME = re.compile(r"[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*")


def utf16_to_index(text: str, units: int) -> int:
    """Index in a Python string of a place that an editor counts in UTF-16 units."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))


def index_to_utf16(text: str, index: int) -> int:
    """The same the other way round."""
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


def complete(namespace: dict[str, Any], code: str, cursor: int) -> tuple[int, int, list[dict[str, str]]]:
    """(start, end, Completions) from the names that the namespace holds; properties are not called."""
    found = NAME.search(code[:cursor])
    if found is None:
        return cursor, cursor, []
    before, dot, prefix = found[0].rpartition(".")
    names: dict[str, Any] = {}
    if not dot:
        names = dict.fromkeys(keyword.kwlist, keyword)
        names.update(vars(builtins))
        names.update(namespace)
    else:
        value = look_up(namespace, before)
        if value is not None:
            names = {name: static_attribute(value, name) for name in dir(value)}
    hidden = prefix.startswith("_")
    matches = sorted(
        name
        for name in names
        if isinstance(name, str) and name.startswith(prefix) and (hidden or not name.startswith("_"))
    )
    items = [{"text": name, "kind": kind_of(names[name]), "signature": ""} for name in matches[:MOST]]
    return cursor - len(prefix), cursor, items


def kind_of(value: object) -> str:
    """In jedi's words."""
    if value is keyword:
        return "keyword"
    if isinstance(value, type):
        return "class"
    if type(value).__name__ == "module":
        return "module"
    return "function" if callable(value) else "instance"


def look_up(namespace: dict[str, Any], dotted: str) -> Any:
    """The value of a dotted name without running user code; None when that cannot be told."""
    first, *rest = dotted.split(".")
    value = namespace.get(first, vars(builtins).get(first))
    for name in rest:
        value = static_attribute(value, name)
    return value


def static_attribute(value: object, name: str) -> Any:
    """An attribute as it is stored: no property and no __getattr__ is called."""
    import inspect

    try:
        found = inspect.getattr_static(value, name)
    except Exception:
        return None
    return found.__func__ if isinstance(found, (staticmethod, classmethod)) else found


def name_at(code: str, cursor: int) -> str:
    """The dotted name around a place, up to the part that the place is in; "" when there is none."""
    for found in WHOLE_NAME.finditer(code):
        if found.start() <= cursor <= found.end():
            end = found.end()
            dot = code.find(".", cursor, found.end())
            return code[found.start() : end if dot < 0 else dot]
    return ""


def inspect_name(namespace: dict[str, Any], code: str, cursor: int) -> dict[str, Any]:
    """Signature and documentation of what the name stands for, as text; empty when it is unknown."""
    import inspect

    name = name_at(code, cursor)
    value = look_up(namespace, name) if name else None
    if value is None:
        return {}
    lines = []
    try:
        lines.append(f"{name}{inspect.signature(value)}" if callable(value) else name)
    except (TypeError, ValueError):
        lines.append(name)
    lines.append(full_name_of(type(value)))
    documentation = inspect.getdoc(value)
    if documentation:
        lines.extend(("", documentation))
    return {"text/plain": "\n".join(lines)}
