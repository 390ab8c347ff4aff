import type { AST } from 'toml-eslint-parser';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { cudaIndex, cudaPin } from './cudaPackages.ts';
import type { ProgramSetting, SettingsText } from './setting.ts';

/**
 * pyproject.toml and pixi.toml: environment variables of pytest, pixi, hatch, poe and the like, and what uv and
 * pip install. Names of variables are written in capitals, whatever the table is called.
 */
export function readTomlSettings(text: string): SettingsText {
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text);
  } catch {
    // Being typed: there is nothing to say about half a file.
    return { settings: [], comments: [], broken: true };
  }
  const settings: ProgramSetting[] = [];
  const whole = getStaticTOMLValue(program) as Readonly<Record<string, unknown>>;
  const visit = (node: AST.TOMLNode, path: readonly string[]): void => {
    switch (node.type) {
      case 'Program':
      case 'TOMLTopLevelTable':
      case 'TOMLInlineTable':
        for (const child of node.body) visit(child, path);
        return;
      case 'TOMLTable':
        settings.push(...uvIndex(node, whole));
        for (const child of node.body) visit(child, [...path, ...namesOf(node.key)]);
        return;
      case 'TOMLKeyValue': {
        const names = namesOf(node.key);
        settings.push(...variable(text, node, names.at(-1) ?? ''));
        if (defaultIndex.test([...path, ...names].join('.'))) settings.push(...indexAt(node.value));
        visit(node.value, [...path, ...names]);
        return;
      }
      case 'TOMLArray':
        for (const element of node.elements) {
          settings.push(...assignment(element), ...pin(element));
          visit(element, path);
        }
        return;
      default:
    }
  };
  visit(program, []);
  const comments = program.comments.map(({ range: [start, end] }) => ({
    start,
    end,
    text: text.slice(start, end),
  }));
  return { settings, comments };
}

/** `index-url` of uv stands in place of PyPI, as the option of pip does. */
const defaultIndex = /^tool\.uv\.(?:pip\.)?index-url$/;

function indexAt(value: AST.TOMLContentNode): ProgramSetting[] {
  if (value.type !== 'TOMLValue' || !cudaIndex.test(String(value.value))) return [];
  const [start, end] = value.range;
  return [{ kind: 'cudaPackage', how: 'index', start, end }];
}

const namesOf = ({ keys }: AST.TOMLKey): string[] =>
  keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));

/** `PYTORCH_ENABLE_MPS_FALLBACK = "1"` in any table. */
function variable(text: string, node: AST.TOMLKeyValue, name: string): ProgramSetting[] {
  const { key, value } = node;
  if (!/^[A-Z][A-Z0-9_]+$/.test(name) || value.type !== 'TOMLValue') return [];
  if (value.kind !== 'string' && value.kind !== 'integer' && value.kind !== 'float') return [];
  const [start, end] = node.range;
  const keyText = text.slice(...key.range);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = text.slice(lineStart, start);
  const separator = /^[ \t]*$/.test(indent) ? `\n${indent}` : ', ';
  const written = String(value.value);
  return [
    {
      kind: 'variable',
      start,
      end,
      name,
      value: written.includes('$') || written.includes('{') ? null : written,
      valueSpan: { start: value.range[0], end: value.range[1] },
      beside: (other, otherValue) => ({
        start: end,
        end,
        text: `${separator}${keyText.replace(name, other)} = ${JSON.stringify(otherValue)}`,
      }),
    },
  ];
}

/** `env = ["PYTORCH_ENABLE_MPS_FALLBACK=1"]` of pytest-env. */
function assignment(element: AST.TOMLContentNode): ProgramSetting[] {
  if (element.type !== 'TOMLValue' || element.kind !== 'string') return [];
  const match = /^(?:[DR]:)*([A-Z][A-Z0-9_]+)[ \t]*=[ \t]*(.*)$/.exec(element.value);
  if (match === null) return [];
  const [start, end] = element.range;
  return [
    {
      kind: 'variable',
      start,
      end,
      name: match[1] as string,
      value: (match[2] as string).includes('{') ? null : (match[2] as string),
      valueSpan: { start, end },
      beside: (name, value) => ({
        start: end,
        end,
        text: `, ${JSON.stringify(`${name}=${value}`)}`,
      }),
    },
  ];
}

/** `"torch==2.5.1+cu121"` without a marker, which would be for some machines only. */
function pin(element: AST.TOMLContentNode): ProgramSetting[] {
  if (element.type !== 'TOMLValue' || element.kind !== 'string') return [];
  if (!cudaPin.test(element.value) || element.value.includes(';')) return [];
  const [start, end] = element.range;
  return [{ kind: 'cudaPackage', how: 'pin', start, end }];
}

/**
 * `[[tool.uv.index]]`: uv takes torch from the first index that has it, so one of CUDA builds leaves a Mac without;
 * an explicit one only for packages whose source names it without a marker.
 */
function uvIndex(table: AST.TOMLTable, whole: Readonly<Record<string, unknown>>): ProgramSetting[] {
  if (namesOf(table.key).join('.') !== 'tool.uv.index') return [];
  const entries = new Map(
    table.body.map((entry) => [namesOf(entry.key).join('.'), entry.value] as const),
  );
  const url = entries.get('url');
  if (url?.type !== 'TOMLValue' || !cudaIndex.test(String(url.value))) return [];
  const read = (name: string): unknown => {
    const value = entries.get(name);
    return value?.type === 'TOMLValue' ? value.value : undefined;
  };
  if (read('explicit') === true && !isUsedEverywhere(String(read('name')), whole)) return [];
  return [{ kind: 'cudaPackage', how: 'index', start: url.range[0], end: url.range[1] }];
}

function isUsedEverywhere(index: string, whole: Readonly<Record<string, unknown>>): boolean {
  const { tool } = whole as { tool?: { uv?: { sources?: Readonly<Record<string, unknown>> } } };
  return Object.values(tool?.uv?.sources ?? {})
    .flat()
    .some((source) => {
      const { index: named, marker, extra } = source as Readonly<Record<string, unknown>>;
      return named === index && marker === undefined && extra === undefined;
    });
}
