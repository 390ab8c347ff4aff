"""The constructor raised."""
# On cpu: raises ValueError
import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim

model = nn.Linear(2, 1)
optimizer = optim.SGD(model.parameters(), 0.1)
x = mx.ones((4, 2))
loss, gradients = nn.value_and_grad(model, lambda m, x: m(x).sum())(model, x)
optimizer.zero_grad()
optimizer.update(model, gradients)
mx.eval(model.parameters(), optimizer.state)
print(sorted(model.parameters()))
