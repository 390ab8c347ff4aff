/**
 * The machine and the installed packages that the analysed program is imagined to run on:
 * always macOS on Apple Silicon, without CUDA and with MPS.
 */
export interface Environment {
  /** Distribution name to PEP 440 version, such as torch -> 2.13.0; absent: not known. */
  readonly versions: Readonly<Record<string, string>>;
}

export const unknownEnvironment: Environment = { versions: {} };
