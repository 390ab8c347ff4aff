import type { Environment, NativeBuild } from '../../semantics/target.ts';
import { isFirstImport } from '../firstImport.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'torch-without-mps',
    code: 'MPS312',
    severity: 'warning',
    summary: 'The installed torch was built for another machine',
    since: '0.1.0',
    fix: 'none',
  },
  words: /^torch/,
  applies: (environment) => builtFor(environment) !== null,
  on: {
    import(fact, report, { facts, environment }) {
      if (!isFirstImport(fact, facts, ['torch'])) return;
      report({
        at: fact.node,
        message: `torch ${environment.versions.torch} of this environment was built for ${builtFor(environment)}: it cannot be loaded by a Python for Apple Silicon.`,
      });
    },
  },
};

/** The machine that the installed torch was built for; null: this one. An Intel Python has an Intel torch: that is its own finding. */
function builtFor({ mac }: Environment): string | null {
  const build = mac?.builds.torch;
  return build === undefined || mac?.interpreter?.includes('arm64') === false
    ? null
    : otherMachine(build);
}

/** What a build was made for, when that is certainly not an Apple Silicon Mac. */
function otherMachine({ architectures, tags }: NativeBuild): string | null {
  if (architectures !== null)
    return architectures.includes('arm64') || !architectures.includes('x86_64')
      ? null
      : 'Intel Macs';
  const platforms = tags.map((tag) => tag.split('-').at(-1) ?? '');
  if (platforms.length === 0) return null;
  if (platforms.every((platform) => /^(?:many|musl)?linux/.test(platform))) return 'Linux';
  if (platforms.every((platform) => platform.startsWith('win'))) return 'Windows';
  return platforms.every((platform) => /^macosx_.*_x86_64$/.test(platform)) ? 'Intel Macs' : null;
}
