import { basename } from 'node:path';
import { watch as watchFiles } from 'chokidar';
import { fileKind } from '../../files/fileKinds.ts';
import { settingsFileNames } from '../../files/settingsFile.ts';
import { defaultExcludes } from '../../files/settingsTable.ts';

/** Runs at once and after each change, until it is interrupted. */
export async function watch(paths: readonly string[], run: () => Promise<void>): Promise<number> {
  const matters = (path: string): boolean =>
    fileKind(path) !== null ||
    (settingsFileNames as readonly string[]).includes(basename(path)) ||
    paths.includes(path);
  const watcher = watchFiles([...paths], {
    ignoreInitial: true,
    ignored: (path, stats) =>
      defaultExcludes.includes(basename(path)) || (stats?.isFile() === true && !matters(path)),
  });
  let running = false;
  let again = false;
  const check = async (): Promise<void> => {
    // Changes while a run goes on make one more run.
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await run();
      process.stderr.write('Watching for changes. Ctrl-C ends.\n');
    }
    running = false;
  };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      void watcher.close().then(() => reject(error), reject);
    };
    watcher.on('ready', () => void check().catch(fail));
    watcher.on('all', () => void check().catch(fail));
    watcher.on('error', fail);
    process.once('SIGINT', () => {
      void watcher.close().then(() => resolve(0), reject);
    });
  });
}
