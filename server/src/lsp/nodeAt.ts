import { canonicalName } from '../semantics/attributes.ts';
import type { RecordedValues } from '../semantics/recordedValues.ts';
import type { Expression, Module, Node, Span } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';

/** A name, or an attribute whose own name the offset is on. */
export interface NamedNode {
  readonly node: Extract<Expression, { kind: 'name' | 'attribute' }>;
  /** Of the name alone, without what stands before its dot. */
  readonly span: Span;
}

export function namedNodeAt(module: Module, offset: number): NamedNode | null {
  let found: NamedNode | null = null;
  const visit = (node: Node): void => {
    if (offset < node.start || node.end < offset) return;
    if (node.kind === 'name') found = { node, span: node };
    if (node.kind === 'attribute' && node.name.start <= offset && offset <= node.name.end)
      found = { node, span: node.name };
    for (const child of childrenOf(node)) visit(child);
  };
  for (const statement of module.body) visit(statement);
  return found;
}

const classes: Readonly<Record<string, string>> = {
  tensor: 'torch.Tensor',
  mlxArray: 'mlx.core.array',
  torchModule: 'torch.nn.Module',
  mlxModule: 'mlx.nn.Module',
};

/** The canonical name of what a library has under this name: torch.zeros, torch.Tensor.view, mlx.core.eval. */
export function libraryNameOf({ node }: NamedNode, values: RecordedValues): string | null {
  if (node.kind === 'name') return values.valueOf(node)?.name ?? null;
  const object = values.valueOf(node.object);
  if (object === null) return null;
  const owner = object.kind === 'library' ? object.name : (classes[object.kind] ?? null);
  return owner === null ? null : canonicalName(`${owner}.${node.name.text}`);
}
