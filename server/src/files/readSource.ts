import { readFileSync } from 'node:fs';
import { TextDecoder } from 'node:util';

/** A file's text, and how to write it back. */
export interface Source {
  readonly text: string;
  readonly encode: (text: string) => Uint8Array;
}

/** PEP 263: a coding comment in one of the first two lines. */
const coding = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;

/** Names of Python's codecs that the Encoding Standard does not have. */
const pythonNames: Readonly<Record<string, string>> = {
  'latin-1': 'latin1',
  'iso-latin-1': 'latin1',
  'utf-8-sig': 'utf-8',
  mbcs: 'windows-1252',
};

const byteOrderMark = '\ufeff';

/** Reads UTF-8, or what a coding comment says. Throws an Error with one sentence. */
export function readSource(path: string): Source {
  const read = <T>(how: () => T): T => {
    try {
      return how();
    } catch (error) {
      throw new Error(reasonOf(error as NodeJS.ErrnoException));
    }
  };
  return decoded(
    read(() => readFileSync(path, 'utf8')),
    () => read(() => readFileSync(path)),
  );
}

/** The same for bytes that came from elsewhere. */
export const sourceOf = (bytes: Buffer): Source => decoded(bytes.toString('utf8'), () => bytes);

/** @param text the bytes read as UTF-8, whatever they are */
function decoded(text: string, bytes: () => Uint8Array): Source {
  const hasMark = text.startsWith(byteOrderMark);
  const label = hasMark ? 'utf-8' : codingOf(text);
  // Where a character stands for bytes that are no UTF-8, the bytes are looked at.
  return label === 'utf-8' && !text.includes('\ufffd')
    ? {
        text: text.slice(hasMark ? 1 : 0),
        encode: (changed) => encode(changed, label, hasMark),
      }
    : decode(bytes(), label, hasMark);
}

function decode(bytes: Uint8Array, label: string, hasMark: boolean): Source {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch {
    throw new Error(`its encoding "${label}" is not known`);
  }
  try {
    const text = decoder.decode(bytes);
    return { text, encode: (changed) => encode(changed, decoder.encoding, hasMark) };
  } catch {
    throw new Error(
      `it is not ${label === 'utf-8' ? 'UTF-8; add a coding comment or save it as UTF-8' : label}`,
    );
  }
}

function codingOf(text: string): string {
  for (const line of text.slice(0, 400).split('\n').slice(0, 2)) {
    const found = coding.exec(line)?.[1];
    if (found !== undefined) {
      const name = found.toLowerCase().replaceAll('_', '-');
      return pythonNames[name] ?? name;
    }
    if (!/^[ \t\f]*(#.*)?\r?$/.test(line)) break;
  }
  return 'utf-8';
}

/** Encodings in which a character may be several bytes. */
const severalBytes = /^(?:gb|big5|euc-|iso-2022-|shift_jis|utf-16)/;

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

/** Text that a single-byte encoding cannot hold would be lost, so it is not written. */
function encode(text: string, encoding: string, hasMark: boolean): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(hasMark ? byteOrderMark + text : text);
  if (!isAscii(text) && severalBytes.test(encoding))
    throw new Error(`its encoding ${encoding} is read and not written; save it as UTF-8`);
  const decoder = new TextDecoder(encoding);
  const table = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  );
  const bytes = [...text].map((character) => table.get(character));
  if (bytes.includes(undefined))
    throw new Error(`the fixed text does not fit its encoding ${encoding}`);
  return Uint8Array.from(bytes as number[]);
}

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  ELOOP: 'its links lead in a circle',
};

/** Why a file cannot be read or written, in words. */
export const reasonOf = (error: NodeJS.ErrnoException): string =>
  reasons[error.code ?? ''] ?? error.message;
