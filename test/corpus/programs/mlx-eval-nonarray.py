"""Computing earlier, or not asking NumPy, changes no value."""
# On cpu: the same
import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
import numpy as np

model = nn.Linear(4, 4)
optimizer = optim.Adam(learning_rate=0.1)
optimizer.init(model.trainable_parameters())
mx.eval(model.parameters, optimizer)
host = np.ones(3)
mx.eval(host)
weight = model.weight
print(host, weight.tolist())
