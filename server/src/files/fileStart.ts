import { closeSync, openSync, readSync } from 'node:fs';

/** The first bytes of a file; null when it cannot be read. */
export function fileStart(path: string, length: number): Uint8Array | null {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
