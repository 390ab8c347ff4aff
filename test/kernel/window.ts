import { Session } from '../../client/src/kernel/session.ts';

/** A window of its own, to be killed: runs cells and prints their output. */
const { interpreter, runtime, keep, grace, cells } = JSON.parse(process.argv[2] ?? '') as {
  interpreter: string;
  runtime: string;
  keep: { folder: string; key: string };
  grace: number;
  cells: readonly string[];
};
const session = new Session({
  interpreter,
  runtime,
  folder: keep.folder,
  environment: {},
  keep,
  grace,
  log: () => {},
  ended: () => {},
});
cells.forEach((code, index) => {
  const source = { code, filename: '/project/cell.py', line: 0 };
  const hear = (event: { type: string; text?: string }): void => {
    if (event.type === 'output') process.stdout.write(event.text ?? '');
  };
  void session.execute(source, hear, () => index);
});
