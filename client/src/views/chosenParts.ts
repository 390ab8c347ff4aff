import * as vscode from 'vscode';
import type { InlinePart } from './reportLine.ts';
import { inlineParts } from './reportLine.ts';

/** The parts that the user wants in the lines of a document. What is no part is left out: a typing mistake must not cost the line. */
export function chosenParts(uri: vscode.Uri): readonly InlinePart[] {
  const set = vscode.workspace
    .getConfiguration('smelt.inline', uri)
    .get<readonly string[]>('parts', inlineParts);
  return set.flatMap((part) => inlineParts.find((known) => known === part) ?? []);
}
