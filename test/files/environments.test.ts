import { mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Surroundings } from '../../server/src/files/environmentFolder.ts';
import { PythonEnvironments } from '../../server/src/files/pythonEnvironments.ts';
import { install, makeEnvironment, temporaryFolder, write } from './madeEnvironment.ts';

const linux = { appleSilicon: false, macos: null };

let folder: string;
let around: Surroundings;
beforeEach(() => {
  folder = temporaryFolder();
  around = { variables: {}, home: join(folder, 'home'), temporary: dirname(folder) };
});

const reader = (): PythonEnvironments => new PythonEnvironments(around, linux);
const versionsFor = (file: string, interpreter: string | null = null): unknown =>
  reader().of(join(folder, file), interpreter).versions;

describe('the test pythons', () => {
  const python = process.env.SMELT_TEST_PYTHON;
  const bare = process.env.SMELT_TEST_BARE_PYTHON;
  if (python === undefined || bare === undefined)
    console.warn(
      'SMELT_TEST_PYTHON and SMELT_TEST_BARE_PYTHON are not set: real environments are not read',
    );

  test.skipIf(python === undefined)('torch and MLX as pip installed them', () => {
    const { versions, python: version } = reader().of('/', python as string);
    expect(versions).toMatchObject({ mlx: '0.32.4', torch: expect.stringMatching(/^2\.13\.0/) });
    expect(versions.numpy).toMatch(/^\d+\.\d+/);
    expect(version).toMatch(/^3\.\d+\.\d+$/);
  });

  test.skipIf(bare === undefined)('one without them', () => {
    const { versions, python: version } = reader().of('/', bare as string);
    expect(versions).toEqual({});
    expect(version).toMatch(/^3\.\d+\.\d+$/);
  });
});

describe('which environment', () => {
  test('the nearest one from the file upwards, up to the border of the repository', () => {
    install(makeEnvironment(join(folder, '.venv')), 'torch', '2.1.0');
    install(makeEnvironment(join(folder, 'repo/venv')), 'torch', '2.6.0');
    mkdirSync(join(folder, 'repo/.git'));
    mkdirSync(join(folder, 'alone/.git'), { recursive: true });
    expect(versionsFor('repo/src/models')).toEqual({ torch: '2.6.0' });
    expect(versionsFor('elsewhere')).toEqual({ torch: '2.1.0' });
    expect(versionsFor('alone/src')).toEqual({});
  });

  test('the selected interpreter comes first, then the active environment, conda last', () => {
    install(makeEnvironment(join(folder, 'near/.venv')), 'torch', '2.1.0');
    install(makeEnvironment(join(folder, 'active')), 'torch', '2.6.0');
    install(makeEnvironment(join(folder, 'chosen')), 'torch', '2.8.0');
    write(join(folder, 'conda/conda-meta/python-3.11.9-h1234_0.json'), '{}');
    install(join(folder, 'conda/lib/python3.11/site-packages'), 'torch', '2.10.0');
    expect(versionsFor('near', join(folder, 'chosen/bin/python'))).toEqual({ torch: '2.8.0' });
    around = { ...around, variables: { CONDA_PREFIX: join(folder, 'conda') } };
    expect(versionsFor('near')).toEqual({ torch: '2.1.0' });
    expect(versionsFor('elsewhere')).toEqual({ torch: '2.10.0' });
    expect(reader().of(join(folder, 'elsewhere'), null).python).toBe('3.11.9');
    around = { ...around, variables: { VIRTUAL_ENV: join(folder, 'active') } };
    expect(versionsFor('near')).toEqual({ torch: '2.6.0' });
  });

  test('an interpreter that links to the one of an installation', () => {
    const packages = join(
      folder,
      'opt/Python.framework/Versions/3.12/lib/python3.12/site-packages',
    );
    install(packages, 'mlx', '0.30.0');
    const real = join(folder, 'opt/Python.framework/Versions/3.12/bin/python3.12');
    write(real, '');
    mkdirSync(join(folder, 'bin'));
    symlinkSync(real, join(folder, 'bin/python3'));
    const found = reader().of(folder, join(folder, 'bin/python3'));
    expect(found).toEqual({ versions: { mlx: '0.30.0' }, python: '3.12' });
  });

  test('packages of the user and of the base Python, where the environment takes them', () => {
    const base = join(folder, 'base/lib/python3.12/site-packages');
    install(base, 'torch', '2.4.1');
    install(base, 'mlx', '0.20.0');
    write(join(folder, 'base/bin/python'), '');
    install(join(folder, 'home/.local/lib/python3.12/site-packages'), 'mlx', '0.21.0');
    const configuration = `home = ${join(folder, 'base/bin')}\nversion_info = 3.12.4.final.0\n`;
    const shared = `${configuration}include-system-site-packages = true\n`;
    install(makeEnvironment(join(folder, 'a/.venv'), shared), 'torch', '2.8.0');
    makeEnvironment(join(folder, 'b/.venv'), configuration);
    expect(versionsFor('a')).toEqual({ torch: '2.8.0', mlx: '0.20.0' });
    expect(versionsFor('b')).toEqual({});
    expect(versionsFor('c', join(folder, 'base/bin/python'))).toEqual({
      torch: '2.4.1',
      mlx: '0.21.0',
    });
  });

  test('none, and an interpreter that is not there', () => {
    expect(versionsFor('src')).toEqual({});
    expect(versionsFor('src', join(folder, 'gone/bin/python'))).toEqual({});
    write(join(folder, '.python-version'), '3.12\n');
    expect(reader().of(folder, null)).toEqual({ versions: {} });
  });
});

