/**
 * What the functions of mlx.core take and return. Each line: name under `mlx.core.`, parameters (`/` and
 * `*` as in a Python signature), rule for the dtype of the result, rule for its shape; `-` is unknown.
 * Source: signatures of mlx 0.32.4; a test compares every line with the installed MLX.
 */
const lines = `
  abs | a / * stream | modulus | same
  acos | a / * stream | floating | same
  acosh | a / * stream | floating | same
  add | a b stream | promoted | broadcast
  addmm | c a b / alpha beta * stream | promotedFloating | -
  all | a / axis keepdims * stream | bool_ | reduce
  allclose | a b / rtol atol * equal_nan stream | bool_ | scalar
  any | a / axis keepdims * stream | bool_ | reduce
  arange | start stop step dtype * stream | range | range
  arccos | a / * stream | floating | same
  arccosh | a / * stream | floating | same
  arcsin | a / * stream | floating | same
  arcsinh | a / * stream | floating | same
  arctan | a / * stream | floating | same
  arctan2 | a b / * stream | promotedFloating | broadcast
  arctanh | a / * stream | floating | same
  argmax | a / axis keepdims * stream | index | reduce
  argmin | a / axis keepdims * stream | index | reduce
  argpartition | a / kth axis * stream | index | same
  argsort | a / axis * stream | index | same
  array | val dtype | data | data
  array_equal | a b equal_nan stream | bool_ | scalar
  as_strided | a / shape strides offset * stream | same | -
  asarray | a dtype * copy | data | data
  asin | a / * stream | floating | same
  asinh | a / * stream | floating | same
  astype | a dtype / * stream | cast | same
  atan | a / * stream | floating | same
  atan2 | a b / * stream | promotedFloating | broadcast
  atanh | a / * stream | floating | same
  bartlett | M * stream | floating32 | window
  bitwise_and | a b stream | promoted | broadcast
  bitwise_invert | a stream | same | same
  bitwise_left_shift | a b stream | shifted | broadcast
  bitwise_or | a b stream | promoted | broadcast
  bitwise_right_shift | a b stream | shifted | broadcast
  bitwise_xor | a b stream | promoted | broadcast
  blackman | M * stream | floating32 | window
  block_masked_mm | a b / block_size mask_out mask_lhs mask_rhs * stream | - | -
  broadcast_arrays | *arrays stream | same | each
  broadcast_to | a / shape * stream | same | argument
  ceil | a / * stream | same | same
  clip | a / a_min a_max * stream | promoted | broadcast
  concat | arrays axis * stream | list | concatenate
  concatenate | arrays axis * stream | list | concatenate
  conj | a * stream | same | same
  conjugate | a * stream | same | same
  contiguous | a / allow_col_major * stream | same | same
  conv1d | input weight / stride padding dilation groups * stream | promoted | -
  conv2d | input weight / stride padding dilation groups * stream | promoted | -
  conv3d | input weight / stride padding dilation groups * stream | promoted | -
  conv_general | input weight / stride padding kernel_dilation input_dilation groups flip * stream | promoted | -
  conv_transpose1d | input weight / stride padding dilation output_padding groups * stream | promoted | -
  conv_transpose2d | input weight / stride padding dilation output_padding groups * stream | promoted | -
  conv_transpose3d | input weight / stride padding dilation output_padding groups * stream | promoted | -
  convolve | a v / mode * stream | - | -
  cos | a / * stream | floating | same
  cosh | a / * stream | floating | same
  count_nonzero | a / * axis keepdims stream | int32 | reduce
  cummax | a / axis * reverse inclusive stream | same | cumulative
  cummin | a / axis * reverse inclusive stream | same | cumulative
  cumprod | a / axis * reverse inclusive dtype stream | same | cumulative
  cumsum | a / axis * reverse inclusive dtype stream | cumulative | cumulative
  cumulative_prod | a / axis * reverse inclusive dtype stream | same | cumulative
  cumulative_sum | a / axis * reverse inclusive dtype stream | cumulative | cumulative
  degrees | a / * stream | floating | same
  dequantize | w / scales biases group_size bits mode global_scale dtype * stream | - | -
  diag | a / k * stream | same | -
  diagonal | a offset axis1 axis2 stream | same | -
  diff | a / n axis * stream | same | -
  divide | a b stream | promotedFloating | broadcast
  divmod | a b stream | promoted | 2 parts
  einsum | subscripts *operands stream | - | -
  empty | shape dtype * stream | given | argument
  empty_like | a / dtype * stream | givenOrSame | same
  equal | a b stream | bool_ | broadcast
  erf | a / * stream | floating | same
  erfinv | a / * stream | floating | same
  exp | a / * stream | floating | same
  expand_dims | a / axis * stream | same | expand
  expm1 | a / * stream | floating | same
  eye | n m k dtype * stream | given | square
  fast.layer_norm | x weight bias eps * stream | same | same
  fast.rms_norm | x weight eps * stream | same | same
  fast.rope | a dims * traditional base scale offset freqs stream | same | same
  fast.scaled_dot_product_attention | q k v * scale mask sinks force_fused stream | same | -
  fft.fft | a n axis norm stream | complex64 | -
  fft.fft2 | a s axes norm stream | complex64 | -
  fft.fftfreq | n d stream | - | -
  fft.fftn | a s axes norm stream | complex64 | -
  fft.fftshift | a axes stream | - | -
  fft.ifft | a n axis norm stream | complex64 | -
  fft.ifft2 | a s axes norm stream | complex64 | -
  fft.ifftn | a s axes norm stream | complex64 | -
  fft.ifftshift | a axes stream | - | -
  fft.irfft | a n axis norm stream | - | -
  fft.irfft2 | a s axes norm stream | - | -
  fft.irfftn | a s axes norm stream | - | -
  fft.istft | stft_matrix n_fft hop_length win_length window center norm onesided length stream | - | -
  fft.rfft | a n axis norm stream | complex64 | -
  fft.rfft2 | a s axes norm stream | complex64 | -
  fft.rfftfreq | n d stream | - | -
  fft.rfftn | a s axes norm stream | complex64 | -
  fft.stft | x n_fft hop_length win_length window center pad_mode norm onesided stream | complex64 | -
  flatten | a / start_axis end_axis * stream | same | flatten
  flip | a / axis * stream | same | same
  floor | a / * stream | same | same
  floor_divide | a b stream | promoted | broadcast
  from_fp8 | x dtype * stream | - | -
  full | shape vals dtype * stream | filled | argument
  full_like | a vals dtype * stream | givenOrSame | same
  gather_mm | a b / lhs_indices rhs_indices * sorted_indices stream | - | -
  gather_qmm | x w / scales biases lhs_indices rhs_indices transpose group_size bits mode global_scale * sorted_indices stream | - | -
  gather_qqmm | x w / scales lhs_indices rhs_indices group_size bits mode global_scale_x global_scale_w * sorted_indices stream | - | -
  greater | a b stream | bool_ | broadcast
  greater_equal | a b stream | bool_ | broadcast
  hadamard_transform | a scale stream | - | -
  hamming | M * stream | floating32 | window
  hanning | M * stream | floating32 | window
  identity | n dtype * stream | given | square
  imag | a / * stream | modulus | same
  inner | a b / * stream | promotedFloating | -
  isclose | a b / rtol atol * equal_nan stream | bool_ | broadcast
  isfinite | a stream | bool_ | same
  isinf | a stream | bool_ | same
  isnan | a stream | bool_ | same
  isneginf | a stream | bool_ | same
  isposinf | a stream | bool_ | same
  kron | a b * stream | promoted | -
  left_shift | a b stream | shifted | broadcast
  less | a b stream | bool_ | broadcast
  less_equal | a b stream | bool_ | broadcast
  linalg.cholesky | a upper * stream | same | -
  linalg.cholesky_inv | a upper * stream | same | -
  linalg.cross | a b axis * stream | - | -
  linalg.det | a * stream | - | -
  linalg.eig | a * stream | - | 2 parts
  linalg.eigh | a UPLO * stream | - | 2 parts
  linalg.eigvals | a * stream | - | -
  linalg.eigvalsh | a UPLO * stream | - | -
  linalg.inv | a * stream | same | -
  linalg.lu | a * stream | - | 3 parts
  linalg.lu_factor | a * stream | - | 2 parts
  linalg.norm | a / ord axis keepdims * stream | norm | norm
  linalg.pinv | a * stream | same | -
  linalg.qr | a * stream | - | 2 parts
  linalg.slogdet | a * stream | - | 2 parts
  linalg.solve | a b * stream | same | -
  linalg.solve_triangular | a b * upper stream | same | -
  linalg.svd | a compute_uv * stream | - | 3 parts
  linalg.tri_inv | a upper * stream | same | -
  linspace | start stop num endpoint dtype stream | linspace | vector
  log | a / * stream | floating | same
  log10 | a / * stream | floating | same
  log1p | a / * stream | floating | same
  log2 | a / * stream | floating | same
  logaddexp | a b / * stream | promotedFloating | broadcast
  logcumsumexp | a / axis * reverse inclusive stream | floating | cumulative
  logical_and | a b / * stream | bool_ | broadcast
  logical_not | a / * stream | bool_ | same
  logical_or | a b / * stream | bool_ | broadcast
  logical_xor | a b / * stream | bool_ | broadcast
  logsumexp | a / axis keepdims * stream | floating | reduce
  matmul | a b / * stream | promotedFloating | matmul
  matrix_transpose | a / * stream | same | matrixTranspose
  max | a / axis keepdims * stream | same | reduce
  maximum | a b / * stream | promoted | broadcast
  mean | a / axis keepdims * stream | floating | reduce
  median | a / axis keepdims * stream | floating | reduce
  meshgrid | *arrays sparse indexing stream | same | each
  min | a / axis keepdims * stream | same | reduce
  minimum | a b / * stream | promoted | broadcast
  moveaxis | a / source destination * stream | same | -
  multiply | a b stream | promoted | broadcast
  nan_to_num | a nan posinf neginf * stream | same | same
  negative | a / * stream | same | same
  not_equal | a b stream | bool_ | broadcast
  ones | shape dtype * stream | given | argument
  ones_like | a / dtype * stream | givenOrSame | same
  outer | a b / * stream | promoted | -
  pad | a pad_width mode constant_values * stream | same | -
  partition | a / kth axis * stream | same | same
  permute_dims | a / axes * stream | same | transpose
  positive | a / * stream | same | same
  pow | a b / * stream | promoted | broadcast
  power | a b / * stream | promoted | broadcast
  prod | a / axis keepdims * stream | summed | reduce
  put_along_axis | a / indices values axis * stream | same | first
  qqmm | x w scales group_size bits mode global_scale_x global_scale_w * stream | - | -
  quantized_matmul | x w / scales biases transpose group_size bits mode * stream | - | -
  radians | a / * stream | floating | same
  random.bernoulli | p shape key stream | bool_ | -
  random.categorical | logits axis shape num_samples key stream | index | -
  random.gumbel | shape dtype key stream | given | argument
  random.key | seed | index | key
  random.laplace | shape dtype loc scale key stream | given | argument
  random.multivariate_normal | mean cov shape dtype key stream | - | -
  random.normal | shape dtype loc scale key stream | given | argument
  random.permutation | x axis key stream | - | -
  random.randint | low high shape dtype key stream | integers | argument
  random.split | key num stream | index | keys
  random.truncated_normal | lower upper shape dtype key stream | given | argument
  random.uniform | low high shape dtype key stream | given | argument
  real | a / * stream | modulus | same
  reciprocal | a / * stream | floating | same
  remainder | a b stream | promoted | broadcast
  repeat | array repeats axis * stream | same | -
  reshape | a / shape * stream | same | reshape
  right_shift | a b stream | shifted | broadcast
  roll | a shift axis / * stream | same | same
  round | a / decimals stream | same | same
  rsqrt | a / * stream | floating | same
  searchsorted | sorted_sequence values / side * stream | - | -
  segmented_mm | a b / segments * stream | - | -
  sigmoid | a / * stream | floating | same
  sign | a / * stream | same | same
  sin | a / * stream | floating | same
  sinh | a / * stream | floating | same
  slice | a start_indices axes slice_size * stream | same | -
  slice_update | a update start_indices axes * stream | same | first
  softmax | a / axis * precise stream | normalised | same
  sort | a / axis * stream | same | same
  split | a / indices_or_sections axis * stream | same | split
  sqrt | a / * stream | floating | same
  square | a / * stream | same | same
  squeeze | a / axis * stream | same | squeeze
  stack | arrays axis * stream | list | stack
  std | a / axis keepdims ddof * stream | realFloating | reduce
  stop_gradient | a / * stream | same | same
  subtract | a b stream | promoted | broadcast
  sum | a / axis keepdims * stream | summed | reduce
  swapaxes | a / axis1 axis2 * stream | same | swap
  take | a / indices axis * stream | same | take
  take_along_axis | a / indices axis * stream | same | indices
  tan | a / * stream | floating | same
  tanh | a / * stream | floating | same
  tensordot | a b / axes * stream | promotedFloating | -
  tile | a reps / * stream | same | -
  to_fp8 | x * stream | - | -
  topk | a / k axis * stream | same | -
  trace | a / offset axis1 axis2 dtype * stream | summed | -
  transpose | a / axes * stream | same | transpose
  tri | n m k dtype * stream | given | square
  tril | x k * stream | same | same
  triu | x k * stream | same | same
  trunc | a / * stream | same | same
  unflatten | a / axis shape * stream | same | -
  unstack | x / * axis stream | same | unstack
  var | a / axis keepdims ddof * stream | realFloating | reduce
  vecdot | a b / * axis stream | - | -
  view | a dtype stream | cast | -
  where | condition x y / * stream | branches | broadcast
  zeros | shape dtype * stream | given | argument
  zeros_like | a / dtype * stream | givenOrSame | same
`;

/** How a dtype comes about: `same` as the first array, `promoted` from all, … (mlxResults.ts). */
export interface MlxOperation {
  readonly parameters: readonly string[];
  readonly dtype: string;
  readonly shape: string;
}

export const mlxOperations: ReadonlyMap<string, MlxOperation> = new Map(
  lines
    .trim()
    .split('\n')
    .map((line): [string, MlxOperation] => {
      const [name = '', parameters = '', dtype = '', shape = ''] = line
        .split('|')
        .map((cell) => cell.trim());
      return [`mlx.core.${name}`, { parameters: parameters.split(' '), dtype, shape }];
    }),
);
