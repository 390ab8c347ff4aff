import { hasOtherArm } from '../../semantics/deviceGates.ts';
import type { CudaArmFact, DeviceGateFact, TimedWindowFact } from '../../semantics/facts.ts';
import type { TrailEvent } from '../../semantics/trail.ts';
import type { Module, Statement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { cudaBody } from '../cudaBody.ts';
import { isForCuda, isInTest } from '../cudaTests.ts';
import { insertLinesBefore, ownsItsLines } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { looksAfterMpsMemory } from '../mpsMemory.ts';
import { occursIn } from '../occursIn.ts';
import type { NewFinding, Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { bodiesAround } from '../statements.ts';
import { backends } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'unsynced-timing',
    code: 'MPS401',
    severity: 'warning',
    summary: 'A clock is read before the GPU has finished what is being timed',
    since: '0.1.0',
    fix: 'safe',
  },
  words: backends,
  on: {
    cudaArm(fact, report, context) {
      reportWaits(fact, cudaBody(fact, context.module), report, context);
    },
    deviceGate(fact, report, context) {
      reportWaits(fact, fact.node.body, report, context);
    },
    timedWindow(fact, report, context) {
      const verdicts = fact.paths.map(verdict);
      if (!verdicts.includes('unsynchronised') || verdicts.includes('unknown')) return;
      // A path that waits for the GPU may be the one that this machine takes.
      if (verdicts.includes('synchronised')) return;
      const last = lastWork(fact);
      report({
        at: fact.node,
        message:
          'Stops the clock before the GPU is done: torch only enqueues work, so this reads about 10x too fast.',
        related:
          last === null
            ? []
            : [
                {
                  start: last.node.start,
                  end: last.node.end,
                  message: 'This may still run when the clock stops.',
                },
              ],
        fixes: fixes(fact, context),
      });
    },
  },
};

/** `if torch.cuda.is_available(): torch.cuda.synchronize()` where a clock is read. */
function reportWaits(
  fact: CudaArmFact | DeviceGateFact,
  body: readonly Statement[],
  report: (finding: NewFinding) => void,
  { facts, module }: RuleContext,
): void {
  if (hasOtherArm(fact.node) || !isForClock(fact, module)) return;
  if (facts.askedInScope.get(fact.scope)?.has('mps') === true || looksAfterMpsMemory(fact, facts))
    return;
  if (isForCuda(fact, module) || isInTest(fact, module)) return;
  walk(body, (node) => {
    if (node.kind !== 'call' || node.callee.kind !== 'attribute') return;
    const { object, name } = node.callee;
    if (name.text !== 'synchronize' || object.kind !== 'attribute' || object.name.text !== 'cuda')
      return;
    report({
      at: node,
      severity: 'info',
      message:
        'Waits for CUDA only: on Apple Silicon a clock that is read next is too early by what MPS still does.',
    });
  });
}

/** In a function that reads a clock, or in one that is called after waiting, in a file that does. */
function isForClock({ node }: CudaArmFact | DeviceGateFact, module: Module): boolean {
  if (!occursIn(module, readsClock)) return false;
  const statements = bodiesAround(module, node).map(({ body, index }) => body[index]);
  const owner = statements.findLast((statement) => statement?.kind === 'function');
  if (owner?.kind !== 'function') return true;
  return /sync|wait/i.test(owner.name.text) || occursIn(module, readsClock, owner);
}

const readsClock = /\b(?:perf_counter|monotonic|default_timer|time\.time)(?:_ns)?\(/;

type Verdict = 'idle' | 'unsynchronised' | 'synchronised' | 'unknown';

/** What happened last before the clock stopped decides. */
function verdict(events: readonly TrailEvent[]): Verdict {
  let result: Verdict = 'idle';
  for (const event of events) {
    if (event.kind === 'work') result = 'unsynchronised';
    if (event.kind === 'sync') result = result === 'idle' ? 'idle' : 'synchronised';
    if (event.kind === 'unmodelled') result = 'unknown';
  }
  return result;
}

function lastWork(fact: TimedWindowFact): TrailEvent | null {
  for (const events of fact.paths) {
    const work = events.filter((event) => event.kind === 'work').at(-1);
    if (work !== undefined) return work;
  }
  return null;
}

/** Waits before both readings, on a Mac only: other machines keep doing what they did. */
function fixes(fact: TimedWindowFact, context: RuleContext): Fix[] {
  const torch = context.facts.localNames.get('torch')?.name;
  const places = [fact.startStatement, fact.endStatement];
  if (torch === undefined || !places.every((place) => startsItsLine(place, context))) return [];
  const lines = [`if ${torch}.backends.mps.is_available():`, `    ${torch}.mps.synchronize()`];
  return [
    fix('Synchronise before both readings', 'safe', () =>
      places.map((place) => insertLinesBefore(context.module, place, lines)),
    ),
  ];
}

/** Simple statements on a line of their own; a header such as `if time.time() - t > 1:` is none. */
const startsItsLine = (place: Statement, context: RuleContext): boolean =>
  ['assign', 'expression', 'augmentedAssign', 'annotatedAssign', 'return'].includes(place.kind) &&
  ownsItsLines(context.module, place);
