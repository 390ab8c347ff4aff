import { isCaught } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import type { CallExpression, Expression, Module, Statement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { isOwnName } from '../boundNames.ts';
import { ownsItsLines, textOf } from '../edits.ts';
import { isMpsLiteral, moveTarget } from '../mpsLiteral.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { bodiesAround } from '../statements.ts';

export const rule: Rule = {
  meta: {
    name: 'unused-move',
    code: 'MPS113',
    severity: 'error',
    summary: 'A moved tensor is thrown away',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: /^(?:to|cpu|cuda|mps)\(\)$/,
  on: {
    methodCall(fact, report, { module }) {
      const { statement, node, callee, object } = fact;
      if (object.kind !== 'tensor' || !['to', 'cuda', 'cpu', 'mps'].includes(fact.name)) return;
      if (statement.kind !== 'expression' || statement.value !== node) return;
      // A move of which only the error is wanted: a probe of what the device can do.
      if (isCaught(fact, 'RuntimeError') || isTimed(statement, module)) return;
      const target = textOf(module, callee.object);
      const given = [...fact.positional, ...fact.keywords.values()];
      const isCast = fact.name === 'to' && given.length === 1 && namesDtype(given[0], node);
      // Where there is no MPS the move raises, kept or not.
      const isSafe = isMpsLiteral(moveTarget(node), module) && !isLeaf(callee.object, module);
      report({
        at: node,
        severity: isCast ? 'warning' : 'error',
        message: isCast
          ? 'Casts a copy and throws it away: unlike a module, a tensor keeps its dtype.'
          : 'Moves a copy and throws it away: unlike a module, a tensor stays where it is.',
        fixes:
          takesTensor(callee.object, module) && ownsItsLines(module, statement)
            ? [
                fix('Keep the moved tensor', isSafe ? 'safe' : 'unsafe', () => [
                  { start: statement.start, end: statement.start, text: `${target} = ` },
                ]),
              ]
            : [],
      });
    },
  },
};

/** `torch.float16`, `query.dtype` */
const namesDtype = (value: Value | undefined, { args }: CallExpression): boolean =>
  value?.kind === 'dtype' ||
  (args[0]?.value.kind === 'attribute' && args[0].value.name.text === 'dtype');

/** Does a clock start before it in the same body? Then the move is what is timed. */
function isTimed(statement: Statement, module: Module): boolean {
  const around = bodiesAround(module, statement).at(-1);
  let starts = false;
  walk(around?.body.slice(0, around.index) ?? [], (inner) => {
    const callee = inner.kind === 'call' ? inner.callee : null;
    const name =
      callee?.kind === 'attribute' ? callee.name.text : callee?.kind === 'name' ? callee.id : '';
    starts ||= clocks.has(name);
  });
  return starts;
}

/** `time.perf_counter()`, `torch.cuda.Event().record()` */
const clocks: ReadonlySet<string> = new Set([
  'time',
  'time_ns',
  'perf_counter',
  'perf_counter_ns',
  'monotonic',
  'record',
]);

/** Can the tensor be given to where it is from? A module refuses one under the name of a parameter. */
const takesTensor = (object: Expression, module: Module): boolean =>
  object.kind === 'name'
    ? isOwnName(module, object.id, object.start)
    : object.kind === 'attribute' && !isParameter(object.name.text, module);

const isParameter = (name: string, module: Module): boolean =>
  new RegExp(`\\b${name}\\s*=\\s*[\\w.]*\\bParameter\\(`).test(module.text);

/** What is moved is no leaf any more, and gets no gradient: not where the file asks for one. An attribute may be anything's. */
const isLeaf = (object: Expression, module: Module): boolean =>
  object.kind !== 'name' || isParameter(object.id, module) || /requires_grad/.test(module.text);
