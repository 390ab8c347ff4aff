import type { Report } from '../kernel/messages.gen.ts';
import { joined, reportParts, troubles } from '../views/reportParts.ts';
import { reportRows, reportSentences } from '../views/reportRows.ts';

/** What VS Code's renderer API gives for one output (vscode-notebook-renderer's OutputItem). */
interface OutputItem {
  json(): unknown;
}

/** Draws the reports that Smelt's Jupyter kernel and `%load_ext smelt_runtime` send. */
export const activate = () => ({
  renderOutputItem(output: OutputItem, element: HTMLElement): void {
    element.replaceChildren(reportElement(output.json() as Report));
  },
});

/** One line; opened, everything else. */
function reportElement(report: Report): HTMLElement {
  const details = document.createElement('details');
  details.style.color = 'var(--vscode-descriptionForeground)';
  const summary = document.createElement('summary');
  const trouble = troubles(report).length > 0;
  const parts = Object.values(reportParts).map((part) => part(report));
  summary.textContent = `${trouble ? '⚠' : '✓'} ${joined(parts)}`;
  if (trouble) summary.style.color = 'var(--vscode-smelt-inline-warning)';
  const table = document.createElement('table');
  for (const [name, value, variables = []] of reportRows(report)) {
    const row = table.insertRow();
    const heading = document.createElement('th');
    heading.textContent = name;
    heading.scope = 'row';
    heading.style.textAlign = 'left';
    row.append(heading);
    row.insertCell().textContent = `${value}${variables.join(', ')}`;
  }
  const sentences = reportSentences(report).map((sentence) => {
    const paragraph = document.createElement('p');
    paragraph.textContent = sentence;
    return paragraph;
  });
  details.append(summary, table, ...sentences);
  return details;
}
