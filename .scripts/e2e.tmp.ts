import { runEndToEnd } from '../test/e2e/run.ts';
import { buildAll } from './build.ts';
import { barePython, fullPython } from './cache/pythonEnvironments.ts';

await buildAll({ development: true });
const r = await runEndToEnd({ full: await fullPython(), bare: await barePython() });
console.log(JSON.stringify(r, null, 1));
