import { buildAll } from './build.ts';
import { fullPython, barePython } from './cache/pythonEnvironments.ts';
import { runEndToEnd } from '../test/e2e/run.ts';
await buildAll({ development: true });
const r = await runEndToEnd({ full: await fullPython(), bare: await barePython() });
console.log(JSON.stringify(r, null, 1));
