import { readDockerfile } from './dockerfile.ts';
import { readDotenv } from './dotenv.ts';
import { readJsonSettings } from './jsonSettings.ts';
import { readRequirements } from './requirements.ts';
import type { SettingsModule, SettingsReader } from './setting.ts';
import { readShell } from './shell.ts';
import { readTomlSettings } from './tomlSettings.ts';
import { readWorkflow } from './workflow.ts';

interface SettingsFormat {
  /** Of the path, with forward slashes. */
  readonly path: RegExp;
  readonly read: SettingsReader;
  readonly lineComment: SettingsModule['lineComment'];
  /** Is it about programs that may run on another machine than this one? */
  readonly elsewhere: (text: string) => boolean;
}

const never = (): boolean => false;

const formats: readonly SettingsFormat[] = [
  {
    path: /(?:^|\/)(?:\.envrc|\.(?:zshrc|zshenv|zprofile|bashrc|bash_profile|profile)|[^/]+\.(?:sh|bash|zsh|command))$/,
    read: readShell,
    lineComment: '#',
    elsewhere: never,
  },
  {
    path: /(?:^|\/)(?:\.env(?:\.[^/]+)?|[^/]+\.env)$/,
    read: readDotenv,
    // Docker takes a comment at the end of a line as part of the value.
    lineComment: null,
    elsewhere: never,
  },
  {
    // Containers are Linux, also on a Mac.
    path: /(?:^|\/)(?:(?:Docker|Container)file(?:\.[^/]+)?|[^/]+\.[Dd]ockerfile)$/,
    read: readDockerfile,
    lineComment: null,
    elsewhere: () => true,
  },
  {
    path: /(?:^|\/)(?:\.vscode\/(?:launch|tasks|settings)\.json|[^/]+\.code-workspace|\.?devcontainer\.json)$/,
    read: readJsonSettings,
    lineComment: '//',
    elsewhere: (text) => /"containerEnv"|"remoteEnv"/.test(text),
  },
  {
    path: /(?:^|\/)(?:pyproject|pixi)\.toml$/,
    read: readTomlSettings,
    lineComment: '#',
    elsewhere: never,
  },
  {
    path: /(?:^|\/)(?:requirements[^/]*|[^/]*-requirements)\.(?:txt|in)$|(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/,
    read: readRequirements,
    lineComment: '#',
    elsewhere: never,
  },
  {
    path: /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/,
    read: readWorkflow,
    lineComment: '#',
    elsewhere: (text) => !/macos/i.test(text),
  },
];

const formatOf = (path: string): SettingsFormat | undefined =>
  formats.find((format) => format.path.test(path.replaceAll('\\', '/')));

/** Is this a file that sets variables for programs, or says what pip installs? */
export const isSettingsFile = (path: string): boolean => formatOf(path) !== undefined;

/** Reads such a file; null for any other. Never throws. */
export function readSettingsFile(path: string, text: string): SettingsModule | null {
  const format = formatOf(path);
  if (format === undefined) return null;
  const { settings, comments, broken = false } = format.read(text);
  return {
    text,
    body: [],
    comments,
    outline: null,
    cellStarts: [0],
    brokenAt: () => null,
    broken,
    settings: [...settings].sort((a, b) => a.start - b.start),
    lineComment: format.lineComment,
    elsewhere: format.elsewhere(text),
  };
}
