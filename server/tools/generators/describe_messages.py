"""Print the TypedDicts, unions and constants of a messages.py as JSON, read without importing it.

Usage: python3 describe_messages.py path/to/messages.py
A type is {"kind": "string" | "integer" | "number" | "boolean" | "any"}, {"kind": "literal", "values"},
{"kind": "list" | "dict" | "optional", "of"} or {"kind": "name", "name"}.
"""

import ast
import inspect
import json
import sys

SIMPLE = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "Any": "any"}


def type_of(node):
    if isinstance(node, ast.Name):
        if node.id in SIMPLE:
            return {"kind": SIMPLE[node.id]}
        return {"kind": "name", "name": node.id}
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        container, inner = node.value.id, node.slice
        if container == "Literal":
            values = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return {"kind": "literal", "values": [ast.literal_eval(value) for value in values]}
        if container == "Optional":
            return {"kind": "optional", "of": type_of(inner)}
        if container == "list":
            return {"kind": "list", "of": type_of(inner)}
        if container == "dict":
            return {"kind": "dict", "of": type_of(inner.elts[1])}
    raise SystemExit(f"line {node.lineno}: no TypeScript form is known for `{ast.unparse(node)}`")


def doc_after(body, index):
    """The string that follows statement `index`, which documents it."""
    following = body[index + 1] if index + 1 < len(body) else None
    if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
        return inspect.cleandoc(following.value.value)
    return ""


def describe(module):
    constants, aliases, unions, types = [], [], [], []
    for index, node in enumerate(module.body):
        if isinstance(node, ast.ClassDef):
            fields = [
                {"name": item.target.id, "type": type_of(item.annotation), "doc": doc_after(node.body, place)}
                for place, item in enumerate(node.body)
                if isinstance(item, ast.AnnAssign)
            ]
            doc = ast.get_docstring(node) or ""
            types.append({"name": node.name, "doc": doc, "fields": fields})
        elif isinstance(node, ast.Assign):
            name, value = node.targets[0].id, node.value
            if isinstance(value, ast.Constant):
                constants.append({"name": name, "value": value.value})
            elif isinstance(value, ast.Subscript) and ast.unparse(value.value) == "Union":
                members = [member.id for member in value.slice.elts]
                unions.append({"name": name, "members": members})
            else:
                aliases.append({"name": name, "type": type_of(value), "doc": doc_after(module.body, index)})
    return {"constants": constants, "aliases": aliases, "unions": unions, "types": types}


with open(sys.argv[1], encoding="utf-8") as file:
    json.dump(describe(ast.parse(file.read())), sys.stdout)
