/** What becomes of a keyword argument of PyTorch in MLX: other names in order of preference; none: delete it. */
export const torchKeywords: ReadonlyMap<string, readonly string[]> = new Map([
  ['dim', ['axis', 'axes']],
  ['dims', ['axis', 'axes']],
  ['keepdim', ['keepdims']],
  ['start_dim', ['start_axis']],
  ['end_dim', ['end_axis']],
  ['size', ['shape']],
  ['fill_value', ['vals']],
  ['unbiased', ['ddof']],
  ['lr', ['learning_rate']],
  ['in_features', ['input_dims']],
  ['out_features', ['output_dims']],
  ['embedding_dim', ['dims']],
  ['normalized_shape', ['dims']],
  ['num_channels', ['dims']],
  ['elementwise_affine', ['affine']],
  ['approximate', ['approx']],
  ['inplace', []],
  ['device', []],
  ['requires_grad', []],
  ['pin_memory', []],
  ['batch_first', []],
  ['non_blocking', []],
]);

/** Functions that take one shape where PyTorch, or a method, takes sizes one by one; the place of the shape. */
export const shapeFunctions: ReadonlyMap<string, number> = new Map([
  ...['zeros', 'ones', 'empty', 'random.normal'].map((name) => [`mlx.core.${name}`, 0] as const),
  ['mlx.core.reshape', 1],
]);

/** Defaults of MLX that differ from PyTorch's. */
export interface PortedDefault {
  /** The argument that decides. */
  readonly argument: string;
  /** Its value in PyTorch, as Python writes it. */
  readonly torch: string;
  /** What differs without it. */
  readonly message: string;
  /** PyTorch's own function or class. */
  readonly twin: RegExp;
}

/** Executed on MLX 0.32.4 and torch 2.13: facts on ported defaults. */
export const portedDefaults: ReadonlyMap<string, PortedDefault> = new Map<string, PortedDefault>([
  ...['std', 'var'].map((name): [string, PortedDefault] => [
    `mlx.core.${name}`,
    {
      argument: 'ddof',
      torch: '1',
      message: `mx.${name} divides by n, and torch.${name} by n - 1.`,
      twin: new RegExp(`^torch\\.(?:Tensor\\.)?${name}$`),
    },
  ]),
  ...['Adam', 'AdamW'].map((name): [string, PortedDefault] => [
    `mlx.optimizers.${name}`,
    {
      argument: 'bias_correction',
      torch: 'True',
      message: `${name} of MLX does not correct its bias unless told to, as PyTorch's does: the first steps differ.`,
      twin: new RegExp(`^torch\\.optim\\.${name}$`),
    },
  ]),
  [
    'mlx.core.meshgrid',
    {
      argument: 'indexing',
      torch: '"ij"',
      message: 'mx.meshgrid indexes by "xy", and torch.meshgrid by "ij": the result is transposed.',
      twin: /^torch\.meshgrid$/,
    },
  ],
  [
    'mlx.nn.GroupNorm',
    {
      argument: 'pytorch_compatible',
      torch: 'True',
      message: 'nn.GroupNorm of MLX groups channels otherwise than PyTorch unless told to.',
      twin: /^torch\.nn\.GroupNorm$/,
    },
  ],
]);
