/** A name or an attribute that a line binds, or whose value it may change. */
export interface Bound {
  readonly name: string;
  readonly isAttribute: boolean;
  /** What the attributes before it are of. */
  readonly root: string;
  /** The method that is called on it, or "" for what a call is given; null: it is bound. */
  readonly usedBy: string | null;
}

/** What a line of Python may change, told from its tokens: rather too much than too little. */
export interface LineEffects {
  readonly bound: readonly Bound[];
  /** Names of what it calls. */
  readonly called: readonly string[];
  /** Names of the methods of `self` that it calls, or of what its class inherits. */
  readonly calledOnSelf: readonly string[];
}

export const keywords: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break case class continue def del elif else except finally for from ' +
    'global if import in is lambda match nonlocal not or pass raise return try while with yield self cls super'
  ).split(' '),
);

/** Strings and comments, names with what is before and behind, brackets, and operators that bind or do not. */
const tokens =
  /(?<skipped>[rbuft]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*')|#.*)|(?<dot>\.\s*)?(?<name>[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)(?<call>\s*\()?|(?<open>[([{])|(?<close>[)\]}])|(?<compare>[=!<>]=)|(?<binds>:?=)|(?<mark>[:;])/gi;

interface Token {
  readonly name: string;
  readonly isAttribute: boolean;
  readonly isCalled: boolean;
  readonly root: string;
}

export function effectsOf(text: string): LineEffects {
  const names: Token[] = [];
  const assigned: Token[] = [];
  const used: Bound[] = [];
  const called: string[] = [];
  const calledOnSelf: string[] = [];
  const setsByName = /\bsetattr\b|\bregister_|\badd_module\b/.test(text);
  let depth = 0;
  const isHeader = opensBlock.test(text);
  /** How many names are before an annotation. */
  let annotated: number | undefined;
  for (const { groups = {} } of text.matchAll(tokens)) {
    const { skipped, dot, name, call, open, close, binds, mark } = groups;
    const before = names.at(-1);
    if (name !== undefined) {
      const isAttribute = dot !== undefined;
      const root = isAttribute ? (before?.root ?? '') : name;
      const isCalled = call !== undefined;
      if (isCalled) {
        depth += 1;
        called.push(name);
        // What a method is called on may be changed.
        if (isAttribute && before !== undefined) used.push({ ...before, usedBy: name });
        if (isAttribute && (root === 'super' || (before?.isAttribute === false && isSelf(root))))
          calledOnSelf.push(name);
        else if (name === '__init__') calledOnSelf.push(name);
      }
      names.push({ name, isAttribute, isCalled, root });
    } else if (open !== undefined) depth += 1;
    else if (close !== undefined) depth -= 1;
    else if (binds === ':=' && before !== undefined) assigned.push(before);
    else if (binds !== undefined && depth === 0) assigned.push(...names.slice(0, annotated));
    else if (mark === ';') annotated = undefined;
    else if (mark !== undefined && depth === 0 && !isHeader) annotated ??= names.length;
    else if (skipped !== undefined && setsByName) {
      const attribute = /^(["'])(\w+)\1$/.exec(skipped)?.[2];
      if (attribute !== undefined)
        assigned.push({ name: attribute, isAttribute: true, isCalled: false, root: '' });
    }
  }
  const bindsUntil = /^(?:async\s+)?for\s+([\s\S]*?)\sin\s/.exec(text)?.[1];
  const bindsFrom = /^(?:async\s+)?(?:with|except)\b/.test(text) ? /\bas\b/ : null;
  if (bindsUntil !== undefined) {
    const targets = new Set(bindsUntil.match(/\w+/g));
    assigned.push(...names.filter(({ name }) => targets.has(name)));
  } else if (bindsFrom !== null) {
    for (const [, name = ''] of text.matchAll(/\bas\s+(?:[\w.]+\.)?(\w+)/g))
      assigned.push(...names.filter((token) => token.name === name));
  } else if (text.startsWith('case ')) assigned.push(...names);
  else if (assigned.length === 0 && !says.test(text))
    used.push(
      ...names.filter(({ isCalled }) => !isCalled).map((token) => ({ ...token, usedBy: '' })),
    );
  const bound = assigned
    .filter(({ isCalled }) => !isCalled)
    .map((token): Bound => ({ ...token, usedBy: null }));
  return {
    bound: [...bound, ...used].filter(
      ({ name, isAttribute }) => isAttribute || !keywords.has(name),
    ),
    called,
    calledOnSelf,
  };
}

/** The parameters of a function, each with its annotation and its default. */
export function parametersOf(header: string): { readonly name: string; readonly text: string }[] {
  const parameters: string[] = [''];
  let depth = 0;
  for (const [token] of header.matchAll(/"[^"]*"|'[^']*'|#[^\n]*|[()[\]{},]|[^"'#()[\]{},]+|./gs)) {
    if (token.startsWith('#')) continue;
    if (/^[)\]}]$/.test(token)) depth -= 1;
    if (token === ',' && depth === 1) parameters.push('');
    else if (depth > 0) parameters[parameters.length - 1] += token;
    if (/^[([{]$/.test(token)) depth += 1;
    if (depth === 0 && token === ')') break;
  }
  return parameters.map((text) => ({ name: /\w+/.exec(text)?.[0] ?? '', text }));
}

const opensBlock =
  /^(?:if|elif|else|for|while|with|try|except|finally|match|case|async|class|def|lambda)\b/;

const isSelf = (name: string): boolean => name === 'self' || name === 'cls';

/** What is no call on its own, which may change what it is given. */
const says =
  /^(?:return|del|match|if|elif|while|assert|raise|yield|class|def|async|@|else|try|finally)\b/;
