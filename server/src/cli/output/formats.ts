import type { OutputFormatName } from '../../files/settingsTable.ts';
import { azure } from './azure.ts';
import { concise } from './concise.ts';
import { full } from './full.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { grouped } from './grouped.ts';
import { json } from './json.ts';
import { jsonLines } from './jsonLines.ts';
import { junit } from './junit.ts';
import type { OutputFormat } from './outputFormat.ts';
import { pylint } from './pylint.ts';
import { rdjson } from './rdjson.ts';
import { sarif } from './sarif.ts';

export const formats: Readonly<Record<OutputFormatName, OutputFormat>> = {
  full,
  concise,
  grouped,
  json,
  'json-lines': jsonLines,
  junit,
  github,
  gitlab,
  pylint,
  rdjson,
  azure,
  sarif,
};
