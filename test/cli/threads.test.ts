import { expect, test } from 'vitest';
import { Project, selector } from './project.ts';

const names = Array.from({ length: 90 }, (_, i) => `package/f${String(i).padStart(2, '0')}.py`);

test('many files are checked in threads, and the output has the order of the files', () => {
  const project = new Project();
  for (const name of names) project.write(name, selector);
  expect(project.codes('--no-cache')).toEqual(names.map((name) => `${name} MPS102`));
  const again = project.smelt('check', '--output-format', 'concise', '--no-cache');
  expect(project.smelt('check', '--output-format', 'concise', '--no-cache')).toEqual(again);
});

test('threads fix what they check', () => {
  const project = new Project();
  for (const name of names) project.write(name, selector);
  const { code, stdout } = project.smelt('check', '--fix');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Fixed 90 findings.\nNothing is left.\n' });
  expect(project.read(names[89] as string)).toContain('mps');
});
