import type { ModuleSource, SourceModule } from '../../semantics/moduleSource.ts';
import { sha256 } from '../sha256.ts';

/** What a file has found in another one, or not found: `from importer, level dots, name`. */
export interface Import {
  readonly importer: string;
  readonly level: number;
  readonly name: string;
  /** Path and hash of the text of what was found. */
  readonly found: string | null;
}

/** Passes questions on, and keeps them with their answers. */
export class RecordedImports implements ModuleSource {
  private readonly modules: ModuleSource;
  private readonly asked = new Map<string, Import>();

  constructor(modules: ModuleSource) {
    this.modules = modules;
  }

  readonly resolve: ModuleSource['resolve'] = (importer, level, name) => {
    const found = this.modules.resolve(importer, level, name);
    const key = `${importer}\0${level}\0${name}`;
    if (!this.asked.has(key))
      this.asked.set(key, { importer, level, name, found: identityOf(found) });
    return found;
  };

  readonly topOf: ModuleSource['topOf'] = (path) => this.modules.topOf(path);

  get imports(): readonly Import[] {
    return [...this.asked.values()];
  }
}

/** Are the answers still the same? */
export const areCurrent = (imports: readonly Import[], modules: ModuleSource): boolean =>
  imports.every(
    ({ importer, level, name, found }) =>
      identityOf(modules.resolve(importer, level, name)) === found,
  );

const identities = new WeakMap<SourceModule, string>();

function identityOf(module: SourceModule | null): string | null {
  if (module === null) return null;
  const known = identities.get(module);
  if (known !== undefined) return known;
  const made = `${module.path} ${sha256(module.text)}`;
  identities.set(module, made);
  return made;
}
