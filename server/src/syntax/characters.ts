/** What a character begins. */
export const word = 1;
export const digit = 2;
export const blank = 3;
export const newline = 4;
export const quote = 5;
export const hash = 6;
export const opening = 7;
export const closing = 8;
export const backslash = 9;
export const operator = 10;
export const dot = 11;
export const control = 12;

/** What is the same for everybody who reads Python. */
const common: readonly (readonly [characters: string, kind: number])[] = [
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_', word],
  ['0123456789', digit],
  ['"\'', quote],
  ['#', hash],
  ['([{', opening],
  [')]}', closing],
  ['\\', backslash],
];

/** Kinds of ASCII characters by their code; `others` is that of what is not named. */
export function kindsOf(
  own: readonly (readonly [characters: string, kind: number])[],
  others: (code: number) => number = () => 0,
): Uint8Array {
  const kinds = Uint8Array.from({ length: 128 }, (_, code) => others(code));
  for (const [characters, kind] of [...common, ...own])
    for (const character of characters) kinds[character.charCodeAt(0)] = kind;
  return kinds;
}
