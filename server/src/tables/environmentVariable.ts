/** A variable of the environment that torch's MPS backend or MLX reads. */
export interface EnvironmentVariable {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly does: string;
  /** When it is read: what comes after `Read`. */
  readonly read: string;
  /** Values with their meaning: all of them, or the usual ones of a range. */
  readonly values: readonly (readonly [value: string, meaning: string])[];
  /** What to know before it is set. */
  readonly note?: string;
  /** Absent: in every version that was looked at. */
  readonly since?: string;
}

export const byName = (
  variables: readonly EnvironmentVariable[],
): ReadonlyMap<string, EnvironmentVariable> =>
  new Map(variables.map((variable) => [variable.name, variable]));
