import type { ImportFromStatement, ImportStatement, Span } from '../syntax/tree.ts';
import { torchLoaders } from '../tables/torchFunctions.ts';
import { libraryMember } from './attributes.ts';
import type { Context } from './context.ts';
import { bind, report } from './context.ts';
import { unknown } from './values.ts';

export function executeImport(context: Context, node: ImportStatement | ImportFromStatement): void {
  if (node.kind === 'import') {
    for (const { module, alias } of node.names) {
      report(context, { kind: 'import', node, module });
      load(context, module, node);
      if (alias !== null) bind(context, alias.text, { kind: 'library', name: module });
      else {
        const root = module.split('.')[0] as string;
        bind(context, root, { kind: 'library', name: root });
      }
    }
    return;
  }
  // Modules of the workspace are not followed yet: what comes from them is unknown.
  if (node.level > 0) {
    for (const { name, alias } of node.names) bind(context, (alias ?? name).text, unknown);
    return;
  }
  report(context, { kind: 'import', node, module: node.module });
  load(context, node.module, node);
  for (const { name, alias } of node.names) {
    bind(context, (alias ?? name).text, libraryMember(context, node.module, name.text));
  }
}

function load(context: Context, module: string, node: Span): void {
  const root = module.split('.')[0] as string;
  const loaded = context.state?.loaded;
  if (loaded === undefined) return;
  const libraries = [root, ...(torchLoaders.has(root) ? ['torch'] : [])];
  for (const library of libraries) if (!loaded.has(library)) loaded.set(library, node);
}
