"""Floating-point operations of a cell, when its text and its shapes tell them exactly.

Counting every operator as it runs costs more than the cells that it is about. So only cells are counted
whose every statement is understood: products of torch tensors or MLX arrays, loops over a range with
a known length, waiting, clocks and imports. A product is 2 * m * n * k, as torch.utils.flop_counter
counts it. Anything else, and the answer is None.
"""

from __future__ import annotations

import ast
from types import ModuleType
from typing import Any

from smelt_runtime.class_names import full_name_of, module_of

LONGEST = 4_000
"""Characters; longer cells are never this simple."""

PRODUCTS = frozenset(("torch.matmul", "torch.mm", "torch.bmm", "mlx.core.matmul"))
WITHOUT_WORK = frozenset(
    (
        "torch.mps.synchronize",
        "torch.cuda.synchronize",
        "torch.accelerator.synchronize",
        "mlx.core.eval",
        "mlx.core.synchronize",
        "time.perf_counter",
        "time.perf_counter_ns",
        "time.time",
        "time.monotonic",
        "print",
    )
)

Shape = tuple[int, ...]


class _UnknownError(Exception):
    """The cell does something that is not understood."""


def flops_of(code: str, namespace: dict[str, Any]) -> int | None:
    """The count for a cell that has run, from the shapes that its names have in the namespace."""
    if len(code) > LONGEST or not any(mark in code for mark in ("@", "matmul", "mm(")):
        return None
    try:
        tree = ast.parse(code)
        counter = _Counter(namespace, tree)
        total = counter.body(tree.body)
    except Exception:
        # Not understood, no Python, or a value that lies about itself.
        return None
    return total or None


class _Counter:
    """Walks the statements; `shapes` are those of names that the cell has bound."""

    def __init__(self, namespace: dict[str, Any], tree: ast.Module) -> None:
        self._namespace = namespace
        self._shapes: dict[str, Shape | None] = {}
        self._last = tree.body[-1] if tree.body else None
        self._lazy = any(module_of(type(value)) == "mlx.core" for value in list(namespace.values()))
        self._bound = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }

    def body(self, statements: list[ast.stmt]) -> int:
        return sum(self._statement(statement) for statement in statements)

    def _statement(self, node: ast.stmt) -> int:
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)):
            return 0
        if isinstance(node, ast.Expr):
            count, shape = self._value(node.value)
            if shape is not None and self._lazy and node is not self._last:
                # Nobody asks for it, so MLX does not compute it.
                raise _UnknownError
            return count
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            count, shape = self._value(node.value)
            name = node.targets[0].id
            if count and self._lazy and (name in self._shapes or name.startswith("_")):
                # MLX computes only the last of them, and the report does not look at hidden names.
                raise _UnknownError
            self._shapes[name] = shape
            return count
        if isinstance(node, ast.For) and not node.orelse and isinstance(node.target, ast.Name):
            times = self._length(node.iter)
            self._shapes[node.target.id] = None
            if self._lazy:
                raise _UnknownError
            # Twice: what the first pass binds, the second may use.
            first = self.body(node.body)
            if self.body(node.body) != first:
                raise _UnknownError
            return times * first
        raise _UnknownError

    def _value(self, node: ast.expr) -> tuple[int, Shape | None]:
        """(operations, shape if it is a tensor) of an expression."""
        if isinstance(node, ast.Constant):
            return 0, None
        if isinstance(node, ast.Name):
            return 0, self._shape(node.id)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            return self._product([node.left, node.right])
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Add, ast.Mult, ast.Div)):
            (left, one), (right, other) = self._value(node.left), self._value(node.right)
            if one is not None or other is not None:
                # Elementwise work on tensors is not counted, and so not known.
                raise _UnknownError
            return left + right, None
        if isinstance(node, ast.Call) and not node.keywords:
            name = self._dotted(node.func)
            if name in PRODUCTS and len(node.args) == 2:
                return self._product(node.args)
            if name in WITHOUT_WORK:
                return sum(self._value(argument)[0] for argument in node.args), None
        raise _UnknownError

    def _product(self, factors: list[ast.expr]) -> tuple[int, Shape]:
        (before, left), (after, right) = self._value(factors[0]), self._value(factors[1])
        if left is None or right is None or len(left) < 2 or len(right) < 2:
            raise _UnknownError
        if left[-1] != right[-2]:
            raise _UnknownError
        batch, other = left[:-2], right[:-2]
        if other not in ((), batch):
            raise _UnknownError
        shape = (*batch, left[-2], right[-1])
        count = 2 * left[-1]
        for size in shape:
            count *= size
        return before + after + count, shape

    def _shape(self, name: str) -> Shape | None:
        if name in self._shapes:
            return self._shapes[name]
        if name in self._bound:
            raise _UnknownError
        value = self._namespace.get(name)
        return tuple(value.shape) if _is_tensor(value) else None

    def _length(self, node: ast.expr) -> int:
        if isinstance(node, ast.Call) and self._dotted(node.func) == "range" and len(node.args) == 1:
            argument = node.args[0]
            if isinstance(argument, ast.Constant) and type(argument.value) is int:
                return max(0, argument.value)
            if isinstance(argument, ast.Name) and argument.id not in self._bound:
                value = self._namespace.get(argument.id)
                if type(value) is int:
                    return max(0, value)
        raise _UnknownError

    def _dotted(self, node: ast.expr) -> str:
        """`mx.matmul` as `mlx.core.matmul`, by what the name is bound to."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self._bound:
            raise _UnknownError
        if not parts:
            known = node.id in ("range", "print") and node.id not in self._namespace
            return node.id if known else ""
        root = self._namespace.get(node.id)
        name = getattr(root, "__name__", "") if type(root) is ModuleType else ""
        return ".".join([name, *reversed(parts)])


def _is_tensor(value: Any) -> bool:
    """Of exactly the two types whose product is known; float dtypes only, and numbers to compute with."""
    if full_name_of(type(value)) not in ("torch.Tensor", "mlx.core.array"):
        return False
    if "float" not in str(value.dtype) or str(getattr(value, "device", "")) == "meta":
        return False
    # A sparse product skips what is zero.
    return str(getattr(value, "layout", "torch.strided")) == "torch.strided"
