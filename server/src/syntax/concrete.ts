import type { Tree, TreeCursor } from 'web-tree-sitter';

/** A plain copy of a tree-sitter node: nothing outside this file sees the real one. */
export interface Concrete {
  readonly type: string;
  readonly field: string | null;
  readonly named: boolean;
  readonly missing: boolean;
  readonly start: number;
  readonly end: number;
  readonly children: Concrete[];
}

/** Deeper nesting is cut off and marked broken, so that no input exhausts the stack. */
const maximumDepth = 600;

/**
 * Copies the tree in one pass: every access to a tree-sitter node crosses into wasm.
 * @param placed gives the offsets that count, where the tree is that of a text with parts cut out
 */
export function copyTree(tree: Tree, placed = (offset: number): number => offset): Concrete {
  const cursor = tree.walk();
  try {
    const root = copyNode(cursor, placed);
    const ancestors = [root];
    let moved = cursor.gotoFirstChild();
    while (moved) {
      const node = copyNode(cursor, placed);
      (ancestors.at(-1) as Concrete).children.push(node);
      if (ancestors.length >= maximumDepth) {
        node.children.push({ ...node, type: 'ERROR', children: [] });
      } else if (cursor.gotoFirstChild()) {
        ancestors.push(node);
        continue;
      }
      moved = cursor.gotoNextSibling();
      while (!moved && ancestors.length > 1) {
        ancestors.pop();
        cursor.gotoParent();
        moved = cursor.gotoNextSibling();
      }
    }
    return root;
  } finally {
    cursor.delete();
  }
}

function copyNode(cursor: TreeCursor, placed: (offset: number) => number): Concrete {
  return {
    type: cursor.nodeType,
    field: cursor.currentFieldName,
    named: cursor.nodeIsNamed,
    missing: cursor.nodeIsMissing,
    start: placed(cursor.startIndex),
    end: placed(cursor.endIndex),
    children: [],
  };
}

export const fieldOf = (node: Concrete, field: string): Concrete | undefined =>
  node.children.find((child) => child.field === field);

export const fieldsOf = (node: Concrete, field: string): Concrete[] =>
  node.children.filter((child) => child.field === field);

/** Named children without comments and line continuations. */
export const namedOf = (node: Concrete): Concrete[] =>
  node.children.filter(
    (child) => child.named && child.type !== 'comment' && child.type !== 'line_continuation',
  );
