import type { Environment } from './target.ts';

/**
 * The environment as if these versions were installed: `target-torch = "2.8"` of the settings. What was
 * read about the build that is installed says nothing about another version.
 */
export function withVersions(
  environment: Environment,
  versions: Readonly<Record<string, string>>,
): Environment {
  const names = Object.keys(versions);
  if (names.length === 0) return environment;
  const { mac } = environment;
  return {
    ...environment,
    versions: { ...environment.versions, ...versions },
    ...(mac === undefined
      ? {}
      : {
          mac: {
            ...mac,
            builds: Object.fromEntries(
              Object.entries(mac.builds).filter(([name]) => !names.includes(name)),
            ),
          },
        }),
  };
}
