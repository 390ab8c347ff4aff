import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Generator } from './generator.ts';
import { generatedNotice } from './generator.ts';

interface Row {
  /** As people write it: torch.zeros, F.relu, nn.Linear, optim.Adam. */
  readonly name: string;
  readonly kind: 'exact' | 'args' | 'layout' | 'none';
  readonly mlx: string | null;
  readonly args: Readonly<Record<string, string>>;
  readonly notes: string;
  readonly checked: boolean;
  readonly torch_expr?: string;
  readonly mlx_expr?: string;
  /** The dtype of both results, where they differ: `int64 -> int32`. */
  readonly dtype?: string;
}

interface Table {
  readonly torch: string;
  readonly mlx: string;
  readonly rows: readonly Row[];
}

const source = 'server/tools/data/torch-to-mlx.json';

/** `tables/mlxCounterparts.gen.ts`: what PyTorch names are called in MLX. */
export const mlxCounterparts: Generator = {
  label: 'MLX counterparts',
  async generate(root) {
    const { torch, mlx, rows } = JSON.parse(readFileSync(join(root, source), 'utf8')) as Table;
    const problems = rows.flatMap(({ name }, i) =>
      rows.findIndex((row) => row.name === name) < i ? [`${source} has ${name} twice.`] : [],
    );
    const text = [
      generatedNotice(source),
      "import type { MlxCounterpart } from './mlxCounterpart.ts';\n",
      '\n/** What the pairs of expressions were run on. */\n',
      `export const comparedVersions = { torch: '${torch.split('+')[0]}', mlx: '${mlx}' } as const;\n`,
      '\nexport const mlxCounterparts: readonly MlxCounterpart[] = [\n',
      ...rows.map((row) => `  ${JSON.stringify(counterpart(row))},\n`),
      '];\n',
    ].join('');
    return { files: new Map([['server/src/tables/mlxCounterparts.gen.ts', text]]), problems };
  },
};

const counterpart = (row: Row): object => ({
  torch: canonical(row.name),
  kind: row.kind,
  mlx: row.mlx,
  args: Object.entries(row.args).filter(([name]) => name !== 'name'),
  ...(row.notes === '' ? {} : { notes: row.notes }),
  ...(row.dtype === undefined ? {} : { dtype: row.dtype }),
  ...example(row),
});

const prefixes: readonly (readonly [written: RegExp, canonical: string])[] = [
  [/^F\./, 'torch.nn.functional.'],
  [/^nn\./, 'torch.nn.'],
  [/^optim\./, 'torch.optim.'],
];

const canonical = (name: string): string =>
  prefixes.reduce((known, [written, full]) => known.replace(written, full), name);

/** A pair that was run and gave equal results, unless it needs the comparison's own functions. */
function example({ checked, kind, torch_expr, mlx_expr }: Row): object {
  if (!checked || kind === 'exact' || torch_expr === undefined || mlx_expr === undefined) return {};
  const pair = [torch_expr, mlx_expr];
  if (pair.some((text) => text.length > 70 || /lambda|\b(nchw|mset|opt_run)\(/.test(text)))
    return {};
  return { example: [torch_expr.replaceAll('tnn.', 'nn.'), mlx_expr] };
}
