import type { Environment } from '../../semantics/target.ts';
import type { Value } from '../../semantics/values.ts';
import { isForCuda, isInTest } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { isAtLeast, isBefore } from '../versions.ts';

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
      const message = entry.messages.get(String(value.value));
      if (message === undefined || isElsewhere(fact.keywords.get('accelerator'))) return;
      report({
        at: argument,
        severity: isInTest(fact, module) ? 'info' : 'warning',
        message: message(environment),
      });
    },
  },
};

/** `Trainer(accelerator="cpu")`: float16 is then none of MPS's affairs. */
const isElsewhere = (accelerator: Value | undefined): boolean =>
  accelerator?.kind === 'constant' &&
  ['cpu', 'cuda', 'tpu', 'hpu'].includes(String(accelerator.value));

type Message = (environment: Environment) => string;

const halfPrecision = 'float16 loses gradients on MPS: bfloat16 or float32 does not.';

const mixed: Message = () => halfPrecision;

/** Read: accelerate 1.10.1 refuses MPS, 1.11.0 takes it with torch 2.5 and later. */
const accelerated: Message = ({ versions: { accelerate, torch } }) => {
  if (isBefore(accelerate, '1.11'))
    return `accelerate ${accelerate} raises ValueError: fp16 mixed precision requires a GPU (not 'mps'). 1.11 takes it.`;
  if (isBefore(torch, '2.5'))
    return `torch ${torch} has no mixed precision on MPS: accelerate raises ValueError. 2.5 has it.`;
  const old = isAtLeast(accelerate, '1.11')
    ? ''
    : 'accelerate before 1.11 raises ValueError here, and ';
  return `${old}${halfPrecision}`;
};

const double: Message = () => 'float64 does not exist on MPS: training raises TypeError.';

/** Keyword arguments of trainers that choose a precision. */
const precisions: readonly {
  readonly owner: RegExp;
  readonly keyword: string;
  readonly messages: ReadonlyMap<string, Message>;
}[] = [
  {
    owner: /^transformers\.(?:\w+\.)*(?:Seq2Seq)?TrainingArguments$/,
    keyword: 'fp16',
    messages: new Map([['true', accelerated]]),
  },
  { owner: /^trl\.\w+Config$/, keyword: 'fp16', messages: new Map([['true', accelerated]]) },
  {
    owner: /^accelerate\.Accelerator$/,
    keyword: 'mixed_precision',
    messages: new Map([['fp16', accelerated]]),
  },
  {
    owner:
      /^(?:(?:lightning(?:\.pytorch)?|pytorch_lightning)\.Trainer|(?:lightning(?:\.fabric)?|lightning_fabric)\.Fabric)$/,
    keyword: 'precision',
    messages: new Map([
      ['16-mixed', mixed],
      ['16', mixed],
      ['64-true', double],
      ['64', double],
    ]),
  },
];
