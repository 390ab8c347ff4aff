import type { Facts } from '../semantics/facts.ts';
import type { Device, Value } from '../semantics/values.ts';
import { isCertainly } from '../semantics/values.ts';

const known = new WeakMap<Facts, boolean>();

/** Does the program compute on MPS when it runs on a Mac? */
export function usesMps(facts: Facts): boolean {
  let uses = known.get(facts);
  if (uses === undefined) {
    uses = facts.facts.some(
      (fact) =>
        (fact.kind === 'deviceUse' || fact.kind === 'transfer') && isCertainly(fact.device, 'mps'),
    );
    known.set(facts, uses);
  }
  return uses;
}

/** The device of a tensor that is certainly on MPS; null for anything else. */
export const mpsDeviceOf = (value: Value | undefined): Device | null =>
  value?.kind === 'tensor' && isCertainly(value.device, 'mps') ? value.device : null;

/** Chosen at run time, the device is MPS on a Mac only. */
export const severityOn = (device: Device): 'error' | 'warning' =>
  device.choice === undefined ? 'error' : 'warning';
