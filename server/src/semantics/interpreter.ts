import type { Module, Statement } from '../syntax/tree.ts';
import type { Context, Recorder } from './context.ts';
import { readName, skipCode } from './context.ts';
import { Reached } from './deadFunctions.ts';
import { evaluateExpression } from './expressions.ts';
import type { Fact, Facts } from './facts.ts';
import { invokeFunction } from './functions.ts';
import { instantiateClass } from './instances.ts';
import type { ImportSite, SourceModule } from './moduleSource.ts';
import { nowhere } from './moduleSource.ts';
import { ExportedValues, withoutOrigin } from './origins.ts';
import { blocksOf } from './scopes.ts';
import type { State } from './state.ts';
import { initialState, nextId } from './state.ts';
import { executeStatement } from './statements.ts';
import type { Lookup, Summary } from './summaries.ts';
import { addSummary, knownSummary, limitSummaries, rememberSummary } from './summaries.ts';
import type { Environment } from './target.ts';
import { runStatements, shownExpressions } from './timedCode.ts';
import { runForUnknownCallers, withoutRebound } from './unknownCallers.ts';
import type { Value } from './values.ts';
import { asDevice, unknown } from './values.ts';
import { importsUninstallable, resolveValue } from './workspaceModules.ts';

/**
 * Expressions and statements that one file may cost; what lies beyond stays unknown. A longer file may cost one for each
 * of its characters, so that data is read to its end.
 */
const budget = 400_000;

/** The same for each module that is imported. */
const moduleBudget = 40_000;

/** The same for functions of other files that one file calls, all together. */
const budgetElsewhere = 8_000;

/** Modules of the workspace that are looked into for one file. */
const maximumModules = 40;

/** Facts that are kept for one place: a loop in a function that is called in loops repeats itself. */
const maximumFacts = 32;

/** Deepest nesting that is followed, so that no input exhausts the stack. */
const maximumNesting = 400;

/** A method belongs to the class that was defined last: one for each of its nodes. */
const owners: Context['owners'] = new WeakMap();

/** What the interpretation of a file and those of the modules that it imports have in common. */
interface Run {
  readonly environment: Environment;
  readonly modules: ImportSite['modules'];
  /** Modules that are being looked into now: imports in a circle find nothing there. */
  readonly open: Set<SourceModule>;
  /** Summaries of earlier runs that still hold. */
  readonly current: Set<Summary>;
  /** Modules that may still be looked into. */
  left: number;
}

/**
 * Runs a file in the head of a Mac: the module body in execution order, then every function and
 * method once more for callers that are not in the file.
 * @param recorder is told the values of expressions; none for findings alone.
 * @param matters tells whether the function at an offset may lead to a finding; others are not run for unknown callers.
 */
export function interpret(
  module: Module,
  environment: Environment,
  recorder: Recorder | null = null,
  site: ImportSite = nowhere,
  matters: (offset: number) => boolean = () => true,
): Facts {
  const facts: Fact[] = [];
  const recorded = new Map<Fact['node'], number>();
  const askedInScope = new Map<number, Set<string>>();
  limitSummaries();
  const run: Run = {
    environment,
    modules: site.modules,
    open: new Set(),
    current: new Set(),
    left: maximumModules,
  };
  const home = { path: site.path, text: module.text, module };
  const { context, stoppedAt } = createContext(home, run, 0, {
    recorder,
    record: (fact) => {
      const seen = recorded.get(fact.node) ?? 0;
      recorded.set(fact.node, seen + 1);
      if (seen < maximumFacts) facts.push(fact);
    },
    ask: (backend) => {
      // A device named in one function says nothing about the choice that another makes.
      const scopes = context.frame.factScopes.slice(backend === 'mpsDevice' ? -1 : 0);
      for (const scope of scopes) {
        const asked = askedInScope.get(scope) ?? new Set();
        askedInScope.set(scope, asked.add(backend));
      }
    },
  });
  const loaded = runBody(context, module);
  const variables = loaded.variables.all();
  context.tests = [];
  context.reached = false;
  runForUnknownCallers(context, withoutRebound(loaded, module), matters);
  context.state = loaded;
  let uninstallable: boolean | undefined;
  let pathInProject: string | undefined;
  return {
    stoppedAt: stoppedAt(),
    facts: context.isExhausted() ? facts : context.coverage.withoutDeadFunctions(facts, module),
    askedInScope,
    deviceNames: chosenDeviceNames(context, variables),
    localNames: localNames(module),
    boundNames: boundNames(variables, module),
    pathInProject: () => (pathInProject ??= site.path.slice(site.modules.topOf(site.path).length)),
    importsUninstallable: () => (uninstallable ??= importsUninstallable(context, module)),
  };
}

/** A script that ends in sys.exit() has still defined its functions: they are run in the state before. */
function runBody(context: Context, module: Module): State {
  let loaded = initialState();
  context.shown = shownExpressions(module);
  runStatements(context, module, (statement) => {
    if (context.state === null) return false;
    loaded = context.state;
    context.execute([statement], true);
    return true;
  });
  return context.state ?? loaded;
}

/** What a module defines when it is imported; null: it imports itself, or too many were looked into. */
function summarize(source: SourceModule, run: Run): Summary | null {
  if (run.open.has(source) || run.left === 0) return null;
  run.left -= 1;
  const known = knownSummary(source, run.modules, run.current);
  if (known !== null) return known;
  run.open.add(source);
  const scope = nextId();
  const silent = { record: () => {}, ask: () => {}, recorder: null };
  const { context, lookups, used } = createContext(source, run, scope, silent);
  const state = runBody(context, source.module);
  run.open.delete(source);
  const exported = new ExportedValues(new Set(state.added.all().keys()));
  const variables = new Map(
    [...state.variables.all()].map(([key, value]) => [key, exported.of(value)]),
  );
  const summary = { source, scope, variables, used, lookups: [...lookups.values()] };
  rememberSummary(summary);
  run.current.add(summary);
  return summary;
}

