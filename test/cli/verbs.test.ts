import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { checkOptions } from '../../server/src/cli/checkOptions.ts';
import { rules } from '../../server/src/engine/registry.gen.ts';
import { Project } from './project.ts';

const project = new Project();

test('smelt rule --all and rules speak JSON', () => {
  const all = JSON.parse(project.smelt('rule', '--all', '--output-format', 'json').stdout);
  expect(all).toHaveLength(rules.length);
  expect(all[0]).toMatchObject({ code: rules[0]?.meta.code, page: expect.stringContaining('## ') });
  const listed = JSON.parse(project.smelt('rules', '--output-format', 'json').stdout);
  expect(listed.map(({ code }: { code: string }) => code)).toEqual(rules.map((r) => r.meta.code));
  expect(project.smelt('rule', 'float64-to-msp').stderr).toBe(
    'smelt: unknown rule "float64-to-msp". Did you mean "float64-to-mps"?\n',
  );
});

test('smelt version, also as JSON', () => {
  expect(project.smelt('version').stdout).toMatch(/^smelt \d+\.\d+\.\d+\n$/);
  expect(JSON.parse(project.smelt('version', '--output-format', 'json').stdout)).toMatchObject({
    version: expect.stringMatching(/^\d/),
  });
});

test('help tells every option, and a wrong command which one was meant', () => {
  const { stdout } = project.smelt('check', '--help');
  for (const name of Object.keys(checkOptions)) expect(stdout).toContain(name);
  expect(project.smelt('chekc').stderr).toBe(
    'smelt: unknown command "chekc". Did you mean "check"?\n',
  );
});

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

test('bash completes commands, options, values and rules', () => {
  const script = project.smelt('completion', 'bash').stdout;
  const complete = (...words: readonly string[]): string[] => {
    const run = `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_smelt; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', run], { encoding: 'utf8', cwd: project.folder })
      .split('\n')
      .filter((line) => line !== '');
  };
  expect(complete('smelt', 'ch')).toEqual(['check']);
  expect(complete('smelt', 'check', '--fix')).toEqual(['--fix', '--fix-only']);
  expect(complete('smelt', 'check', '--output-format', 'js')).toEqual(['json', 'json-lines']);
  expect(complete('smelt', 'rule', 'MPS20')).toContain('MPS201');
  expect(complete('smelt', 'config', 'target-t')).toEqual(['target-torch']);
});

test.each(['zsh', 'fish'])(
  'the script of %s names every option and is one that the shell reads',
  (shell) => {
    const script = project.smelt('completion', shell).stdout;
    for (const name of Object.keys(checkOptions)) expect(script).toContain(name);
    if (!has(shell)) {
      console.warn(`${shell} is not installed: its script was not run`);
      return;
    }
    const path = project.write(`completion.${shell}`, script);
    expect(spawnSync(shell, ['-n', path], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  },
);
