import type { Expression } from '../syntax/tree.ts';
import { setPath } from './attributePaths.ts';
import type { Context } from './context.ts';
import { bind } from './context.ts';
import { adopt } from './effects.ts';
import { environmentVariable, writeEnvironment } from './environmentWrites.ts';
import { addTo, contentsOf, writeArray } from './laziness.ts';
import { oneOf, rowOf } from './mlxArrays.ts';
import { storeElements } from './mlxIndexing.ts';
import { reportModuleAttribute } from './mlxModules.ts';
import { noteAddition } from './mlxTrees.ts';
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
  bindTarget(context, target, kept);
}

/** Binds the value as it is. */
export function bindTarget(context: Context, target: Expression, value: Value): void {
  const state = context.state;
  if (state === null) return;
  switch (target.kind) {
    case 'name':
      bind(context, target.id, value);
      return;
    case 'tuple':
    case 'list':
      assignElements(context, target.elements, value);
      return;
    case 'starred':
      assignTarget(context, target.value, unknown);
      return;
    case 'attribute': {
      const object = context.evaluate(target.object);
      if (object.kind === 'instance') {
        reportModuleAttribute(context, target, object, value);
        state.variables.set(`object#${object.id}.${target.name.text}`, value);
        if (value.kind === 'torchModule' || value.kind === 'instance')
          adopt(context, object.id, value.id);
      }
      if (object.kind === 'unknown') setPath(context, target, value);
      return;
    }
    case 'subscript': {
      const object = context.evaluate(target.object);
      const name = environmentVariable(context, object, target.index);
      if (name !== null) writeEnvironment(context, { name, value, node: target, form: 'assign' });
      if (object.kind === 'sequence' || object.kind === 'dict') {
        addTo(state, object, [value]);
        noteAddition(context, object, [value], target);
      }
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
  // A list of unknown length has as many elements as there are names: otherwise this raises.
  if (value.kind === 'sequence' && value.elements.length === 0 && star === -1) {
    for (const target of targets)
      assignTarget(context, target, oneOf(context, contentsOf(context.state, value), target));
    return;
  }
  const elements = value.kind === 'sequence' ? value.elements : [];
  const known =
    star === -1 ? elements.length === targets.length : elements.length >= targets.length - 1;
  const behind = targets.length - star - 1;
  targets.forEach((target, i) => {
    let element: Value = unknown;
    if (known && (star === -1 || i < star)) element = elements[i] ?? unknown;
    else if (known && i > star) element = elements.at(i - targets.length) ?? unknown;
    else if (known) {
      const rest = elements.slice(star, elements.length - behind);
      element = { kind: 'sequence', form: 'list', elements: rest, id: context.newId() };
    }
    assignTarget(context, target.kind === 'starred' ? target.value : target, element);
  });
}
