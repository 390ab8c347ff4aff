import { existsSync } from 'node:fs';
import { runCommand } from '../runCommand.ts';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const found = (): string | undefined => places.find((path) => existsSync(path));

/** A Chrome that is there, or Debian's chromium when this user may install it; else what to install. */
export async function chromium(): Promise<{ path: string } | { missing: string }> {
  const path = found();
  if (path !== undefined) return { path };
  const missing = 'no Chrome was found: install one, on Debian with apt install chromium';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return { missing };
  console.error("Installing Debian's chromium…");
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const install = ['install', '--yes', '--no-install-recommends', 'chromium'];
  try {
    await runCommand('apt-get', install, options).catch(async () => {
      await runCommand('apt-get', ['update'], options);
      await runCommand('apt-get', install, options);
    });
  } catch (error) {
    return { missing: `${missing} (${(error as Error).message.trim().split('\n').at(-1)})` };
  }
  const installed = found();
  return installed === undefined ? { missing } : { path: installed };
}
