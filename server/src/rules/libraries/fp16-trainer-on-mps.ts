import { isForCuda, isInTest } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { compareVersions } from '../versions.ts';

export const rule: Rule = {
  meta: {
    name: 'fp16-trainer-on-mps',
    code: 'MPS703',
    severity: 'warning',
    summary: 'A trainer is asked for a precision that MPS does not have',
    since: '0.1.0',
    fix: 'none',
  },
  on: {
    libraryCall(fact, report, { module, environment }) {
      const entry = precisions.find(({ owner }) => owner.test(fact.name));
      if (entry === undefined || isForCuda(fact, module)) return;
      const value = fact.keywords.get(entry.keyword);
      const argument = fact.node.args.find(({ name }) => name?.text === entry.keyword);
      if (value?.kind !== 'constant' || argument === undefined) return;
      const problem = entry.problems.get(String(value.value));
      if (problem === undefined) return;
      const { torch } = environment.versions;
      const isOld = torch !== undefined && compareVersions(torch, '2.8') < 0;
      if (problem === 'mixed' && torch !== undefined && !isOld) return;
      const isSure = (problem === 'double' || isOld) && !isInTest(fact, module);
      report({ at: argument, severity: isSure ? 'warning' : 'info', message: messages[problem] });
    },
  },
};

/** GradScaler("mps") came with torch 2.8; accelerate and transformers refuse without it. */
const messages = {
  mixed: 'Needs torch 2.8 on MPS: before it there is no gradient scaler for float16.',
  double: 'float64 does not exist on MPS: training raises TypeError.',
} as const;

/** Keyword arguments of trainers that choose a precision. */
const precisions: readonly {
  readonly owner: RegExp;
  readonly keyword: string;
  readonly problems: ReadonlyMap<string, keyof typeof messages>;
}[] = [
  {
    owner: /^transformers\.(?:\w+\.)*(?:Seq2Seq)?TrainingArguments$/,
    keyword: 'fp16',
    problems: new Map([['true', 'mixed']]),
  },
  { owner: /^trl\.\w+Config$/, keyword: 'fp16', problems: new Map([['true', 'mixed']]) },
  {
    owner: /^accelerate\.Accelerator$/,
    keyword: 'mixed_precision',
    problems: new Map([['fp16', 'mixed']]),
  },
  {
    owner: /^(?:lightning(?:\.pytorch)?|pytorch_lightning)\.Trainer$/,
    keyword: 'precision',
    problems: new Map([
      ['16-mixed', 'mixed'],
      ['16', 'mixed'],
      ['64-true', 'double'],
      ['64', 'double'],
    ]),
  },
];
