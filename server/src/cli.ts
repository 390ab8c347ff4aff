import { runCompiled } from './runCompiled.ts';

runCompiled('cliProgram');
