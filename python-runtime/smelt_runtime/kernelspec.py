"""`python -m smelt_runtime install-kernel`: this interpreter as a Jupyter kernel that measures.

The kernelspec holds a copy of this package, so that it works when the editor that came with it is
updated or gone. It is put in place whole or not at all.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import sys

NAME = "smelt"
PACKAGE = os.path.dirname(os.path.abspath(__file__))


def install_kernel(arguments: list[str]) -> int:
    """Install; the process's exit code."""
    options = _options("install-kernel", arguments)
    if importlib.util.find_spec("ipykernel") is None:
        return _refuse(f"{sys.executable} has no ipykernel, which Jupyter needs: pip install ipykernel")
    folder = kernel_folder(options)
    try:
        variables = dict(_variable(text) for text in options.env)
        _place(folder, spec(folder, options.display_name, variables))
    except (OSError, ValueError) as error:
        return _refuse(f"The kernel could not be installed in {folder}: {error}")
    sys.stdout.write(f"{folder}\n")
    return 0


def uninstall_kernel(arguments: list[str]) -> int:
    """Remove what install-kernel with the same options has installed."""
    options = _options("uninstall-kernel", arguments)
    folder = kernel_folder(options)
    if not os.path.isdir(folder):
        return _refuse(f"There is no kernel in {folder}.")
    if not _is_ours(folder):
        return _refuse(f"The kernel in {folder} is not Smelt's.")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        return _refuse(f"The kernel in {folder} could not be removed: {error}")
    sys.stdout.write(f"{folder}\n")
    return 0


def spec(folder: str, display_name: str | None, variables: dict[str, str]) -> dict[str, object]:
    """kernel.json. PYTHONPATH stays the user's: the package is found by the command itself."""
    find = f"import sys; sys.path.insert(0, {folder!r})"
    start = f"{find}; from smelt_runtime.__main__ import main; sys.exit(main())"
    if "{" in start:
        message = f"Jupyter would read the braces in {folder} as a placeholder"
        raise ValueError(message)
    return {
        "argv": [sys.executable, "-c", start, "jupyter", "-f", "{connection_file}"],
        "display_name": display_name or f"Smelt (Python {platform.python_version()})",
        "language": "python",
        "interrupt_mode": "signal",
        "env": variables,
        "metadata": {"debugger": True, "smelt": True},
    }


def kernel_folder(options: argparse.Namespace) -> str:
    """Where Jupyter looks for kernels: of the user, or of an environment."""
    if options.prefix is not None:
        root = os.path.join(os.path.abspath(options.prefix), "share", "jupyter")
    else:
        root = user_data_folder(sys.platform, dict(os.environ), os.path.expanduser("~"))
    return os.path.join(root, "kernels", options.name)


def user_data_folder(system: str, environment: dict[str, str], home: str) -> str:
    """Jupyter's data folder of the user, as jupyter_core.paths.jupyter_data_dir computes it."""
    if environment.get("JUPYTER_DATA_DIR"):
        return environment["JUPYTER_DATA_DIR"]
    if system == "darwin":
        return os.path.join(home, "Library", "Jupyter")
    if system == "win32":
        return os.path.join(environment.get("APPDATA") or home, "jupyter")
    data = environment.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    return os.path.join(data, "jupyter")


def _options(command: str, arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"smelt_runtime {command}")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true", help="for this user (the default)")
    where.add_argument("--prefix", help="for an environment: its folder")
    parser.add_argument("--name", default=NAME, type=_name, help="name of the kernelspec")
    if command == "install-kernel":
        parser.add_argument("--display-name")
        parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    return parser.parse_args(arguments)


def _name(text: str) -> str:
    if not text or not all(each.isascii() and (each.isalnum() or each in "-_.") for each in text):
        message = f"{text!r} is no kernel name: letters, digits, '-', '_' and '.' are"
        raise argparse.ArgumentTypeError(message)
    return text.lower()


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        message = f"{text!r} is not NAME=VALUE"
        raise ValueError(message)
    return name, value


def _place(folder: str, content: dict[str, object]) -> None:
    """Write beside, then rename: whoever looks sees the old kernel or the new one."""
    if os.path.exists(folder) and not _is_ours(folder):
        message = "another kernel of that name is there"
        raise OSError(message)
    parent, name = os.path.split(folder)
    os.makedirs(parent, exist_ok=True)
    new, old = (os.path.join(parent, f".{name}.{os.getpid()}.{which}") for which in ("new", "old"))
    try:
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(PACKAGE, os.path.join(new, "smelt_runtime"), ignore=ignored)
        with open(os.path.join(new, "kernel.json"), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
        if os.path.exists(folder):
            os.rename(folder, old)
        os.rename(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if os.path.exists(old) and not os.path.exists(folder):
            os.rename(old, folder)
        shutil.rmtree(old, ignore_errors=True)


def _is_ours(folder: str) -> bool:
    try:
        with open(os.path.join(folder, "kernel.json"), encoding="utf-8") as file:
            return bool(json.load(file).get("metadata", {}).get("smelt"))
    except (OSError, ValueError, AttributeError):
        return False


def _refuse(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1
