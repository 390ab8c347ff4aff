import type { CallExpression } from '../syntax/tree.ts';
import { walk } from '../syntax/visit.ts';
import type { Context } from './context.ts';
import { treeKey } from './mlxKinds.ts';
import type { MlxModuleValue } from './values.ts';

/** Their weights are lazy until something is computed with them (run on mlx 0.32.4). */
const weighted = /^mlx\.nn\.(?:Linear|Embedding|Conv[123]d|LayerNorm|RMSNorm)$/;

/** `layer = nn.Linear(3, 3)`, and all that the file does with it is to call it in one place. */
export function rememberFreshModule(context: Context, name: string, node: CallExpression): void {
  const { statement, home, thread, departure } = context;
  if (!weighted.test(name) || thread !== null || departure !== null) return;
  if (statement.kind !== 'assign' || statement.value !== node || !/thread/i.test(home.text)) return;
  const [target, ...others] = statement.targets;
  if (target?.kind !== 'name' || others.length > 0) return;
  let mentions = 0;
  let calls = 0;
  walk(home.module.body, (each) => {
    if (each.kind === 'name' && each.id === target.id) mentions += 1;
    if (each.kind === 'call' && each.callee.kind === 'name' && each.callee.id === target.id)
      calls += 1;
  });
  if (mentions === 2 && calls === 1) context.freshModules.set(node, context.newId());
}

/** It is called: in another thread its weights are still lazy there. */
export function callFreshModule(context: Context, module: MlxModuleValue): void {
  const { state, thread, freshModules } = context;
  const { origin } = module;
  const id = origin === undefined ? undefined : freshModules.get(origin);
  const key = treeKey(module);
  if (origin === undefined || id === undefined || key === null || state === null) return;
  if (thread === null) freshModules.delete(origin);
  else if (id < thread.firstInnerId && !state.trees.has(key)) {
    state.arrays.set(id, { evaluated: 'lazy', before: [], recorded: 0 });
    state.trees.set(key, id);
  }
}
