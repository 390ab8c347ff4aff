import type { Module } from '../syntax/tree.ts';
import type { Finding } from './finding.ts';
import type { LintSettings } from './settings.ts';
import type { Environment } from '../semantics/target.ts';

/** A finding lost to a defect in Smelt: logged, never shown as a finding. */
export interface RuleFailure {
  readonly rule: string;
  readonly offset: number;
  readonly error: unknown;
}

export interface Analysis {
  /** Sorted by position, suppressed ones removed. */
  readonly findings: readonly Finding[];
  readonly failures: readonly RuleFailure[];
}

/** Pure: no files, clocks or processes. */
export function analyze(_module: Module, _settings: LintSettings, _environment: Environment): Analysis {
  return { findings: [], failures: [] };
}
