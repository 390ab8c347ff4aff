import { isCaught } from '../../semantics/facts.ts';
import type { Device } from '../../semantics/values.ts';
import type { Expression, SequenceExpression } from '../../syntax/tree.ts';
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
  calls: (name) => readsTensors(name),
  on: {
    methodCall(fact, report) {
      if (fact.name !== 'numpy' || isCaught(fact, 'TypeError')) return;
      // numpy(force=True) copies by itself.
      if (fact.node.args.length > 0) return;
      const device = mpsDeviceOf(fact.object);
      if (device !== null) report(finding(fact.callee.object, device));
    },
    libraryCall(fact, report) {
      if (isCaught(fact, 'TypeError')) return;
      fact.positional.forEach((value, i) => {
        const argument = fact.node.args[i]?.value;
        // `np.concatenate([x, y])`
        if (joiners.has(fact.name) && argument !== undefined && hasElements(argument)) {
          const elements = value.kind === 'sequence' ? value.elements : [];
          elements.forEach((element, j) => {
            const device = mpsDeviceOf(element);
            const place = argument.elements[j];
            if (device !== null && place !== undefined) report(finding(place, device));
          });
          return;
        }
        const device = mpsDeviceOf(value);
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

/** Functions that do so with each element of a list. */
const joiners: ReadonlySet<string> = new Set(
  ['concatenate', 'stack', 'vstack', 'hstack', 'dstack'].map((name) => `numpy.${name}`),
);

/** scikit-learn makes an array of all that it is given (`check_array`). */
const readsTensors = (name: string): boolean =>
  readers.has(name) || joiners.has(name) || /^sklearn\.metrics\.[a-z]\w*$/.test(name);

const hasElements = (node: Expression): node is SequenceExpression =>
  node.kind === 'list' || node.kind === 'tuple';

const finding = (tensor: Expression, device: Device): NewFinding => ({
  at: tensor,
  message: 'NumPy cannot read a tensor on MPS: this raises TypeError.',
  severity: severityOn(device),
  fixes: [fix('Copy it to the CPU first', 'safe', () => appendCall(tensor, '.cpu()'))],
});
