import type { EnvironmentWriteFact } from '../../semantics/facts.ts';
import type { Statement } from '../../syntax/tree.ts';
import { deleteLines, insertLinesBefore, lineStart, ownsItsLines, textOf } from '../edits.ts';
import { factsOf } from '../factsOf.ts';
import type { Edit, Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { mps } from '../words.ts';
import { usesOnly } from './usesOnly.ts';

export const rule: Rule = {
  meta: {
    name: 'fallback-env-after-import',
    code: 'MPS301',
    severity: 'error',
    summary: 'PYTORCH_ENABLE_MPS_FALLBACK is set after torch has read it',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: mps,
  on: {
    environmentWrite(fact, report, context) {
      if (fact.name !== 'PYTORCH_ENABLE_MPS_FALLBACK' || fact.torchLoadedBy === null) return;
      // `load_dotenv()` after a line that sets the variable in time.
      const isInTime = (): boolean =>
        factsOf(context.facts, 'environmentWrite').some(
          (other) => other.name === fact.name && other.torchLoadedBy === null,
        );
      if (fact.value === null && isInTime()) return;
      // A function that imports torch itself, below: its first call may be the first to load it.
      if (!fact.reached && fact.torchLoadedBy.start > fact.node.start) return;
      // Children that are started later do inherit it.
      if (fact.scope !== 0 && startsProcesses(context, fact)) return;
      const loader = fact.torchLoadedBy;
      report({
        at: fact.node,
        message: 'Has no effect: torch read this variable when it was imported, before this line.',
        related: [{ start: loader.start, end: loader.end, message: 'torch is loaded here.' }],
        fixes: fixes(fact, context),
      });
    },
  },
};

const processStarters = /\b(subprocess|Popen|multiprocessing|torchrun|execv|spawn)\b/;

function startsProcesses({ module }: RuleContext, fact: EnvironmentWriteFact): boolean {
  const body = enclosingFunction(module.body, fact.node.start);
  return body !== null && processStarters.test(module.text.slice(body.start, body.end));
}

function enclosingFunction(body: readonly Statement[], offset: number): Statement | null {
  for (const statement of body) {
    if (statement.start > offset || statement.end < offset) continue;
    if (statement.kind === 'function') return statement;
    if (statement.kind === 'class') return enclosingFunction(statement.body, offset);
  }
  return null;
}

/** Moves the statement, and the import of os that it needs, above the import that loads torch. */
function fixes(fact: EnvironmentWriteFact, context: RuleContext): Fix[] {
  const { module, facts } = context;
  const { statement, torchLoadedBy: loader } = fact;
  if (loader === null || fact.scope !== 0 || !module.body.includes(statement)) return [];
  const first = module.body.find((other) => other.start === loader.start);
  if (first === undefined || !ownsItsLines(module, statement) || !ownsItsLines(module, first))
    return [];
  const edits: Edit[] = [];
  const lines: string[] = [];
  if (fact.form !== 'magic') {
    // What the statement calls must be there before the import, too.
    const os = facts.localNames.get('os');
    if (os === undefined || os.name !== 'os') return [];
    if (os.statement.start > loader.start) {
      lines.push('import os');
      if (textOf(module, os.statement) === 'import os' && ownsItsLines(module, os.statement)) {
        edits.push(deleteLines(module, os.statement));
      }
    }
    if (fact.value === null || !usesOnly(statement, os.name)) return [];
  }
  lines.push(textOf(module, statement));
  // Who looks at the variable before it is set sees another answer then.
  const isRead = module.text.slice(0, statement.start).includes(fact.name);
  const title = `Move above "${firstLine(textOf(module, loader))}"`;
  return [
    fix(title, isRead ? 'unsafe' : 'safe', () => [
      insertLinesBefore(module, { start: lineStart(module, loader.start), end: loader.end }, lines),
      ...edits,
      deleteLines(module, statement),
    ]),
  ];
}

const firstLine = (text: string): string => (text.split('\n')[0] as string).trim();
