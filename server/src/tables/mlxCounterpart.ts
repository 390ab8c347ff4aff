/** What a PyTorch name is called in MLX. */
export interface MlxCounterpart {
  /** Canonical name: torch.nn.functional.relu, torch.Tensor.view. */
  readonly torch: string;
  /** `exact`; `args`: other arguments; `layout`: other axes, channels last; `none`. */
  readonly kind: string;
  /** As it is written with `mx`, `nn` and `optim` for mlx.core, mlx.nn and mlx.optimizers; a bare word is a method. */
  readonly mlx: string | null;
  /** Arguments that differ, PyTorch's first; an empty name is what has to be added. */
  readonly args: readonly (readonly string[])[];
  readonly notes?: string;
  /** The dtype of both results, where they differ: `int64 -> int32`. */
  readonly dtype?: string;
  /** A pair of expressions that gave equal results. */
  readonly example?: readonly string[];
}

const modules: Readonly<Record<string, string>> = {
  mx: 'mlx.core',
  nn: 'mlx.nn',
  optim: 'mlx.optimizers',
};

/** The canonical MLX name that a counterpart is, when it is one name and not an expression. */
export function mlxNameOf({ torch, mlx }: MlxCounterpart): string | null {
  const [, head, rest] = /^(mx|nn|optim)\.([\w.]+)(?: \(.*\))?$/.exec(mlx ?? '') ?? [];
  if (head !== undefined) return `${modules[head]}.${rest}`;
  const method = /^\w+$/.exec(mlx ?? '')?.[0];
  if (method === undefined) return null;
  return torch.startsWith('torch.Tensor.') ? `mlx.core.array.${method}` : null;
}
