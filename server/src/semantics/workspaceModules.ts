import { detached } from '../syntax/detached.ts';
import type { Module } from '../syntax/tree.ts';
import { isKnownPackage } from '../tables/knownPackages.ts';
import { torchLoaders } from '../tables/torchFunctions.ts';
import type { Context } from './context.ts';
import type { SourceModule } from './moduleSource.ts';
import { isPackage } from './moduleSource.ts';
import { isUninstallable } from './uninstallable.ts';
import type { Value, WorkspaceValue } from './values.ts';
import { unknown } from './values.ts';

/** The module of the workspace that an import statement of the running file loads; null: none. */
export function resolveModule(
  context: Context,
  level: number,
  name: string,
  importer = context.source.path,
): SourceModule | null {
  if (importer === '' || (level === 0 && isKnownPackage(name.split('.')[0] as string))) return null;
  return context.resolve(importer, level, name);
}

/** `module.name`: a file of the package, or what its body has bound. */
export function moduleMember(context: Context, module: SourceModule, name: string): Value {
  if (isPackage(module)) {
    const submodule = resolveModule(context, 1, name, module.path);
    if (submodule !== null) return { kind: 'workspace', module: submodule, name: null };
  }
  const summary = context.summarize(module);
  const value = summary?.variables.get(`${summary.scope}:${name}`);
  return value === undefined ? unknown : resolveValue(context, value);
}

/** What an imported name stands for. */
export function resolveValue(context: Context, value: Value): Value {
  return value.kind === 'workspace' && value.name !== null
    ? resolveImported(context, value, value.name)
    : value;
}

function resolveImported(context: Context, value: WorkspaceValue, name: string): Value {
  return context.following(value.module, name, () => moduleMember(context, value.module, name));
}

/** Names that `from module import *` binds. */
export function publicNames(context: Context, module: SourceModule): string[] {
  const summary = context.summarize(module);
  if (summary === null) return [];
  const prefix = `${summary.scope}:`;
  const declared = summary.variables.get(`${prefix}__all__`);
  if (declared?.kind === 'sequence') {
    return declared.elements.flatMap((element) =>
      element.kind === 'constant' && typeof element.value === 'string' ? [element.value] : [],
    );
  }
  return [...summary.variables.keys()]
    .filter((key) => key.startsWith(prefix) && !key.startsWith(`${prefix}_`))
    .map((key) => key.slice(prefix.length));
}

/** An import statement at the beginning of a line, as far as it names a module. */
const importLine = /^(?:from[ \t]+(\.*)([\w.]*)[ \t]+import\b|import[ \t]+([\w.]+))/gm;

interface ImportedName {
  readonly level: number;
  readonly name: string;
}

const imports = new WeakMap<SourceModule, readonly ImportedName[]>();

function importsOf(module: SourceModule): readonly ImportedName[] {
  let names = imports.get(module);
  if (names === undefined) {
    names = [...module.text.matchAll(importLine)].map(([, dots = '', from, plain]) => ({
      level: dots.length,
      name: detached(from ?? plain ?? ''),
    }));
    imports.set(module, names);
  }
  return names;
}

/** Modules that are read to find out what importing one loads; beyond these it is not known. */
const maximumRead = 40;

/** Does importing the module load torch, directly or through others? Told from its text: it is not run. */
export const loadsTorch = (context: Context, module: SourceModule): boolean =>
  loads(context, [module], (name) => torchLoaders.has(name.split('.')[0] as string));

/** Does importing what the body imports need a package that no Mac has? Files of the workspace are looked into. */
export function importsUninstallable(context: Context, { body }: Module): boolean {
  const modules = new Set<SourceModule>();
  for (const statement of body) {
    const [level, names] =
      statement.kind === 'importFrom'
        ? [statement.level, [statement.module]]
        : [0, statement.kind === 'import' ? statement.names.map(({ module }) => module) : []];
    for (const name of names) {
      const module = resolveModule(context, level, name);
      if (module !== null) modules.add(module);
      else if (level === 0 && isUninstallable(context, name)) return true;
    }
  }
  return loads(context, [...modules], (name) => isUninstallable(context, name));
}

/** Is a package that is sought imported at the beginning of a line of these modules, or of those that they import? */
function loads(
  context: Context,
  modules: readonly SourceModule[],
  isSought: (name: string) => boolean,
): boolean {
  const seen = new Set(modules);
  for (const next of seen) {
    if (seen.size > maximumRead) return false;
    for (const { level, name } of importsOf(next)) {
      const other = resolveModule(context, level, name, next.path);
      if (other !== null) seen.add(other);
      else if (level === 0 && isSought(name)) return true;
    }
  }
  return false;
}
