import type { Facts, ImportFact } from '../semantics/facts.ts';

/** Is this the first import of one of these libraries that the file itself gets to? */
export function isFirstImport(
  fact: ImportFact,
  { facts }: Facts,
  libraries: readonly string[],
): boolean {
  const counts = ({ module, reached }: ImportFact): boolean =>
    reached && libraries.includes(module.split('.')[0] ?? '');
  return fact === facts.find((other) => other.kind === 'import' && counts(other));
}
