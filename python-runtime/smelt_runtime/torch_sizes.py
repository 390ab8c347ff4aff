"""Bytes that torch tensors hold, asked without reading a number of them."""

from __future__ import annotations

from typing import Any

from smelt_runtime.class_names import module_of

PARTS = ("crow_indices", "ccol_indices", "row_indices", "col_indices", "values")
"""What compressed sparse tensors are made of; each layout has three of them."""


class StorageBytes:
    """Adds up tensors that may share their storage, as views do."""

    def __init__(self) -> None:
        self._counted: dict[int, int] = {}

    def add(self, tensor: Any) -> int:
        """Bytes that this tensor adds to those before it."""
        try:
            if is_sparse(tensor):
                return sum(self.add(part) for part in sparse_parts(tensor))
            size = int(tensor.numel()) * int(tensor.element_size())
        except Exception:
            # Not known before its first use, as of a lazy layer.
            return 0
        storage = storage_of(tensor)
        if storage is None:
            return size
        key, whole = storage
        counted = self._counted.get(key, 0)
        self._counted[key] = min(whole, counted + size)
        return self._counted[key] - counted


def bytes_of(tensor: Any) -> int:
    """Of one tensor."""
    return StorageBytes().add(tensor)


def is_sparse(tensor: Any) -> bool:
    """Does it hold indices and values, and not a number for each place?"""
    return str(tensor.layout).startswith("torch.sparse")


def sparse_parts(tensor: Any) -> list[Any]:
    """The tensors that a sparse one is made of."""
    if tensor.is_sparse:
        return [tensor._indices(), tensor._values()]  # noqa: SLF001 - indices() refuses what is not coalesced
    return [getattr(tensor, name)() for name in PARTS if _has(tensor, name)]


def _has(tensor: Any, part: str) -> bool:
    is_by_column = str(tensor.layout) in ("torch.sparse_csc", "torch.sparse_bsc")
    return part == "values" or (part in ("ccol_indices", "row_indices")) == is_by_column


def storage_of(tensor: Any) -> tuple[int, int] | None:
    """(identity, bytes) of a plain tensor's storage; None for those that have none of their own.

    A tensor that was expanded has more numbers than its storage.
    """
    if module_of(type(tensor)) not in ("torch", "torch.nn.parameter"):
        return None
    try:
        storage = tensor.untyped_storage()
        return storage._cdata, int(storage.nbytes())  # noqa: SLF001 - data_ptr() is 0 for all that are empty
    except Exception:
        return None
