/** smelt_runtime needs Python 3.10. */
const oldestMinor = 10;

/** Can cells run in this version, such as 3.11.9? One that is not known is not. */
export function isNewEnough(version: string | null | undefined): version is string {
  const [major, minor] = (version ?? '').split('.').map(Number);
  return major === 3 && (minor ?? 0) >= oldestMinor;
}
