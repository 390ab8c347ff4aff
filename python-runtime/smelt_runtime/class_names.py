"""What a class is called and what it inherits from, asked of Python: a metaclass may answer with an error."""

from __future__ import annotations

_module_of = type.__dict__["__module__"].__get__
_qualified_name_of = type.__dict__["__qualname__"].__get__
_name_of = type.__dict__["__name__"].__get__
_bases_of = type.__dict__["__mro__"].__get__


def module_of(kind: type) -> str:
    """The module that a class says it is from; "" when it says something else than a name."""
    try:
        module = _module_of(kind)
    except AttributeError:
        return ""
    return module if type(module) is str else ""


def package_of(kind: type) -> str:
    """The first part of its module's name."""
    return module_of(kind).split(".", 1)[0]


def name_of(kind: type) -> str:
    """`Tensor`."""
    return _name_of(kind)


def full_name_of(kind: type) -> str:
    """`torch.Tensor`; of Python's own types the name alone."""
    return f"{module_of(kind)}.{_qualified_name_of(kind)}".removeprefix("builtins.")


def bases_of(kind: type) -> tuple[type, ...]:
    """The class itself and all that it inherits from."""
    return _bases_of(kind)
