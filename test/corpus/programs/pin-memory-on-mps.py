"""Without an accelerator nothing is pinned; with CUDA the argument is True as before."""
# On cpu: the same
# On cuda: the same
import torch
import torch.utils.data

data = torch.utils.data.TensorDataset(torch.arange(6.0))
loader = torch.utils.data.DataLoader(data, batch_size=2, pin_memory=True)
batches = [batch.tolist() for (batch,) in loader]
print(batches)
