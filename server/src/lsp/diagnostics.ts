import type { Diagnostic } from 'vscode-languageserver';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { ruleUrl } from '../engine/ruleUrl.ts';
import type { Finding, Severity } from '../rules/finding.ts';
import type { AnalysedProgram } from './documents.ts';
import { maximumLength } from './documents.ts';

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
  const findings = analysed.findingsIn(uri).map((finding) => diagnosticOf(analysed, finding));
  return [...findings, ...limitsOf(analysed, uri)];
}

/** Says where the file was too much to be looked at, so that nobody takes silence for an answer. */
function limitsOf(analysed: AnalysedProgram, uri: string): Diagnostic[] {
  const { tooLong, stoppedAt } = analysed;
  if (!tooLong && stoppedAt === null) return [];
  const place = analysed.locate({ start: stoppedAt ?? 0, end: stoppedAt ?? 0 });
  if (place.uri !== uri) return [];
  const message = tooLong
    ? `Smelt has not checked this text: it is longer than ${maximumLength.toLocaleString('en-US')} characters. "smelt check" reads ten times as much.`
    : 'Smelt has checked nothing from here on: the file takes too long. Split it.';
  return [
    { range: place.range, severity: DiagnosticSeverity.Information, source: 'smelt', message },
  ];
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
