import type { Facts, SelectorFact } from '../../semantics/facts.ts';
import type { Expression, Module, Statement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { assignmentsTo } from '../assignments.ts';
import { factsOf } from '../factsOf.ts';
import type { RuleContext } from '../rule.ts';

/**
 * Does nothing but a question for CUDA decide? `torch.cuda.is_available() and not args.cpu` wants the CPU at times,
 * and an arm for MPS after it would not ask.
 */
export function asksAlone({ node, by }: SelectorFact, module: Module): boolean {
  if (by !== undefined || !('test' in node)) return false;
  const isQuestion = (test: Expression): boolean => {
    if (test.kind === 'unary') return isQuestion(test.operand);
    if (test.kind === 'compare') return isQuestion(test.left);
    // `True if torch.cuda.is_available() else False`
    if (test.kind === 'conditional')
      return (
        [test.body, test.orElse].every(({ kind }) => kind === 'constant') && isQuestion(test.test)
      );
    if (test.kind === 'call') return test.args.length === 0;
    if (test.kind === 'attribute')
      return test.name.text !== 'is_cuda' && test.object.kind !== 'name';
    if (test.kind !== 'name') return false;
    const [only, ...others] = assignmentsTo(module.body, test.id);
    return only?.kind === 'assign' && others.length === 0 && isQuestion(only.value);
  };
  return isQuestion(node.test);
}

/** `if use_cuda: model.cuda()`, `torch.cuda.FloatTensor if use_cuda else …` and `x.is_cuda` do not follow the choice: on MPS the rest would stay behind. */
export function leavesBehind({ facts, module }: RuleContext): boolean {
  return (
    choosesByTensor(facts) ||
    has(leftBehind, module, /\.cuda\b|\.double\b|float64/, (node) => {
      if (node.kind === 'call')
        return node.callee.kind === 'attribute' && /^(?:cuda|double)$/.test(node.callee.name.text);
      if (node.kind !== 'attribute' || node.object.kind === 'call') return false;
      const { object, name } = node;
      const isTensorOfCuda = name.text.endsWith('Tensor') && object.kind === 'attribute';
      return (isTensorOfCuda && object.name.text === 'cuda') || isDouble(node);
    })
  );
}

/** `dtype = torch.double`, `{"dtype": torch.double}`, `torch.set_default_dtype(torch.float64)`: MPS has no float64, and the CPU is meant. */
export const computesInDouble = (module: Module): boolean =>
  has(inDouble, module, /\bdouble\b|\bfloat64\b/, (node) => {
    if (node.kind === 'dict')
      return node.entries.some(
        ({ key, value }) => key?.kind === 'string' && key.value === 'dtype' && isDouble(value),
      );
    if (node.kind === 'call') {
      const called = node.callee.kind === 'attribute' ? node.callee.name.text : '';
      const [first] = node.args;
      if (node.callee.kind === 'name' && node.callee.id === 'dict')
        return node.args.some(({ name, value }) => name?.text === 'dtype' && isDouble(value));
      return called === 'set_default_dtype' && first !== undefined && isDouble(first.value);
    }
    return (
      node.kind === 'assign' &&
      isDouble(node.value) &&
      node.targets.some((target) => target.kind === 'name' && /dtype/i.test(target.id))
    );
  });

const isDouble = (node: Expression): boolean =>
  node.kind === 'attribute' &&
  /^(?:double|float64)$/.test(node.name.text) &&
  node.object.kind === 'name' &&
  !/^(?:np|numpy|mx|pl|pa|tf|jnp)$/.test(node.object.id);

/** `Row(device_requested="cuda" if job.gpu else "cpu")` writes down what was asked for. */
export function isRecord({ node, statement }: SelectorFact): boolean {
  let records = false;
  walk([statement], (inner) => {
    if (inner.kind !== 'call') return;
    records ||= inner.args.some(
      ({ name, value }) =>
        value === node && name !== null && !/dev(?:ice)?$|location$/i.test(name.text),
    );
  });
  return records;
}

const byTensor = new WeakMap<Facts, boolean>();

function choosesByTensor(facts: Facts): boolean {
  const chooses =
    byTensor.get(facts) ?? factsOf(facts, 'selector').some(({ by }) => by === 'tensor');
  byTensor.set(facts, chooses);
  return chooses;
}

type Sought = (node: Expression | Statement) => boolean;

const [leftBehind, inDouble] = [
  new WeakMap<Statement | Module, boolean>(),
  new WeakMap<Statement | Module, boolean>(),
];

/** Is there such a node in the module? Asked for each choice, looked for once in each statement, and only where its text has the words. */
function has(
  known: WeakMap<Statement | Module, boolean>,
  module: Module,
  words: RegExp,
  isSought: Sought,
): boolean {
  const { body, text } = module;
  const remembered = (where: Statement | Module, find: () => boolean): boolean => {
    const found = known.get(where) ?? find();
    known.set(where, found);
    return found;
  };
  // An edit leaves most statements as they were.
  const isIn = (statement: Statement): boolean =>
    remembered(
      statement,
      () => words.test(text.slice(statement.start, statement.end)) && holds(statement, isSought),
    );
  return remembered(module, () => words.test(text) && body.some(isIn));
}

function holds(statement: Statement, isSought: Sought): boolean {
  let found = false;
  walk([statement], (node) => {
    found ||= isSought(node as Expression);
  });
  return found;
}
