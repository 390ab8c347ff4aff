/**
 * Functions of mlx.core that record an operation and return one lazy array.
 * Source: mlx 0.32.4, signatures of `mlx.core` that return `array`; a test asks the installed MLX.
 */
export const mlxArrayFunctions: ReadonlySet<string> = new Set(
  (
    'abs add addmm all allclose any arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh ' +
    'argmax argmin argpartition argsort array array_equal as_strided asarray bartlett bitwise_and ' +
    'bitwise_or bitwise_xor blackman block_masked_mm broadcast_to ceil clip concatenate conj ' +
    'contiguous conv1d conv2d conv3d conv_general conv_transpose1d conv_transpose2d conv_transpose3d ' +
    'convolve cos cosh cummax cummin cumprod cumsum degrees dequantize diag diagonal divide einsum ' +
    'equal erf erfinv exp expand_dims expm1 eye flatten floor floor_divide full gather_mm greater ' +
    'greater_equal hamming hanning hadamard_transform identity imag inner isclose isfinite isinf ' +
    'isnan isneginf isposinf kron left_shift less less_equal linspace log log10 log1p log2 logaddexp ' +
    'logcumsumexp logical_and logical_not logical_or logsumexp matmul max maximum mean median min ' +
    'minimum moveaxis multiply nan_to_num negative not_equal ones ones_like outer pad partition power ' +
    'prod put_along_axis quantized_matmul radians real reciprocal remainder repeat reshape right_shift ' +
    'roll round rsqrt segmented_mm sigmoid sign sin sinh slice slice_update softmax sort ' +
    'sqrt square squeeze stack std stop_gradient subtract sum swapaxes take take_along_axis tan tanh ' +
    'tensordot tile topk trace transpose tri tril triu unflatten var view where zeros zeros_like ' +
    'random.bernoulli random.categorical random.gumbel random.laplace random.multivariate_normal ' +
    'random.normal random.permutation random.randint random.truncated_normal random.uniform random.key ' +
    'fft.fft fft.fft2 fft.fftn fft.ifft fft.ifft2 fft.ifftn fft.rfft fft.rfft2 fft.rfftn fft.irfft ' +
    'fft.irfft2 fft.irfftn linalg.norm linalg.inv linalg.cholesky linalg.pinv linalg.solve ' +
    'fast.rms_norm fast.layer_norm fast.rope fast.scaled_dot_product_attention'
  )
    .split(' ')
    .map((name) => `mlx.core.${name}`),
);

/** Functions that make an array from numbers or sizes: what a benchmark calls its inputs. */
export const mlxGenerators: ReadonlySet<string> = new Set(
  (
    'arange array asarray eye full identity linspace ones zeros random.bernoulli random.categorical ' +
    'random.gumbel random.laplace random.multivariate_normal random.normal random.permutation ' +
    'random.randint random.truncated_normal random.uniform'
  )
    .split(' ')
    .map((name) => `mlx.core.${name}`),
);

/** Attributes that are plain values. */
export const mlxMetadata: ReadonlySet<string> = new Set([
  'shape',
  'dtype',
  'size',
  'nbytes',
  'ndim',
  'itemsize',
]);

export const mlxDtypes: ReadonlySet<string> = new Set(
  'bool_ uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64'.split(
    ' ',
  ),
);

/** Replacement of a renamed `mlx.core.metal` function and the release that brought it. */
export interface RenamedFunction {
  readonly replacement: string;
  readonly since: string;
}

/**
 * Old names still work and print one line to stderr.
 * Source: mlx python/src/metal.cpp; first tags of commits 4e1994e9 and a828e769.
 */
export const renamedMetalFunctions: ReadonlyMap<string, RenamedFunction> = new Map([
  ...[
    'get_active_memory',
    'get_peak_memory',
    'reset_peak_memory',
    'get_cache_memory',
    'set_memory_limit',
    'set_cache_limit',
    'set_wired_limit',
    'clear_cache',
  ].map((name): [string, RenamedFunction] => [name, { replacement: name, since: '0.24.1' }]),
  ['device_info', { replacement: 'device_info', since: '0.30.4' }] as [string, RenamedFunction],
]);

/** What to write instead of a PyTorch tensor method on an MLX array. */
export type TorchMethodPort =
  /** Delete the call: the array needs nothing. */
  | { readonly kind: 'delete' }
  /** Rename, keeping the arguments. */
  | { readonly kind: 'rename'; readonly name: string }
  /** `.float()` becomes `.astype(mx.float32)`. */
  | { readonly kind: 'astype'; readonly dtype: string }
  /** `x.unsqueeze(0)` becomes `mx.expand_dims(x, 0)`. */
  | { readonly kind: 'function'; readonly name: string }
  /** `.dim()` becomes `.ndim`. */
  | { readonly kind: 'attribute'; readonly name: string }
  /** `.size()` becomes `.shape`, `.size(0)` becomes `.shape[0]`. */
  | { readonly kind: 'shape' }
  /** No replacement by itself; the text says what to do. */
  | { readonly kind: 'advice'; readonly text: string };

/**
 * Tensor methods that an mlx.core.array does not have (a test asks the installed MLX), with their
 * counterpart. Source: facts/mlx.md 3b, checked numerically there.
 */
export const torchMethodPorts: ReadonlyMap<string, TorchMethodPort> = new Map<
  string,
  TorchMethodPort
>([
  ['to', { kind: 'delete' }],
  ['cuda', { kind: 'delete' }],
  ['cpu', { kind: 'delete' }],
  ['mps', { kind: 'delete' }],
  ['detach', { kind: 'function', name: 'stop_gradient' }],
  ['contiguous', { kind: 'delete' }],
  ['numpy', { kind: 'advice', text: 'np.array(x) copies it to NumPy' }],
  ['clone', { kind: 'function', name: 'array' }],
  ['permute', { kind: 'rename', name: 'transpose' }],
  ['unsqueeze', { kind: 'function', name: 'expand_dims' }],
  ['float', { kind: 'astype', dtype: 'float32' }],
  ['half', { kind: 'astype', dtype: 'float16' }],
  ['bfloat16', { kind: 'astype', dtype: 'bfloat16' }],
  ['double', { kind: 'astype', dtype: 'float32' }],
  ['long', { kind: 'astype', dtype: 'int64' }],
  ['int', { kind: 'astype', dtype: 'int32' }],
  ['bool', { kind: 'astype', dtype: 'bool_' }],
  ['dim', { kind: 'attribute', name: 'ndim' }],
  ['numel', { kind: 'attribute', name: 'size' }],
  ['backward', { kind: 'advice', text: 'gradients come from mx.grad or nn.value_and_grad' }],
  ['requires_grad_', { kind: 'advice', text: 'mx.grad names the arguments to differentiate' }],
  ['masked_fill', { kind: 'advice', text: 'mx.where(mask, value, x) does it' }],
  ['expand', { kind: 'advice', text: 'mx.broadcast_to(x, shape) does it' }],
  ['t', { kind: 'attribute', name: 'T' }],
  ['tanh', { kind: 'function', name: 'tanh' }],
  ['sigmoid', { kind: 'function', name: 'sigmoid' }],
  ['softmax', { kind: 'function', name: 'softmax' }],
  ['matmul', { kind: 'function', name: 'matmul' }],
  ['pow', { kind: 'function', name: 'power' }],
  ['tril', { kind: 'function', name: 'tril' }],
  ['triu', { kind: 'function', name: 'triu' }],
  ['norm', { kind: 'function', name: 'linalg.norm' }],
  ['element_size', { kind: 'attribute', name: 'itemsize' }],
]);
