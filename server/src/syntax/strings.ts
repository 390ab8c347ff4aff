/** Prefix and quotes of a literal, as written. */
const opening = /^([a-zA-Z]*)('''|"""|'|")/;

const escapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export interface ReadString {
  readonly value: string;
  readonly bytes: boolean;
  readonly opening: string;
}

/** The value of one plain string literal. */
export function readString(literal: string): ReadString {
  const match = opening.exec(literal);
  const prefix = match?.[1] ?? '';
  const quotes = match?.[2] ?? '';
  const inner = literal.slice(
    prefix.length + quotes.length,
    literal.endsWith(quotes) ? literal.length - quotes.length : literal.length,
  );
  return {
    value: /r/i.test(prefix) ? inner : unescaped(inner),
    bytes: /b/i.test(prefix),
    opening: prefix + quotes,
  };
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:(\r?\n|[\\'"abfnrtv])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/g,
    (whole, simple?: string, x?: string, u?: string, U?: string, octal?: string) => {
      if (simple !== undefined) return escapes[simple.replace('\r', '')] ?? '';
      const code =
        octal !== undefined
          ? Number.parseInt(octal, 8)
          : Number.parseInt((x ?? u ?? U) as string, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
