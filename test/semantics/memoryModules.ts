import { dirname, join, normalize } from 'node:path/posix';
import type { ModuleSource, SourceModule } from '../../server/src/semantics/moduleSource.ts';
import { parseImported } from '../../server/src/syntax/parser.ts';

/** A workspace in memory: paths such as "/w/pkg/a.py" to texts; absolute imports start at "/w". */
export function memoryModules(files: Readonly<Record<string, string>>): ModuleSource {
  const sources = new Map<string, SourceModule>(
    Object.entries(files).map(([path, text]) => [
      path,
      { path, text, module: parseImported(text, () => text) },
    ]),
  );
  return {
    topOf: () => '/w',
    resolve: (importer, level, name) => {
      const start = level === 0 ? '/w' : join(dirname(importer), '../'.repeat(level - 1));
      const path = normalize(join(start, name.replaceAll('.', '/')));
      return sources.get(`${path}.py`) ?? sources.get(join(path, '__init__.py')) ?? null;
    },
  };
}
