/** What surprises people who use a name: one sentence, said in the hover of each name. */
export interface NameTrap {
  /** Canonical names. */
  readonly names: readonly string[];
  /** The names are spelled alike in PyTorch and MLX and mean other things. */
  readonly clash?: true;
  readonly text: string;
}

/**
 * Sources: run on torch 2.13.0 and mlx 0.32.4 (test/tables/nameTraps.test.ts runs them again), except where
 * an entry names a file of the torch 2.15.0 wheel or of MLX's source.
 */
export const nameTraps: readonly NameTrap[] = [
  {
    names: [
      'torch.transpose',
      'torch.Tensor.transpose',
      'mlx.core.transpose',
      'mlx.core.array.transpose',
    ],
    clash: true,
    text: "PyTorch's `transpose` swaps two axes, MLX's takes the order of all of them: `x.transpose(0, 1)` gives an MLX matrix back as it was, and raises with three axes.",
  },
  {
    names: ['torch.Tensor.repeat', 'mlx.core.repeat'],
    clash: true,
    text: '`Tensor.repeat` repeats the whole tensor, as `mx.tile` does; `mx.repeat` repeats each element, as `torch.repeat_interleave` does.',
  },
  {
    names: ['torch.Tensor.view', 'mlx.core.view', 'mlx.core.array.view'],
    clash: true,
    text: '`Tensor.view` gives another shape, `view` of an MLX array another dtype to the same bytes; `reshape` is the same in both.',
  },
  {
    names: ['torch.Tensor.size', 'mlx.core.array.size'],
    clash: true,
    text: '`size()` of a tensor is its shape, `size` of an MLX array the number of its elements.',
  },
  {
    names: ['torch.split', 'torch.Tensor.split', 'mlx.core.split', 'mlx.core.array.split'],
    clash: true,
    text: "PyTorch's `split(x, 3)` makes parts of size 3, MLX's makes 3 parts; lists are sizes in PyTorch and places to cut at in MLX.",
  },
  {
    names: [
      ...['torch.max', 'torch.min', 'torch.Tensor.max', 'torch.Tensor.min'],
      ...['mlx.core.max', 'mlx.core.min', 'mlx.core.array.max', 'mlx.core.array.min'],
    ],
    clash: true,
    text: "With an axis PyTorch's `max` and `min` return values and indices, MLX's the values only.",
  },
  {
    names: [
      ...['torch.std', 'torch.var', 'torch.Tensor.std', 'torch.Tensor.var'],
      ...['mlx.core.std', 'mlx.core.var', 'mlx.core.array.std', 'mlx.core.array.var'],
    ],
    clash: true,
    text: 'PyTorch divides by n - 1, MLX by n unless it is told `ddof=1`.',
  },
  {
    names: ['torch.equal', 'torch.Tensor.equal', 'mlx.core.equal'],
    clash: true,
    text: '`torch.equal` is one answer for the whole tensors, as `mx.array_equal` is; `mx.equal` compares element by element.',
  },
  {
    names: ['torch.topk', 'torch.Tensor.topk', 'mlx.core.topk'],
    clash: true,
    text: '`torch.topk` returns sorted values and their indices; `mx.topk` returns values only, and not the largest first.',
  },
  {
    names: ['torch.median', 'torch.Tensor.median', 'mlx.core.median'],
    clash: true,
    text: 'Of an even number of elements PyTorch takes the lower middle one, MLX the mean of both.',
  },
  {
    names: ['torch.nn.Module.apply', 'mlx.nn.Module.apply'],
    clash: true,
    text: "PyTorch's `Module.apply` calls a function on modules, MLX's replaces each array by what a function returns.",
  },
  {
    names: ['torch.nn.GroupNorm', 'mlx.nn.GroupNorm'],
    clash: true,
    text: "MLX's `GroupNorm` groups other channels than PyTorch's, unless it is told `pytorch_compatible=True`.",
  },
  {
    names: [
      'torch.nn.functional.cross_entropy',
      'torch.nn.CrossEntropyLoss',
      'mlx.nn.losses.cross_entropy',
    ],
    clash: true,
    text: 'PyTorch returns the mean, MLX one loss for each sample unless it is told `reduction="mean"`.',
  },
  {
    names: ['torch.optim.Adam', 'torch.optim.AdamW', 'mlx.optimizers.Adam', 'mlx.optimizers.AdamW'],
    clash: true,
    text: "PyTorch corrects the bias of Adam's averages, MLX does not unless it is told `bias_correction=True`; `step` is a method in PyTorch and a counter in MLX.",
  },
  {
    names: ['torch.meshgrid', 'mlx.core.meshgrid'],
    clash: true,
    text: 'PyTorch takes `indexing="ij"` when it is told nothing, MLX `"xy"`: the axes come out swapped.',
  },
  {
    names: [
      'torch.nn.functional.binary_cross_entropy',
      'torch.nn.BCELoss',
      'mlx.nn.losses.binary_cross_entropy',
    ],
    clash: true,
    text: 'PyTorch takes probabilities, MLX logits unless it is told `with_logits=False`.',
  },
  {
    names: ['torch.squeeze', 'torch.Tensor.squeeze', 'mlx.core.squeeze', 'mlx.core.array.squeeze'],
    text: 'An axis whose size is not 1 stays as it is in PyTorch and raises ValueError in MLX.',
  },
  {
    names: ['mlx.core.softmax'],
    text: 'Without an axis it is taken over all elements together, so that no row adds up to 1.',
  },
  {
    names: ['mlx.core.synchronize'],
    text: 'It waits for what has been started and computes nothing by itself: arrays that are lazy stay lazy.',
  },
  {
    names: ['mlx.core.eval'],
    text: 'It takes anything without an error: a number, a string, a NumPy array or an object of another class is passed over in silence.',
  },
  {
    names: ['mlx.core.allclose', 'mlx.core.array_equal'],
    text: 'The answer is a lazy array: an `if` or `.item()` computes it.',
  },
  {
    names: ['mlx.core.compile'],
    text: 'Arrays and weights that the function takes from outside are constants of the compiled function, unless `inputs` and `outputs` name them: a training step without them never learns.',
  },
  {
    names: ['mlx.core.argmax', 'mlx.core.argmin', 'mlx.core.argsort'],
    text: 'The indices are uint32: subtracting more than there is wraps round to 4294967295.',
  },
  {
    // mlx/linalg.cpp, check_cpu_stream, 0.32.2.
    names: 'qr svd inv cholesky pinv cholesky_inv eig eigh eigvals eigvalsh lu lu_factor solve'
      .split(' ')
      .map((name) => `mlx.core.linalg.${name}`),
    text: 'There is no Metal kernel: it has to be given `stream=mx.cpu`.',
  },
  {
    names: ['torch.from_numpy', 'torch.as_tensor', 'torch.tensor'],
    text: 'float64 data of NumPy stays float64, which MPS does not have: moving it there raises TypeError.',
  },
  {
    names: ['torch.float_power', 'torch.Tensor.float_power'],
    text: 'The result is always float64, which MPS does not have.',
  },
  {
    names: ['torch.Generator'],
    text: 'Without a device it is one of the CPU, and cannot draw numbers for a tensor on MPS.',
  },
  {
    names: ['torch.amp.GradScaler', 'torch.cuda.amp.GradScaler'],
    text: 'Without a device it is one for CUDA, and switched off on a Mac with one warning.',
  },
  {
    names: ['torch.cuda.amp.autocast'],
    text: 'On a Mac it switches itself off with one warning, and everything is computed in float32.',
  },
  {
    names: ['torch.mps.set_per_process_memory_fraction'],
    text: 'The fraction has to be a float: `1` raises TypeError.',
  },
  {
    // "scaled_dot_product_attention for MPS does not support dropout." is in the wheels from 2.13.0 on.
    names: ['torch.nn.functional.scaled_dot_product_attention'],
    text: 'On MPS `dropout_p` was ignored in silence (torch 2.10 and older), and raises since torch 2.13.',
  },
];

let byName: ReadonlyMap<string, readonly NameTrap[]> | undefined;

export function trapsOf(name: string): readonly NameTrap[] {
  if (byName === undefined) {
    const map = new Map<string, NameTrap[]>();
    for (const trap of nameTraps)
      for (const each of trap.names) map.set(each, [...(map.get(each) ?? []), trap]);
    byName = map;
  }
  return byName.get(name) ?? [];
}
