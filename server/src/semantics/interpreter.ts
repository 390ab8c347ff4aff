import type { Module, Statement } from '../syntax/tree.ts';
import type { Context, Recorder } from './context.ts';
import { evaluateExpression } from './expressions.ts';
import type { Fact, Facts } from './facts.ts';
import { instantiateClass, invokeFunction } from './functions.ts';
import { bodiesOf } from './scopes.ts';
import { fork, initialState } from './state.ts';
import { executeStatement } from './statements.ts';
import type { Environment } from './target.ts';
import type { FunctionValue, Value } from './values.ts';
import { asDevice, unknown } from './values.ts';

/** Expressions and statements that one file may cost; what lies beyond stays unknown. */
const budget = 400_000;

/** Deepest nesting that is followed, so that no input exhausts the stack. */
const maximumNesting = 400;

/**
 * Runs a file in the head of a Mac: the module body in execution order, then every function and
 * method once more for callers that are not in the file.
 * @param recorder is told the values of expressions; none for findings alone.
 */
export function interpret(
  module: Module,
  environment: Environment,
  recorder: Recorder | null = null,
): Facts {
  const facts: Fact[] = [];
  const askedInScope = new Map<number, Set<string>>();
  let ids = 0;
  let spent = 0;
  let nesting = 0;
  const nowhere: Statement = { kind: 'pass', start: 0, end: 0 };

  const context: Context = {
    module,
    environment,
    state: initialState(),
    frame: {
      scopes: [0],
      outer: new Map(),
      node: null,
      returns: [],
      loops: [],
      cudaReturns: [],
      bound: new Set(),
      refused: false,
      factScopes: [0],
    },
    statement: nowhere,
    caught: new Set(),
    tests: [],
    reached: true,
    readings: new Map(),
    transforms: [],
    transformed: new Map(),
    unreduced: new WeakSet(),
    steps: new WeakSet(),
    usesArrays: false,
    hostRead: null,
    repeats: 0,
    muted: false,
    defined: [],
    definedClasses: [],
    classScopes: new Set(),
    running: [],
    record: (fact) => facts.push(fact),
    recorder,
    ask: (backend) => {
      for (const scope of context.frame.factScopes) {
        const asked = askedInScope.get(scope) ?? new Set();
        askedInScope.set(scope, asked.add(backend));
      }
    },
    evaluate: (node) => {
      spent += 1;
      if (context.state === null || spent > budget || nesting > maximumNesting) return unknown;
      nesting += 1;
      const value = evaluateExpression(context, node);
      nesting -= 1;
      recorder?.read(node, value, context);
      return value;
    },
    execute: (body) => {
      for (const statement of body) {
        spent += 1;
        if (context.state === null || spent > budget || nesting > maximumNesting) return;
        context.statement = statement;
        nesting += 1;
        executeStatement(context, statement);
        nesting -= 1;
        context.statement = statement;
      }
    },
    invoke: (callee, args) => invokeFunction(context, callee, args),
    instantiate: (callee, args) => instantiateClass(context, callee, args),
    newId: () => {
      ids += 1;
      return ids;
    },
  };

  // A script that ends in sys.exit() has still defined its functions: they are run in the state before.
  let loaded = initialState();
  for (const statement of module.body) {
    if (context.state === null) break;
    loaded = context.state;
    context.execute([statement]);
  }
  loaded = context.state ?? loaded;
  const variables = loaded.variables.all();
  context.reached = false;
  runForUnknownCallers(context, loaded);
  return {
    facts,
    askedInScope,
    deviceNames: chosenDeviceNames(variables),
    localNames: localNames(module),
    boundNames: boundNames(variables, module),
  };
}

function runForUnknownCallers(context: Context, loaded: ReturnType<typeof initialState>): void {
  const methods = new Set<FunctionValue['node']>();
  for (const owner of [...context.definedClasses]) {
    const start = fork(loaded);
    context.state = start;
    const instance = instantiateClass(context, owner, null);
    const initialised = context.state ?? start;
    for (const member of owner.members.values()) {
      if (member.kind !== 'function' || methods.has(member.node)) continue;
      methods.add(member.node);
      context.state = fork(initialised);
      invokeFunction(context, { ...member, self: instance }, null);
    }
  }
  // A function defined inside another is defined anew by each run of that one.
  const known = [...context.defined];
  for (const callee of known) {
    if (methods.has(callee.node)) continue;
    methods.add(callee.node);
    context.state = fork(loaded);
    invokeFunction(context, callee, null);
  }
}

function chosenDeviceNames(variables: ReadonlyMap<string, Value>): Facts['deviceNames'] {
  const names: { name: string; boundAt: number }[] = [];
  for (const [key, value] of variables) {
    const device = asDevice(value);
    if (!key.startsWith('0:') || device === null || device.choice === undefined) continue;
    const asked = device.choice.asked;
    if (asked.has('mps') || asked.has('accelerator')) {
      names.push({ name: key.slice(2), boundAt: value.origin?.end ?? 0 });
    }
  }
  return names;
}

function localNames(module: Module): Facts['localNames'] {
  const names = new Map<string, { name: string; statement: Statement }>();
  const visit = (body: readonly Statement[]): void => {
    for (const statement of body) {
      if (statement.kind === 'import') {
        for (const imported of statement.names) {
          const name = imported.alias?.text ?? (imported.module.split('.')[0] as string);
          const library = imported.alias === null ? name : imported.module;
          if (!names.has(library)) names.set(library, { name, statement });
        }
      }
      if (statement.kind === 'importFrom' && statement.level === 0) {
        for (const { name, alias } of statement.names) {
          const library = `${statement.module}.${name.text}`;
          if (!names.has(library)) names.set(library, { name: (alias ?? name).text, statement });
        }
      }
      if (statement.kind === 'try' || statement.kind === 'if')
        for (const inner of bodiesOf(statement)) visit(inner);
    }
  };
  visit(module.body);
  return names;
}

function boundNames(variables: ReadonlyMap<string, Value>, module: Module): ReadonlySet<string> {
  const names = new Set<string>();
  for (const key of variables.keys()) names.add(key.slice(key.indexOf(':') + 1));
  // Names inside functions are gone by now: any identifier in the text counts as taken.
  for (const match of module.text.matchAll(/\b(device|DEVICE|torch_device)\b/g))
    names.add(match[0]);
  return names;
}
