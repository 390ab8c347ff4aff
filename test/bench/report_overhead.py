"""What measuring costs a cell that does nothing: the median of begin, returned, settle and report, in ms."""

import importlib
import json
import statistics
import sys
from time import perf_counter_ns

from smelt_runtime.measure import Measurement
from smelt_runtime.outcome import Outcome


def overhead():
    namespace = {f"name{n}": n for n in range(300)}
    measurement = Measurement(namespace)
    outcome = Outcome(codes=[compile("name1 + name2", "<cell>", "exec")])
    costs = []
    for _ in range(500):
        start = perf_counter_ns()
        measurement.reset("x")
        measurement.begin()
        measurement.returned()
        measurement.settle(outcome)
        measurement.report(interrupted=False)
        costs.append(perf_counter_ns() - start)
    return statistics.median(costs) / 1e6


result = {"plain": overhead()}
for name in sys.argv[1:]:
    importlib.import_module(name)
    result[name] = overhead()
print(json.dumps(result))
