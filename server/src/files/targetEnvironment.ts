import type { Environment } from '../semantics/target.ts';
import { withVersions } from '../semantics/targetOverrides.ts';
import type { FileSettings } from './configuration.ts';

const made = new WeakMap<Environment, WeakMap<FileSettings, Environment>>();

/** What is installed, with the versions that the settings name instead; the same object for the same two. */
export function targetEnvironment(installed: Environment, settings: FileSettings): Environment {
  const { python, ...versions } = settings.targets;
  if (Object.keys(settings.targets).length === 0) return installed;
  const bySettings = made.get(installed) ?? new WeakMap<FileSettings, Environment>();
  made.set(installed, bySettings);
  const known = bySettings.get(settings);
  if (known !== undefined) return known;
  const environment: Environment = {
    ...withVersions(installed, versions),
    ...(python === undefined ? {} : { python }),
  };
  bySettings.set(settings, environment);
  return environment;
}
