import { isCaught } from '../../semantics/facts.ts';
import { raisingCudaFunctions, raisingWhenEntered } from '../../tables/cudaFunctions.ts';
import { isForCuda } from '../cudaTests.ts';
import { indentation, lineStart, ownsItsLines } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { cuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-call-unguarded',
    code: 'MPS103',
    severity: 'error',
    summary: 'A function of torch.cuda is called that raises without CUDA',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: cuda,
  calls: (name) => raisingCudaFunctions.has(name),
  on: {
    libraryCall(fact, report, { module, facts }) {
      const raised = raisingCudaFunctions.get(fact.name);
      if (raised === undefined || isForCuda(fact, module)) return;
      if (isCaught(fact, raised.split(' ')[0] ?? '')) return;
      const { statement, node } = fact;
      if (raisingWhenEntered.has(fact.name) && statement.kind === 'expression') return;
      const torch = facts.localNames.get('torch')?.name;
      const alone =
        statement.kind === 'expression' &&
        statement.value === node &&
        ownsItsLines(module, statement);
      // The last value of a notebook cell is shown, unless it stands in a block.
      const isShown = module.body.includes(statement) && !returningNothing.has(fact.name);
      report({
        at: { start: node.callee.start, end: node.end },
        message: `${fact.name} raises ${raised} on Apple Silicon.`,
        // Only the callers of a function know whether a Mac gets there.
        severity: fact.reached ? 'error' : 'info',
        fixes:
          alone && torch !== undefined
            ? [
                fix('Call it only where there is CUDA', isShown ? 'unsafe' : 'safe', () => [
                  {
                    start: lineStart(module, statement.start),
                    end: statement.start,
                    text:
                      `${indentation(module, statement.start)}if ${torch}.cuda.is_available():\n` +
                      `${indentation(module, statement.start)}    `,
                  },
                ]),
              ]
            : [],
      });
    },
  },
};

const returningNothing: ReadonlySet<string> = new Set(
  [
    'synchronize',
    'init',
    'ipc_collect',
    'set_device',
    'set_per_process_memory_fraction',
    'reset_peak_memory_stats',
    'reset_max_memory_allocated',
  ].map((name) => `torch.cuda.${name}`),
);
