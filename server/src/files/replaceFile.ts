import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

/**
 * Writes a file anew, so that whoever ends the program meanwhile finds the old content or the new, never a part.
 * Links stay links, and owner and permissions what they were.
 */
export function replaceFile(path: string, bytes: Uint8Array): void {
  const target = realpathSync(path);
  // A new file in its place would not ask whether the old one may be written.
  accessSync(target, constants.W_OK);
  const { mode, uid, gid, nlink } = statSync(target);
  const beside = `${target}.${process.pid}.tmp`;
  // Its other names would keep the old content.
  if (nlink > 1 || !writesBeside()) writeFileSync(target, bytes);
  else renameSync(beside, target);

  function writesBeside(): boolean {
    try {
      writeFileSync(beside, bytes);
      chmodSync(beside, mode);
      chownSync(beside, uid, gid);
      return true;
    } catch {
      // The folder may be one in which nothing can be made.
      rmSync(beside, { force: true });
      return false;
    }
  }
}
