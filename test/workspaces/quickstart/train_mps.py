"""PyTorch on a Mac, with the mistakes that Smelt finds. Every cell runs on any machine.

Read a squiggle, take its quick fix, then press "Run on Metal" above the cell.
"""

# %% Set-up
import os

try:
    import numpy as np
    import torch
except ImportError as missing:
    torch = None
    print(f"{missing.name} is not installed for this Python: run `pip install torch numpy`, then restart the kernel.")

# torch reads this while it is imported, so here it comes too late.
os.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = "1"

if torch:
    print("torch", torch.__version__)

# %% Choose a device
# On a Mac this is the CPU: MPS is never asked for.
if torch:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    print(device)

# %% Train
# After the fix above, the line below this cell says mps.
if torch:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 1)).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    inputs = torch.randn(256, 64, device=device)
    targets = inputs.sum(dim=1, keepdim=True)
    for step in range(60):
        loss = torch.nn.functional.mse_loss(model(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"loss {loss.item():.3f}")

# %% Code that a Mac has yet to reach
# Nothing calls these here; on a Mac each would raise. Smelt reads them all the same.


def to_gpu():
    return torch.zeros(3, device="cuda")


def labels():
    return torch.from_numpy(np.linspace(0, 1, 5)).to("mps")


def weights(path):
    return torch.from_numpy(np.load(path)).to("mps").float()


def limit_memory():
    os.environ["PYTORCH_MPS_HIGH_WATERMARK_RATIO"] = "0.7"


# %% The result of a cell is shown on its last line
if torch:
    weights_seen = model[0].weight.detach().mean(dim=0)[:4]
weights_seen if torch else None
