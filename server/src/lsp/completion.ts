import type { CompletionItem, Position, Range } from 'vscode-languageserver';
import { CompletionItemKind, MarkupKind } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { EnvironmentVariable } from '../tables/environmentVariable.ts';
import { mlxVariables } from '../tables/mlxVariables.ts';
import { mpsVariables } from '../tables/mpsVariables.ts';
import { environmentPlaceAt, environmentSyntaxOf } from './environmentPlace.ts';

/** Characters after which the editor asks, besides those of words. */
export const triggerCharacters = ['"', "'", '='];

export const variableNamed = (name: string): EnvironmentVariable | undefined =>
  mpsVariables.get(name) ?? mlxVariables.get(name);

/** Names and values of environment variables, where a document writes them; nothing anywhere else. */
export function completionsAt(document: TextDocument, position: Position): CompletionItem[] {
  const syntax = environmentSyntaxOf(document.languageId, document.uri);
  if (syntax === null) return [];
  const place = environmentPlaceAt(document.getText(), document.offsetAt(position), syntax);
  if (place === null) return [];
  const range = { start: document.positionAt(place.start), end: document.positionAt(place.end) };
  if (place.variable !== null) {
    const variable = variableNamed(place.variable);
    return (variable?.values ?? []).map(([value, meaning], i) => ({
      label: value,
      kind: CompletionItemKind.Value,
      detail: meaning,
      documentation: { kind: MarkupKind.Markdown, value: variableText(variable) },
      sortText: String(i),
      textEdit: { range, newText: value },
    }));
  }
  return [...mpsVariables.values(), ...mlxVariables.values()].map((variable, i) =>
    nameItem(variable, i, range),
  );
}

const nameItem = (variable: EnvironmentVariable, i: number, range: Range): CompletionItem => ({
  label: variable.name,
  kind: CompletionItemKind.Variable,
  documentation: { kind: MarkupKind.Markdown, value: variableText(variable) },
  sortText: String(i).padStart(2, '0'),
  textEdit: { range, newText: variable.name },
});

/** What a variable does, when it is read and what it may be. */
export function variableText(variable: EnvironmentVariable | undefined): string {
  if (variable === undefined) return '';
  const { name, does, read, values, note, since } = variable;
  return [
    `\`${name}\``,
    does,
    `Read ${read}.`,
    ...(values.length === 0
      ? []
      : [values.map(([value, meaning]) => `- \`${value}\`: ${meaning}`).join('\n')]),
    ...(note === undefined ? [] : [note]),
    ...(since === undefined ? [] : [`Since ${since}.`]),
  ].join('\n\n');
}