describe('which packages', () => {
  test('names are normalised, versions are those of METADATA, others are not read', () => {
    const packages = makeEnvironment(join(folder, '.venv'));
    install(packages, 'mlx-lm', '0.28.0');
    install(packages, 'Flash_Attn', '2.7.4.post1');
    install(packages, 'torch', '2.9.0.dev20250801+cpu');
    install(packages, 'requests', '2.32.0');
    expect(versionsFor('.')).toEqual({
      'flash-attn': '2.7.4.post1',
      'mlx-lm': '0.28.0',
      torch: '2.9.0.dev20250801+cpu',
    });
  });

  test('broken, half-removed and doubled ones are not known', () => {
    const packages = makeEnvironment(join(folder, '.venv'));
    mkdirSync(join(packages, 'torch-2.8.0.dist-info'));
    install(packages, 'numpy', '2.0.0');
    install(packages, 'numpy', '2.1.0');
    write(join(packages, 'mlx-0.1.0.dist-info'), 'a file where a folder belongs');
    write(join(packages, '~ransformers-4.50.0.dist-info/METADATA'), 'Name: transformers\n');
    write(join(packages, 'peft-x.dist-info/METADATA'), 'Name: peft\nVersion: latest\n');
    write(join(packages, 'timm-1.0.dist-info/METADATA'), new Uint8Array([0xff, 0xfe, 0x00]));
    expect(versionsFor('.')).toEqual({});
  });

  test('editable ones, new and old', () => {
    const packages = makeEnvironment(join(folder, '.venv'));
    write(
      join(install(packages, 'mlx', '0.33.0.dev1'), 'direct_url.json'),
      '{"dir_info": {"editable": true}}',
    );
    write(join(packages, 'torch.egg-link'), `${join(folder, 'pytorch')}\n.\n`);
    write(join(folder, 'pytorch/torch.egg-info/PKG-INFO'), 'Name: torch\nVersion: 2.8.0a0+git1\n');
    write(join(packages, 'accelerate-1.2.0-py3.12.egg-info'), 'Name: accelerate\nVersion: 1.2.0\n');
    expect(versionsFor('.')).toEqual({
      accelerate: '1.2.0',
      mlx: '0.33.0.dev1',
      torch: '2.8.0a0+git1',
    });
  });

  test('the same answer until pip installs or removes something', () => {
    const packages = makeEnvironment(join(folder, '.venv'));
    const environments = reader();
    const before = environments.of(folder, null);
    expect(environments.of(join(folder, 'src'), null)).toBe(before);
    const info = install(packages, 'torch', '2.8.0');
    // Clocks of file systems may be coarser than two lines of a test.
    utimesSync(packages, 1, 1);
    expect(environments.of(folder, null).versions).toEqual({ torch: '2.8.0' });
    rmSync(info, { recursive: true });
    utimesSync(packages, 2, 2);
    expect(environments.of(folder, null).versions).toEqual({});
  });
});
