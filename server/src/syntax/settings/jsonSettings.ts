import type { Node, ParseError } from 'jsonc-parser';
import { createScanner, parseTree } from 'jsonc-parser';
import type { Comment } from '../tree.ts';
import type { ProgramSetting, SettingsText } from './setting.ts';

/** jsonc-parser's SyntaxKind of comments and of the end. */
const lineComment = 12;
const blockComment = 13;
const endOfFile = 17;

/**
 * Keys of objects that hold environment variables: launch.json, tasks.json, devcontainer.json, and VS Code's
 * settings. Those of Linux and Windows terminals are no matter of a Mac.
 */
const environments =
  /^(?:env|containerEnv|remoteEnv|terminal\.integrated\.env\.osx|smelt\.kernel\.environment)$/;

/** Settings of VS Code: JSON with comments. */
export function readJsonSettings(text: string): SettingsText {
  const settings: ProgramSetting[] = [];
  const visit = (node: Node): void => {
    const [key, value] = node.type === 'property' ? (node.children ?? []) : [];
    if (environments.test(String(key?.value)) && value?.type === 'object')
      settings.push(...(value.children ?? []).flatMap((entry) => variable(text, entry)));
    for (const child of node.children ?? []) visit(child);
  };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  if (tree !== undefined) visit(tree);
  return { settings, comments: commentsOf(text), broken: errors.length > 0 };
}

function variable(text: string, { children = [], offset, length }: Node): ProgramSetting[] {
  const [key, value] = children;
  if (key === undefined || value === undefined) return [];
  if (!['string', 'number', 'boolean'].includes(value.type)) return [];
  const written = String(value.value);
  const end = offset + length;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const indent = text.slice(lineStart, offset);
  const separator = /^[ \t]+$/.test(indent) ? `,\n${indent}` : ', ';
  return [
    {
      kind: 'variable',
      start: offset,
      end,
      name: String(key.value),
      // ${workspaceFolder} and ${env:NAME} are put in by VS Code.
      value: written.includes('${') ? null : written,
      valueSpan: { start: value.offset, end: value.offset + value.length },
      beside: (name, other) => ({
        start: end,
        end,
        text: `${separator}${JSON.stringify(name)}: ${JSON.stringify(other)}`,
      }),
    },
  ];
}

function commentsOf(text: string): Comment[] {
  const comments: Comment[] = [];
  const scanner = createScanner(text);
  for (let kind = scanner.scan(); kind !== endOfFile; kind = scanner.scan()) {
    if (kind !== lineComment && kind !== blockComment) continue;
    const start = scanner.getTokenOffset();
    // Of a comment that nothing closes the scanner's end lies behind the text.
    const end = Math.min(start + scanner.getTokenLength(), text.length);
    comments.push({ start, end, text: text.slice(start, end) });
  }
  return comments;
}
