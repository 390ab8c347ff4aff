import type { Machine } from '../../../client/src/python/architecture.ts';

/** What Node tells on an M3 Max. There is none here: this fact is recorded. */
export const m3Max: Machine = { platform: 'darwin', arch: 'arm64', processor: 'Apple M3 Max' };

/**
 * A module for cells: what a Mac answers, recorded from the descriptions of its formats, for there is none here.
 * Replaced are the name of the system, what its programs print, and what torch says of MPS. Tensors on MPS are
 * torch's own fake ones: they have a device, a shape and a dtype, and compute nothing.
 */
export const recordedMac = `
import os
import plistlib
import sys
import time
import types

import torch
from smelt_runtime import gpu_clients, hardware, mac_meter
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode

gpu_time = 0
allocated = 0
heat = 0
busy = 0


def run_tool(program, *options):
    if program == "/usr/sbin/ioreg" and "AGXAccelerator" in options:
        return plistlib.dumps([{"gpu-core-count": 40}])
    if program == "/usr/sbin/ioreg":
        usage = [{"API": "Metal", "accumulatedGPUTime": gpu_time}]
        return plistlib.dumps([{"IOUserClientCreator": f"pid {os.getpid()}, python3.11", "AppUsage": usage}])
    if program == "/usr/bin/notifyutil":
        return b"com.apple.system.thermalpressurelevel %d\\n" % heat
    if program == "/usr/sbin/sysctl":
        return {"machdep.cpu.brand_string": b"Apple M3 Max", "hw.memsize": b"137438953472"}.get(options[-1])
    return None


for module in (gpu_clients, hardware, mac_meter):
    module.sys = types.SimpleNamespace(platform="darwin", modules=sys.modules)
    module.run_tool = run_tool
torch.backends.mps.is_available = lambda: True
torch.mps.synchronize = lambda: time.sleep(busy)
torch.mps.current_allocated_memory = lambda: allocated
mps = FakeTensorMode
# By its name it is known for a tensor whose shape tells the work.
FakeTensor.__module__, FakeTensor.__qualname__ = "torch", "Tensor"
`;

/** A program: the probe of an arm64 Python there. */
export const recordedProbe = `
import platform

import recorded_mac
import torch
from smelt_runtime.probe import print_probe

platform.system = lambda: "Darwin"
platform.machine = lambda: "arm64"
platform.mac_ver = lambda: ("15.5", ("", "", ""), "arm64")
torch.backends.mps.is_built = lambda: True
torch.mps.recommended_max_memory = lambda: 103_079_215_104
print_probe()
`;
