import { runCompiled } from './runCompiled.ts';

runCompiled('checkThread');
