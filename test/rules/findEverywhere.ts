import { analyze } from '../../server/src/engine/analyze.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import type { Edit, Finding, Fix } from '../../server/src/rules/finding.ts';
import type { ImportSite } from '../../server/src/semantics/moduleSource.ts';
import { nowhere } from '../../server/src/semantics/moduleSource.ts';
import type { Environment } from '../../server/src/semantics/target.ts';
import { parseFile, parseWhole } from '../../server/src/syntax/parser.ts';
import type { Module } from '../../server/src/syntax/tree.ts';

/** A finding as it can be compared. */
type PlainFinding = Omit<Finding, 'fixes'> & {
  readonly fixes: readonly (Omit<Fix, 'edits'> & { readonly edits: readonly Edit[] })[];
};

/** What is found in a module, however it was parsed. */
export const findIn = (
  module: Module,
  environment: Environment,
  site: ImportSite = nowhere,
): PlainFinding[] =>
  analyze(module, defaultLintSettings, environment, site).findings.map((finding) => ({
    ...finding,
    fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits() })),
  }));

/** What is found when only what may matter is parsed and run. */
export const find = (text: string, environment: Environment, site = nowhere): PlainFinding[] =>
  findIn(parseFile(text), environment, site);

/** What is found when everything is: any part of a module without an outline may matter. */
export const findAll = (text: string, environment: Environment, site = nowhere): PlainFinding[] =>
  findIn({ ...parseWhole(text), outline: null }, environment, site);
