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

/** How a loss returns several numbers where its first argument has enough axes. */
export interface UnreducedLoss {
  /** The place of its parameter `reduction`. */
  readonly reduction: number;
  /** With fewer axes it is one number anyway. */
  readonly axes: number;
}

/** Losses that return one number for each element unless they are told otherwise (mlx 0.32.4). */
export const unreducedLosses: ReadonlyMap<string, UnreducedLoss> = new Map(
  [
    ['cosine_similarity_loss', 4, 2] as const,
    ['cross_entropy', 5, 2] as const,
    ['hinge_loss', 2, 1] as const,
    ['huber_loss', 3, 1] as const,
    ['kl_div_loss', 3, 2] as const,
    ['log_cosh_loss', 2, 1] as const,
    ['margin_ranking_loss', 4, 1] as const,
    ['nll_loss', 3, 2] as const,
    ['triplet_loss', 7, 2] as const,
  ].map(([name, reduction, axes]) => [`mlx.nn.losses.${name}`, { reduction, axes }]),
);
