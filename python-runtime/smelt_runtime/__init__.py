"""Smelt's Python side: a cell kernel, device-true measurement, a device probe and benchmarks.

Standard library only; torch, mlx and IPython are used when the user's environment has them and
are never imported by Smelt on its own account while a cell runs. `%load_ext smelt_runtime` measures the
cells of any IPython kernel.
"""

__version__ = "0.1.0"


def load_ipython_extension(shell):  # noqa: ANN001, ANN201 - an older Python must be able to read this far
    """`%load_ext smelt_runtime`."""
    from smelt_runtime.jupyter_extension import load

    load(shell)


def unload_ipython_extension(shell):  # noqa: ANN001, ANN201 - as above
    """`%unload_ext smelt_runtime`."""
    from smelt_runtime.jupyter_extension import unload

    unload(shell)
