"""Computing each step in its round trains the same parameters."""
# On cpu: the same
import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.utils import tree_flatten

model = nn.Linear(4, 4)
optimizer = optim.SGD(learning_rate=0.1)
step = nn.value_and_grad(model, lambda m, x: m(x).square().sum())
x = mx.ones((2, 4))
for _ in range(200):
    loss, gradients = step(model, x)
    optimizer.update(model, gradients)
trained = {name: value for name, value in tree_flatten(model.parameters())}
print(loss.item(), sorted(trained))
