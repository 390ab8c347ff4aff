import type { Module, Span } from '../../syntax/tree.ts';

/** A code in a suppression comment, in capitals, and where it is. */
export interface SuppressedCode extends Span {
  readonly code: string;
}

/** A comment that silences findings, or the part of one that does; offsets index `Module.text`. */
export interface Suppression extends Span {
  readonly kind: 'noqa' | 'ignore' | 'ignore-file';
  /** Codes or beginnings of codes; null silences everything. */
  readonly codes: readonly SuppressedCode[] | null;
}

const patterns: readonly (readonly [RegExp, Suppression['kind']])[] = [
  [/(?:#|\/\/)\s*smelt:\s*ignore-file(?:\[([^\]]*)\])?[^#]*/di, 'ignore-file'],
  [/(?:#|\/\/)\s*smelt:\s*ignore(?!-)(?:\[([^\]]*)\])?[^#]*/di, 'ignore'],
  [/#\s*noqa(?::\s*([A-Z]+\d+(?:[\s,]+[A-Z]+\d+)*))?(?![\w:])[^#]*/di, 'noqa'],
];

/** Most comments are about something else. */
const maySuppress = /smelt:|noqa/i;

/** Every suppression of the module; a reason after it belongs to it. */
export function suppressionsOf(module: Module): Suppression[] {
  return module.comments.flatMap((comment) => {
    if (!maySuppress.test(comment.text)) return [];
    for (const [pattern, kind] of patterns) {
      const match = pattern.exec(comment.text);
      if (match === null) continue;
      const list = match.indices?.[1];
      return [
        {
          kind,
          start: comment.start + match.index,
          end: comment.start + match.index + match[0].trimEnd().length,
          codes: list === undefined ? null : codesIn(match[1] ?? '', comment.start + list[0]),
        },
      ];
    }
    return [];
  });
}

const codesIn = (list: string, start: number): SuppressedCode[] =>
  [...list.matchAll(/[^\s,]+/g)].map((match) => ({
    code: match[0].toUpperCase(),
    start: start + match.index,
    end: start + match.index + match[0].length,
  }));
