import type { Facts } from '../../semantics/facts.ts';
import type { Environment } from '../../semantics/target.ts';
import type { Value } from '../../semantics/values.ts';
import type { Expression } from '../../syntax/tree.ts';
import { isForCuda, isInTest } from '../cudaTests.ts';
import { replace } from '../edits.ts';
import { factsOf } from '../factsOf.ts';
import type { Fix } from '../finding.ts';
import { isTrainer } from '../lightning.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isAtLeast, isBefore } from '../versions.ts';

export const rule: Rule = {
  meta: {
    name: 'fp16-trainer-on-mps',
    code: 'MPS703',
    severity: 'warning',
    summary: 'A trainer is asked for a precision that MPS does not have',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /TrainingArguments|^trl|^Accelerator$|^Trainer$|^unsloth$/,
  calls: (name) => precisions.some(({ owner }) => owner.test(name)),
  on: {
    libraryCall(fact, report, { module, environment, facts }) {
      const entry = precisions.find(({ owner }) => owner.test(fact.name));
      if (entry === undefined || isForCuda(fact, module)) return;
      // On a Mac it computes with MLX, or refuses to be loaded.
      if (factsOf(facts, 'import').some((one) => one.module.split('.', 1)[0] === 'unsloth')) return;
      const value = fact.keywords.get(entry.keyword);
      const argument = fact.node.args.find(({ name }) => name?.text === entry.keyword);
      if (value?.kind !== 'constant' || argument === undefined) return;
      const message = entry.messages.get(String(value.value));
      if (message === undefined || isElsewhere(fact.keywords.get('accelerator'))) return;
      report({
        at: argument,
        severity: isInTest(fact, module) ? 'info' : message === double ? 'error' : 'warning',
        message: message(environment),
        fixes: fixes(argument.value, message === double, facts),
      });
    },
  },
};

/** `Trainer(accelerator="cpu")`: float16 is then none of MPS's affairs. */
const isElsewhere = (accelerator: Value | undefined): boolean =>
  accelerator?.kind === 'constant' &&
  ['cpu', 'cuda', 'tpu', 'hpu'].includes(String(accelerator.value));

/** What each precision is without CUDA. */
const without: ReadonlyMap<string, string> = new Map([
  ['fp16', '"no"'],
  ['16-mixed', '"32-true"'],
  ['16', '32'],
]);

/** The same with CUDA, and full precision without; float64 has no place on a Mac's GPU. */
function fixes(value: Expression, isDouble: boolean, facts: Facts): Fix[] {
  const torch = facts.localNames.get('torch')?.name;
  if (torch === undefined || isDouble) return [];
  const test = `${torch}.cuda.is_available()`;
  const full = value.kind === 'string' ? without.get(value.value) : undefined;
  const text =
    value.kind === 'constant'
      ? test
      : full !== undefined && value.kind === 'string'
        ? `"${value.value}" if ${test} else ${full}`
        : null;
  return text === null
    ? []
    : [fix('Use it with CUDA only', 'unsafe', () => [replace(value, text)])];
}

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
  readonly owner: { readonly test: (name: string) => boolean };
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
    owner: { test: isTrainer },
    keyword: 'precision',
    messages: new Map([
      ['16-mixed', mixed],
      ['16', mixed],
      ['64-true', double],
      ['64', double],
    ]),
  },
];
