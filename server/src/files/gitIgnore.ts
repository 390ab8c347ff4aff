import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Ignore } from 'ignore';
import ignore from 'ignore';

/** The ignore rules that hold in a folder: its own after those of the folders above. */
export class GitIgnore {
  private readonly levels: readonly { readonly root: string; readonly rules: Ignore }[];

  private constructor(levels: GitIgnore['levels']) {
    this.levels = levels;
  }

  /** The rules that hold in a folder, from the root of its repository down. */
  static at(folder: string): GitIgnore {
    const folders = [folder];
    for (let at = folder; !existsSync(join(at, '.git')); at = dirname(at)) {
      // Without a repository only what lies in the folder and below counts.
      if (dirname(at) === at) return new GitIgnore([]).in(folder);
      folders.unshift(dirname(at));
    }
    const top = folders[0] as string;
    const outer = new GitIgnore(rulesOf(top, join(top, '.git/info/exclude')));
    const known = folders.reduce((above: GitIgnore, at) => above.in(at), outer);
    // A folder that is ignored but was asked for is searched all the same.
    return known.ignores(folder, true) ? new GitIgnore([]).in(folder) : known;
  }

  /** The rules in a folder below. */
  in(folder: string): GitIgnore {
    const own = rulesOf(folder, join(folder, '.gitignore'));
    return own.length === 0 ? this : new GitIgnore([...this.levels, ...own]);
  }

  ignores(path: string, isFolder: boolean): boolean {
    let ignored = false;
    for (const { root, rules } of this.levels) {
      const inside = relative(root, path).replaceAll(sep, '/');
      if (inside === '' || inside.startsWith('..')) continue;
      const answer = rules.test(isFolder ? `${inside}/` : inside);
      if (answer.ignored) ignored = true;
      else if (answer.unignored) ignored = false;
    }
    return ignored;
  }
}

function rulesOf(root: string, file: string): { root: string; rules: Ignore }[] {
  try {
    return [{ root, rules: ignore().add(readFileSync(file, 'utf8')) }];
  } catch {
    return [];
  }
}
