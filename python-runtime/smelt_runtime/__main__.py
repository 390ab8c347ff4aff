"""`python -m smelt_runtime kernel | probe | bench …`."""

import sys

USAGE = "usage: python -m smelt_runtime kernel | probe | bench matmul [--size N] [--devices …]"


def main() -> int:
    """Run one command; its exit code."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "kernel":
        from smelt_runtime.kernel import run_kernel

        return run_kernel()
    if command == "probe":
        from smelt_runtime.probe import print_probe

        return print_probe()
    if command == "bench":
        from smelt_runtime.bench.command import run_benchmark

        return run_benchmark(sys.argv[2:])
    sys.stderr.write(USAGE + "\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
