"""Smelt's Python side: a cell kernel, device-true measurement, a device probe and benchmarks.

Standard library only; torch, mlx and IPython are used when the user's environment has them and
are never imported by Smelt on its own account while a cell runs.
"""

__version__ = "0.1.0"
