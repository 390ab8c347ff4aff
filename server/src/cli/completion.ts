import { rules } from '../engine/registry.gen.ts';
import { settingNames } from '../files/settingsTable.ts';
import { CommandError } from './commandLine/commandError.ts';
import type { OptionEntry } from './commandLine/options.ts';
import { helpOption, readOptions } from './commandLine/options.ts';
import type { Verb } from './commandLine/verb.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `smelt completion SHELL`, for these verbs and itself. */
export function completionFor(others: readonly Verb[]): Verb {
  const self: Verb = {
    name: 'completion',
    usage: `${shells.join(' | ')}`,
    summary: 'Print the completion script of a shell',
    details:
      'bash: source <(smelt completion bash). zsh: smelt completion zsh > a folder of $fpath, as _smelt. fish: smelt completion fish > ~/.config/fish/completions/smelt.fish.',
    options: helpOption,
    completes: shells,
    run: async (args) => {
      const { positionals } = readOptions(args, helpOption);
      const shell = shells.find((each) => each === positionals[0]);
      if (shell === undefined)
        throw new CommandError(`completion needs one of ${shells.join(', ')}`);
      process.stdout.write(scripts[shell]([...others, self]));
      return 0;
    },
  };
  return self;
}

const scripts: Readonly<Record<(typeof shells)[number], (verbs: readonly Verb[]) => string>> = {
  bash,
  zsh,
  fish,
};

/** The words that the arguments of a verb may be; files are the shell's own affair. */
function words({ completes }: Verb): readonly string[] {
  if (completes === 'rules') return rules.flatMap(({ meta }) => [meta.code, meta.name]);
  if (completes === 'settings') return settingNames;
  return completes === undefined || completes === 'files' ? [] : completes;
}

interface Flag {
  readonly flag: string;
  readonly entry: OptionEntry;
}

const flags = ({ options }: Verb): Flag[] =>
  Object.entries(options).flatMap(([name, entry]: [string, OptionEntry]) => [
    { flag: `--${name}`, entry },
    ...(entry.negatable === true ? [{ flag: `--no-${name}`, entry }] : []),
  ]);

const isPath = ({ value }: OptionEntry): boolean => value === 'FILE' || value === 'FOLDER';

function bash(verbs: readonly Verb[]): string {
  const cases = verbs.map((verb) => {
    const values = flags(verb).flatMap(({ flag, entry }) =>
      entry.choices === undefined
        ? isPath(entry)
          ? [`        ${flag}) COMPREPLY=($(compgen -f -- "$cur")); return ;;`]
          : []
        : [
            `        ${flag}) COMPREPLY=($(compgen -W "${entry.choices.join(' ')}" -- "$cur")); return ;;`,
          ],
    );
    const all = [...flags(verb).map(({ flag }) => flag), ...words(verb)].join(' ');
    const files = verb.completes === 'files' ? ' $(compgen -f -- "$cur")' : '';
    return [
      `    ${verb.name})`,
      '      case "$prev" in',
      ...values,
      '      esac',
      `      COMPREPLY=($(compgen -W "${all}" -- "$cur")${files}) ;;`,
    ].join('\n');
  });
  return `_smelt() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${verbs.map(({ name }) => name).join(' ')}" -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
}
complete -o filenames -F _smelt smelt
`;
}

const quoted = (text: string): string => text.replaceAll("'", "'\\''");

function zsh(verbs: readonly Verb[]): string {
  const described = (text: string): string => quoted(text).replaceAll(/[[\]:]/g, '\\$&');
  const cases = verbs.map((verb) => {
    const specs = flags(verb).map(({ flag, entry }) => {
      const value =
        entry.type === 'boolean'
          ? ''
          : `:${entry.value ?? 'TEXT'}:${entry.choices !== undefined ? `(${entry.choices.join(' ')})` : isPath(entry) ? '_files' : ''}`;
      return `'${entry.type === 'list' ? '*' : ''}${flag}[${described(entry.help)}]${value.replaceAll('PATTERN:RULE', 'PATTERN')}'`;
    });
    const rest =
      verb.completes === 'files'
        ? ["'*:path:_files'"]
        : words(verb).length > 0
          ? [`'*:name:(${words(verb).join(' ')})'`]
          : [];
    return `    ${verb.name}) _arguments ${[...specs, ...rest].join(' \\\n      ')} ;;`;
  });
  return `#compdef smelt
_smelt() {
  if (( CURRENT == 2 )); then
    local -a commands=(${verbs.map(({ name, summary }) => `'${name}:${quoted(summary)}'`).join(' ')})
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _smelt smelt
`;
}

function fish(verbs: readonly Verb[]): string {
  const lines = verbs.flatMap((verb) => {
    const here = `complete -c smelt -n '__fish_seen_subcommand_from ${verb.name}'`;
    return [
      `complete -c smelt -n __fish_use_subcommand -f -a ${verb.name} -d '${fishQuoted(verb.summary)}'`,
      ...flags(verb).map(({ flag, entry }) => {
        const short =
          entry.short === undefined || flag.startsWith('--no-') ? '' : ` -s ${entry.short}`;
        const value =
          entry.type === 'boolean'
            ? ''
            : entry.choices !== undefined
              ? ` -x -a '${entry.choices.join(' ')}'`
              : isPath(entry)
                ? ' -r'
                : ' -x';
        return `${here} -l ${flag.slice(2)}${short}${value} -d '${fishQuoted(entry.help)}'`;
      }),
      ...(words(verb).length > 0 ? [`${here} -f -a '${words(verb).join(' ')}'`] : []),
    ];
  });
  return `${lines.join('\n')}\n`;
}

const fishQuoted = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
