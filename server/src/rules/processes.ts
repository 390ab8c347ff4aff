import type { Fact, Facts } from '../semantics/facts.ts';
import { callsOf } from './libraryCalls.ts';

const distributed = /^torch\.distributed\.[a-z_]+$/;

/** Does the function of the fact send to other processes? */
export const sendsToProcesses = (fact: Fact, facts: Facts): boolean =>
  calls(fact, facts, /\.(?:all_|broadcast|reduce|gather|scatter)/);

/** Does it ask whether there are any? */
export const looksForProcesses = (fact: Fact, facts: Facts): boolean =>
  calls(fact, facts, /\.(?:is_initialized|is_available|get_world_size)$/);

const calls = ({ scope }: Fact, facts: Facts, sought: RegExp): boolean =>
  scope !== 0 &&
  callsOf(facts, distributed).some((call) => call.scope === scope && sought.test(call.name));
