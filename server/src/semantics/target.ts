/**
 * The machine and the installed packages that the analysed program is imagined to run on:
 * always macOS on Apple Silicon, without CUDA and with MPS.
 */
export interface Environment {
  /** Distribution name (PEP 503) to PEP 440 version, such as torch -> 2.13.0; absent: not known. */
  readonly versions: Readonly<Record<string, string>>;
  /** Version of Python, such as 3.12.4 or 3.12; absent: not known. */
  readonly python?: string;
  /** The Apple Silicon Mac that runs the program; absent: it is another machine, or not known. */
  readonly mac?: Mac;
}

export interface Mac {
  /** Product version of macOS, such as 14.6.1; null: not known. */
  readonly macos: string | null;
  /** Processors that the interpreter's executable is made for; null: not known. */
  readonly interpreter: readonly Architecture[] | null;
  /** Distribution name to what its wheel and its library were built for. */
  readonly builds: Readonly<Record<string, NativeBuild>>;
}

export type Architecture = 'arm64' | 'x86_64' | 'other';

export interface NativeBuild {
  /** `Tag` lines of the WHEEL file, such as cp312-none-macosx_14_0_arm64; empty: no wheel. */
  readonly tags: readonly string[];
  /** Of its main library; null: there is none that is Mach-O. */
  readonly architectures: readonly Architecture[] | null;
  /** The oldest macOS that its main library runs on, such as 14.0; null: not known. */
  readonly minimumMacos: string | null;
}

export const unknownEnvironment: Environment = { versions: {} };
