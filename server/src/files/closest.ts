import { distance } from 'fastest-levenshtein';

/** ` Did you mean "select"?`, when one of the words is nearly the given one; else nothing. */
export function didYouMean(given: string, words: readonly string[]): string {
  const found = closest(given, words);
  return found === undefined ? '' : ` Did you mean "${found}"?`;
}

function closest(given: string, words: readonly string[]): string | undefined {
  const typed = given.toLowerCase();
  let best: string | undefined;
  // A third of the letters may be wrong, and two may have changed places.
  let fewest = Math.max(typed.length > 3 ? 2 : 1, Math.floor(typed.length / 3)) + 1;
  for (const word of words) {
    const edits = distance(typed, word.toLowerCase());
    if (edits < fewest) [best, fewest] = [word, edits];
  }
  return best;
}
