import { check, checkHelp } from './check.ts';
import { CommandError } from './commandError.ts';
import { rule, ruleHelp } from './rule.ts';
import { listRules, listRulesHelp } from './rules.ts';
import { server, serverHelp } from './server.ts';
import { version } from './version.ts';

interface Verb {
  readonly run: (args: readonly string[], startServer: () => void) => Promise<number>;
  readonly help: string;
  readonly summary: string;
}

const verbs: Readonly<Record<string, Verb>> = {
  check: {
    run: check,
    help: checkHelp,
    summary: 'Check files and folders, and fix what can be fixed',
  },
  rule: { run: rule, help: ruleHelp, summary: 'Explain a rule' },
  rules: { run: listRules, help: listRulesHelp, summary: 'List all rules' },
  server: { run: server, help: serverHelp, summary: 'Run the language server' },
  version: { run: version, help: 'usage: smelt version\n', summary: 'Print the version' },
};

const usage = `Smelt: finds what keeps PyTorch and Apple MLX off the GPU of a Mac.

usage: smelt <command> [options]

${Object.entries(verbs)
  .map(([name, verb]) => `  ${name.padEnd(9)} ${verb.summary}`)
  .join('\n')}

smelt <command> --help tells more. Exit codes: 0 nothing found, 1 findings, 2 an error.
`;

/** Runs one command; its exit code. */
export async function main(args: readonly string[], startServer: () => void): Promise<number> {
  // A reader that closes the pipe (head, less) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage);
    return name === undefined ? 2 : 0;
  }
  const verb = name === '--version' || name === '-V' ? verbs.version : verbs[name];
  if (verb === undefined) {
    process.stderr.write(
      `smelt: unknown command "${name}"; the commands are ${Object.keys(verbs).join(', ')}\n`,
    );
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(verb.help);
    return 0;
  }
  try {
    return await verb.run(rest, startServer);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`smelt: ${error.message}\n`);
    return 2;
  }
}
