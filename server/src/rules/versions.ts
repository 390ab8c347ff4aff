import { compare, explain, valid } from '@renovatebot/pep440';

/** Orders PEP 440 versions: negative when `a` is older. What is no version is older than any. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [valid(a), valid(b)];
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return compare(left, right);
}

/**
 * Is `installed` certainly older than the release `version`? A nightly or an own build of that release
 * may have it already, so 2.8.0.dev1 is not before 2.8. Not known: no.
 */
export function isBefore(installed: string | undefined, version: string): boolean {
  const base = installed === undefined ? undefined : explain(installed)?.base_version;
  return base !== undefined && compareVersions(base, version) < 0;
}

/** Is `installed` certainly the release `version` or newer? 2.8.0.dev1 is not 2.8. Not known: no. */
export const isAtLeast = (installed: string | undefined, version: string): boolean =>
  installed !== undefined && valid(installed) !== null && compareVersions(installed, version) >= 0;
