"""In the thread the evaluation raised; in the thread that made the stream nothing changes."""
# On cpu: the same
import threading

import mlx.core as mx

stream = mx.new_stream(mx.cpu)
with mx.stream(stream):
    here = mx.arange(3) * 2
    mx.eval(here)
there = []


def work():
    with mx.stream(stream):
        mx.eval(mx.ones(3) * 2)
    there.append("done")


worker = threading.Thread(target=work)
if mx.metal.is_available():
    worker.start()
    worker.join()
print(here.tolist(), there)
