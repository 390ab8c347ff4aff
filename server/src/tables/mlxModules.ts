/** Functions of mlx.nn that return an array of the shape of their first argument (mlx 0.32.4). */
export const mlxActivations: ReadonlySet<string> = new Set(
  (
    'celu elu gelu gelu_approx gelu_fast_approx hard_shrink hard_tanh hardswish leaky_relu log_sigmoid ' +
    'log_softmax mish prelu relu relu2 relu6 selu sigmoid silu softmax softmin softplus softshrink ' +
    'softsign step tanh'
  )
    .split(' ')
    .map((name) => `mlx.nn.${name}`),
);
