import type { KernelLaunch } from './kernelLaunch.ts';
import type {
  AttachRequest,
  CompleteRequest,
  ExamineRequest,
  InspectRequest,
  VariablesRequest,
} from './messages.gen.ts';

/** Something to ask the kernel about what it holds. */
export type Question = WithoutId<
  CompleteRequest | InspectRequest | VariablesRequest | ExamineRequest | AttachRequest
>;
type WithoutId<Message> = Message extends unknown ? Omit<Message, 'id'> : never;

export interface SessionOptions extends KernelLaunch {
  /** Milliseconds until a kernel that says nothing is given up. */
  readonly startTimeout?: number;
  /** Have torch log its copies, and tell them in the reports. */
  readonly countsCopies?: boolean;
  /** Where it may leave what the next window needs, and what its kernel is known by; absent: it ends with us. */
  readonly keep?: { readonly folder: string; readonly key: string };
  readonly log: (text: string) => void;
  /** Once, when the kernel is gone; `cause` is null when it was asked to end. */
  readonly ended: (cause: string | null) => void;
}
