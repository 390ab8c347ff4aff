"""`python -m smelt_runtime jupyter -f …`: ipykernel with the report after each cell."""

from __future__ import annotations

import sys

from smelt_runtime.kernel import hide_runtime_folder


def run_jupyter_kernel(arguments: list[str]) -> int:
    """Serve a Jupyter front end until it goes away."""
    hide_runtime_folder()
    if sys.path and sys.path[0] == "":
        # As ipykernel_launcher does: a typing.py of the user's is not the kernel's. ipykernel puts it back.
        del sys.path[0]
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=arguments, extra_extensions=["smelt_runtime"])
    return 0
