import { expect, test } from 'vitest';
import { Project } from './project.ts';

const cells = [
  { cell_type: 'markdown', metadata: {}, source: ['# Maße 😀'] },
  {
    cell_type: 'code',
    execution_count: 1,
    metadata: { tags: ['x'] },
    outputs: [{ name: 'stdout', output_type: 'stream', text: ['été\n'] }],
    source: ['import mlx.core as mx\n', 's = "é/"\n', 'x = mx.ones(3).cuda()  # 😀'],
  },
  { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: 'x.cpu()' },
];
const notebook = {
  cells,
  metadata: { kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' } },
  nbformat: 4,
  nbformat_minor: 5,
};
const ascii = (text: string): string =>
  text.replace(
    /[\u0080-\uffff]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

test.each([
  ['indented', `${JSON.stringify(notebook, null, 1)}\n`],
  [
    'with tabs and Windows line breaks',
    JSON.stringify(notebook, null, '\t').replaceAll('\n', '\r\n'),
  ],
  ['on one line', JSON.stringify(notebook)],
  ['in ASCII', ascii(JSON.stringify(notebook, null, 1))],
  ['with escapes that nobody needs', JSON.stringify(notebook, null, 1).replace('é/', 'é\\/')],
])('a notebook %s keeps each byte but the fixed ones', (_, before) => {
  const project = new Project();
  project.write('a.ipynb', before);
  expect(project.smelt('check', '--no-cache', '--fix', 'a.ipynb').code).toBe(0);
  expect(project.read('a.ipynb')).toBe(before.replace('.cuda()', '').replace('.cpu()', ''));
});
