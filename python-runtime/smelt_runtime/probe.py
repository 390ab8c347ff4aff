"""`python -m smelt_runtime probe`: what this interpreter can compute on, as one JSON line."""

from __future__ import annotations

import json
import os
import platform
import sys
from typing import Any

from smelt_runtime.distributions import installed_versions
from smelt_runtime.hardware import chip_name, gpu_cores, is_translated, memory_bytes, os_version
from smelt_runtime.kernel import hide_runtime_folder


def print_probe() -> int:
    """Write the Probe to stdout."""
    hide_runtime_folder()
    sys.stdout.write(json.dumps(probe()) + "\n")
    return 0


def probe() -> dict[str, Any]:
    """The Probe of messages.py. Imports torch and mlx: run it in a process of its own."""
    errors: list[str] = []
    torch = _import("torch", errors)
    core = _import("mlx.core", errors)
    devices: list[dict[str, Any]] = []
    if torch is not None:
        devices.extend(_torch_devices(torch))
    if core is not None:
        devices.extend(_mlx_devices(core))
    return {
        "type": "probe",
        "python": platform.python_version(),
        "executable": sys.executable,
        "system": platform.system(),
        "os_version": os_version(),
        "arch": platform.machine(),
        "translated": is_translated(),
        "chip": chip_name(),
        "cores": os.cpu_count() or 1,
        "gpu_cores": gpu_cores(),
        "memory": memory_bytes(),
        "versions": installed_versions(),
        "devices": devices,
        "torch_mps_built": None if torch is None else bool(torch.backends.mps.is_built()),
        "torch_mps_available": None if torch is None else bool(torch.backends.mps.is_available()),
        "mlx_metal_available": None if core is None else bool(core.metal.is_available()),
        "variables": {
            name: value for name, value in sorted(os.environ.items()) if name.startswith(("PYTORCH_", "MLX_"))
        },
        "errors": errors,
    }


def _import(name: str, errors: list[str]) -> Any | None:
    """Import a framework; a broken one is an error, an absent one is not."""
    try:
        return __import__(name, fromlist=["_"])
    except ModuleNotFoundError as error:
        if error.name not in (name, name.split(".", maxsplit=1)[0]):
            errors.append(f"{name} cannot be imported: {error}")
    except Exception as error:
        errors.append(f"{name} cannot be imported: {type(error).__name__}: {error}")
    return None


def _torch_devices(torch: Any) -> list[dict[str, Any]]:
    found = [{"framework": "torch", "device": "cpu", "name": chip_name(), "memory": memory_bytes()}]
    if torch.backends.mps.is_available():
        limit = getattr(torch.mps, "recommended_max_memory", None)
        found.append(
            {
                "framework": "torch",
                "device": "mps",
                "name": chip_name(),
                "memory": None if limit is None else int(limit()),
            }
        )
    for index in range(torch.cuda.device_count()):
        properties = torch.cuda.get_device_properties(index)
        found.append(
            {
                "framework": "torch",
                "device": f"cuda:{index}",
                "name": properties.name,
                "memory": int(properties.total_memory),
            }
        )
    return found


def _mlx_devices(core: Any) -> list[dict[str, Any]]:
    found = [{"framework": "mlx", "device": "cpu", "name": chip_name(), "memory": memory_bytes()}]
    if core.metal.is_available():
        found.append(
            {"framework": "mlx", "device": "gpu", "name": chip_name(), "memory": _metal_memory(core)}
        )
    elif hasattr(core, "cuda") and core.cuda.is_available():
        found.append({"framework": "mlx", "device": "gpu", "name": "CUDA", "memory": None})
    return found


def _metal_memory(core: Any) -> int | None:
    """`max_recommended_working_set_size` of mx.device_info (before 0.30.4 in mx.metal)."""
    info = getattr(core, "device_info", None) or core.metal.device_info
    size = info().get("max_recommended_working_set_size")
    return None if size is None else int(size)
