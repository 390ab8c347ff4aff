import type { Facts } from '../semantics/facts.ts';
import type { CallExpression, Expression, Module, Node, Statement } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';
import { factsOf } from './factsOf.ts';
import { bodiesAround } from './statements.ts';

/**
 * Does the backward pass go through a call, by what stands around it: one of its arguments is made of parameters, and
 * `backward` is called on what is made of its result? Both within the function; what goes other ways is unknown.
 */
export function isDifferentiated(call: CallExpression, module: Module, facts: Facts): boolean {
  const around = bodiesAround(module, call);
  const innermost = around.at(-1);
  if (innermost === undefined) return false;
  const trained = new Flow((node) => node.kind === 'call' && hasParameters(node, facts));
  for (const { body, index } of around)
    for (const statement of body.slice(0, index)) trained.follow(statement);
  if (!call.args.some(({ value }) => trained.carries(value))) return false;
  const result = new Flow((node) => node === call);
  return innermost.body.slice(innermost.index).some((statement) => {
    result.follow(statement);
    return statement.kind === 'expression' && isBackwardOf(statement.value, result);
  });
}

/** `loss.backward()`, `scaler.scale(loss).backward()` */
const isBackwardOf = (node: Expression, flow: Flow): boolean =>
  node.kind === 'call' &&
  node.callee.kind === 'attribute' &&
  node.callee.name.text === 'backward' &&
  flow.carries(node.callee.object);

/** `torch.rand(3, requires_grad=True)`, `nn.Parameter(x)`, or the call of a module of torch that has parameters. */
const hasParameters = (node: CallExpression, facts: Facts): boolean =>
  node.args.some(
    ({ name, value }) =>
      name?.text === 'requires_grad' && value.kind === 'constant' && value.value === true,
  ) ||
  (node.callee.kind === 'attribute' &&
    /^(?:Parameter|requires_grad_)$/.test(node.callee.name.text)) ||
  factsOf(facts, 'moduleCall').some(
    (fact) =>
      fact.node === node && fact.module.kind === 'torchModule' && fact.module.stateless !== true,
  );

/** What is no part of the graph any more. */
const leavesGraph =
  /^(?:detach|item|tolist|numpy|data|argmax|argmin|long|int|bool|shape|size|dim|device|dtype|eq|ne|gt|lt|ge|le)$/;

/** Names that hold what is made of a source, statement by statement. */
class Flow {
  private readonly names = new Set<string>();
  private readonly isSource: (node: Node) => boolean;

  constructor(isSource: (node: Node) => boolean) {
    this.isSource = isSource;
  }

  follow(statement: Statement): void {
    if (statement.kind === 'augmentedAssign') {
      if (statement.target.kind === 'name' && this.carries(statement.value))
        this.names.add(statement.target.id);
      return;
    }
    if (statement.kind !== 'assign') return;
    const carries = this.carries(statement.value);
    for (const target of statement.targets) {
      if (target.kind !== 'name') continue;
      if (carries) this.names.add(target.id);
      else this.names.delete(target.id);
    }
  }

  carries(node: Node): boolean {
    if (this.isSource(node)) return true;
    if (node.kind === 'name') return this.names.has(node.id);
    if (node.kind === 'compare' || node.kind === 'lambda') return false;
    if (node.kind === 'attribute' && leavesGraph.test(node.name.text)) return false;
    return childrenOf(node).some((child) => this.carries(child));
  }
}
