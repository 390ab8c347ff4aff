import type { Environment } from '../semantics/target.ts';
import type { MlxCounterpart } from '../tables/mlxCounterpart.ts';
import { mlxNameOf } from '../tables/mlxCounterpart.ts';
import { comparedVersions, mlxCounterparts } from '../tables/mlxCounterparts.gen.ts';
import { trapsOf } from '../tables/nameTraps.ts';
import { mpsStatus } from './mpsStatus.ts';

/**
 * What is known of a PyTorch or MLX name: its counterpart, whether MPS has it, and traps.
 * @param name canonical, such as torch.Tensor.view or mlx.core.eval
 */
export function nameHover(name: string, environment: Environment): string | null {
  const own = counterpartsOfTorch().get(name);
  const parts = [
    ...(own === undefined ? [] : counterpartText(own)),
    ...fromMlx(name),
    ...mpsStatus(name, environment),
    ...trapsOf(name).map(
      ({ clash, text }) =>
        `**${clash === true ? 'Same name, other meaning' : 'Look out'}.** ${text}`,
    ),
  ];
  return parts.length === 0 ? null : [`\`${name}\``, ...parts].join('\n\n');
}

const kinds: Readonly<Record<string, string>> = {
  exact: '',
  args: '',
  layout: ', channels last',
};

function counterpartText(row: MlxCounterpart): string[] {
  if (row.mlx === null)
    return [
      `**MLX** has nothing like it.${row.notes === undefined ? '' : ` ${sentence(row.notes)}`}`,
    ];
  return [`**MLX** ${code(row.mlx)}${kinds[row.kind] ?? ''}`, ...differences(row)];
}

function differences({ args, notes, dtype, example }: MlxCounterpart): string[] {
  const lines = args.map(([torch = '', mlx = '']) =>
    torch === '' ? `- also: ${mlx}` : `- ${code(torch)} → ${mlx}`,
  );
  if (dtype !== undefined) lines.push(`- dtype of the result: ${dtype.replace('->', '→')}`);
  return [
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    ...(notes === undefined ? [] : [sentence(notes)]),
    ...(example === undefined
      ? []
      : [
          `${code(example[0] ?? '')} and ${code(example[1] ?? '')} gave the same on torch ${comparedVersions.torch} and MLX ${comparedVersions.mlx}.`,
        ]),
  ];
}

/** The PyTorch names whose counterpart this is: the one with the most to say, then the others by name. */
function fromMlx(name: string): string[] {
  const rows = counterpartsOfMlx().get(name) ?? [];
  const last = name.slice(name.lastIndexOf('.') + 1);
  const [first, ...others] = [...rows].sort((a, b) => rank(a, last) - rank(b, last));
  if (first === undefined) return [];
  const also = others.map(({ torch }) => code(torch)).join(', ');
  return [
    `**PyTorch** ${code(first.torch)}${kinds[first.kind] ?? ''}${also === '' ? '' : `; also ${also}`}`,
    ...differences({ ...first, args: first.args.map(([torch = '', mlx = '']) => [torch, mlx]) }),
  ];
}

const rank = ({ torch, kind }: MlxCounterpart, last: string): number =>
  (torch.endsWith(`.${last}`) ? 0 : 2) + (kind === 'exact' ? 0 : 1);

const code = (text: string): string => `\`${text}\``;

/** A note as a sentence; one that begins with code keeps its case. */
function sentence(note: string): string {
  const isWord = /^[a-z]+[ ,;:]/.test(note);
  const text = isWord ? `${note.charAt(0).toUpperCase()}${note.slice(1)}` : note;
  return text.endsWith('.') ? text : `${text}.`;
}

let byTorch: ReadonlyMap<string, MlxCounterpart> | undefined;
let byMlx: ReadonlyMap<string, readonly MlxCounterpart[]> | undefined;

function counterpartsOfTorch(): ReadonlyMap<string, MlxCounterpart> {
  byTorch ??= new Map(mlxCounterparts.map((row) => [row.torch, row]));
  return byTorch;
}

function counterpartsOfMlx(): ReadonlyMap<string, readonly MlxCounterpart[]> {
  if (byMlx === undefined) {
    const map = new Map<string, MlxCounterpart[]>();
    for (const row of mlxCounterparts) {
      const mlx = mlxNameOf(row);
      if (mlx !== null) map.set(mlx, [...(map.get(mlx) ?? []), row]);
    }
    byMlx = map;
  }
  return byMlx;
}
