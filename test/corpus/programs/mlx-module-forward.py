"""Calling the module raised."""
# On cpu: raises TypeError
import mlx.core as mx
import mlx.nn as nn


class Double(nn.Module):
    def forward(self, x):
        return x * 2


double = Double()
print("made")
y = double(mx.array([1.0, 2.0]))
print(y.tolist())
