import { check } from './check.ts';
import { clean } from './clean.ts';
import type { Verb } from './commandLine/verb.ts';
import { completionFor } from './completion.ts';
import { config } from './config.ts';
import { rule } from './rule.ts';
import { listRules } from './rules.ts';
import { server } from './server.ts';
import { version } from './version.ts';

const others: readonly Verb[] = [check, rule, listRules, config, clean, server, version];

const completion = completionFor(others);

export const verbs: readonly Verb[] = [...others, completion];
