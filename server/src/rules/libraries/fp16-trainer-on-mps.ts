import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';

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
    libraryCall(fact, report, { module }) {
      const entry = precisions.find(({ owner }) => owner.test(fact.name));
      if (entry === undefined || isForCuda(fact, module)) return;
      const value = fact.keywords.get(entry.keyword);
      const argument = fact.node.args.find(({ name }) => name?.text === entry.keyword);
      if (value?.kind !== 'constant' || argument === undefined) return;
      const message = entry.messages.get(String(value.value));
      if (message !== undefined) report({ at: argument, message });
    },
  },
};

const mixed =
  'Needs CUDA in older versions, and loses gradients in half precision on MPS: bfloat16 or float32 does not.';
const double = 'float64 does not exist on MPS: training raises TypeError.';

/** Keyword arguments of trainers that choose a precision. */
const precisions: readonly {
  readonly owner: RegExp;
  readonly keyword: string;
  readonly messages: ReadonlyMap<string, string>;
}[] = [
  {
    owner: /^transformers\.(?:\w+\.)*(?:Seq2Seq)?TrainingArguments$/,
    keyword: 'fp16',
    messages: new Map([['true', mixed]]),
  },
  { owner: /^trl\.\w+Config$/, keyword: 'fp16', messages: new Map([['true', mixed]]) },
  {
    owner: /^accelerate\.Accelerator$/,
    keyword: 'mixed_precision',
    messages: new Map([['fp16', mixed]]),
  },
  {
    owner: /^(?:lightning(?:\.pytorch)?|pytorch_lightning)\.Trainer$/,
    keyword: 'precision',
    messages: new Map([
      ['16-mixed', mixed],
      ['16', mixed],
      ['64-true', double],
      ['64', double],
    ]),
  },
];
