import type { Expression, Span } from '../syntax/tree.ts';
import type { CallArguments, Context } from './context.ts';
import { report } from './context.ts';
import type { EnvironmentWriteFact } from './facts.ts';
import type { Value } from './values.ts';
import { unknown } from './values.ts';

/** The name in `os.environ["NAME"]`; null when it is something else. */
export function environmentVariable(
  context: Context,
  object: Value,
  index: readonly Expression[],
): string | null {
  if (object.kind !== 'library' || object.name !== 'os.environ' || index.length !== 1) return null;
  const name = context.evaluate(index[0] as Expression);
  return name.kind === 'constant' && typeof name.value === 'string' ? name.value : null;
}

interface Write {
  readonly name: string;
  readonly value: Value;
  readonly node: Span;
  readonly form: EnvironmentWriteFact['form'];
}

export function writeEnvironment(context: Context, write: Write): void {
  const { value } = write;
  report(context, {
    kind: 'environmentWrite',
    node: write.node,
    name: write.name,
    value: value.kind === 'constant' && value.value !== null ? String(value.value) : null,
    isText: value.kind !== 'constant' || typeof value.value === 'string',
    valueExpression: value.origin ?? null,
    torchLoadedBy: context.state?.loaded.get('torch') ?? null,
    form: write.form,
    beside: null,
  });
}

const fallback = 'PYTORCH_ENABLE_MPS_FALLBACK';

/** `os.environ.setdefault("A", "1")`, `os.environ.update({…})`, `os.putenv("A", "1")`. */
export function callThatWrites(
  context: Context,
  name: string,
  args: CallArguments,
  node: Expression,
): boolean {
  const [first, second] = args.positional;
  // What the file holds is not known: a program that names the variable and sets it nowhere has it there.
  if (/^dotenv\.(?:main\.)?load_dotenv$/.test(name)) {
    if (context.home.text.includes(fallback))
      writeEnvironment(context, { name: fallback, value: unknown, node, form: 'call' });
    return true;
  }
  if (
    name === 'os.environ.setdefault' ||
    name === 'os.putenv' ||
    name === 'os.environ.__setitem__'
  ) {
    if (first?.kind === 'constant' && typeof first.value === 'string' && second !== undefined) {
      writeEnvironment(context, { name: first.value, value: second, node, form: 'call' });
    }
    return true;
  }
  if (name === 'os.environ.update') {
    const entries = first?.kind === 'dict' ? [...first.entries] : [];
    for (const [key, value] of entries) {
      writeEnvironment(context, { name: key, value, node: value.origin ?? node, form: 'call' });
    }
    for (const [key, { value, node: valueNode }] of args.keywords) {
      writeEnvironment(context, { name: key, value, node: valueNode, form: 'call' });
    }
    return true;
  }
  return false;
}

/** `os.environ |= {"A": "1"}` */
export function mergeEnvironment(context: Context, added: Value, node: Expression): void {
  if (added.kind !== 'dict') return;
  for (const [name, value] of added.entries)
    writeEnvironment(context, { name, value, node: value.origin ?? node, form: 'call' });
}

/** `%env NAME=value` and `%env NAME value`; `%set_env` too. */
export function parseEnvironmentMagic(argument: string): { name: string; value: string } | null {
  const match = /^([A-Za-z_]\w*)\s*(?:=|\s)\s*(.*)$/.exec(argument);
  return match ? { name: match[1] as string, value: (match[2] as string).trim() } : null;
}
