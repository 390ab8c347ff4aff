import type { AssignStatement, ImportFromStatement, ImportStatement } from '../syntax/tree.ts';
import { torchLoaders } from '../tables/torchFunctions.ts';
import { libraryMember } from './attributes.ts';
import type { Context } from './context.ts';
import { bind, lookUp, report } from './context.ts';
import { namesOf } from './handlers.ts';
import type { SourceModule } from './moduleSource.ts';
import type { Value } from './values.ts';
import { unknown } from './values.ts';
import { loadsTorch, publicNames, resolveModule } from './workspaceModules.ts';

type ImportNode = ImportStatement | ImportFromStatement;

export function executeImport(context: Context, node: ImportNode): void {
  if (node.kind === 'import') importModules(context, node);
  else importNames(context, node);
}

function importModules(context: Context, node: ImportStatement): void {
  for (const { module: name, alias } of node.names) {
    const module = resolveModule(context, 0, name);
    const root = name.split('.')[0] as string;
    if (module === null) {
      report(context, { kind: 'import', node, module: name });
      load(context, name, node);
      if (alias !== null) bind(context, alias.text, { kind: 'library', name });
      else bind(context, root, { kind: 'library', name: root });
      continue;
    }
    loadModule(context, module, node);
    const bound = alias === null ? resolveModule(context, 0, root) : module;
    bind(
      context,
      alias?.text ?? root,
      bound === null ? unknown : { kind: 'workspace', module: bound, name: null },
    );
  }
}

function importNames(context: Context, node: ImportFromStatement): void {
  const module = resolveModule(context, node.level, node.module);
  if (module !== null) {
    loadModule(context, module, node);
    const names = node.star
      ? publicNames(context, module).map((name) => [name, name] as const)
      : node.names.map(({ name, alias }) => [name.text, (alias ?? name).text] as const);
    for (const [name, local] of names) bind(context, local, { kind: 'workspace', module, name });
    return;
  }
  if (node.star) bindStarred(context, node);
  if (node.level > 0) {
    for (const { name, alias } of node.names) {
      // `from ..compat import torch`
      const isTorch = name.text === 'torch';
      if (isTorch) load(context, 'torch', node);
      bind(context, (alias ?? name).text, isTorch ? { kind: 'library', name: 'torch' } : unknown);
    }
    return;
  }
  report(context, { kind: 'import', node, module: node.module });
  load(context, node.module, node);
  for (const { name, alias } of node.names) {
    bind(context, (alias ?? name).text, libraryMember(context, node.module, name.text));
  }
}

/** `from utils.tools import *` of what is not at hand: a `torch` that nothing else binds is the one that it imports. */
function bindStarred(context: Context, node: ImportFromStatement): void {
  if (lookUp(context, 'torch') !== undefined || !/\btorch\./.test(context.source.module.text))
    return;
  load(context, 'torch', node);
  bind(context, 'torch', { kind: 'library', name: 'torch' });
}

/** `torch = LazyLoader("torch", globals(), "torch")`, `torch = importlib.import_module("torch")`; null for anything else. */
export function lazilyImported({ targets: [target], value }: AssignStatement): Value | null {
  if (target?.kind !== 'name' || target.id !== 'torch' || value.kind !== 'call') return null;
  const isNamed = value.args.some(
    (one) => one.value.kind === 'string' && one.value.value === 'torch',
  );
  const name = namesOf(value.callee).at(-1) ?? '';
  return isNamed && /lazy|import/i.test(name) ? { kind: 'library', name: 'torch' } : null;
}

function load(context: Context, name: string, node: ImportNode): void {
  const root = name.split('.')[0] as string;
  const libraries = [root, ...(torchLoaders.has(root) ? ['torch'] : [])];
  for (const library of libraries) markLoaded(context, library, node);
}

function loadModule(context: Context, module: SourceModule, node: ImportNode): void {
  if (context.state?.loaded.has('torch') === false && loadsTorch(context, module))
    markLoaded(context, 'torch', node);
}

function markLoaded(context: Context, library: string, node: ImportNode): void {
  const { state } = context;
  if (state?.loaded.has(library) === false)
    state.loaded = new Map(state.loaded).set(library, context.departure?.statement ?? node);
}
