import type { Facts, SelectorFact } from '../../semantics/facts.ts';
import type { CallExpression, Expression, Module, Statement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { beyondCuda } from '../../tables/mac.ts';
import {
  asksForMps,
  isBetweenProcesses,
  isForCuda,
  isInTest,
  isTestFile,
  needsCudaPackage,
} from '../cudaTests.ts';
import { indentation, insertLinesAfter, lineStart, textOf } from '../edits.ts';
import type { Edit, Fix } from '../finding.ts';
import { callsOf } from '../libraryCalls.ts';
import { isTrainer } from '../lightning.ts';
import { bodyAround, ownersOf } from '../owners.ts';
import { looksForProcesses, sendsToProcesses } from '../processes.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { backends, besideCuda } from '../words.ts';
import { asksAlone, computesInDouble, isRecord, leavesBehind } from './deviceChoice.ts';

export const rule: Rule = {
  meta: {
    name: 'selector-without-mps',
    code: 'MPS102',
    severity: 'warning',
    summary: 'The device is chosen between CUDA and the CPU, so a Mac computes on the CPU',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: backends,
  besides: besideCuda,
  calls: isTrainer,
  on: {
    // `Trainer(accelerator="gpu" if torch.cuda.is_available() else "cpu")`
    libraryCall(fact, report) {
      const chosen = fact.keywords.get('accelerator');
      const argument = fact.node.args.find(({ name }) => name?.text === 'accelerator');
      const asked = chosen?.choice?.asked;
      if (chosen?.kind !== 'constant' || chosen.value !== 'cpu' || argument === undefined) return;
      if (asked?.has('cuda') !== true || [...beyondCuda].some((one) => asked.has(one))) return;
      // Where a device has the same name, the choice itself is reported.
      if (argument.value.kind === 'conditional' && isCudaText(argument.value.body)) return;
      report({
        at: argument.value,
        message: 'Picks the CPU on Apple Silicon: only CUDA is asked for, so the GPU stays idle.',
        fixes: [
          fix('Let Lightning choose', 'unsafe', () => [
            { start: argument.value.start, end: argument.value.end, text: '"auto"' },
          ]),
        ],
      });
    },
    deviceChoices(fact, report, { module, facts }) {
      if (isForCuda(fact, module) || (fact.isOpen && asksForMps(facts))) return;
      report({
        at: fact.node,
        severity: 'info',
        message: 'Takes CUDA or the CPU: nobody can choose "mps", the GPU of a Mac.',
      });
    },
    selector(fact, report, context) {
      if (!fact.asked.has('cuda') || isBetweenProcesses(fact)) return;
      // A parameter of a test is what the test is about.
      if (fact.by !== undefined && isInTest(fact, context.module)) return;
      const asked = new Set([...fact.asked, ...(context.facts.askedInScope.get(fact.scope) ?? [])]);
      if ([...beyondCuda].some((backend) => asked.has(backend))) return;
      if (holdsAnother(fact, context.facts)) return;
      if (isNoDevice(fact, context.module) || isForOthers(fact, context.facts)) return;
      // What is sent to other processes is on the CPU of a Mac, for gloo.
      if (looksForProcesses(fact, context.facts) && sendsToProcesses(fact, context.facts)) return;
      if (fact.by === 'option' && isRecord(fact)) return;
      if (isFallback(fact) && asksForMps(context.facts)) return;
      const at = fact.node.kind === 'if' ? fact.node.test : fact.node;
      const { module } = context;
      if (needsCudaPackage(module, at.start)) return;
      const isDouble = computesInDouble(module);
      report({
        at,
        // A test says as much on the CPU, if not about MPS.
        severity: isInTest(fact, module) || isTestFile(module) || isDouble ? 'info' : 'warning',
        message: messages[fact.by ?? 'question'],
        fixes: fact.by === 'tensor' || isDouble ? [] : fixes(fact, context),
      });
    },
  },
};

const messages = {
  question: 'Picks the CPU on Apple Silicon: MPS is never asked for, so the GPU stays idle.',
  option:
    'An option chooses between CUDA, which Apple Silicon does not have, and the CPU: the GPU stays idle.',
  tensor: 'A tensor on MPS is not `is_cuda`: what is to be on its device is put on the CPU.',
} as const;

const isCudaText = (node: Expression): boolean =>
  node.kind === 'string' && node.value.startsWith('cuda');

/** Packages that compute without PyTorch and have no MPS: CTranslate2 has `cpu` and `cuda`. */
const withoutMps = /^(?:faster_whisper|ctranslate2|onnxruntime)\./;

/** Does the choice go to a package that has no MPS, or does it ask what ONNX Runtime has? */
function isForOthers({ chosen, statement }: SelectorFact, facts: Facts): boolean {
  let asksRuntime = false;
  walk([statement], (inner) => {
    if (inner.kind === 'string') asksRuntime ||= inner.value === 'CUDAExecutionProvider';
  });
  return (
    asksRuntime ||
    callsOf(facts, withoutMps).some((fact) =>
      [...fact.positional, ...fact.keywords.values()].some(
        ({ origin }) => origin !== undefined && origin === chosen.origin,
      ),
    )
  );
}

/** A choice that moves nothing to the device, or that says what to do without CUDA in another way. */
function isNoDevice(fact: SelectorFact, module: Module): boolean {
  const { node, statement } = fact;
  if (ownersOf(module.body, node.start).some(({ name }) => isForAll(name.text))) return true;
  if (node.kind === 'if') {
    // `if fp16 and cuda: … elif fp16: raise`: the CPU is meant.
    const [other] = node.orElse;
    // `if cuda: init_process_group("nccl")` and gloo otherwise: distributed work on a Mac is on the CPU.
    if (startsProcessGroup([node]) || isOfRank(fact, module)) return true;
    return other?.kind === 'if' && other.body.some(({ kind }) => kind === 'raise');
  }
  let found = false;
  walk([statement], (inner) => {
    if (inner.kind === 'formatted') found ||= inner.values.includes(node);
    // What is loaded to the CPU is copied from there to wherever its model is.
    if (inner.kind === 'call')
      found ||= inner.args.some(
        ({ name, value }) => name?.text === 'map_location' && value === node,
      );
  });
  return found || isOnlyNamed(fact, module);
}

/** `info.get("device", "cuda" if … else "cpu")`: what is there may know of MPS. */
function isFallback({ node, statement }: SelectorFact): boolean {
  let falls = false;
  walk([statement], (inner) => {
    if (inner.kind !== 'call' || inner.args[1]?.value !== node) return;
    falls ||=
      inner.callee.kind === 'attribute' && /^(?:get|pop|setdefault)$/.test(inner.callee.name.text);
  });
  return falls;
}

/** `distributed_reduction_device`, `sync_dist_metrics`: with gloo it is the CPU that sends. */
const isForAll = (name: string): boolean =>
  /(?:^|_)dist(?:ributed)?(?:_|$)/i.test(name) && /reduc|gather|broadcast|sync/i.test(name);

/** `torch.device("cuda", rank)` in a function that joins a process group, and not only where it finds one. */
function isOfRank({ deadStatement, node }: SelectorFact, module: Module): boolean {
  if (deadStatement === null || !/rank/i.test(textOf(module, deadStatement))) return false;
  return ownersOf(module.body, node.start).some(
    (owner) =>
      owner.kind === 'function' &&
      startsProcessGroup(owner.body.filter(({ kind }) => kind !== 'if')),
  );
}

/** `"cuda:1" if … else "cuda" if … else "cpu"` is one choice: the last of its arms is the place to add another. */
const holdsAnother = ({ node }: SelectorFact, { facts }: Facts): boolean =>
  node.kind === 'conditional' &&
  node.orElse.kind === 'conditional' &&
  facts.some((other) => other.kind === 'selector' && other.node === node.orElse);

function startsProcessGroup(body: readonly Statement[]): boolean {
  let starts = false;
  walk(body, (inner) => {
    const name =
      inner.kind === 'name' ? inner.id : inner.kind === 'attribute' ? inner.name.text : '';
    starts ||= name === 'init_process_group' || name === 'DistributedDataParallel';
  });
  return starts;
}

/** `kind = "cuda" if … else "cpu"` that is only compared names the answer and no device, and so does one to load to. */
function isOnlyNamed({ node, statement }: SelectorFact, module: Module): boolean {
  if (statement.kind !== 'assign') return false;
  const { value } = statement;
  // `torch.device("cuda" if … else "cpu")`
  const isMade = value.kind === 'call' && value.args.length === 1 && value.args[0]?.value === node;
  if (value !== node && !isMade) return false;
  const [target] = statement.targets;
  if (target?.kind !== 'name') return false;
  const { all, named } = usesIn(bodyAround(module.body, statement.start)).get(target.id) ?? none;
  // Where it is bound is no use of it.
  const used = all - 1;
  return used > 0 && used === named;
}

/** How often a name stands in a body, and how often only to be compared or loaded to. */
interface Uses {
  all: number;
  named: number;
}

const none: Uses = { all: 0, named: 0 };

const knownUses = new WeakMap<readonly Statement[], ReadonlyMap<string, Uses>>();

function usesIn(body: readonly Statement[]): ReadonlyMap<string, Uses> {
  const known = knownUses.get(body);
  if (known !== undefined) return known;
  const uses = new Map<string, Uses>();
  const add = (node: Expression, kind: keyof Uses): void => {
    if (node.kind !== 'name') return;
    const counted = uses.get(node.id) ?? { ...none };
    counted[kind] += 1;
    uses.set(node.id, counted);
  };
  walk(body, (inner) => {
    add(inner as Expression, 'all');
    if (inner.kind === 'compare')
      for (const side of [inner.left, ...inner.operands]) add(side, 'named');
    if (inner.kind === 'call')
      for (const { name, value } of inner.args)
        if (name?.text === 'map_location' || isOfCuda(inner)) add(value, 'named');
  });
  knownUses.set(body, uses);
  return uses;
}

/** `torch.cuda.memory_allocated(device)` */
const isOfCuda = ({ callee }: CallExpression): boolean =>
  callee.kind === 'attribute' &&
  callee.object.kind === 'attribute' &&
  callee.object.name.text === 'cuda';

function fixes(fact: SelectorFact, context: RuleContext): Fix[] {
  const torch = context.facts.localNames.get('torch')?.name;
  if (torch === undefined) return [];
  const test = `${torch}.backends.mps.is_available()`;
  const edits = conditionalEdits(fact, test, context) ?? ifEdits(fact, test, context);
  if (edits === null) return [];
  // transformers.pipeline takes "mps" where it took an index, other code may not.
  const isIndex = fact.chosen.kind === 'constant' && typeof fact.chosen.value === 'number';
  const isSafe = !isIndex && asksAlone(fact, context.module) && !leavesBehind(context);
  return [fix('Add the mps arm', isSafe ? 'safe' : 'unsafe', () => edits)];
}

/** `"cuda" if … else "cpu"` becomes `"cuda" if … else "mps" if … else "cpu"`. */
function conditionalEdits(
  fact: SelectorFact,
  test: string,
  { module }: RuleContext,
): Edit[] | null {
  if (fact.node.kind !== 'conditional') return null;
  const { body, orElse, test: asked } = fact.node;
  const arms = [body, orElse].map((arm) => textOf(module, arm));
  // `"0" if … else "cpu"`: which text stands for MPS is known to whoever reads it.
  if (arms.some((arm) => /^["']0["']$/.test(arm))) return null;
  const cuda = arms.find((arm) => /cuda/.test(arm)) ?? '"cuda"';
  const mps =
    fact.chosen.kind === 'constant' && typeof fact.chosen.value === 'number'
      ? '"mps"'
      : asMps(cuda);
  if (mps === null) return null;
  // `"cpu" if not cuda else "cuda"`: the Mac's arm is the first one.
  return /cuda/.test(arms[0] ?? '') ||
    typeof (fact.chosen as { value?: unknown }).value === 'number'
    ? [{ start: orElse.start, end: orElse.start, text: `${mps} if ${test} else ` }]
    : asked.start > body.end
      ? [{ start: body.start, end: body.start, text: `${mps} if ${test} else ` }]
      : null;
}

/** The CUDA arm again, for MPS: `torch.device("cuda:0")` becomes `torch.device("mps")`. */
function asMps(cuda: string): string | null {
  const mps = cuda.replace(/(["'])cuda(:\d+)?\1/, '$1mps$1');
  return mps === cuda || /cuda/.test(mps) ? null : mps;
}

/** Adds an `elif` with the CUDA arm's statement made for MPS. */
function ifEdits(fact: SelectorFact, test: string, { module }: RuleContext): Edit[] | null {
  const { node, deadStatement } = fact;
  if (node.kind !== 'if' || deadStatement === null || node.body.length !== 1) return null;
  const [statement] = node.body;
  if (statement !== deadStatement) return null;
  // `if cuda: device = "cuda"` on one line has no line to put an elif after.
  if (lineStart(module, statement.start) === lineStart(module, node.start)) return null;
  const mps = asMps(textOf(module, statement));
  if (mps === null) return null;
  const inner = indentation(module, statement.start);
  const outer = indentation(module, node.start);
  const edit = insertLinesAfter(module, statement, []);
  return [{ ...edit, text: `\n${outer}elif ${test}:\n${inner}${mps}` }];
}
