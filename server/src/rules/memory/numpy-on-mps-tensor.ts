import { isCaught } from '../../semantics/facts.ts';
import type { Device } from '../../semantics/values.ts';
import type { Expression } from '../../syntax/tree.ts';
import { appendCall } from '../edits.ts';
import { mpsDeviceOf, severityOn } from '../mpsUse.ts';
import type { NewFinding, Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'numpy-on-mps-tensor',
    code: 'MPS503',
    severity: 'error',
    summary: 'A tensor on MPS is given to NumPy',
    since: '0.1.0',
    fix: 'safe',
  },
  words: macDevice,
  on: {
    methodCall(fact, report) {
      if (fact.name !== 'numpy' || isCaught(fact, 'TypeError')) return;
      // numpy(force=True) copies by itself.
      if (fact.node.args.length > 0) return;
      const device = mpsDeviceOf(fact.object);
      if (device !== null) report(finding(fact.callee.object, device));
    },
    libraryCall(fact, report) {
      if (!readers.has(fact.name) || isCaught(fact, 'TypeError')) return;
      fact.positional.forEach((value, i) => {
        const device = mpsDeviceOf(value);
        const argument = fact.node.args[i]?.value;
        if (device !== null && argument !== undefined) report(finding(argument, device));
      });
    },
  },
};

/** Functions that turn a tensor into an ndarray by themselves. */
const readers = new Set([
  ...['array', 'asarray', 'asanyarray', 'ascontiguousarray', 'save'].map((name) => `numpy.${name}`),
  ...['plot', 'scatter', 'hist', 'imshow', 'bar'].map((name) => `matplotlib.pyplot.${name}`),
]);

const finding = (tensor: Expression, device: Device): NewFinding => ({
  at: tensor,
  message: 'NumPy cannot read a tensor on MPS: this raises TypeError.',
  severity: severityOn(device),
  fixes: [fix('Copy it to the CPU first', 'safe', () => appendCall(tensor, '.cpu()'))],
});
