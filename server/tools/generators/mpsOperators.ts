import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OperatorKernels } from '../operators/operatorKernels.ts';
import type { Generator } from './generator.ts';
import { generatedNotice } from './generator.ts';

interface Traces {
  readonly forward: Traced;
  readonly backward: Traced;
}
/** Python names to the operators that a call reaches. */
type Traced = Readonly<Record<string, readonly string[]>>;

/** `tables/mpsOperators.gen.ts`: Python names that reach an operator without an MPS kernel, by version. */
export const mpsOperators: Generator = {
  label: 'MPS operators',
  async generate(root) {
    const read = <T>(name: string): T =>
      JSON.parse(readFileSync(join(root, 'server/tools/operators', name), 'utf8')) as T;
    const kernels = read<OperatorKernels>('kernels.json');
    const { forward, backward } = read<Traces>('traces.json');
    const linesOf = (traced: Traced): string[] =>
      Object.entries(traced).flatMap(([name, operators]) => {
        const missing = operators.map((operator) => new Set(kernels.missing[operator] ?? []));
        const versions = kernels.versions.filter((version) =>
          missing.some((set) => set.has(version)),
        );
        const operator = operators[0]?.split('.')[0] ?? '';
        return versions.length === 0
          ? []
          : [
              `  ['${name}', { operator: '${operator}', missingIn: [${versions.map((v) => `'${v}'`).join(', ')}] }],\n`,
            ];
      });
    const text = [
      generatedNotice('server/tools/operators/*.json'),
      '\n/** An operator that torch has no MPS kernel for. */\n',
      'export interface MissingOperator {\n',
      '  /** Its name in error messages, after `aten::`. */\n',
      '  readonly operator: string;\n',
      '  /** Versions of torch that were read and lack it, oldest first. */\n',
      '  readonly missingIn: readonly string[];\n',
      '}\n\n',
      '/** Versions of torch that were read, oldest first. */\n',
      `export const operatorVersions: readonly string[] = [${kernels.versions.map((v) => `'${v}'`).join(', ')}];\n\n`,
      '/** By canonical Python name. */\n',
      'export const missingMpsOperators: ReadonlyMap<string, MissingOperator> = new Map([\n',
      ...linesOf(forward),
      ']);\n\n',
      '/** What the backward pass of a call reaches. */\n',
      'export const missingMpsBackwards: ReadonlyMap<string, MissingOperator> = new Map([\n',
      ...linesOf(backward),
      ']);\n',
    ].join('');
    return { files: new Map([['server/src/tables/mpsOperators.gen.ts', text]]) };
  },
};
