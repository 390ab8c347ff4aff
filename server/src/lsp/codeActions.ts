import type {
  CodeAction,
  CodeActionParams,
  Range,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { CodeActionKind } from 'vscode-languageserver';
import { applyEdits, applyFixes } from '../engine/applyFixes.ts';
import { commandNames } from '../protocol/messages.ts';
import type { Edit, Finding } from '../rules/finding.ts';
import { positionsOf } from '../syntax/positions.ts';
import { isSettingsModule } from '../syntax/settings/setting.ts';
import type { Module } from '../syntax/tree.ts';
import { diagnosticOf } from './diagnostics.ts';
import type { AnalysedProgram } from './documents.ts';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.smelt`;

/** Quick fixes for the findings under the cursor, "ignore" and "explain", and fix-all. */
export function codeActionsOf(
  analysed: AnalysedProgram,
  params: CodeActionParams,
  reanalyse: (texts: readonly string[]) => AnalysedProgram,
): CodeAction[] {
  const { uri } = params.textDocument;
  const wants = (kind: string): boolean =>
    params.context.only === undefined ||
    params.context.only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    const touched = analysed
      .findingsIn(uri)
      .filter((finding) => overlaps(analysed.locate(finding).range, params.range));
    for (const finding of touched) actions.push(...quickFixes(analysed, finding));
  }
  if (wants(fixAllKind)) {
    const edit = fixAll(analysed, uri, reanalyse);
    if (edit !== null)
      actions.push({ title: 'Fix all that Smelt can fix safely', kind: fixAllKind, edit });
  }
  return actions;
}

const overlaps = (a: Range, b: Range): boolean =>
  !isBefore(a.end, b.start) && !isBefore(b.end, a.start);

const isBefore = (a: Range['start'], b: Range['start']): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);

function quickFixes(analysed: AnalysedProgram, finding: Finding): CodeAction[] {
  const diagnostics = [diagnosticOf(analysed, finding)];
  const fixes = finding.fixes.map(
    (fix, i): CodeAction => ({
      title:
        fix.applicability === 'safe' ? fix.title : `${fix.title} (may change what it computes)`,
      kind: CodeActionKind.QuickFix,
      diagnostics,
      isPreferred: i === 0,
      edit: workspaceEdit(analysed, fix.edits()),
    }),
  );
  const inFile = lineComment(analysed.module, finding) === null;
  const ignore: CodeAction = {
    title: `Ignore ${finding.code} ${inFile ? 'in this file' : 'on this line'}`,
    kind: CodeActionKind.QuickFix,
    diagnostics,
    edit: workspaceEdit(analysed, [ignoreEdit(analysed, finding)]),
  };
  const explain: CodeAction = {
    title: `Explain ${finding.code}`,
    kind: CodeActionKind.QuickFix,
    diagnostics,
    command: {
      title: `Explain ${finding.code}`,
      command: commandNames.showRule,
      arguments: [finding.code],
    },
  };
  return [...fixes, ignore, explain];
}

function workspaceEdit(analysed: AnalysedProgram, edits: readonly Edit[]): WorkspaceEdit {
  return { changes: Object.fromEntries(analysed.editsBySource(edits)) };
}

/** What begins a comment at the end of the finding's line; null: nothing can stand there. */
function lineComment(module: Module, finding: Finding): '#' | '//' | null {
  if (!isSettingsModule(module)) return '#';
  const isContinued = /^[^\n]*\\\r?(?:\n|$)/.test(module.text.slice(finding.end));
  return isContinued ? null : module.lineComment;
}

/** Adds the code to the suppression at the end of the finding's last line, or writes one. */
function ignoreEdit({ module }: AnalysedProgram, finding: Finding): Edit {
  const mark = lineComment(module, finding);
  if (mark === null) {
    const start = module.text.lastIndexOf('\n', finding.start - 1) + 1;
    return { start, end: start, text: `# smelt: ignore-file[${finding.code}]\n` };
  }
  const newline = module.text.indexOf('\n', finding.end);
  const end = newline === -1 ? module.text.length : newline;
  const lineEnd = module.text[end - 1] === '\r' ? end - 1 : end;
  const comment = module.comments.find(
    ({ start, end: commentEnd }) => start >= finding.end && commentEnd <= end,
  );
  const list =
    comment === undefined ? null : /(?:#|\/\/)\s*smelt:\s*ignore\[([^\]]*)/.exec(comment.text);
  if (comment !== undefined && list !== null) {
    const at = comment.start + list.index + list[0].length;
    return { start: at, end: at, text: `, ${finding.code}` };
  }
  return { start: lineEnd, end: lineEnd, text: `  ${mark} smelt: ignore[${finding.code}]` };
}

/** All safe fixes, round by round, as one edit for each source that changes. */
function fixAll(
  analysed: AnalysedProgram,
  uri: string,
  reanalyse: (texts: readonly string[]) => AnalysedProgram,
): WorkspaceEdit | null {
  const { sources, isNotebook } = analysed.program;
  const texts = sources.map((source) => source.text);
  if (!isNotebook) {
    const fixed = applyFixes(texts[0] ?? '', (text) => reanalyse([text]).findings, 'safe').text;
    return fixed === texts[0] ? null : { changes: { [uri]: [wholeText(texts[0] ?? '', fixed)] } };
  }
  const changed = fixNotebook(texts, reanalyse);
  const changes = sources.flatMap((source, i) =>
    changed[i] === source.text
      ? []
      : [[source.uri, [wholeText(source.text, changed[i] as string)]] as [string, TextEdit[]]],
  );
  return changes.length === 0 ? null : { changes: Object.fromEntries(changes) };
}

/** The same for cells: their borders must survive, so edits are applied cell by cell. */
function fixNotebook(
  texts: readonly string[],
  reanalyse: (texts: readonly string[]) => AnalysedProgram,
): readonly string[] {
  let current = [...texts];
  for (let round = 0; round < 10; round++) {
    const analysed = reanalyse(current);
    const edits = analysed.findings.flatMap((finding) => {
      const fix = finding.fixes.find(({ applicability }) => applicability === 'safe');
      return fix === undefined ? [] : [fix.edits()];
    })[0];
    if (edits === undefined) break;
    const starts = analysed.module.cellStarts;
    current = current.map((text, cell) => {
      const start = starts[cell] ?? 0;
      const inside = edits.filter(
        (edit) => edit.start >= start && edit.start <= start + text.length,
      );
      return applyEdits(
        text,
        inside.map((edit) => ({
          start: edit.start - start,
          end: Math.min(edit.end - start, text.length),
          text: edit.text,
        })),
      );
    });
  }
  return current;
}

function wholeText(before: string, after: string): { range: Range; newText: string } {
  const positions = positionsOf(before);
  return {
    range: { start: { line: 0, character: 0 }, end: positions.positionAt(before.length) },
    newText: after,
  };
}
