/** What is done to a function: called as it is, called once for a trace, differentiated, mapped. */
export type TransformKind = 'compile' | 'gradient' | 'valueAndGradient' | 'map' | 'same';

/** Functions of MLX that take a function and return another (mlx 0.32.4). */
export const transformKinds: ReadonlyMap<string, TransformKind> = new Map([
  ['mlx.core.compile', 'compile'],
  ['mlx.core.grad', 'gradient'],
  ['mlx.core.value_and_grad', 'valueAndGradient'],
  ['mlx.nn.value_and_grad', 'valueAndGradient'],
  ['mlx.core.vmap', 'map'],
  ['mlx.core.checkpoint', 'same'],
]);

/** Transforms inside of which the value of an array cannot be had. */
export const opaqueTransforms: ReadonlySet<string> = new Set(['mlx.core.compile', 'mlx.core.vmap']);

/** Losses that return one number for each element unless they are told otherwise (mlx 0.32.4). */
export const unreducedLosses: ReadonlySet<string> = new Set(
  (
    'cosine_similarity_loss cross_entropy hinge_loss huber_loss kl_div_loss log_cosh_loss ' +
    'margin_ranking_loss nll_loss triplet_loss'
  )
    .split(' ')
    .map((name) => `mlx.nn.losses.${name}`),
);
