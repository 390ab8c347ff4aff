import type { Outline } from './outline.ts';
import { outlineOf } from './outline.ts';
import type { Module } from './tree.ts';

export type ParsedParts = Pick<Module, 'body' | 'comments'> & {
  /** Known once all of the text has been parsed. */
  readonly isBroken: () => boolean;
  /** Of what has been parsed so far. */
  readonly brokenAt: () => number | null;
};

/**
 * A module whose text is read as far as it is asked for: most files have nothing that matters.
 * @param isWhole true: it has no outline, as with IPython's lines, which are no Python
 */
export function parsedLater(
  text: string,
  isWhole: boolean,
  parse: (outline: Outline | null) => ParsedParts,
): Module {
  let outline: Outline | null | undefined;
  let parts: ParsedParts | undefined;
  const read = (): ParsedParts => {
    parts ??= parse(module.outline);
    return parts;
  };
  const module: Module = {
    text,
    cellStarts: [0],
    get outline() {
      if (outline === undefined) outline = isWhole ? null : outlineOf(text);
      return outline;
    },
    get body() {
      return read().body;
    },
    get comments() {
      return read().comments;
    },
    get broken() {
      return read().isBroken();
    },
    brokenAt: () => parts?.brokenAt() ?? null,
    readAll: () => {
      parts ??= parse(null);
    },
  };
  return module;
}
