import { mlxCounterparts } from './mlxCounterparts.gen.ts';

/** Modules of MLX and the names in them that PyTorch has in its own (mlx 0.32.4; a test asks it). */
const shared: ReadonlyMap<string, string> = new Map([
  [
    'mlx.core',
    'abs acos acosh add addmm all allclose any arange arcsin argmax argmin argsort asin asinh ' +
      'atan atan2 atanh atleast_2d bfloat16 bitwise_and bitwise_left_shift bitwise_or ' +
      'bitwise_right_shift bitwise_xor broadcast_to ceil clip compile complex64 concat conj cos ' +
      'cosh count_nonzero cummax cumprod cumsum diag diagonal diff einsum empty empty_like equal ' +
      'erf erfinv exp expm1 eye finfo flatten flip float16 float32 float64 floor floor_divide full ' +
      'full_like int16 int32 int64 int8 isclose isfinite isinf isnan isneginf isposinf kron ' +
      'linspace load log log10 log1p log2 logaddexp logcumsumexp logical_and logical_not logical_or ' +
      'logical_xor logsumexp matmul max maximum mean median meshgrid min minimum moveaxis ' +
      'nan_to_num ones ones_like outer positive pow prod reciprocal remainder reshape roll round ' +
      'rsqrt save searchsorted sigmoid sign sin sinh softmax sort split sqrt square squeeze stack ' +
      'std sum swapaxes tan tanh tensordot tile topk trace transpose tril triu trunc uint8 ' +
      'unflatten unique var where zeros zeros_like',
  ],
  [
    'mlx.nn',
    'AvgPool2d Bilinear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d Dropout Dropout2d ' +
      'ELU Embedding GELU GLU GRU GroupNorm Hardswish Identity LSTM LayerNorm LeakyReLU Linear ' +
      'LogSigmoid MaxPool1d MaxPool2d Mish Module PReLU RMSNorm RNN ReLU ReLU6 SELU Sequential SiLU ' +
      'Sigmoid Softmax Softplus Tanh Transformer TransformerEncoderLayer Upsample',
  ],
  ['mlx.optimizers', 'Adagrad Adam AdamW Adamax RMSprop SGD'],
]);

/** Where people look for a name of PyTorch in MLX. */
const places: readonly (readonly [torch: RegExp, mlx: string])[] = [
  [/^torch\.(\w+)$/, 'mlx.core'],
  [/^torch\.nn\.(\w+)$/, 'mlx.nn'],
  [/^torch\.optim\.(\w+)$/, 'mlx.optimizers'],
];

/** Names of PyTorch that MLX lacks, such as mlx.core.randn, and what stands for them; null: nothing does. */
export const missingTorchNames: ReadonlyMap<string, string | null> = new Map([
  ...mlxCounterparts.flatMap(({ torch, mlx }): [string, string | null][] =>
    places.flatMap(([pattern, module]): [string, string | null][] => {
      const name = pattern.exec(torch)?.[1];
      const isThere = name === undefined || shared.get(module)?.split(' ').includes(name) === true;
      return isThere ? [] : [[`${module}.${name}`, mlx]];
    }),
  ),
  ['mlx.nn.functional', 'mlx.nn itself, and its losses'] as const,
  ['mlx.nn.MultiheadAttention', 'nn.MultiHeadAttention'] as const,
  ['mlx.nn.DataParallel', null] as const,
  ['mlx.core.nn', 'mlx.nn'] as const,
  ['mlx.core.Tensor', 'mx.array'] as const,
  ['mlx.core.FloatTensor', 'mx.array'] as const,
  ['mlx.core.LongTensor', 'mx.array'] as const,
  ['mlx.core.float', 'mx.float32'] as const,
  ['mlx.core.half', 'mx.float16'] as const,
  ['mlx.core.long', 'mx.int64'] as const,
  ['mlx.core.int', 'mx.int32'] as const,
  ['mlx.core.bool', 'mx.bool_'] as const,
  ['mlx.core.is_tensor', null] as const,
  ['mlx.core.inference_mode', null] as const,
  ['mlx.optimizers.lr_scheduler', 'optim.cosine_decay and its like'] as const,
]);
