import { isMap, isPair, isScalar, parseDocument, visit } from 'yaml';
import type { Comment } from '../tree.ts';
import type { ProgramSetting, SettingsText } from './setting.ts';
import { readShell } from './shell.ts';

/** GitHub workflows: `env:` of a workflow, a job or a step, and the scripts of `run:`. */
export function readWorkflow(text: string): SettingsText {
  const settings: ProgramSetting[] = [];
  const document = parseDocument(text, { strict: false, logLevel: 'silent' });
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key)) return;
      if (key.value === 'env' && isMap(value)) {
        for (const entry of value.items) settings.push(...variable(text, entry));
      }
      // What pip is told there is for the machine of the job, which is seldom a Mac.
      if (key.value === 'run' && isScalar(value) && value.range)
        settings.push(
          ...readShell(text, value.range[0], value.range[1]).settings.filter(
            ({ kind }) => kind === 'variable',
          ),
        );
    },
  });
  return { settings, comments: commentsOf(text), broken: document.errors.length > 0 };
}

function variable(text: string, entry: unknown): ProgramSetting[] {
  if (!isPair(entry) || !isScalar(entry.key) || !isScalar(entry.value)) return [];
  const [start, nameEnd] = entry.key.range ?? [0, 0];
  const [valueStart, end] = entry.value.range ?? [0, 0];
  if (end <= nameEnd) return [];
  const { source, value } = entry.value;
  const written = source ?? String(value);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = text.slice(lineStart, start);
  return [
    {
      kind: 'variable',
      start,
      end,
      name: String(entry.key.value),
      value: written.includes('${{') ? null : written,
      valueSpan: { start: valueStart, end },
      beside: (name, other) => ({
        start: end,
        end,
        text: /^[ \t]+$/.test(indent) ? `\n${indent}${name}: ${other}` : `, ${name}: ${other}`,
      }),
    },
  ];
}

/** A `#` after white space, outside of quotes as far as a line tells. */
function commentsOf(text: string): Comment[] {
  return [...text.matchAll(/(?<=^|[ \t])#[^\n]*/gm)].map((match) => ({
    start: match.index,
    end: match.index + match[0].trimEnd().length,
    text: match[0].trimEnd(),
  }));
}
