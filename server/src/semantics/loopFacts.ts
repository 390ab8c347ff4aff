import type { Expression, ForStatement, Statement, WhileStatement } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { lookUp, report } from './context.ts';
import { contentsOf, lazinessOf, withInputs } from './laziness.ts';
import type { GrowingVariable } from './lazinessFacts.ts';
import { blocksOf } from './scopes.ts';
import type { State } from './state.ts';
import { step } from './state.ts';
import type { Trail } from './trail.ts';
import { pathsBetween } from './trail.ts';
import type { MlxArrayValue, Value } from './values.ts';

/** A loop after its second round. */
interface Rounds {
  readonly node: ForStatement | WhileStatement;
  /** Whatever has a smaller id was there before the loop. */
  readonly firstInnerId: number;
  /** The state after the first round. */
  readonly first: State;
  /** Where the second round began. */
  readonly before: Trail;
}

/** What the second round tells of a loop with MLX arrays: variables that grow, updates that stay lazy. */
export function reportLoop(context: Context, rounds: Rounds): void {
  const second = context.state;
  if (!context.usesArrays || second === null || context.transforms.length > 0) return;
  const paths = pathsBetween(step(null, [second.trail]), rounds.before.number) ?? [];
  const events = paths.flat();
  if (events.some((event) => event.kind === 'unmodelled' && event.reach === 'anything')) return;
  const updates = events.flatMap((event) => (event.kind === 'update' ? [event] : []));
  const lazyUpdate = updates.find(({ array }) => second.arrays.get(array)?.evaluated === 'lazy');
  const growing = growingVariables(context, rounds, second);
  if (lazyUpdate === undefined && growing.length === 0) return;
  report(context, {
    kind: 'loop',
    node: rounds.node,
    growing,
    lazyUpdate: lazyUpdate?.node ?? null,
    evaluates: events.some((event) => event.kind === 'force' && event.computed.length > 0),
  });
}

function growingVariables(context: Context, rounds: Rounds, second: State): GrowingVariable[] {
  const growing: GrowingVariable[] = [];
  const visit = (body: readonly Statement[]): void => {
    for (const statement of body) {
      const added = additionIn(statement);
      if (added !== null) {
        const value = lookUp(context, added.name);
        const grows =
          added.form === 'list'
            ? listGrows(context, rounds, second, value)
            : sumGrows(context, rounds, second, added.name, value);
        if (grows) growing.push(added);
      }
      if (statement.kind === 'if' || statement.kind === 'with' || statement.kind === 'try')
        for (const inner of blocksOf(statement)) visit(inner);
    }
  };
  visit(rounds.node.body);
  return growing;
}

/** `total += x`, `total = total + x`, `values.append(x)`. */
function additionIn(statement: Statement): GrowingVariable | null {
  if (statement.kind === 'augmentedAssign') {
    const { target, operator } = statement;
    if (target.kind !== 'name' || operator !== '+') return null;
    return { name: target.id, node: statement.value, form: 'sum' };
  }
  if (statement.kind === 'assign') {
    const [target] = statement.targets;
    const { value } = statement;
    if (target?.kind !== 'name' || value.kind !== 'binary' || value.operator !== '+') return null;
    const sides: readonly Expression[] = [value.left, value.right];
    const own = sides.find((side) => side.kind === 'name' && side.id === target.id);
    const other = sides.find((side) => side !== own);
    return own === undefined || other === undefined
      ? null
      : { name: target.id, node: other, form: 'sum' };
  }
  if (statement.kind !== 'expression' || statement.value.kind !== 'call') return null;
  const { callee } = statement.value;
  if (callee.kind !== 'attribute' || callee.name.text !== 'append') return null;
  if (callee.object.kind !== 'name') return null;
  const [argument] = statement.value.args;
  return argument === undefined
    ? null
    : { name: callee.object.id, node: argument.value, form: 'list' };
}

/** Is what the second round has added a lazy loss, as was what the first one added? */
function listGrows(
  context: Context,
  { firstInnerId, first }: Rounds,
  second: State,
  list: Value | undefined,
): boolean {
  if (list?.kind !== 'sequence' || list.id === undefined || list.id >= firstInnerId) return false;
  const contents = contentsOf(second, list);
  const before = new Set(contentsOf(first, list));
  const added = contents.filter((value) => !before.has(value));
  return (
    added.length > 0 &&
    lazinessOf(second, list) === 'lazy' &&
    added.every((value) => value.kind === 'mlxArray' && isOfStep(context, second, value.id))
  );
}

function sumGrows(
  context: Context,
  { first }: Rounds,
  second: State,
  name: string,
  after: Value | undefined,
): boolean {
  const before = valueIn(context, first, name);
  if (before?.kind !== 'mlxArray' || after?.kind !== 'mlxArray') return false;
  if (!isLazyAlone(second, before) || !isLazyAlone(second, after) || before.id === after.id)
    return false;
  const inputs = second.arrays.get(after.id)?.before ?? [];
  if (!inputs.includes(before.id)) return false;
  // `h = h + layer(h)` is a network and no sum.
  return inputs.some(
    (id) =>
      id !== before.id &&
      second.arrays.get(id)?.evaluated === 'lazy' &&
      !withInputs(second, [id]).includes(before.id) &&
      isOfStep(context, second, id),
  );
}

function valueIn(context: Context, state: State, name: string): Value | undefined {
  for (const scope of context.frame.scopes) {
    const value = state.variables.get(`${scope}:${name}`);
    if (value !== undefined) return value;
  }
  return undefined;
}

const isLazyAlone = (state: State, { id, alternatives }: MlxArrayValue): boolean =>
  alternatives === undefined && state.arrays.get(id)?.evaluated === 'lazy';

/** Is it a loss, or made of one? */
const isOfStep = (context: Context, state: State, id: number): boolean =>
  withInputs(state, [id]).some((input) => {
    const node = state.arrays.get(input)?.node;
    return node !== undefined && context.steps.has(node);
  });
