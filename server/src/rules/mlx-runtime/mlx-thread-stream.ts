import { isCaught } from '../../semantics/facts.ts';
import type { Expression } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { compareVersions } from '../versions.ts';

/** The release that made streams thread-local (mlx #3281, #3405). */
const threadLocalSince = '0.31.2';

export const rule: Rule = {
  meta: {
    name: 'mlx-thread-stream',
    code: 'MLX605',
    severity: 'warning',
    summary: 'A thread uses a stream or a lazy array that another thread made',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  on: {
    foreignStream(fact, report, { environment }) {
      const installed = environment.versions.mlx;
      if (installed !== undefined && compareVersions(installed, threadLocalSince) < 0) return;
      if (isCaught(fact, 'RuntimeError')) return;
      const { stream, thread } = fact;
      report({
        at: fact.node,
        message:
          stream === null
            ? 'Raises RuntimeError (“There is no Stream … in current thread”): the array is still lazy, and belongs to the thread that made it.'
            : 'Raises RuntimeError (“There is no Stream … in current thread”): mx.new_stream made this stream in another thread.',
        related: [{ start: thread.start, end: thread.end, message: 'This is the thread.' }],
        fixes: stream === null ? [] : fixes(stream),
      });
    },
  },
};

function fixes(stream: Expression): Fix[] {
  if (stream.kind !== 'call' || stream.callee.kind !== 'attribute') return [];
  const { name } = stream.callee;
  return [
    fix('Make a stream for each thread', 'safe', () => [
      { start: name.start, end: name.end, text: 'new_thread_local_stream' },
    ]),
  ];
}
