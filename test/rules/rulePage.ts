/** A Python block of a rule page; CONTRIBUTING.md describes the format. */
export interface PageBlock {
  /** "Example", "Use instead", "Fix", "More cases". */
  readonly section: string;
  /** 1-based line of the first code line in the page. */
  readonly line: number;
  readonly code: string;
  readonly expected: readonly ExpectedFinding[];
}

export interface ExpectedFinding {
  /** 0-based line in the block. */
  readonly line: number;
  readonly code: string;
  /** Part of the message; "" when the page does not say. */
  readonly message: string;
}

const fence = /^```python\n([\s\S]*?)^```$/gm;
const marker = /\s*#! ([A-Z]+\d+)(?: "([^"]*)")?/g;

/** Every Python block of the page, with the markers taken out of its code. */
export function readBlocks(page: string): PageBlock[] {
  return [...page.matchAll(fence)].map((match) => {
    const before = page.slice(0, match.index);
    const section = /^## (.+)$/gm;
    const headings = [...before.matchAll(section)];
    const expected: ExpectedFinding[] = [];
    const lines = (match[1] as string).split('\n').map((text, line) => {
      for (const found of text.matchAll(marker)) {
        expected.push({ line, code: found[1] as string, message: found[2] ?? '' });
      }
      return text.replaceAll(marker, '');
    });
    return {
      section: headings.at(-1)?.[1] ?? '',
      line: before.split('\n').length + 1,
      code: lines.join('\n'),
      expected,
    };
  });
}

export function headingsOf(page: string): string[] {
  return [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1] as string);
}
