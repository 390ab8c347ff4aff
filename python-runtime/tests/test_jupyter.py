"""Smelt in Jupyter: the extension in a plain IPython kernel, and the installed kernelspec."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from smelt_runtime.kernelspec import user_data_folder
from smelt_runtime.report_text import bytes_text, report_text, time_text

RUNTIME = Path(__file__).parents[1]
MIME = "application/vnd.smelt.report+json"

needs_jupyter = pytest.mark.skipif(
    importlib.util.find_spec("ipykernel") is None or importlib.util.find_spec("jupyter_client") is None,
    reason="ipykernel and jupyter_client are not installed",
)


def smelt(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "smelt_runtime", *arguments],
        cwd=RUNTIME,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """The kernelspec in a folder of its own, with which Jupyter finds it."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share" / "jupyter"))
    # The kernel finds its package by itself.
    monkeypatch.delenv("PYTHONPATH", raising=False)
    done = smelt("install-kernel", "--prefix", str(tmp_path), "--env", "PYTORCH_ENABLE_MPS_FALLBACK=1")
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


class Client:
    """A kernel spoken to by Jupyter's own client."""

    def __init__(self, name: str):
        from jupyter_client.manager import start_new_kernel

        self.manager, self.client = start_new_kernel(kernel_name=name)

    def run(self, code: str) -> list[dict]:
        messages: list[dict] = []
        self.client.execute_interactive(code, timeout=600, output_hook=messages.append)
        return [message["content"] for message in messages if message["msg_type"] != "status"]

    def reports(self, code: str) -> list[dict]:
        return [each["data"][MIME] for each in self.run(code) if MIME in each.get("data", {})]

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@needs_jupyter
def test_the_installed_kernel_measures_and_has_its_variables(installed):
    pytest.importorskip("torch")
    assert installed.name == "smelt"
    client = Client("smelt")
    try:
        assert client.reports("import torch\nx = 1") == []
        (report,) = client.reports("a = torch.ones(600, 600)\nb = a @ a")
        assert report["device"] == "cpu"
        assert 0 < report["returned"] <= report["wall"]
        assert set(report["uses"][0]["names"]) == {"a", "b"}
        shown = [each for each in client.run("b = a @ a") if "data" in each]
        assert shown[0]["data"]["text/plain"].startswith("cpu · ")
        (report,) = client.reports("%%capture\nb = a @ a")
        assert report["uses"][0]["names"] == ["b"]
        client.run("import os, sys")
        seen = client.run(f"[os.environ['PYTORCH_ENABLE_MPS_FALLBACK'], {str(installed)!r} in sys.path]")
        assert seen[-1]["data"]["text/plain"] == "['1', False]"
    finally:
        client.close()


@needs_jupyter
def test_the_extension_in_a_plain_kernel(monkeypatch):
    pytest.importorskip("mlx.core")
    monkeypatch.setenv("PYTHONPATH", str(RUNTIME))
    client = Client("python3")
    try:
        client.run("%load_ext smelt_runtime")
        client.run("import mlx.core as mx\na = mx.ones((64, 64))\nmx.eval(a)")
        (report,) = client.reports("b = a @ a")
        assert report["unevaluated"] == 1
        assert client.reports("1 / 0") == []
        (report,) = client.reports("b = a @ a\nmx.eval(b)")
        assert report["flops"] == 2 * 64**3
        (report,) = client.reports("b = a @ a\n1 / 0")
        assert (report["flops"], report["unevaluated"], report["evaluated"]) == (None, 1, 0)
        client.run("%reload_ext smelt_runtime")
        assert len(client.reports("b = a @ a")) == 1
        client.run("%unload_ext smelt_runtime")
        assert client.reports("b = a @ a") == []
    finally:
        client.close()


def test_a_kernelspec_is_replaced_whole_and_removed_whole(tmp_path):
    if importlib.util.find_spec("ipykernel") is None:
        done = smelt("install-kernel", "--prefix", str(tmp_path))
        assert done.returncode == 1
        assert "pip install ipykernel" in done.stderr
        assert not (tmp_path / "share").exists()
        return
    for name in ("First", "Second"):
        done = smelt("install-kernel", "--prefix", str(tmp_path), "--display-name", name, "--name", "mine")
        assert done.returncode == 0
    folder = tmp_path / "share" / "jupyter" / "kernels" / "mine"
    assert json.loads((folder / "kernel.json").read_text())["display_name"] == "Second"
    assert [each.name for each in folder.parent.iterdir()] == ["mine"]
    assert not list(folder.rglob("*.pyc"))
    done = smelt("uninstall-kernel", "--prefix", str(tmp_path), "--name", "mine")
    assert done.returncode == 0
    assert list(folder.parent.iterdir()) == []


def test_what_is_not_ours_is_left_alone(tmp_path):
    folder = tmp_path / "share" / "jupyter" / "kernels" / "smelt"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text('{"argv": []}')
    for command in ("install-kernel", "uninstall-kernel"):
        assert smelt(command, "--prefix", str(tmp_path)).returncode == 1
    assert (folder / "kernel.json").read_text() == '{"argv": []}'
    assert smelt("install-kernel", "--name", "../x").returncode == 2
    assert "is no kernel name" in smelt("install-kernel", "--name", "../x").stderr
    assert smelt("uninstall-kernel", "--prefix", str(tmp_path / "none")).returncode == 1
    assert smelt("install-kernel", "--prefix", "/dev/null").returncode == 1


def test_the_users_folder_is_where_jupyter_looks():
    assert user_data_folder("darwin", {}, "/Users/a") == "/Users/a/Library/Jupyter"
    assert user_data_folder("linux", {}, "/home/a") == "/home/a/.local/share/jupyter"
    assert user_data_folder("linux", {"XDG_DATA_HOME": "/d"}, "/home/a") == "/d/jupyter"
    assert user_data_folder("linux", {"JUPYTER_DATA_DIR": "/j"}, "/home/a") == "/j"
    if importlib.util.find_spec("jupyter_core") is not None:
        from jupyter_core.paths import jupyter_data_dir

        ours = user_data_folder(sys.platform, dict(os.environ), os.path.expanduser("~"))
        assert ours == jupyter_data_dir()


def test_a_report_in_one_line():
    report = {
        "device": "mps",
        "wall": 12_400_000,
        "gpu": 0,
        "accelerator": "mps",
        "left_on_cpu": ["x"],
        "fallbacks": [{"operator": "aten::mode", "filename": "a.py", "line": 13, "count": 8}],
        "memory": [{"before": 0, "after": 512_000_000}],
        "unevaluated": 1,
        "evaluated": 5,
        "caveats": [{"kind": "first-run", "text": ""}],
    }
    assert report_text(report) == (
        "mps · 12.4 ms · GPU idle · on the CPU: x · 1 op on CPU (aten::mode, line 14) · +512 MB"
        " · 1 lazy array computed · first run"
    )
    assert [time_text(n) for n in (1, 999_900, 1.5e9, 123e6)] == ["0.00 µs", "1.00 ms", "1.50 s", "123 ms"]
    assert bytes_text(3_210_000_000) == "3.21 GB"
