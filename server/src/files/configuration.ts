import { dirname, resolve } from 'node:path';
import { rules } from '../engine/registry.gen.ts';
import { selectRules } from '../engine/selectRules.ts';
import type { LintSettings } from '../engine/settings.ts';
import type { Rule } from '../rules/rule.ts';
import { matchesPattern } from './patterns.ts';
import type { SettingsFile, SettingsLayer, SettingsProblem } from './settingsFile.ts';
import { readSettingsFile, settingsFileIn } from './settingsFile.ts';
import type { SettingName, SettingValues } from './settingsTable.ts';
import { defaultExcludes } from './settingsTable.ts';

/** What counts for one Python file. */
export interface FileSettings {
  readonly lint: LintSettings;
  /** Distribution to version: what `target-…` says over what is installed. */
  readonly targets: Readonly<Record<string, string>>;
}

export interface ConfigurationOptions {
  /** One file for everything; null: no file at all; absent: the nearest file above each Python file. */
  readonly file?: SettingsFile | null;
  /** What the command line or the editor says: it wins over files. */
  readonly overrides?: readonly SettingsLayer[];
}

/** The settings of files and folders, from the nearest settings file; it counts alone, with those that it extends. */
export class Configuration {
  private readonly options: ConfigurationOptions;
  private readonly byFolder = new Map<string, SettingsFile | null>();
  private readonly chains = new Map<SettingsFile, readonly SettingsFile[]>();
  private readonly resolved = new Map<string, FileSettings>();

  constructor(options: ConfigurationOptions = {}) {
    this.options = options;
  }

  /** The nearest settings file of a folder, in it or above. */
  fileFor(folder: string): SettingsFile | null {
    if (this.options.file !== undefined) return this.options.file;
    const known = this.byFolder.get(folder);
    if (known !== undefined) return known;
    const parent = dirname(folder);
    const found = settingsFileIn(folder) ?? (parent === folder ? null : this.fileFor(parent));
    this.byFolder.set(folder, found);
    return found;
  }

  /** Later layers decide over earlier ones. */
  layersFor(folder: string): readonly SettingsLayer[] {
    const file = this.fileFor(folder);
    return [...(file === null ? [] : this.extended(file)), ...(this.options.overrides ?? [])];
  }

  /** A settings file after those that it extends. */
  private extended(file: SettingsFile): readonly SettingsFile[] {
    const known = this.chains.get(file);
    if (known !== undefined) return known;
    const chain = [file];
    for (let { extend } = file.values; extend !== undefined; ) {
      const [outer] = chain as [SettingsFile];
      const path = resolve(dirname(outer.path), extend);
      const next = chain.some((each) => each.path === path) ? null : readSettingsFile(path);
      if (next === null) {
        const message = `extend: "${extend}" leads in a circle, or has no table [tool.smelt]`;
        chain.unshift({
          path: outer.path,
          root: outer.root,
          values: {},
          problems: [{ path: outer.path, line: null, column: null, message }],
        });
        break;
      }
      chain.unshift(next);
      extend = next.values.extend;
    }
    this.chains.set(file, chain);
    return chain;
  }

  /** What a setting is in a folder; undefined when nothing says so. */
  valueOf<K extends SettingName>(folder: string, name: K): SettingValues[K] | undefined {
    return lastOf(this.layersFor(folder), name)?.values[name];
  }

  settingsFor(path: string): FileSettings {
    const folder = dirname(path);
    const layers = this.layersFor(folder);
    const ignored = ignoredIn(path, layers);
    const key = JSON.stringify([this.fileFor(folder)?.path ?? null, ignored]);
    const known = this.resolved.get(key);
    if (known !== undefined) return known;
    const selected = new Set(selectRules(rules, ...lintLayers(layers, ignored)).rules);
    const fixed = new Set(selectRules(rules, ...layers.map(fixLayer)).rules);
    const settings: FileSettings = {
      lint: { select: [], ignore: codesBeside(selected), unfixable: codesBeside(fixed) },
      targets: targetsOf(layers),
    };
    this.resolved.set(key, settings);
    return settings;
  }

  /** Is this file or folder left out? Its parents are not looked at. */
  excludes(path: string): boolean {
    const layers = this.layersFor(dirname(path));
    const excludes = lastOf(layers, 'exclude');
    const given = excludes === undefined ? defaultExcludes : (excludes.values.exclude ?? []);
    const root = excludes?.root ?? dirname(path);
    return (
      given.some((pattern) => matchesPattern(pattern, root, path)) ||
      layers.some((layer) =>
        (layer.values['extend-exclude'] ?? []).some((pattern) =>
          matchesPattern(pattern, layer.root, path),
        ),
      )
    );
  }

  /** Is the file itself or a folder above it, up to the settings file's own, left out? */
  excludesWithParents(path: string): boolean {
    const top = this.fileFor(dirname(path))?.root ?? resolve('.');
    for (let at = path; at !== top && at !== dirname(at); at = dirname(at)) {
      if (this.excludes(at)) return true;
    }
    return false;
  }

  /** Does the settings file itself, with the default excludes, leave the file out? */
  fileExcludes(path: string): boolean {
    return this.fileFor(dirname(path)) !== null && this.excludesWithParents(path);
  }

  /** What is wrong in the files that were read. */
  problems(): SettingsProblem[] {
    const files = new Set([...this.byFolder.values(), this.options.file]);
    return [...files].flatMap((file) =>
      file ? this.extended(file).flatMap(({ problems }) => problems) : [],
    );
  }
}

const lastOf = (layers: readonly SettingsLayer[], name: SettingName): SettingsLayer | undefined =>
  layers.findLast(({ values }) => values[name] !== undefined);

function ignoredIn(path: string, layers: readonly SettingsLayer[]): string[] {
  const layer = lastOf(layers, 'per-file-ignores');
  if (layer === undefined) return [];
  return Object.entries(layer.values['per-file-ignores'] ?? {}).flatMap(([pattern, entries]) => {
    const [others, plain] = pattern.startsWith('!') ? [true, pattern.slice(1)] : [false, pattern];
    return matchesPattern(plain, layer.root, path) !== others ? entries : [];
  });
}

function lintLayers(
  layers: readonly SettingsLayer[],
  ignoredHere: readonly string[],
): LintSettings[] {
  return [
    ...layers.map(({ values }) => ({
      select: values.select ?? [],
      extendSelect: values['extend-select'] ?? [],
      ignore: values.ignore ?? [],
    })),
    { select: [], ignore: ignoredHere },
  ];
}

const fixLayer = ({ values }: SettingsLayer): LintSettings => ({
  select: values.fixable ?? [],
  ignore: values.unfixable ?? [],
});

const codesBeside = (chosen: ReadonlySet<Rule>): string[] =>
  rules.filter((rule) => !chosen.has(rule)).map(({ meta }) => meta.code);

function targetsOf(layers: readonly SettingsLayer[]): Record<string, string> {
  const targets: Record<string, string> = {};
  for (const { values } of layers) {
    for (const [name, version] of Object.entries(values.targets ?? {}))
      targets[name.toLowerCase().replaceAll(/[-_.]+/g, '-')] = version;
    for (const name of ['torch', 'mlx', 'python'] as const) {
      const version = values[`target-${name}`];
      if (version !== undefined) targets[name] = version;
    }
  }
  return targets;
}
