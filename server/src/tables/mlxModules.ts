/** Functions of mlx.nn that return an array of the shape and dtype of a floating argument (mlx 0.32.4; tested). */
export const mlxActivations: ReadonlySet<string> = new Set(
  (
    'celu elu gelu gelu_approx gelu_fast_approx hard_shrink hard_tanh hardswish leaky_relu log_sigmoid ' +
    'log_softmax mish relu relu2 relu6 selu sigmoid silu softmax softmin softplus softshrink softsign tanh'
  )
    .split(' ')
    .map((name) => `mlx.nn.${name}`),
);

/** What the modules of mlx.nn make of the shape of their input: the same, or another last axis. */
export type ModuleShape = 'same' | 'last' | 'embedding';

/** Modules that are not named return what is not known (mlx 0.32.4; tested). */
export const mlxModuleShapes: ReadonlyMap<string, ModuleShape> = new Map([
  ...(
    'BatchNorm LayerNorm RMSNorm InstanceNorm GroupNorm Dropout Dropout2d Dropout3d RoPE Identity ' +
    'CELU ELU GELU HardShrink HardTanh Hardswish LeakyReLU LogSigmoid LogSoftmax Mish ReLU ReLU2 ' +
    'ReLU6 SELU SiLU Sigmoid Softmax Softmin Softplus Softshrink Softsign Step Tanh'
  )
    .split(' ')
    .map((name): [string, ModuleShape] => [`mlx.nn.${name}`, 'same']),
  ['mlx.nn.Linear', 'last'],
  ['mlx.nn.QuantizedLinear', 'last'],
  ['mlx.nn.Embedding', 'embedding'],
]);

/** Modules that return a tuple, or whatever their parts return. */
export const mlxOpaqueModules: ReadonlySet<string> = new Set(
  ['LSTM', 'Sequential'].map((name) => `mlx.nn.${name}`),
);

/** Modules without weights that do the same in training and in evaluation (tested). */
export const mlxPlainModules: ReadonlySet<string> = new Set(
  (
    'RoPE Identity CELU ELU GELU HardShrink HardTanh Hardswish LeakyReLU LogSigmoid LogSoftmax Mish ReLU ' +
    'ReLU2 ReLU6 SELU SiLU Sigmoid Softmax Softmin Softplus Softshrink Softsign Step Tanh GLU ALiBi ' +
    'AvgPool1d AvgPool2d AvgPool3d MaxPool1d MaxPool2d MaxPool3d Upsample SinusoidalPositionalEncoding'
  )
    .split(' ')
    .map((name) => `mlx.nn.${name}`),
);
