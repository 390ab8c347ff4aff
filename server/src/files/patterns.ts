import { basename, isAbsolute, relative, sep } from 'node:path';
import picomatch from 'picomatch';

const isGlob = (pattern: string): boolean => /[*?[\]{}()!+@\\]/.test(pattern);

const compiled = new Map<string, (path: string) => boolean>();

function matcher(pattern: string): (path: string) => boolean {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  // As for ruff, `*` goes on over `/`: "tests/*" means all that lies below.
  const made = isGlob(pattern)
    ? picomatch(pattern, { dot: true, nonegate: true, bash: true })
    : (path: string) => path === pattern;
  compiled.set(pattern, made);
  return made;
}

const slashes = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));

/**
 * Does the pattern mean the path? With a `/` in it the pattern is relative to the root, without it
 * is about the name, or the beginning of the path (`tests*`). `./` at the beginning and `/` at the end say nothing.
 */
export function matchesPattern(pattern: string, root: string, path: string): boolean {
  const plain = pattern.replace(/^\.\//, '').replace(/\/$/, '');
  if (isAbsolute(plain)) return matcher(plain)(slashes(path));
  if (pattern.includes('/')) return matcher(plain)(slashes(relative(root, path)));
  return (
    matcher(plain)(basename(path)) ||
    (isGlob(plain) && matcher(plain)(slashes(relative(root, path))))
  );
}
