import type { Probe } from '../kernel/messages.gen.ts';
import { isAppleSilicon, type Machine } from '../python/architecture.ts';
import { formatBytes } from './format.ts';

export interface DeviceText {
  readonly label: string;
  readonly warning: boolean;
  /** The one thing that decides where programs run, as a sentence. */
  readonly verdict: string;
}

/** What the status bar says of an interpreter. */
export function deviceText(probe: Probe, machine: Machine): DeviceText {
  const mlx = probe.devices.find(
    ({ framework, device }) => framework === 'mlx' && device === 'gpu',
  );
  if (probe.translated || (isAppleSilicon(machine) && probe.arch === 'x86_64')) {
    return say(
      'x86',
      true,
      'This Python runs under Rosetta, where neither torch nor MLX reaches Metal: install an arm64 Python.',
    );
  }
  if (probe.torch_mps_available === true)
    return say('MPS', false, "torch computes on MPS, the Mac's GPU.");
  if (isAppleSilicon(machine) && probe.torch_mps_built === false) {
    return say(
      'no MPS',
      true,
      `torch ${probe.versions.torch ?? ''} was built without MPS: install the arm64 wheel with pip install --force-reinstall torch.`,
    );
  }
  if (isAppleSilicon(machine) && probe.torch_mps_built === true && mlx === undefined) {
    return say(
      'no MPS',
      true,
      'torch has MPS and cannot use it: macOS 14 or newer is needed, and a session with a GPU.',
    );
  }
  const cuda = probe.devices.find(({ device }) => device.startsWith('cuda'));
  if (cuda !== undefined) return say('CUDA', false, `torch computes on ${cuda.name}.`);
  if (mlx !== undefined) return say('MLX', false, 'MLX computes on the GPU.');
  if (probe.errors[0] !== undefined) return say('CPU', true, probe.errors[0]);
  const has = ['torch', 'mlx'].filter((name) => probe.versions[name] !== undefined);
  if (has.length === 0)
    return say(
      'CPU',
      false,
      'Neither torch nor MLX is installed for this Python: pip install torch, or pip install mlx.',
    );
  return say(
    'CPU',
    false,
    `${has.join(' and ')} compute${has.length === 1 ? 's' : ''} on the CPU: there is no Metal here.`,
  );
}

const say = (label: string, warning: boolean, verdict: string): DeviceText => ({
  label,
  warning,
  verdict,
});

/** Name and value of everything that is known, for the tooltip and for Show Device. */
export function deviceRows(probe: Probe): [name: string, value: string][] {
  const system =
    probe.system === 'Darwin' ? `macOS ${probe.os_version}` : `${probe.system} ${probe.os_version}`;
  return [
    ['Chip', `${probe.chip || probe.arch}, ${probe.cores} cores, ${formatBytes(probe.memory)}`],
    ['System', system],
    ['Python', `${probe.python} (${probe.arch}${probe.translated ? ', under Rosetta' : ''})`],
    ['Interpreter', probe.executable],
    ...Object.entries(probe.versions),
    ...probe.devices.map(({ framework, device, name, memory }): [string, string] => [
      `${framework} device`,
      [device, name, memory === null ? '' : formatBytes(memory)]
        .filter((text) => text !== '')
        .join(', '),
    ]),
    ...Object.entries(probe.variables),
    ...probe.errors.map((error): [string, string] => ['Error', error]),
  ];
}