function createContext(
  home: SourceModule,
  run: Run,
  scope: number,
  sink: Pick<Context, 'record' | 'ask' | 'recorder'>,
): {
  readonly context: Context;
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly used: ReadonlySet<Summary>;
  /** The statement at which the budget was spent; null: it was not. */
  readonly stoppedAt: () => number | null;
} {
  const isMain = scope === 0;
  const allowed = isMain ? Math.max(budget, home.text.length) : moduleBudget;
  let stopped: number | null = null;
  const lookups = new Map<string, Lookup>();
  const summaries = new Map<SourceModule, Summary | null>();
  const used = new Set<Summary>();
  const following = new Set<string>();
  let spent = 0;
  let spentElsewhere = 0;
  let nesting = 0;
  const isExhausted = (): boolean =>
    context.departure === null ? spent > allowed : spentElsewhere > budgetElsewhere;
  const stops = (): boolean => {
    if (context.departure === null) {
      spent += 1;
      if (spent > allowed) stopped ??= context.statement.start;
    } else spentElsewhere += 1;
    return context.state === null || isExhausted() || nesting > maximumNesting;
  };
  const context: Context = {
    home,
    isMain,
    source: home,
    departure: null,
    environment: run.environment,
    state: initialState(),
    frame: {
      scopes: [scope],
      outer: new Map(),
      node: null,
      returns: [],
      loops: [],
      cudaReturns: [],
      cudaNames: new Map(),
      bound: new Set(),
      onYield: null,
      refused: false,
      factScopes: [0],
    },
    statement: { kind: 'pass', start: 0, end: 0 },
    around: [],
    caught: new Set(),
    tests: [],
    reached: true,
    readings: new Map(),
    transforms: [],
    transformed: new Map(),
    unreduced: new WeakSet(),
    steps: new WeakSet(),
    usesArrays: false,
    shown: new Set(),
    neverCompiles: false,
    hostRead: null,
    repeats: 0,
    thread: null,
    streams: new Map(),
    freshModules: new Map(),
    submodules: new Map(),
    costs: new Map(),
    muted: false,
    coverage: new Reached(),
    onYield: null,
    defined: [],
    definedClasses: [],
    classScopes: new Set(),
    owners,
    rooted: new Set(),
    running: [],
    summaries: new Set(),
    record: sink.record,
    recorder: sink.recorder,
    ask: (backend) => {
      if (context.departure === null) sink.ask(backend);
    },
    evaluate: (node) => {
      if (stops()) return unknown;
      nesting += 1;
      const value = evaluateExpression(context, node);
      nesting -= 1;
      if (node.kind === 'name') readName(context, node.id);
      else if (node.kind === 'attribute') readName(context, node.name.text);
      if (context.departure !== null) return withoutOrigin(value, node);
      sink.recorder?.read(node, value, context);
      return value;
    },
    spent: () => spent + spentElsewhere,
    execute: (body, isRest = false) => {
      const { tests } = context;
      for (const statement of body) {
        if (stops()) {
          if (context.state === null) skipCode(context, body.slice(body.indexOf(statement)));
          break;
        }
        context.statement = statement;
        if (statement.kind === 'if') context.around = body;
        nesting += 1;
        executeStatement(context, statement);
        nesting -= 1;
        context.statement = statement;
      }
      // A test that leaves a body is around the rest of it.
      if (!isRest) context.tests = tests;
    },
    invoke: (callee, args, node) => invokeFunction(context, callee, args, node),
    instantiate: (callee, args, node) => instantiateClass(context, callee, args, node),
    isExhausted,
    newId: nextId,
    resolve: (importer, level, name) => {
      const key = `${level} ${name} ${importer}`;
      let lookup = lookups.get(key);
      if (lookup === undefined) {
        lookup = { importer, level, name, found: run.modules.resolve(importer, level, name) };
        lookups.set(key, lookup);
      }
      return lookup.found;
    },
    summarize: (module) => {
      let summary = summaries.get(module);
      if (summary === undefined) {
        summary = module === home ? null : summarize(module, run);
        summaries.set(module, summary);
        if (summary !== null) {
          used.add(summary);
          addSummary(context.summaries, summary);
        }
      }
      return summary;
    },
    following: (module, name, look) => {
      const key = `${module.path}:${name}`;
      if (following.has(key)) return unknown;
      following.add(key);
      const value = look();
      following.delete(key);
      return value;
    },
  };
  return { context, lookups, used, stoppedAt: () => stopped };
}

function chosenDeviceNames(
  context: Context,
  variables: ReadonlyMap<string, Value>,
): Facts['deviceNames'] {
  const names: { name: string; boundAt: number }[] = [];
  for (const [key, bound] of variables) {
    if (!key.startsWith('0:') || (bound.kind === 'workspace' && !/device/i.test(key))) continue;
    const value = resolveValue(context, bound);
    const device = asDevice(value);
    if (device === null || device.choice === undefined) continue;
    const asked = device.choice.asked;
    if (asked.has('mps') || asked.has('accelerator')) {
      names.push({ name: key.slice(2), boundAt: (bound.origin ?? value.origin)?.end ?? 0 });
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
        for (const inner of blocksOf(statement)) visit(inner);
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
