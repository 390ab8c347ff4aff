import type { ParseArgsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import { CommandError } from './commandError.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** node:util's parser, with its complaints as one line for the user. */
export function readOptions<const T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new CommandError(
      (error instanceof Error ? error.message : String(error)).split('. ')[0] as string,
    );
  }
}

/** `--select A,B --select C` is A, B and C. */
export const listOption = (values: readonly string[] | undefined): string[] =>
  (values ?? [])
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
