"""The call that is deleted is all of its function."""
# On cpu: raises AttributeError
import mlx.core as mx
import mlx.optimizers as optim

optimizer = optim.SGD(0.1)


def reset():
    optimizer.zero_grad()


print("starting")
reset()
print(optimizer.learning_rate.item())
