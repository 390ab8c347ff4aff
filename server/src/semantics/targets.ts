import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { bind } from './context.ts';
import { environmentVariable, writeEnvironment } from './environmentWrites.ts';
import { addTo, writeArray } from './laziness.ts';
import { rowOf } from './mlxArrays.ts';
import { storeElements } from './mlxIndexing.ts';
import { reportModuleAttribute } from './mlxModules.ts';
import type { Value } from './values.ts';
import { asDevice, unknown, withChoice } from './values.ts';

/** Binds the value to the target of an assignment, a loop or a `with`. */
export function assignTarget(context: Context, target: Expression, value: Value): void {
  const state = context.state;
  if (state === null) return;
  // A device assigned under a test that asked for backends was chosen by that test.
  const kept =
    state.asked.size > 0 && asDevice(value) !== null ? withChoice(value, state.asked) : value;
  if (context.departure === null) context.recorder?.bound(target, kept, context);
  switch (target.kind) {
    case 'name':
      bind(context, target.id, kept);
      return;
    case 'tuple':
    case 'list':
      assignElements(context, target.elements, kept);
      return;
    case 'starred':
      assignTarget(context, target.value, unknown);
      return;
    case 'attribute': {
      const object = context.evaluate(target.object);
      if (object.kind === 'instance') reportModuleAttribute(context, target, object, kept);
      if (object.kind === 'instance')
        state.variables.set(`object#${object.id}.${target.name.text}`, kept);
      return;
    }
    case 'subscript': {
      const object = context.evaluate(target.object);
      const name = environmentVariable(context, object, target.index);
      if (name !== null) writeEnvironment(context, { name, value, node: target, form: 'assign' });
      if (object.kind === 'sequence' || object.kind === 'dict') addTo(state, object, [value]);
      if (object.kind === 'mlxArray') {
        const index = storeElements(context, object, target);
        writeArray(context, object, [value, ...index], target);
      }
      return;
    }
    default:
      return;
  }
}

function assignElements(context: Context, targets: readonly Expression[], value: Value): void {
  const star = targets.findIndex((target) => target.kind === 'starred');
  if (value.kind === 'mlxArray') {
    for (const target of targets) assignTarget(context, target, rowOf(context, value, target));
    return;
  }
  const known =
    value.kind === 'sequence' && star === -1 && value.elements.length === targets.length;
  targets.forEach((target, i) => {
    assignTarget(context, target, known ? (value.elements[i] ?? unknown) : unknown);
  });
}
