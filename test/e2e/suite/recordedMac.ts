/**
 * A module for cells: what a Mac answers, recorded from the descriptions of its formats, for there is none here.
 * Replaced are the name of the system, what its programs print, and what torch says of MPS. Tensors on MPS are
 * torch's own fake ones: they have a device, a shape and a dtype, and compute nothing.
 */
export const recordedMac = `
import os
import plistlib
import sys
import types

import torch
from smelt_runtime import gpu_clients, hardware, mac_meter
from torch._subclasses.fake_tensor import FakeTensorMode

gpu_time = 0
allocated = 0
heat = 0


def run_tool(program, *options):
    if program == "/usr/sbin/ioreg":
        usage = [{"API": "Metal", "accumulatedGPUTime": gpu_time}]
        return plistlib.dumps([{"IOUserClientCreator": f"pid {os.getpid()}, python3.11", "AppUsage": usage}])
    if program == "/usr/bin/notifyutil":
        return b"com.apple.system.thermalpressurelevel %d\\n" % heat
    return None


for module in (gpu_clients, hardware, mac_meter):
    module.sys = types.SimpleNamespace(platform="darwin", modules=sys.modules)
    module.run_tool = run_tool
torch.backends.mps.is_available = lambda: True
torch.mps.synchronize = lambda: None
torch.mps.current_allocated_memory = lambda: allocated
mps = FakeTensorMode
`;
