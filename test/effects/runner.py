"""Runs `check(bad, good)` of one file of this folder on the sources that come as JSON on stdin.

Prints the measured numbers as JSON. Usage: runner.py <rule-name>.py
"""

import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    file = Path(sys.argv[1]).resolve()
    sys.path.insert(0, str(file.parent))
    spec = importlib.util.spec_from_file_location(file.stem.replace("-", "_"), file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sources = json.load(sys.stdin)
    # What examples save does not land in the project.
    os.chdir(tempfile.mkdtemp())
    stdout, sys.stdout = sys.stdout, sys.stderr
    numbers = module.check(sources["bad"], sources["good"])
    print(json.dumps(numbers), file=stdout)


main()
