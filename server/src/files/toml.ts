import type { AST } from 'toml-eslint-parser';
import { getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';

/** Line and column of a text, from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export interface TomlDocument {
  readonly value: Readonly<Record<string, unknown>>;
  /** Where the key or the list entry of that path is: `['tool', 'smelt', 'select', 0]`. */
  readonly positionOf: (path: readonly (string | number)[]) => TextPosition;
}

export type TomlResult =
  | { readonly ok: true; readonly document: TomlDocument }
  | ({ readonly ok: false; readonly message: string } & TextPosition);

/** Reads TOML 1.0 and remembers where everything is. */
export function readToml(text: string): TomlResult {
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text, { tomlVersion: '1.0.0' });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { message, lineNumber, column } = error;
    return { ok: false, message: `not TOML: ${message}`, line: lineNumber, column: column + 1 };
  }
  const places = new Map<string, TextPosition>();
  collect(program.body[0], [], places);
  return {
    ok: true,
    document: {
      value: getStaticTOMLValue(program) as Record<string, unknown>,
      positionOf: (path) => {
        for (let length = path.length; length > 0; length--) {
          const place = places.get(keyOf(path.slice(0, length)));
          if (place !== undefined) return place;
        }
        return { line: 1, column: 1 };
      },
    },
  };
}

type Path = readonly (string | number)[];

const keyOf = (path: Path): string => JSON.stringify(path);

function remember(node: AST.TOMLNode, path: Path, places: Map<string, TextPosition>): void {
  const { line, column } = node.loc.start;
  if (!places.has(keyOf(path))) places.set(keyOf(path), { line, column: column + 1 });
}

function collect(node: AST.TOMLNode, path: Path, places: Map<string, TextPosition>): void {
  switch (node.type) {
    case 'TOMLTopLevelTable':
    case 'TOMLInlineTable':
      for (const child of node.body) collect(child, path, places);
      break;
    case 'TOMLTable':
      remember(node, node.resolvedKey, places);
      for (const child of node.body) collect(child, node.resolvedKey, places);
      break;
    case 'TOMLKeyValue': {
      const inner = [...path, ...node.key.keys.map(nameOf)];
      remember(node.key, inner, places);
      collect(node.value, inner, places);
      break;
    }
    case 'TOMLArray':
      node.elements.forEach((element, i) => {
        remember(element, [...path, i], places);
        collect(element, [...path, i], places);
      });
      break;
  }
}

const nameOf = (key: AST.TOMLBare | AST.TOMLQuoted): string =>
  key.type === 'TOMLBare' ? key.name : key.value;
