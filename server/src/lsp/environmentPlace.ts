import { isCode } from './pythonText.ts';

/** Where the name or the value of an environment variable is being written; offsets of what is there. */
export interface EnvironmentPlace {
  readonly start: number;
  readonly end: number;
  /** The variable whose value it is; null: its name is being written. */
  readonly variable: string | null;
}

export type EnvironmentSyntax = 'python' | 'shell' | 'dotenv' | 'dockerfile' | 'json';

/** Expressions that end at the cursor. The last group is what is written; `name` is the variable. */
interface Places {
  readonly names: readonly RegExp[];
  readonly values: readonly RegExp[];
  /** Only the line is looked at; otherwise also what stands before it. */
  readonly lines: boolean;
}

const environ = String.raw`(?<![\w.])(?:\w+\s*\.\s*)?environ\s*`;
const setting = String.raw`(?:${environ}\.\s*(?:setdefault|get|pop|__setitem__)|(?:getenv|putenv|unsetenv|setenv|delenv))\s*\(\s*`;
const quotedName = String.raw`(?<quote>["'])(?<name>\w+)\k<quote>`;

const places: Readonly<Record<EnvironmentSyntax, Places>> = {
  python: {
    names: [
      new RegExp(String.raw`${environ}\[\s*["'](\w*)$`),
      new RegExp(String.raw`${setting}["'](\w*)$`),
      new RegExp(String.raw`${environ}\.\s*update\s*\(\s*\{(?:[^{}]*,)?\s*["'](\w*)$`),
      /(?<=^|\n)[ \t]*%(?:set_)?env[ \t]+(\w*)$/,
    ],
    values: [
      new RegExp(String.raw`${environ}\[\s*${quotedName}\s*\]\s*[=!]?=\s*["']([^"'\n]*)$`),
      new RegExp(String.raw`${setting}${quotedName}\s*,\s*["']([^"'\n]*)$`),
      new RegExp(
        String.raw`${environ}\.\s*update\s*\(\s*\{(?:[^{}]*,)?\s*${quotedName}\s*:\s*["']([^"'\n]*)$`,
      ),
      /(?<=^|\n)[ \t]*%(?:set_)?env[ \t]+(?<name>\w+)(?:=|[ \t]+)(\S*)$/,
    ],
    lines: false,
  },
  shell: {
    names: [
      /(?:^|[\s;&|(])(?:export|env)\s+(?:\w+=\S*\s+)*(\w*)$/,
      /^\s*(?:\w+=\S*\s+)*((?:PYTORCH|MLX)\w*)$/,
    ],
    values: [/(?:^|[\s;&|(])(?<name>\w+)=["']?([^"'\s]*)$/],
    lines: true,
  },
  dotenv: {
    names: [/^\s*(?:export\s+)?(\w*)$/],
    values: [/^\s*(?:export\s+)?(?<name>\w+)\s*=\s*["']?([^"'\s]*)$/],
    lines: true,
  },
  dockerfile: {
    names: [/^\s*(?:ENV|ARG)\s+(?:\w+=\S*\s+)*(\w*)$/i],
    values: [
      /^\s*(?:ENV|ARG)\s+(?:\w+=\S*\s+)*(?<name>\w+)=["']?([^"'\s]*)$/i,
      /^\s*ENV\s+(?<name>\w+)\s+["']?([^"'\s=]*)$/i,
    ],
    lines: true,
  },
  json: {
    names: [
      /"(?:env|smelt\.kernel\.environment|terminal\.integrated\.env\.osx)"\s*:\s*\{(?:[^{}]*,)?\s*"(\w*)$/,
    ],
    values: [
      /"(?:env|smelt\.kernel\.environment|terminal\.integrated\.env\.osx)"\s*:\s*\{(?:[^{}]*,)?\s*"(?<name>\w+)"\s*:\s*"([^"]*)$/,
    ],
    lines: false,
  },
};

/** As far back as a call or an object that is being written begins. */
const reach = 2_000;

export function environmentPlaceAt(
  text: string,
  offset: number,
  syntax: EnvironmentSyntax,
): EnvironmentPlace | null {
  const { names, values, lines } = places[syntax];
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(Math.max(lines ? lineStart : 0, offset - reach), offset);
  for (const pattern of [...values, ...names]) {
    const match = pattern.exec(before);
    if (match === null) continue;
    if (syntax === 'python' && !isCode(text, offset - match[0].length)) return null;
    if (lines && /^\s*#/.test(before)) return null;
    const written = match.at(-1) ?? '';
    const rest = /^\w*/.exec(text.slice(offset, offset + 100))?.[0] ?? '';
    const variable = match.groups?.name ?? null;
    // A value may have a point; what follows a name is the rest of the name.
    const tail =
      variable === null ? rest : (/^[\w.]*/.exec(text.slice(offset, offset + 100))?.[0] ?? '');
    return { start: offset - written.length, end: offset + tail.length, variable };
  }
  return null;
}

/** How a document writes environment variables; null: it does not. */
export function environmentSyntaxOf(languageId: string, uri: string): EnvironmentSyntax | null {
  const name = decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
  if (languageId === 'python') return 'python';
  if (languageId === 'dotenv' || /^\.env(\.|$)|\.env$/.test(name)) return 'dotenv';
  if (languageId === 'shellscript') return 'shell';
  if (languageId === 'dockerfile') return 'dockerfile';
  if (/^(json|jsonc)$/.test(languageId)) return 'json';
  return null;
}
