"""The commands of `python -m smelt_runtime`. An older Python must be able to read this file."""

import gc
import sys

USAGE = (
    "usage: python -m smelt_runtime kernel [FOLDER [OWN_FOLDER SECONDS]] | probe | "
    "bench matmul [--size N] [--devices NAMES] | "
    "install-kernel [--user | --prefix FOLDER] [--name NAME] [--env NAME=VALUE] | "
    "uninstall-kernel [--user | --prefix FOLDER] [--name NAME] | jupyter -f FILE"
)
OLDEST = (3, 10)


def kernel(arguments):  # noqa: ANN001, ANN201, D103 - as above
    # What is loaded stays: to look through it for garbage, again and again, is a twentieth of the start.
    gc.disable()
    child = None
    if len(arguments) == 3:
        from smelt_runtime.lifeline import keep_watch

        child = keep_watch(arguments[1], float(arguments[2]))
    from smelt_runtime.bytecode import keep_bytecode

    keep_bytecode()
    from smelt_runtime.kernel import run_kernel

    return run_kernel(arguments[0] if arguments else None, child)


def probe(_arguments):  # noqa: ANN001, ANN201, D103 - as above
    from smelt_runtime.probe import print_probe

    return print_probe()


def bench(arguments):  # noqa: ANN001, ANN201, D103 - as above
    from smelt_runtime.bench.command import run_benchmark

    return run_benchmark(arguments)


def jupyter(arguments):  # noqa: ANN001, ANN201, D103 - as above
    from smelt_runtime.jupyter_kernel import run_jupyter_kernel

    return run_jupyter_kernel(arguments)


def install(arguments):  # noqa: ANN001, ANN201, D103 - as above
    from smelt_runtime.kernelspec import install_kernel

    return install_kernel(arguments)


def uninstall(arguments):  # noqa: ANN001, ANN201, D103 - as above
    from smelt_runtime.kernelspec import uninstall_kernel

    return uninstall_kernel(arguments)


COMMANDS = {
    "kernel": kernel,
    "probe": probe,
    "bench": bench,
    "jupyter": jupyter,
    "install-kernel": install,
    "uninstall-kernel": uninstall,
}


def main():  # noqa: ANN201, D103 - as above
    if sys.version_info < OLDEST:
        version = "%d.%d" % sys.version_info[:2]  # noqa: UP031 - as above
        sys.stderr.write("Smelt needs Python 3.10 or newer, and %s is %s.\n" % (sys.executable, version))  # noqa: UP031 - as above
        return 3
    run = COMMANDS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if run is None:
        sys.stderr.write(USAGE + "\n")
        return 2
    return run(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
