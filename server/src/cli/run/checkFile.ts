import { relative } from 'node:path';
import { addSuppressions } from '../../engine/addSuppressions.ts';
import { mayHaveFindings } from '../../engine/analyze.ts';
import { hasLoneReturns } from '../../engine/applyFixes.ts';
import { fileKind } from '../../files/fileKinds.ts';
import { ModuleIndex } from '../../files/moduleIndex.ts';
import { readSource, reasonOf } from '../../files/readSource.ts';
import { replaceFile } from '../../files/replaceFile.ts';
import type { Finding } from '../../rules/finding.ts';
import type { CheckedFile, CheckedFinding } from './checkedFile.ts';
import { isFixable } from './checkedFile.ts';
import { RecordedImports } from './imports.ts';
import type { Job, RunOptions } from './job.ts';
import type { Program } from './program.ts';
import { analyseProgram, remedy } from './program.ts';
import { ResultCache } from './resultCache.ts';

export type CheckFile = (job: Job) => CheckedFile;

/** Checks files one by one, and does to each what the run is for. */
export function fileChecker(options: RunOptions): CheckFile {
  const modules = new ModuleIndex();
  const cache = options.cache === null ? null : new ResultCache(options.cache, modules);
  return (job) => {
    try {
      return checkFile(job, options, modules, cache);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        ...nothing(job.path),
        problems: [`cannot check ${relative('.', job.path)}: ${why}`],
      };
    }
  };
}

const nothing = (path: string): CheckedFile => ({
  path,
  findings: [],
  problems: [],
  warnings: [],
  fixed: {},
  change: null,
});

function checkFile(
  job: Job,
  options: RunOptions,
  modules: ModuleIndex,
  cache: ResultCache | null,
): CheckedFile {
  const source =
    job.text === undefined
      ? readSource(job.path)
      : { text: job.text, encode: () => new Uint8Array() };
  const { text } = source;
  const unchanged = options.action === 'preview' ? { before: text, after: text } : null;
  if (!mayHaveFindings([text]) && !job.path.endsWith('.ipynb'))
    return { ...nothing(job.path), change: unchanged };
  const key = cache?.keyOf(job, text) ?? '';
  const cached = cache?.read(job.path, key) ?? null;
  let program: Program | null = null;
  const imports = cache === null ? null : new RecordedImports(modules);
  const analysed = (): Program => {
    program ??= analyseProgram(text, job, imports ?? modules);
    return program;
  };
  const checked = cached ?? describe(job.path, analysed());
  if (cached === null && imports !== null)
    cache?.write(job.path, { key, imports: imports.imports, result: checked });
  /** Says why the text cannot be written; what was found in it holds all the same. */
  const write = (changed: string): string | null => {
    try {
      replaceFile(job.path, source.encode(changed));
    } catch (error) {
      return `cannot write ${relative('.', job.path)}: ${reasonOf(error as NodeJS.ErrnoException)}`;
    }
    modules.changed(job.path);
    return null;
  };

  switch (options.action) {
    case 'show':
      return checked;
    case 'suppress': {
      // A comment in a place where a shell or Docker knows none would change what is set.
      if (checked.findings.length === 0 || fileKind(job.path) === 'settings') return checked;
      const { module, findings, edit } = analysed();
      const { problems, warnings } = checked;
      const edits = addSuppressions(module, findings, 'noqa');
      const problem = write(edit(edits));
      return problem === null
        ? { ...nothing(job.path), fixed: { noqa: edits.length }, problems, warnings }
        : { ...checked, problems: [...problems, problem] };
    }
    default: {
      const { allow } = options;
      if (!checked.findings.some((finding) => isFixable(finding, allow)))
        return { ...checked, change: unchanged };
      const fixed = analysed().fix(allow);
      if (fixed === null) {
        const isOld = fileKind(job.path) !== 'notebook' && hasLoneReturns(text);
        const why = `nothing in ${relative('.', job.path)} is fixed: a line of it ends with a lone CR`;
        const warnings = isOld ? [...checked.warnings, why] : checked.warnings;
        return { ...checked, warnings, change: unchanged };
      }
      if (options.action === 'fix') {
        const problem = write(fixed.text);
        if (problem !== null) return { ...checked, problems: [...checked.problems, problem] };
      }
      const after = describe(job.path, analyseProgram(fixed.text, job, modules));
      const change = options.action === 'preview' ? { before: text, after: fixed.text } : null;
      return { ...after, fixed: fixed.applied, change };
    }
  }
}

function describe(path: string, program: Program): CheckedFile {
  const at = (offset: number): string => {
    const { cell, location } = program.placeOf({ start: offset, end: offset });
    const inCell = cell === null ? '' : `cell ${cell}:`;
    return `${relative('.', path)}:${inCell}${location.row}`;
  };
  const brokenAt = program.module.brokenAt();
  return {
    ...nothing(path),
    warnings:
      brokenAt === null ? [] : [`cannot read ${at(brokenAt)} as Python; the rest is checked`],
    findings: program.findings.map((finding) => describeFinding(program, finding)),
    problems: [
      ...program.failures.map(
        ({ rule, offset, error }) => `${rule} failed in ${at(offset)}: ${String(error)}`,
      ),
      ...(program.stoppedAt === null
        ? []
        : [
            `cannot check ${at(program.stoppedAt)} and what follows: the file takes too long; ${remedy}`,
          ]),
    ],
  };
}

function describeFinding(program: Program, finding: Finding): CheckedFinding {
  const fix =
    finding.fixes.find(({ applicability }) => applicability === 'safe') ?? finding.fixes[0];
  return {
    ...program.placeOf(finding),
    rule: finding.rule,
    code: finding.code,
    severity: finding.severity,
    message: finding.message,
    lines: program.linesOf(finding),
    related: finding.related.map((related) => ({
      ...program.placeOf(related),
      message: related.message,
    })),
    fix:
      fix === undefined
        ? null
        : {
            title: fix.title,
            applicability: fix.applicability,
            edits: fix.edits().map((edit) => ({ ...program.placeOf(edit), content: edit.text })),
          },
  };
}
