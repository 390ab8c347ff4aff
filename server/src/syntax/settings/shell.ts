import type { Comment } from '../tree.ts';
import { cudaIndex, cudaPin } from './cudaPackages.ts';
import type { ProgramSetting, SettingsText } from './setting.ts';
import type { ShellCommand, ShellWord } from './shellWords.ts';
import { readCommands } from './shellWords.ts';

/** Commands whose other words are assignments. */
const setters = new Set(['export', 'declare', 'typeset', 'readonly', 'local', 'env', 'set']);

/** sh, bash and zsh scripts: what is assigned and exported, and what pip and uv are told. */
export function readShell(text: string, start = 0, end = text.length): SettingsText {
  const comments: Comment[] = [];
  const settings: ProgramSetting[] = [];
  for (const command of readCommands(text, start, end, comments)) {
    settings.push(...variables(command));
    // In a branch it may be meant for another machine.
    if (command.depth === 0) settings.push(...cudaPackages(command.words));
  }
  return { settings, comments };
}

function variables({ words }: ShellCommand): ProgramSetting[] {
  const assignments: ShellWord[] = [];
  let sets = true;
  let unset = false;
  for (const word of words) {
    if (!sets) break;
    if (/^[A-Za-z_]\w*=/.test(word.raw)) assignments.push(word);
    // Options of export and env, and env's -u NAME, change nothing.
    else sets = setters.has(word.raw) || (word !== words[0] && (word.raw.startsWith('-') || unset));
    unset = word.raw === '-u' || word.raw === '--unset';
  }
  return assignments.map((word) => {
    const at = word.raw.indexOf('=');
    const isAlone = assignments.length === 1 && word === words.at(-1) && words.length <= 2;
    return {
      kind: 'variable',
      start: isAlone ? (words[0] as ShellWord).start : word.start,
      end: word.end,
      name: word.raw.slice(0, at),
      value: word.value === null ? null : word.value.slice(at + 1),
      valueSpan: { start: word.start + at + 1, end: word.end },
      beside: (name, value) => ({ start: word.end, end: word.end, text: ` ${name}=${value}` }),
    };
  });
}

/** `pip install --index-url …`, `uv pip install torch==2.5.1+cu121`. */
function cudaPackages(words: readonly ShellWord[]): ProgramSetting[] {
  const isInstall =
    !/^(?:echo|printf)$/.test(words[0]?.raw ?? '') &&
    words.some(({ raw }) => /^(?:.*\/)?(?:pip[\d.]*|uv)$/.test(raw)) &&
    words.some(({ raw }) => raw === 'install' || raw === 'sync' || raw === 'add');
  if (!isInstall) return [];
  return words.flatMap((word, i): ProgramSetting[] => {
    const value = word.value ?? '';
    const option = words[i - 1]?.raw ?? '';
    if (cudaIndex.test(value)) {
      const isIndex =
        ['--index-url', '-i', '--default-index'].includes(option) ||
        /^(?:--index-url|--default-index)=/.test(value);
      return isIndex
        ? [{ kind: 'cudaPackage', how: 'index', start: word.start, end: word.end }]
        : [];
    }
    return cudaPin.test(value)
      ? [{ kind: 'cudaPackage', how: 'pin', start: word.start, end: word.end }]
      : [];
  });
}
