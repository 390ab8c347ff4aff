import type { ProgramSetting, SettingsModule } from '../syntax/settings/setting.ts';
import type { Statement } from '../syntax/tree.ts';
import type { Fact, Facts } from './facts.ts';

/** The facts of a file that is not Python: what it sets for the programs that are started with it. */
export function settingsFacts({ settings, elsewhere }: SettingsModule): Facts {
  return {
    facts: settings.map((setting) => factOf(setting, elsewhere)),
    stoppedAt: null,
    askedInScope: new Map(),
    deviceNames: [],
    localNames: new Map(),
    boundNames: new Set(),
    pathInProject: () => '',
    importsUninstallable: () => false,
  };
}

function factOf(setting: ProgramSetting, elsewhere: boolean): Fact {
  const { start, end } = setting;
  const statement: Statement = { kind: 'pass', start, end };
  const base = {
    caught: new Set<string>(),
    tests: [],
    reached: true,
    // Where no Mac runs the program, nothing is worse than worth knowing.
    refused: elsewhere,
    loop: null,
    repeated: false,
    statement,
    scope: 0,
  };
  if (setting.kind === 'cudaPackage')
    return { ...base, kind: 'cudaPackage', node: { start, end }, how: setting.how };
  const { name, value, beside } = setting;
  return {
    ...base,
    kind: 'environmentWrite',
    node: { start, end },
    name,
    value,
    isText: true,
    valueExpression: null,
    torchLoadedBy: null,
    form: 'file',
    beside,
  };
}
