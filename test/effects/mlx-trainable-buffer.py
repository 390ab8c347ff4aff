"""One step of AdamW changes the table and makes the positions float32."""

import mlx.core as mx
import mlx.nn as nn

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    def step(source: str) -> tuple[float, mx.Dtype]:
        scope = run(source)
        model, optimizer = scope["model"], scope["optimizer"]
        table = getattr(model, "scale", None)
        name = "scale" if table is not None else "_scale"
        before = mx.array(getattr(model, name))
        gradients = nn.value_and_grad(model, lambda x: model(x).sum())(mx.ones((1, 3)))[1]
        optimizer.update(model, gradients)
        mx.eval(model.parameters(), optimizer.state)
        return mx.abs(getattr(model, name) - before).max().item(), model.positions.dtype

    moved, dtype = step(bad)
    stayed, kept = step(good)
    assert moved > 0.01, moved
    assert dtype == mx.float32, dtype
    assert stayed == 0.0, stayed
    assert kept == mx.int32, kept
    return {"the table moves by": moved, "hidden": stayed}
