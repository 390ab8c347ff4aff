import { readRuleFolder } from '../ruleFolder.ts';
import type { Generator } from './generator.ts';
import { generatedNotice } from './generator.ts';

/** `engine/registry.gen.ts`: every rule, sorted by code. */
export const registry: Generator = {
  label: 'rule registry',
  async generate(root) {
    const { pairs, problems } = await readRuleFolder(root);
    const imports = pairs.map(
      ({ meta, family }) =>
        `import { rule as ${meta.code} } from '../rules/${family}/${meta.name}.ts';\n`,
    );
    const text = [
      generatedNotice('server/src/rules/*/*.ts'),
      ...imports,
      "import type { Rule } from '../rules/rule.ts';\n",
      '\n/** Sorted by code. */\n',
      'export const rules: readonly Rule[] = [\n',
      ...pairs.map(({ meta }) => `  ${meta.code},\n`),
      '];\n',
    ].join('');
    return { files: new Map([['server/src/engine/registry.gen.ts', text]]), problems };
  },
};
