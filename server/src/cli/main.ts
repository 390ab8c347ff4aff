import { didYouMean } from '../files/closest.ts';
import { CommandError } from './commandLine/commandError.ts';
import type { Host } from './commandLine/verb.ts';
import { verbHelp } from './commandLine/verb.ts';
import { verbs } from './verbs.ts';

const usage = `Smelt: finds what keeps PyTorch and Apple MLX off the GPU of a Mac.

usage: smelt <command> [options]

${verbs.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

smelt <command> --help tells more. Exit codes: 0 nothing found, 1 findings, 2 an error.
`;

/** Runs one command; its exit code. */
export async function main(args: readonly string[], host: Host): Promise<number> {
  // A reader that closes the pipe (head, less) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`smelt: cannot write standard output: ${error.message}\n`);
    process.exit(2);
  });
  const [given, ...rest] = args;
  if (given === undefined || given === '--help' || given === '-h' || given === 'help') {
    process.stdout.write(usage);
    return given === undefined ? 2 : 0;
  }
  const name = given === '--version' || given === '-V' ? 'version' : given;
  const verb = verbs.find((each) => each.name === name);
  if (verb === undefined) {
    const names = verbs.map((each) => each.name);
    const meant = didYouMean(name, names) || ` The commands are ${names.join(', ')}.`;
    process.stderr.write(`smelt: unknown command "${name}".${meant}\n`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(verbHelp(verb));
    return 0;
  }
  try {
    return await verb.run(rest, host);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`smelt: ${error.message}\n`);
    return 2;
  }
}
