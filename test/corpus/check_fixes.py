"""Reads fixed files as JSON lines {place, code, before, after} and prints one line for each that is wrong.

Every text compiles after its fix if it did before. Fixes that choose at run time are proven to keep what the
program does elsewhere: with `torch.cuda.is_available()` put in as the answer of a machine, and the branches that
it never takes left out, the program after the fix is the program before it, node for node.
"""

import ast
import json
import sys
import warnings

CUDA = {"cuda": True, "mps": False}
NEITHER = {"cuda": False, "mps": False}

#: The machines on which each fix leaves exactly the same program.
SAME_PROGRAM = {
    "MPS102": (CUDA, NEITHER),
    "MPS109": (CUDA, NEITHER),
    # Without CUDA the program raised there.
    "MPS103": (CUDA,),
    "MPS701": (CUDA,),
}

QUESTIONS = {
    "cuda.is_available": "cuda",
    "backends.mps.is_available": "mps",
    "backends.mps.is_built": "mps",
    "mps.is_available": "mps",
}


class Machine(ast.NodeTransformer):
    """Leaves of a program what one machine can reach."""

    def __init__(self, answers: dict[str, bool]) -> None:
        self.answers = answers

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        name = ast.unparse(node.func).partition(".")[2]
        if node.args or node.keywords or name not in QUESTIONS:
            return node
        return ast.Constant(self.answers[QUESTIONS[name]])

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        return ast.Constant(self.answers["mps"]) if node.attr == "has_mps" else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and is_answer(node.operand):
            return ast.Constant(not node.operand.value)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        ends = isinstance(node.op, ast.Or)
        values = list(node.values)
        while len(values) > 1 and is_answer(values[0]):
            if values[0].value is ends:
                return values[0]
            values.pop(0)
        return values[0] if len(values) == 1 else ast.BoolOp(node.op, values)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        if not is_answer(node.test):
            return node
        return node.body if node.test.value else node.orelse

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        if not is_answer(node.test):
            return node
        return node.body if node.test.value else node.orelse


def is_answer(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def reachable(text: str, machine: dict[str, bool]) -> str:
    return ast.dump(Machine(machine).visit(ast.parse(text)))


def problem(code: str, before: str, after: str) -> str | None:
    try:
        compile(before, "before", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    try:
        compile(after, "after", "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"does not compile after its fix: {error}"
    for machine in SAME_PROGRAM.get(code, ()):
        if reachable(before, machine) != reachable(after, machine):
            return f"is another program after its fix, on a machine with {machine}"
    return None


def main() -> None:
    warnings.simplefilter("ignore")
    checked = proven = 0
    for line in sys.stdin:
        fixed = json.loads(line)
        found = problem(fixed["code"], fixed["before"], fixed["after"])
        checked += 1
        proven += fixed["code"] in SAME_PROGRAM
        if found is not None:
            print(f"{fixed['place']}: {found}")
    print(f"{checked} {proven}")


if __name__ == "__main__":
    main()
