import type { Facts } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Device, Value } from '../../semantics/values.ts';
import type { MissingOperator } from '../../tables/mpsOperators.gen.ts';
import { missingMpsOperators, operatorVersions } from '../../tables/mpsOperators.gen.ts';
import { mpsDeviceOf, severityOn } from '../mpsUse.ts';
import type { NewFinding, Rule, RuleContext } from '../rule.ts';
import { compareVersions } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'missing-mps-op',
    code: 'MPS601',
    severity: 'error',
    summary: 'An operator is used that torch does not have for MPS',
    since: '0.1.0',
    fix: 'none',
  },
  words: macDevice,
  on: {
    libraryCall(fact, report, context) {
      const operator = missingMpsOperators.get(fact.name);
      const device = onMps([...fact.positional, ...fact.keywords.values()]);
      if (operator === undefined || device === null || isCaught(fact, 'NotImplementedError'))
        return;
      const found = finding(fact.name, operator, device, context);
      if (found !== null)
        report({ ...found, at: { start: fact.node.callee.start, end: fact.node.end } });
    },
    methodCall(fact, report, context) {
      const operator = missingMpsOperators.get(`torch.${fact.name.replace(/_$/, '')}`);
      const device = mpsDeviceOf(fact.object);
      if (operator === undefined || device === null || isCaught(fact, 'NotImplementedError'))
        return;
      const found = finding(`Tensor.${fact.name}`, operator, device, context);
      if (found !== null)
        report({ ...found, at: { start: fact.callee.name.start, end: fact.node.end } });
    },
  },
};

const onMps = (values: readonly Value[]): Device | null => {
  for (const value of values) {
    const device = mpsDeviceOf(value);
    if (device !== null) return device;
  }
  return null;
};

function finding(
  name: string,
  { operator, missingIn }: MissingOperator,
  device: Device,
  { environment, facts }: RuleContext,
): Omit<NewFinding, 'at'> | null {
  const installed = environment.versions.torch;
  const read = columnOf(installed);
  if (read === undefined || !missingIn.includes(read) || fallsBack(facts)) return null;
  const first = operatorVersions.find(
    (version) => !missingIn.includes(version) && compareVersions(version, read) > 0,
  );
  const which = `torch ${installed ?? read}`;
  const when = first === undefined ? '' : ` torch ${first} has it.`;
  return {
    message: `${name} has no MPS kernel in ${which} (aten::${operator}): this raises NotImplementedError.${when}`,
    severity: severityOn(device),
  };
}

/**
 * The version whose column holds for the installed one: kernels are added and not taken away, so what a later
 * version lacks, this one lacks, too. A release after the last that was read may have any.
 */
function columnOf(installed: string | undefined): string | undefined {
  const newest = operatorVersions.at(-1);
  if (installed === undefined || newest === undefined) return newest;
  const releaseOf = (version: string): string => version.split('.').slice(0, 2).join('.');
  return (
    operatorVersions.find((version) => compareVersions(version, installed) >= 0) ??
    (releaseOf(installed) === releaseOf(newest) ? newest : undefined)
  );
}

/** PYTORCH_ENABLE_MPS_FALLBACK is set in time, so the CPU does it. */
const fallsBack = (facts: Facts): boolean =>
  facts.facts.some(
    (fact) =>
      fact.kind === 'environmentWrite' &&
      fact.name === 'PYTORCH_ENABLE_MPS_FALLBACK' &&
      fact.value !== '0' &&
      fact.torchLoadedBy === null,
  );
