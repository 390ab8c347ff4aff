/** Is it a function that computes the arrays that it is given? */
export const isEvaluation = (name: string): boolean =>
  name === 'mlx.core.eval' || name === 'mlx.core.async_eval';
