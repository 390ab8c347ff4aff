import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** The machine that runs Smelt, as far as programs on it are concerned. */
export interface Machine {
  readonly appleSilicon: boolean;
  /** Product version of macOS, such as 14.6.1; null: not known. */
  readonly macos: string | null;
}

const systemVersion = '/System/Library/CoreServices/SystemVersion.plist';

export function thisMachine(): Machine {
  const appleSilicon =
    process.platform === 'darwin' &&
    // A process under Rosetta is told x64, and the processor's real name.
    (process.arch === 'arm64' || (cpus()[0]?.model ?? '').startsWith('Apple'));
  return { appleSilicon, macos: appleSilicon ? readMacosVersion(systemVersion) : null };
}

/**
 * The version in SystemVersion.plist, which `sw_vers` reads, too. For programs built before macOS 11 the
 * system says 10.16 instead: that is no version of any Apple Silicon Mac.
 */
export function readMacosVersion(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  const version = /<key>ProductVersion<\/key>\s*<string>(\d+(?:\.\d+)*)<\/string>/.exec(text)?.[1];
  return version === undefined || version.startsWith('10.') ? null : version;
}
