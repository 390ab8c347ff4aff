"""Versions of installed packages, from the names of their metadata folders.

importlib.metadata knows more, and takes longer to import than the rest of the kernel.
"""

from __future__ import annotations

import os
import sys

NAMES = ("torch", "mlx", "numpy", "ipython", "transformers")
ENDS = (".dist-info", ".egg-info")


def installed_versions() -> dict[str, str]:
    """Those that matter; the first on the path counts, as in an import."""
    found: dict[str, str] = {}
    for entry in sys.path:
        try:
            folders = os.listdir(entry or ".")
        except OSError:
            continue
        for folder in folders:
            if folder.endswith(ENDS):
                name, _, version = folder.rpartition(".")[0].partition("-")
                if name.lower() in NAMES and version:
                    found.setdefault(name.lower(), version)
    return found
