import type { Examined, Variable } from '../kernel/messages.gen.ts';
import { formatBytes } from './format.ts';

/** What stands behind the name of a variable: what it is, where, how large, and its value if it is short. */
export function variableText(variable: Variable): string {
  const { type, dtype, shape, device, bytes, lazy, text } = variable;
  return [
    [shortName(type), dtype, shape === null ? null : `[${shape.join(', ')}]`, device]
      .filter((part) => part !== null && part !== '')
      .join(' '),
    bytes === null ? '' : formatBytes(bytes),
    lazy === true ? 'lazy' : '',
    text,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

const shortName = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

/** What reading every number of a tensor has shown. */
export function examinedText({
  count,
  nan,
  infinite,
  minimum,
  maximum,
  mean,
  error,
}: Examined): string {
  if (error !== null) return error;
  const figure = (value: number | null): string => (value === null ? 'none' : value.toPrecision(4));
  return [
    `${nan ?? 0} NaN`,
    `${infinite ?? 0} infinite`,
    `${(count ?? 0).toLocaleString('en')} numbers`,
    `minimum ${figure(minimum)}`,
    `maximum ${figure(maximum)}`,
    `mean ${figure(mean)}`,
  ].join(' · ');
}
