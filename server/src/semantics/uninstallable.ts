import { cudaPackages, isForCudaAlone } from '../tables/cudaFunctions.ts';
import type { Context } from './context.ts';

/** Has no Mac the package? Somebody may have installed something of its name. */
export function isUninstallable(context: Context, module: string): boolean {
  const root = module.split('.')[0] as string;
  const { versions } = context.environment;
  return (
    isForCudaAlone(root) &&
    [root, ...(cudaPackages.get(root) ?? [])].every((name) => versions[name] === undefined)
  );
}
