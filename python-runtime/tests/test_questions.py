"""What the editor asks between cells: variables, examination, completion, inspection."""

from __future__ import annotations

import importlib.util

import pytest


def ask(kernel, **request) -> dict:
    kernel.send(id=900, **request)
    event = kernel.event()
    assert event["id"] == 900, event
    return event


def variables(kernel, *path: str) -> dict[str, dict]:
    return {row["name"]: row for row in ask(kernel, type="variables", path=list(path))["variables"]}


def test_plain_values_and_containers(kernel):
    kernel.run(
        "import os\n"
        "n, text, big = 3, 'a' * 1000, 10 ** 1000\nthings = {'a': [1, 2], 'b': None}\n_hidden = 1\n"
        "def f(): pass\nclass C: pass\nc = C()"
    )
    found = variables(kernel)
    assert set(found) == {"n", "text", "big", "things", "c"}
    assert found["n"]["text"] == "3"
    assert found["text"]["text"].endswith("… (1000)")
    assert found["big"]["text"] == "an integer of 3322 bits"
    assert found["things"]["parts"] == 2
    assert found["c"]["kind"] == "object"
    inner = variables(kernel, "things")
    assert inner["'a'"]["text"] == "2 items"
    assert variables(kernel, "things", inner["'a'"]["key"])["[1]"]["text"] == "2"
    assert variables(kernel, "gone") == {}


def test_nothing_of_the_user_runs_to_describe_a_variable(kernel):
    kernel.run(
        "class Loud(dict):\n"
        "    def __getattribute__(self, name): print('ran', name); return super().__getattribute__(name)\n"
        "    def __repr__(self): print('ran repr'); return ''\n"
        "    def __len__(self): print('ran len'); return 0\n"
        "class Liar:\n"
        "    @property\n"
        "    def shape(self): print('ran shape')\n"
        "    __class__ = property(lambda self: print('ran class'))\n"
        "    def __dir__(self): print('ran dir'); return []\n"
        "loud, liar, listed = Loud(a=1), Liar(), [Loud()]"
    )
    kernel.run("n = 1")
    assert set(variables(kernel)) == {"loud", "liar", "listed", "n"}
    stdout, _ = kernel.close()
    assert stdout == ""


def test_tensors_modules_and_their_parts(kernel):
    pytest.importorskip("torch")
    kernel.run(
        "import torch\nx = torch.ones(3, 4, dtype=torch.float16)\ndevice = torch.device('cpu')\n"
        "model = torch.nn.Sequential(torch.nn.Linear(4, 2), torch.nn.ReLU())"
    )
    found = variables(kernel)
    assert (found["device"]["kind"], found["device"]["text"]) == ("value", "cpu")
    assert found["x"] == {
        "name": "x",
        "key": "x",
        "kind": "tensor",
        "type": "torch.Tensor",
        "device": "cpu",
        "dtype": "float16",
        "shape": [3, 4],
        "bytes": 24,
        "lazy": None,
        "text": "",
        "parts": 0,
    }
    assert (found["model"]["kind"], found["model"]["bytes"], found["model"]["parts"]) == ("module", 40, 2)
    weight = variables(kernel, "model", "0")["weight"]
    assert (weight["kind"], weight["shape"]) == ("tensor", [2, 4])


def test_mlx_arrays_stay_lazy(kernel):
    pytest.importorskip("mlx.core")
    kernel.run("import mlx.core as mx\na = mx.ones(3)\nmx.eval(a)\nb = a + 1", evaluate=False)
    found = variables(kernel)
    assert (found["a"]["lazy"], found["b"]["lazy"]) == (False, True)
    assert found["b"]["bytes"] == 12
    assert variables(kernel)["b"]["lazy"] is True
    assert ask(kernel, type="examine", path=["b"])["mean"] == 2


@pytest.mark.parametrize(
    ("module", "make"),
    [("numpy", "numpy.array"), ("torch", "torch.tensor"), ("mlx.core", "mlx.core.array")],
)
def test_numbers_are_counted_on_demand(kernel, module, make):
    pytest.importorskip(module)
    kernel.run(
        f"import {module}\nx = {make}([1.0, 2.0, 6.0, float('nan'), float('inf')])\nk = {make}([1, 2])"
    )
    found = ask(kernel, type="examine", path=["x"])
    assert (found["count"], found["nan"], found["infinite"]) == (5, 1, 1)
    assert (found["minimum"], found["maximum"], found["mean"]) == (1, 6, 3)
    assert ask(kernel, type="examine", path=["k"])["mean"] == 1.5
    kernel.run(f"x = {make}([float('nan')])")
    found = ask(kernel, type="examine", path=["x"])
    assert (found["nan"], found["mean"], found["error"]) == (1, None, None)


