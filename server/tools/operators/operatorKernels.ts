/** The table that `npm run add-torch` writes. */
export interface OperatorKernels {
  readonly about: string;
  /** Versions of torch that were read, oldest first. */
  readonly versions: readonly string[];
  /** Operator (`name.overload`) to the versions that lack its MPS kernel. */
  readonly missing: Readonly<Record<string, readonly string[]>>;
}
