import type { Diagnostic } from 'vscode-languageserver';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { ruleUrl } from '../engine/ruleUrl.ts';
import type { Finding, Severity } from '../rules/finding.ts';
import type { AnalysedProgram } from './documents.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const tags = {
  deprecated: DiagnosticTag.Deprecated,
  unnecessary: DiagnosticTag.Unnecessary,
} as const;

/** The diagnostics of one file or cell. */
export function diagnosticsOf(analysed: AnalysedProgram, uri: string): Diagnostic[] {
  return analysed.findingsIn(uri).map((finding) => diagnosticOf(analysed, finding));
}

export function diagnosticOf(analysed: AnalysedProgram, finding: Finding): Diagnostic {
  const diagnostic: Diagnostic = {
    range: analysed.locate(finding).range,
    severity: severities[finding.severity],
    code: finding.code,
    codeDescription: { href: ruleUrl(finding.rule) },
    source: 'smelt',
    message: finding.message,
  };
  if (finding.tags.length > 0) diagnostic.tags = finding.tags.map((tag) => tags[tag]);
  if (finding.related.length > 0) {
    diagnostic.relatedInformation = finding.related.map((related) => ({
      location: analysed.locate(related),
      message: related.message,
    }));
  }
  return diagnostic;
}
