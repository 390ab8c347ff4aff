"""What an interpreter can compute on, and the facts that only a Mac tells."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys

import pytest
from kernel_process import RUNTIME

from smelt_runtime.hardware import parse_cpuinfo, parse_translated


def run_probe(**environment: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "smelt_runtime", "probe"],
        env={**os.environ, "PYTHONPATH": str(RUNTIME), **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return json.loads(done.stdout)


def test_the_probe_names_interpreter_machine_and_variables():
    probe = run_probe(PYTORCH_ENABLE_MPS_FALLBACK="1")
    assert probe["executable"] == sys.executable
    assert probe["cores"] == os.cpu_count()
    assert probe["memory"] > 0
    assert probe["variables"]["PYTORCH_ENABLE_MPS_FALLBACK"] == "1"
    assert probe["errors"] == []


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
def test_devices_of_torch():
    probe = run_probe()
    devices = [device["device"] for device in probe["devices"] if device["framework"] == "torch"]
    assert devices[0] == "cpu"
    assert ("mps" in devices) == probe["torch_mps_available"]


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed")
def test_an_interpreter_without_torch_says_so():
    probe = run_probe()
    assert probe["torch_mps_built"] is None
    assert "torch" not in probe["versions"]


# Apple: sysctl.proc_translated is 1 for a translated process, 0 for a native one, and unknown on Intel.
@pytest.mark.parametrize(("text", "translated"), [("1", True), ("1\n", True), ("0", False), (None, False)])
def test_rosetta(text, translated):
    assert parse_translated(text) is translated


def test_the_name_of_a_linux_processor():
    assert parse_cpuinfo("processor\t: 0\nmodel name\t: Some CPU @ 2.0GHz\n") == "Some CPU @ 2.0GHz"
    assert parse_cpuinfo("") == ""