def test_many_and_large_numbers(kernel):
    pytest.importorskip("numpy")
    makers = {"numpy": ("numpy.full({}, {}, '{}')", "numpy")}
    if importlib.util.find_spec("torch"):
        makers["torch"] = ("torch.full(({},), {}, dtype=torch.{})", "torch")
    if importlib.util.find_spec("mlx"):
        makers["mlx"] = ("mx.full({}, mx.array({}, mx.{}))", "mlx.core as mx")
    for name, (maker, module) in makers.items():
        for count, value, dtype in (
            # More than a sum in float32 can count.
            (20_000_001, 1.1, "float32"),
            (10, 3e38, "float32"),
            (70_000, 2.0, "float16"),
            (3, 16_777_217, "int64"),
            (3, 200, "uint8"),
            (3, 1e300, "float64"),
        ):
            if (name, dtype) == ("mlx", "float64"):
                kernel.run("x = mx.full(3, 1e300, dtype=mx.float64, stream=mx.cpu)", evaluate=False)
            else:
                kernel.run(f"import {module}\nx = {maker.format(count, value, dtype)}")
            found = ask(kernel, type="examine", path=["x"])
            assert (found["error"], found["count"], found["infinite"]) == (None, count, 0)
            exact = 1e-6 if "float" in dtype else 0
            assert found["minimum"] == found["maximum"] == pytest.approx(value, rel=exact, abs=0)
            assert found["mean"] == pytest.approx(value, rel=1e-5)


def test_complex_numbers_have_no_order(kernel):
    pytest.importorskip("torch")
    kernel.run("import torch\nx = torch.tensor([1 + 2j, complex('nan')])")
    found = ask(kernel, type="examine", path=["x"])
    assert (found["count"], found["nan"], found["minimum"], found["error"]) == (2, 1, None, None)


def test_what_is_not_dense_says_so(kernel):
    pytest.importorskip("torch")
    kernel.run("import torch, warnings\nwarnings.simplefilter('ignore')")
    for make, word in (
        ("torch.eye(3).to_sparse()", "its values"),
        ("torch.ones(3, device='meta')", "no numbers"),
        ("torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])", "Error"),
    ):
        kernel.run(f"x = {make}")
        error = ask(kernel, type="examine", path=["x"])["error"]
        assert word in error
        assert len(error) <= 200
    kernel.run("x = torch.quantize_per_tensor(torch.ones(10), 0.5, 0, torch.quint8)")
    assert ask(kernel, type="examine", path=["x"])["mean"] == 1


def test_what_has_no_numbers_says_so(kernel):
    kernel.run("s = 'text'")
    assert ask(kernel, type="examine", path=["s"])["error"] == "str has no numbers to examine."
    assert ask(kernel, type="examine", path=["nothing"])["error"] is not None


def test_completion_counts_as_the_editor_does(kernel):
    kernel.run("answer = 42\nanswers = [1]")
    code = "'🙂🙂'; answ"
    found = ask(kernel, type="complete", code=code, cursor=len(code) + 2)
    assert {item["text"] for item in found["items"]} >= {"answer", "answers"}
    assert (found["start"], found["end"]) == (len(code) + 2 - 4, len(code) + 2)
    code = "answers.app"
    (item,) = ask(kernel, type="complete", code=code, cursor=len(code))["items"]
    assert item["text"] == "append"
    assert item["kind"] == "function"
    assert ask(kernel, type="complete", code="", cursor=0)["type"] == "completions"
    assert ask(kernel, type="complete", code="nothing.at.all", cursor=14)["items"] == []


def test_inspection_shows_signature_and_documentation(kernel):
    kernel.run('def scale(x, by=2):\n    """Multiplies."""\n    return x * by')
    text = ask(kernel, type="inspect", code="scale(3)", cursor=2)["data"]["text/plain"]
    assert text.startswith("scale(x, by=2)\nfunction")
    assert text.endswith("Multiplies.")
    assert ask(kernel, type="inspect", code="unknown", cursor=2)["data"] == {}


def test_a_question_without_its_fields_is_logged(kernel):
    kernel.send(type="complete", id=1)
    assert kernel.event()["type"] == "log"
    assert kernel.run("1")["done"]["status"] == "ok"
