"""`python -m smelt_runtime kernel | probe | bench …`."""

import sys

USAGE = "usage: python -m smelt_runtime kernel [FOLDER] | probe | bench matmul [--size N] [--devices NAMES]"
OLDEST = (3, 10)


def main():  # noqa: ANN201, D103 - an older Python must be able to read this far
    if sys.version_info < OLDEST:
        version = "%d.%d" % sys.version_info[:2]  # noqa: UP031 - as above
        sys.stderr.write("Smelt needs Python 3.10 or newer, and %s is %s.\n" % (sys.executable, version))  # noqa: UP031 - as above
        return 3
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "kernel":
        from smelt_runtime.kernel import run_kernel

        return run_kernel(sys.argv[2] if len(sys.argv) > 2 else None)
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
