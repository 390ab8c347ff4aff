import type { LibraryCallFact } from '../../semantics/facts.ts';
import type { CallExpression, Expression, Module, Node } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { assignmentsTo, pathOf } from '../assignments.ts';
import { textOf } from '../edits.ts';
import { isMpsLiteral } from '../mpsLiteral.ts';
import { bodyAround } from '../owners.ts';
import { bodiesAround } from '../statements.ts';

/**
 * Does a generator of the call's device instead of the CPU's draw what the program drew, wherever it drew anything? On the CPU it is
 * the same generator; on another device torch refused the CPU's. So nothing else may use it, and the device is the same everywhere.
 */
export function drawsTheSame(
  fact: LibraryCallFact,
  made: Expression,
  device: Expression,
  isChosen: boolean,
  module: Module,
): boolean {
  // Who catches the refusal goes on in another way.
  if (fact.caught.size > 0) return false;
  const isInside = fact.node.start < made.start && made.end < fact.node.end;
  const isLiteral = isMpsLiteral(device, module);
  if (isInside) return isLiteral || (isChosen && isSetOnce(device, module));
  const place = bodiesAround(module, made).at(-1);
  const statement = place?.body[place.index];
  if (place === undefined || statement?.kind !== 'assign') return false;
  const [target, ...others] = statement.targets;
  if (target?.kind !== 'name' || others.length > 0 || !isSeeded(statement.value, made))
    return false;
  if (assignmentsTo(module.body, target.id).length !== 1) return false;
  // Another file may use one that the module holds: there the draw is in the module itself, too.
  if (bodyAround(module.body, made.start) !== bodyAround(module.body, fact.node.start))
    return false;
  if (!isUsedOn(textOf(module, device), target.id, module)) return false;
  if (isChosen && isSetOnce(device, module)) return true;
  // Without MPS the generator would raise instead of the call: nothing may happen in between.
  const end = place.body.indexOf(fact.statement);
  const between = place.body.slice(place.index + 1, Math.max(end, 0));
  return (
    isLiteral &&
    end > place.index &&
    'value' in fact.statement &&
    fact.statement.value === fact.node &&
    between.every((each) => each.kind === 'expression' && isSeed(each.value, target.id))
  );
}

/** `torch.Generator()`, `torch.Generator().manual_seed(0)` */
const isSeeded = (value: Expression, made: Expression): boolean =>
  value.start === made.start && (value.end === made.end || (value.kind === 'call' && seeds(value)));

const seeds = ({ callee, args }: CallExpression): boolean =>
  callee.kind === 'attribute' &&
  callee.name.text === 'manual_seed' &&
  args.every(({ value }) => isPlain(value));

const isSeed = (value: Expression, name: string): boolean =>
  value.kind === 'call' && seeds(value) && pathOf(value.callee) === `${name}.manual_seed`;

const isPlain = ({ kind }: Expression): boolean => kind === 'number' || kind === 'name';

/** Is the name nothing but seeded and given to factories of torch for this device? */
function isUsedOn(device: string, name: string, module: Module): boolean {
  const named: Node[] = [];
  const known = new Set<Node>();
  walk(module.body, (node) => {
    if (node.kind === 'name' && node.id === name) named.push(node);
    if (node.kind === 'assign') for (const target of node.targets) known.add(target);
    if (node.kind !== 'call') return;
    if (isSeed(node, name) && node.callee.kind === 'attribute') known.add(node.callee.object);
    const given = argument(node, 'generator');
    const place = argument(node, 'device');
    const isFactory = factories.test(pathOf(node.callee) ?? '');
    if (isFactory && given !== undefined && place !== undefined && textOf(module, place) === device)
      known.add(given);
  });
  return named.every((node) => known.has(node));
}

const factories = /^torch\.(?:rand|randn|randint|randperm|normal)$/;

const argument = ({ args }: CallExpression, keyword: string): Expression | undefined =>
  args.find(({ name }) => name?.text === keyword)?.value;

/** Is it one name that means one device in the whole file? */
function isSetOnce(device: Expression, module: Module): boolean {
  if (device.kind !== 'name') return false;
  const [only, ...others] = assignmentsTo(module.body, device.id);
  if (only === undefined || others.length > 0 || !module.body.some((each) => each === only))
    return false;
  let isParameter = false;
  walk(module.body, (node) => {
    if (node.kind === 'function')
      isParameter ||= node.parameters.some(({ name }) => name?.text === device.id);
  });
  return !isParameter;
}
