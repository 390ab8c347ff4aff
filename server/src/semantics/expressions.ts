import type { Expression, FormattedString } from '../syntax/tree.ts';
import { builtins } from '../tables/pythonFunctions.ts';
import { evaluateAttribute } from './attributes.ts';
import { evaluateCall } from './calls.ts';
import { asksOnlyForCuda, isOfTensor, onlyCuda, takesApart } from './choices.ts';
import { evaluateComprehension, evaluateDict, evaluateSubscript } from './containers.ts';
import type { Context } from './context.ts';
import { behind, bind, happen, lookUp, report, shadow, skipCode } from './context.ts';
import { eachOf, isCpuChoice, isCudaChoice, reportChoice } from './deviceChoices.ts';
import { reportDeviceKind } from './deviceGates.ts';
import { unmodelled } from './effects.ts';
import { formattedText } from './formatted.ts';
import { isGpuOption, isIndexOption } from './gpuOptions.ts';
import { join } from './joins.ts';
import { evaluateBinary, evaluateBoolean, evaluateCompare, evaluateUnary } from './operators.ts';
import { readNumbers, readTruth } from './reading.ts';
import { fork, joinStates } from './state.ts';
import type { Value } from './values.ts';
import { asDevice, constant, deviceTypeOf, truth, unknown, withChoice } from './values.ts';
import { resolveValue } from './workspaceModules.ts';

/** The value of an expression, with the effects of evaluating it on `context.state`. */
export function evaluateExpression(context: Context, node: Expression): Value {
  switch (node.kind) {
    case 'name':
      return evaluateName(context, node.id);
    case 'number':
      return Number.isNaN(node.value)
        ? unknown
        : { kind: 'constant', value: node.value, isFloat: node.isFloat, origin: node };
    case 'string':
      if (deviceTypeOf(node.value) === 'mps') context.ask('mpsDevice');
      return node.bytes ? unknown : constant(node.value, node);
    case 'formatted':
      return evaluateFormatted(context, node);
    case 'constant':
      return node.value === 'ellipsis' ? unknown : constant(node.value, node);
    case 'attribute':
      return evaluateAttribute(context, node, null);
    case 'subscript':
      return evaluateSubscript(context, node);
    case 'slice':
      for (const part of [node.lower, node.upper, node.step]) if (part) context.evaluate(part);
      return unknown;
    case 'call':
      return evaluateCall(context, node);
    case 'binary':
      return evaluateBinary(context, node);
    case 'unary':
      return evaluateUnary(context, node);
    case 'boolean':
      return evaluateBoolean(context, node);
    case 'compare':
      return evaluateCompare(context, node);
    case 'conditional':
      return evaluateConditional(context, node);
    case 'lambda':
      return {
        kind: 'function',
        node,
        source: context.source,
        scopes: context.frame.scopes,
        origin: node,
      };
    case 'tuple':
    case 'list':
    case 'set':
      return {
        kind: 'sequence',
        form: node.kind,
        elements: node.elements.map((element) => context.evaluate(element)),
        ...(node.kind === 'tuple' ? {} : { id: context.newId() }),
        origin: node,
      };
    case 'dict':
      return evaluateDict(context, node);
    case 'comprehension':
      return evaluateComprehension(context, node);
    case 'await':
    case 'starred':
      context.evaluate(node.value);
      return unknown;
    case 'yield':
      return evaluateYield(context, node);
    case 'named': {
      const value = context.evaluate(node.value);
      bind(context, node.target.id, value);
      return value;
    }
    case 'broken':
      unmodelled(context, [], node);
      for (const part of node.parts) context.evaluate(part);
      return unknown;
  }
}

function evaluateYield(context: Context, node: Extract<Expression, { kind: 'yield' }>): Value {
  const value = node.value === null ? constant(null) : context.evaluate(node.value);
  const { onYield } = context.frame;
  if (onYield !== null) onYield(value);
  // The consumer runs between a yield and what follows it.
  else happen(context, { kind: 'unmodelled', node, reach: 'anything' });
  return unknown;
}

function evaluateFormatted(context: Context, node: FormattedString): Value {
  const values = node.values.map((part) => {
    const value = context.evaluate(part);
    readNumbers(context, value, part);
    return value;
  });
  return formattedText(context, node, values);
}

function evaluateName(context: Context, id: string): Value {
  const bound = lookUp(context, id);
  if (bound !== undefined) return resolveValue(context, bound);
  if (id === '__name__')
    return constant(context.isMain && context.departure === null ? '__main__' : 'module');
  return builtins.has(id) ? { kind: 'library', name: `builtins.${id}` } : unknown;
}

function evaluateConditional(
  context: Context,
  node: Extract<Expression, { kind: 'conditional' }>,
): Value {
  const test = context.evaluate(node.test);
  readTruth(context, test, node.test);
  const outcome = truth(test);
  const asked = test.choice?.asked ?? new Set<string>();
  reportDeviceKind(context, node, test);
  if (outcome === null) {
    const before = context.state;
    const other = before === null ? null : fork(before);
    const body = behind(context, node.test, true, () => context.evaluate(node.body));
    const afterBody = context.state;
    context.state = other;
    const orElse = behind(context, node.test, false, () => context.evaluate(node.orElse));
    context.state = joinStates(afterBody, context.state);
    reportOpenChoice(context, node, body, orElse);
    return join(body, orElse);
  }
  skipCode(context, [outcome ? node.orElse : node.body]);
  const chosen = withChoice(context.evaluate(outcome ? node.body : node.orElse), asked);
  const dead = shadow(context, () => context.evaluate(eachOf(outcome ? node.orElse : node.body)));
  if (isOfTensor(node.test)) reportChoice(context, node, chosen, dead, onlyCuda, 'tensor');
  // What `device` in `"cuda:0" if device == "cuda" else "cpu"` is, was chosen before.
  else if (!takesApart(node.test)) reportChoice(context, node, chosen, dead, asked);
  if (asksOnlyForCuda(asked)) report(context, { kind: 'cudaValue', node });
  return chosen;
}

/** `"cuda" if args.cuda else "cpu"`: whatever the test is, a Mac gets the CPU or an error. */
function reportOpenChoice(
  context: Context,
  node: Extract<Expression, { kind: 'conditional' }>,
  body: Value,
  orElse: Value,
): void {
  const [cuda, cpu] = isCudaChoice(body) ? [body, orElse] : [orElse, body];
  const written = cuda === body ? node.body : node.orElse;
  if (!isGpuOption(node.test) && !isIndexOption(node.test, written)) return;
  if (asDevice(cuda) === null || asDevice(cpu) === null || !isCudaChoice(cuda) || !isCpuChoice(cpu))
    return;
  report(context, {
    kind: 'selector',
    node,
    form: 'conditional',
    chosen: cpu,
    asked: onlyCuda,
    by: 'option',
    deadStatement: null,
  });
}
