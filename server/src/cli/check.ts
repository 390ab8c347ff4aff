import { writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { rules } from '../engine/registry.gen.ts';
import { selectRules } from '../engine/selectRules.ts';
import type { LintSettings } from '../engine/settings.ts';
import { ModuleIndex } from '../files/moduleIndex.ts';
import { PythonEnvironments } from '../files/pythonEnvironments.ts';
import { loadParser } from '../loadParser.ts';
import type { CheckedFile } from './checkedFile.ts';
import { checkText } from './checkedFile.ts';
import { CommandError } from './commandError.ts';
import { findFiles } from './findFiles.ts';
import { listOption, readOptions } from './options.ts';
import { concise } from './output/concise.ts';
import { full } from './output/full.ts';
import { json } from './output/json.ts';
import type { OutputFormat } from './output/outputFormat.ts';
import { useColor } from './output/style.ts';
import { readSource } from './readSource.ts';

export const checkHelp = `usage: smelt check [PATH…] [options]

Checks Python files and notebooks. A folder means every .py, .pyi and .ipynb below it.

  --fix                 apply safe fixes
  --unsafe-fixes        with --fix: also fixes that may change what the program computes
  --select RULES        only these rules: codes, beginnings of codes, or names, separated by commas
  --ignore RULES        without these rules
  --output-format FORMAT  full (default), concise or json
  --quiet, -q           findings only, no summary
`;

const formats: Readonly<Record<string, OutputFormat>> = { full, concise, json };

const optionTable = {
  fix: { type: 'boolean', default: false },
  'unsafe-fixes': { type: 'boolean', default: false },
  select: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  'output-format': { type: 'string', default: 'full' },
  quiet: { type: 'boolean', short: 'q', default: false },
} as const;

export async function check(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(args, optionTable);
  const format = formats[values['output-format']];
  if (format === undefined) {
    throw new CommandError(
      `unknown output format "${values['output-format']}"; ${Object.keys(formats).join(', ')} are known`,
    );
  }
  const settings: LintSettings = {
    select: listOption(values.select),
    ignore: listOption(values.ignore),
  };
  const [unknown] = selectRules(rules, settings).unknown;
  if (unknown !== undefined)
    throw new CommandError(`unknown rule "${unknown}"; smelt rules lists all of them`);
  const allow = values['unsafe-fixes'] ? 'unsafe' : 'safe';

  const parser = await loadParser();
  const modules = new ModuleIndex(parser);
  const { files, problems } = await findFiles(positionals.length === 0 ? ['.'] : positionals);
  const complaints = [...problems];
  const environments = new PythonEnvironments();
  const checked: CheckedFile[] = [];
  let fixed = 0;
  for (const path of files) {
    try {
      const source = await readSource(path);
      const environment = environments.of(dirname(path), null);
      let file = checkText(parser, path, source.text, settings, environment, modules);
      const change = values.fix ? file.fix(allow) : null;
      if (change !== null) {
        await writeFile(path, source.encode(change.text));
        modules.changed(resolve(path));
        fixed += change.applied;
        file = checkText(parser, path, change.text, settings, environment, modules);
      }
      for (const { rule, error } of file.failures)
        complaints.push(`${rule} failed in ${path}: ${String(error)}`);
      checked.push(file);
    } catch (error) {
      complaints.push(
        `cannot check ${relative('.', path)}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  for (const complaint of complaints) process.stderr.write(`smelt: ${complaint}\n`);
  process.stdout.write(
    format({ files: checked, fixed, allow, quiet: values.quiet, color: useColor(process.stdout) }),
  );
  if (complaints.length > 0) return 2;
  return checked.some((file) => file.findings.length > 0) ? 1 : 0;
}
