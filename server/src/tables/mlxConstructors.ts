/**
 * Parameters of the classes of mlx.nn and mlx.optimizers that take no others.
 * Source: mlx 0.32.4; a test compares every line with the installed MLX.
 */
const lines = `
  nn.ALiBi |
  nn.AllToShardedLinear | input_dims output_dims bias group
  nn.AvgPool1d | kernel_size stride padding
  nn.AvgPool2d | kernel_size stride padding
  nn.AvgPool3d | kernel_size stride padding
  nn.BatchNorm | num_features eps momentum affine track_running_stats
  nn.Bilinear | input1_dims input2_dims output_dims bias
  nn.CELU | alpha
  nn.Conv1d | in_channels out_channels kernel_size stride padding dilation groups bias
  nn.Conv2d | in_channels out_channels kernel_size stride padding dilation groups bias
  nn.Conv3d | in_channels out_channels kernel_size stride padding dilation bias
  nn.ConvTranspose1d | in_channels out_channels kernel_size stride padding dilation output_padding bias
  nn.ConvTranspose2d | in_channels out_channels kernel_size stride padding dilation output_padding bias
  nn.ConvTranspose3d | in_channels out_channels kernel_size stride padding dilation output_padding bias
  nn.Dropout | p
  nn.Dropout2d | p
  nn.Dropout3d | p
  nn.ELU | alpha
  nn.Embedding | num_embeddings dims
  nn.FullyShardedModule | module group compute_dtype
  nn.GELU | approx
  nn.GLU | axis
  nn.GRU | input_size hidden_size bias
  nn.GroupNorm | num_groups dims eps affine pytorch_compatible
  nn.HardShrink | lambd
  nn.HardTanh |
  nn.Hardswish |
  nn.InstanceNorm | dims eps affine
  nn.LSTM | input_size hidden_size bias
  nn.LayerNorm | dims eps affine bias
  nn.LeakyReLU | negative_slope
  nn.Linear | input_dims output_dims bias
  nn.LogSigmoid |
  nn.LogSoftmax |
  nn.MaxPool1d | kernel_size stride padding
  nn.MaxPool2d | kernel_size stride padding
  nn.MaxPool3d | kernel_size stride padding
  nn.Mish |
  nn.MultiHeadAttention | dims num_heads query_input_dims key_input_dims value_input_dims value_dims value_output_dims bias
  nn.PReLU | num_parameters init
  nn.QQLinear | input_dims output_dims group_size bits mode
  nn.QuantizedAllToShardedLinear | input_dims output_dims bias group_size bits mode group
  nn.QuantizedEmbedding | num_embeddings dims group_size bits mode
  nn.QuantizedLinear | input_dims output_dims bias group_size bits mode
  nn.QuantizedShardedToAllLinear | input_dims output_dims bias group_size bits mode group
  nn.RMSNorm | dims eps
  nn.RNN | input_size hidden_size bias nonlinearity
  nn.ReLU |
  nn.ReLU2 |
  nn.ReLU6 |
  nn.RoPE | dims traditional base scale
  nn.SELU |
  nn.ShardedToAllLinear | input_dims output_dims bias group
  nn.SiLU |
  nn.Sigmoid |
  nn.SinusoidalPositionalEncoding | dims min_freq max_freq scale cos_first full_turns
  nn.Softmax |
  nn.Softmin |
  nn.Softplus |
  nn.Softshrink | lambd
  nn.Softsign |
  nn.Step | threshold
  nn.Tanh |
  nn.Transformer | dims num_heads num_encoder_layers num_decoder_layers mlp_dims dropout activation custom_encoder custom_decoder norm_first checkpoint
  nn.TransformerDecoder | num_layers dims num_heads mlp_dims dropout activation norm_first checkpoint
  nn.TransformerDecoderLayer | dims num_heads mlp_dims dropout activation norm_first
  nn.TransformerEncoder | num_layers dims num_heads mlp_dims dropout activation norm_first checkpoint
  nn.TransformerEncoderLayer | dims num_heads mlp_dims dropout activation norm_first
  nn.Upsample | scale_factor mode align_corners antialias
  optimizers.AdaDelta | learning_rate rho eps
  optimizers.Adafactor | learning_rate eps clip_threshold decay_rate beta_1 weight_decay scale_parameter relative_step warmup_init
  optimizers.Adagrad | learning_rate eps
  optimizers.Adam | learning_rate betas eps bias_correction
  optimizers.AdamW | learning_rate betas eps weight_decay bias_correction
  optimizers.Adamax | learning_rate betas eps
  optimizers.Lion | learning_rate betas weight_decay
  optimizers.MultiOptimizer | optimizers filters
  optimizers.Muon | learning_rate momentum weight_decay nesterov ns_steps
  optimizers.RMSprop | learning_rate alpha eps
  optimizers.SGD | learning_rate momentum weight_decay dampening nesterov
`;

export const mlxConstructors: ReadonlyMap<string, readonly string[]> = new Map(
  lines
    .trim()
    .split('\n')
    .map((line): [string, readonly string[]] => {
      const [name = '', parameters = ''] = line.split('|').map((cell) => cell.trim());
      return [`mlx.${name}`, parameters === '' ? [] : parameters.split(' ')];
    }),
);
