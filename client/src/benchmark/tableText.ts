/** What was measured, in words: for a page and for Markdown. */
export interface TableText {
  readonly title: string;
  /** The result in one sentence. */
  readonly headline: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences that limit what the numbers mean. */
  readonly caveats: readonly string[];
  /** How it was measured. */
  readonly note: string;
  /** The numbers as they were measured. */
  readonly data: unknown;
}

export function tableMarkdown({ headline, columns, rows, caveats, note }: TableText): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    headline,
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
    '',
    ...caveats.map((caveat) => `- ${caveat}`),
    note,
  ].join('\n');
}
