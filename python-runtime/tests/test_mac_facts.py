"""What only a Mac tells, on samples built from the descriptions of its formats. Never seen on a Mac by us."""

from __future__ import annotations

import os
import plistlib
import struct

import pytest
from kernel_process import KernelProcess

from smelt_runtime.gpu_clients import gpu_times, parse_gpu_clients
from smelt_runtime.hardware import parse_gpu_cores, parse_thermal_pressure, parse_translated
from smelt_runtime.host_memory import host_memory, parse_footprint
from smelt_runtime.mac_meter import MacMeter
from smelt_runtime.measure import left_on_cpu


def client(pid: int, name: str, *times: int) -> dict:
    return {
        "IOObjectClass": "AGXDeviceUserClient",
        "IOUserClientCreator": f"pid {pid}, {name}",
        "AppUsage": [{"API": "Metal", "accumulatedGPUTime": time} for time in times],
    }


def test_gpu_time_adds_up_over_the_clients_of_a_process():
    sample = plistlib.dumps(
        [
            client(4245, "python3.12", 1_000, 500),
            client(4245, "python3.12", 20),
            {"IORegistryEntryChildren": [client(310, "WindowServer", 7)]},
            {"IOUserClientCreator": "pid 9, idle"},
            {"IOObjectClass": "something else"},
        ]
    )
    assert parse_gpu_clients(sample) == {4245: 1_520, 310: 7, 9: 0}


def test_no_clients_is_no_time_and_no_property_list_is_no_answer():
    assert parse_gpu_clients(b"") == {}
    assert parse_gpu_clients(b"ioreg: error") is None


def test_thermal_pressure_and_rosetta():
    assert parse_thermal_pressure(b"com.apple.system.thermalpressurelevel 2\n") == 2
    assert parse_thermal_pressure(b"") is None
    assert parse_thermal_pressure(b"notifyutil: failed\n") is None
    assert parse_translated("1\n")
    assert not parse_translated(None)


def test_cores_of_the_gpu():
    entry = {"IOClass": "AGXAcceleratorG15X", "gpu-core-count": 40, "model": "Apple M3 Max"}
    assert parse_gpu_cores(plistlib.dumps([entry])) == 40
    assert parse_gpu_cores(plistlib.dumps([{"model": "Apple M3 Max"}])) is None
    assert parse_gpu_cores(b"") is None


def test_the_footprint_of_a_process():
    raw = bytearray(512)
    struct.pack_into("<10Q", raw, 16, *range(7), 5_000_000, 8, 9)
    struct.pack_into("<Q", raw, 240, 9_000_000)
    assert parse_footprint(bytes(raw)) == (5_000_000, 9_000_000)


def test_memory_of_this_process_grows_with_what_it_holds():
    before = host_memory()
    block = bytearray(os.urandom(1) * 64_000_000)
    after = host_memory()
    assert before is not None
    assert after is not None
    assert after[0] - before[0] > len(block) * 0.9
    assert after[1] >= after[0]


class Mac:
    """Samples one after the other, and a clock that says when each was taken."""

    def __init__(self, *samples: dict[int, int], thermal: int = 0):
        self.samples = list(samples)
        self.time = 0
        self.meter = MacMeter(self.sample, lambda: thermal, lambda: self.time)

    def sample(self):
        self.time += 1_000_000_000
        return self.samples.pop(0)


OWN = os.getpid()


def test_no_gpu_time_is_proof_and_none_is_ignorance():
    mac = Mac({OWN: 40}, {OWN: 40})
    mac.meter.begin()
    mac.meter.end(used_gpu=False)
    assert mac.meter.gpu == 0
    assert mac.meter.caveats == []
    assert gpu_times() is None or isinstance(gpu_times(), dict)


def test_a_counter_that_comes_late_is_read_again():
    mac = Mac({OWN: 40}, {OWN: 40}, {OWN: 90})
    mac.meter.begin()
    mac.meter.end(used_gpu=True)
    assert mac.meter.gpu == 50


def test_a_process_that_had_no_client_before_counts_from_zero():
    mac = Mac({}, {OWN: 70})
    mac.meter.begin()
    mac.meter.end(used_gpu=True)
    assert mac.meter.gpu == 70


def test_no_gpu_time_is_ignorance_where_no_process_has_a_client_or_one_of_ours_has_gone():
    for samples in (({}, {}), ({OWN: 40, 310: 1}, {OWN: 5, 310: 1})):
        mac = Mac(*samples)
        mac.meter.begin()
        mac.meter.end(used_gpu=False)
        assert mac.meter.gpu is None


def test_what_was_done_between_two_cells_is_not_the_next_ones():
    mac = Mac({OWN: 0}, {OWN: 5}, {OWN: 500}, {OWN: 504})
    mac.meter.begin()
    mac.meter.end(used_gpu=True)
    mac.meter.forget_sample()
    mac.meter.begin()
    mac.meter.end(used_gpu=True)
    assert mac.meter.gpu == 4


def test_gpu_time_of_showing_a_result_is_no_cells():
    """The kernel is real; the counter stands for the registry of macOS."""
    pytest.importorskip("torch")
    kernel = KernelProcess()
    kernel.run("import gc, os, sys, torch\ngpu = {os.getpid(): 0}")
    kernel.run(
        "meter = next(each for each in gc.get_objects() if type(each).__name__ == 'MacMeter')\n"
        "meter._sample = lambda: dict(gpu)\n"
        "sys.modules['smelt_runtime.measure'].may_use_metal = lambda: True\n"
        "def compute(): gpu[os.getpid()] += 1000\n"
        "class Shown:\n"
        "    def __repr__(self):\n        compute()\n        return 'shown'\n"
        "shown = Shown()"
    )
    assert kernel.run("compute()\nshown")["report"]["gpu"] == 1000
    assert kernel.run("1")["report"]["gpu"] == 0
    assert kernel.run("compute()")["report"]["gpu"] == 1000
    kernel.close()


def test_other_programs_and_heat_are_said():
    mac = Mac({OWN: 0, 310: 0}, {OWN: 5, 310: 350_000_000}, thermal=2)
    mac.meter.begin()
    mac.meter.end(used_gpu=True)
    assert [kind for kind, _ in mac.meter.caveats] == ["contention", "thermal"]
    assert "35% of the GPU" in mac.meter.caveats[0][1]


def test_one_sample_serves_two_cells_that_follow_at_once():
    mac = Mac({OWN: 0}, {OWN: 5}, {OWN: 9})
    mac.meter.begin()
    mac.meter.end(used_gpu=True)
    mac.meter.begin()
    mac.meter.end(used_gpu=True)
    assert mac.meter.gpu == 4


def test_names_left_on_the_cpu_only_where_there_is_a_gpu():
    uses = [
        {"framework": "torch", "device": "cpu", "names": ["x", "model"]},
        {"framework": "torch", "device": "mps", "names": ["y"]},
        {"framework": "mlx", "device": "cpu", "names": ["a"]},
    ]
    assert left_on_cpu(uses, "mps") == ["x", "model"]
    assert left_on_cpu(uses, None) == []
