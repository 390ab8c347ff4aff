import { dirname, join } from 'node:path';

/** Files that stand at the top of a project. */
const projectMarks = ['.git', 'pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt'];

/** Folders above a file that are looked at for the top of its project. */
const maximumHeight = 12;

/** Where `import name` in a file is looked for: what Python's path holds when it is run the usual way. */
export class SearchFolders {
  private readonly known = new Map<string, readonly string[]>();
  private readonly namesIn: (folder: string) => ReadonlySet<string>;

  constructor(namesIn: (folder: string) => ReadonlySet<string>) {
    this.namesIn = namesIn;
  }

  /** For files of this folder: the folders above its package up to the top of the project, then itself. */
  of(folder: string): readonly string[] {
    let folders = this.known.get(folder);
    if (folders === undefined) {
      folders = this.search(folder);
      this.known.set(folder, folders);
    }
    return folders;
  }

  /** The top of the project that files of this folder are in; outside of projects the folder that holds their package. */
  topOf(folder: string): string {
    return this.inProject(folder).at(-1) as string;
  }

  private search(folder: string): readonly string[] {
    const inProject = this.inProject(folder);
    const top = inProject.at(-1) as string;
    const outside = inProject.filter((each) => !this.namesIn(each).has('__init__.py'));
    const sources = this.isTop(top) ? [join(top, 'src')] : [];
    return [...new Set([...outside, ...sources, folder])];
  }

  /** The folder and those above it, up to the top of the project. */
  private inProject(folder: string): readonly string[] {
    const above = [folder];
    while (!this.isTop(above.at(-1) as string) && above.length < maximumHeight) {
      const parent = dirname(above.at(-1) as string);
      if (parent === above.at(-1)) break;
      above.push(parent);
    }
    return this.isTop(above.at(-1) as string) ? above : this.packageOf(above);
  }

  /** Outside a project: the folder that holds the outermost package, and what is below it. */
  private packageOf(above: readonly string[]): readonly string[] {
    const height = above.findIndex((each) => !this.namesIn(each).has('__init__.py'));
    return height === -1 ? above : above.slice(0, height + 1);
  }

  private isTop(folder: string): boolean {
    const names = this.namesIn(folder);
    return projectMarks.some((mark) => names.has(mark));
  }
}
