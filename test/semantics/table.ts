import { describe, expect, test } from 'vitest';
import { findingsOf } from './findings.ts';

export type Row = readonly [name: string, code: string, ...expected: string[]];

/** `x.to(d)` of a float64 tensor: MPS201 where d is certainly MPS. */
export const double = 'x = torch.zeros(2, dtype=torch.float64)\n';
export const found = 'MPS201 x.to(d)';

/** One test for each row: the code, behind `import torch`, has the expected findings and no others. */
export function testRows(rows: Readonly<Record<string, readonly Row[]>>): void {
  describe.each(Object.entries(rows))('%s', (_, cases) => {
    test.each(cases.map(([name, code, ...expected]) => [name, code, expected] as const))(
      '%s',
      (_name, code, expected) => expect(findingsOf(`import torch\n${code}`)).toEqual(expected),
    );
  });
}
