import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { report } from './context.ts';
import type { Value } from './values.ts';
import { asDevice, isCertainly } from './values.ts';

/** Names that hold devices; a text "cuda" under another name may mean anything. */
const deviceName = /(?:^|_)device(?:$|_|s$)|^device/i;

/** `def f(device="cuda")`, `device: str = "cuda"`, `infer_device = "cuda"` */
export function reportDeviceDefault(
  context: Context,
  name: string,
  value: Value,
  node: Expression,
): void {
  const device = asDevice(value);
  if (node.kind !== 'string' || device === null || !isCertainly(device, 'cuda')) return;
  if (deviceName.test(name)) report(context, { kind: 'deviceDefault', node, name });
}
