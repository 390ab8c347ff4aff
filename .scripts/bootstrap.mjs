// The one script that runs on whatever Node is there: installs the packages, then hands over to the
// project's own Node. `node .scripts/bootstrap.mjs <start|test|bench|package|build> …`
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const [name, ...args] = process.argv.slice(2);

const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const oldest = engines.node.replace('>=', '');
const found = process.versions.node;
if (found.localeCompare(oldest, 'en', { numeric: true }) < 0) {
  console.error(`Smelt needs Node ${oldest} or newer, and this is ${found}: https://nodejs.org`);
  process.exit(2);
}

const bin = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.smelt-lock');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('Installing npm packages…');
  // `npm ci` would empty the folder that a link leads to, and others use it.
  const packages = join(root, 'node_modules');
  if (lstatSync(packages, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(packages);
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

process.exit(
  run(join(bin, 'node'), [
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    join(root, '.scripts', `${name}.ts`),
    ...args,
  ]),
);

function run(command, args) {
  const windows = process.platform === 'win32';
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
    env: { ...process.env, PATH: bin + delimiter + process.env.PATH },
  });
  if (done.error !== undefined) {
    console.error(`${command} could not be started: ${done.error.message}`);
    process.exit(2);
  }
  if (done.status !== 0 && command === 'npm') process.exit(done.status ?? 1);
  return done.status ?? 1;
}
