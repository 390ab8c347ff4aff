import { join } from 'node:path';

/** What an environment is made from. */
export interface EnvironmentWish {
  /** The folder whose environment it is to be. */
  readonly folder: string;
  readonly platform: NodeJS.Platform;
  readonly appleSilicon: boolean;
  /** Path of uv; null: not installed. */
  readonly uv: string | null;
  /** A Python that runs natively here and is new enough; null: none was found. */
  readonly native: string | null;
  /** Version of Python to have, such as 3.12; null: any. */
  readonly python: string | null;
  /** `requirements.txt` of the folder; null: there is none. */
  readonly requirements: string | null;
  /** `name==version` of what the environment has that is replaced; empty: nothing. */
  readonly pins: readonly string[];
  /** Names in the folder that are taken. */
  readonly taken: readonly string[];
}

export interface EnvironmentStep {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
}

export interface EnvironmentPlan {
  /** Path of the new environment. */
  readonly environment: string;
  readonly interpreter: string;
  readonly steps: readonly EnvironmentStep[];
}

/** How a native environment is made; null when there is nothing to make it with. Pure. */
export function environmentPlan(wish: EnvironmentWish): EnvironmentPlan | null {
  const { folder, platform, uv, native } = wish;
  if (uv === null && native === null) return null;
  const environment = join(folder, freeName(wish));
  const interpreter =
    platform === 'win32'
      ? join(environment, 'Scripts', 'python.exe')
      : join(environment, 'bin', 'python');
  const make =
    uv === null ? venv(wish, native as string, environment) : uvVenv(wish, uv, environment);
  const what =
    wish.requirements === null ? [...wish.pins] : ['-r', join(folder, wish.requirements)];
  const install =
    uv === null
      ? { program: interpreter, args: ['-m', 'pip', 'install', ...what] }
      : { program: uv, args: ['pip', 'install', '--python', interpreter, ...what] };
  return {
    environment,
    interpreter,
    steps: [
      { title: `Making ${freeName(wish)}`, ...make },
      ...(what.length === 0
        ? []
        : [
            {
              title: `Installing ${wish.requirements ?? `${wish.pins.length} packages`}`,
              ...install,
            },
          ]),
    ],
  };
}

const uvVenv = (
  { appleSilicon, python }: EnvironmentWish,
  uv: string,
  environment: string,
): { program: string; args: string[] } => {
  // uv fetches a Python of this build when none is there.
  const build = appleSilicon ? `cpython-${python ?? '3.12'}-macos-aarch64-none` : python;
  return {
    program: uv,
    args: ['venv', ...(build === null ? [] : ['--python', build]), environment],
  };
};

/** A universal Python under a Rosetta editor would start as Intel, unless it is asked not to. */
const venv = (
  { appleSilicon }: EnvironmentWish,
  native: string,
  environment: string,
): { program: string; args: string[] } =>
  appleSilicon
    ? { program: '/usr/bin/arch', args: ['-arm64', native, '-m', 'venv', environment] }
    : { program: native, args: ['-m', 'venv', environment] };

/** What is there is never touched: the old environment may still be wanted. */
function freeName({ taken, appleSilicon }: EnvironmentWish): string {
  const base = appleSilicon ? '.venv-arm64' : '.venv-2';
  const names = ['.venv', base, ...Array.from({ length: 98 }, (_, i) => `${base}-${i + 2}`)];
  return names.find((name) => !taken.includes(name)) ?? `${base}-100`;
}
