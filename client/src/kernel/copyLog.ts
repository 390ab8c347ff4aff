import type { HostCopies } from './messages.gen.ts';

const variable = 'PYTORCH_MPS_LOG_PROFILE_INFO';
/** COPY_INFO: a line for each copy, when it begins (aten/src/ATen/mps/MPSProfiler.h, LogOptions). */
const copyInfo = 2;

/** The variables of a kernel whose torch logs its copies; bits that are set already stay. */
export function withCopyLog(
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const set = Number(environment[variable] ?? process.env[variable] ?? 0);
  return { ...environment, [variable]: String((Number.isInteger(set) ? set : 0) | copyInfo) };
}

/**
 * A line of CopyInfo::toString (MPSProfiler.mm), as in
 * `BlitCopySync: CPU:Float[1024, 1024] --> MPS:Float[1024, 1024] (len=4.00 MB)`.
 * Times that may follow the length are those of whole command buffers, and not read.
 */
const line =
  /(?:Blit|Mem)Copy(?:Sync)?: (CPU|MPS)(?:\(buf#[^)\n]*\))?:[^\n]*? --> (CPU|MPS)(?:\(buf#[^)\n]*\))?:[^\n]*? \(len=(\d+(?:\.\d+)?) (bytes|KB|MB|GB)(?:, [^\n]*)?\)\n/g;

/** MPSAllocator's format_size: at most two decimals. */
const unit = { bytes: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 } as const;

const beginnings = ['BlitCopy', 'MemCopy'];
/** A line that is longer is none of torch's. */
const longest = 4_000;

/** Takes torch's log of copies out of what a kernel writes to stderr, and counts those of a cell. */
export class CopyLog {
  private held = '';
  private counts = new Map<HostCopies['to'], { count: number; bytes: number }>();

  /** What is left of a text without the lines of the log. The beginning of a line waits for its rest. */
  take(text: string): string {
    const rest = (this.held + text).replace(line, (_, from, to, size, name) => {
      if (from !== to) this.add(to, Math.round(Number(size) * unit[name as keyof typeof unit]));
      return '';
    });
    const at = beginningOf(rest);
    this.held = rest.slice(at);
    return rest.slice(0, at);
  }

  /** What waited and was no line of the log. */
  release(): string {
    const { held } = this;
    this.held = '';
    return held;
  }

  /** The copies since the last call. */
  counted(): HostCopies[] {
    const copies = [...this.counts].map(([to, counts]) => ({ to, ...counts }));
    this.counts = new Map();
    return copies;
  }

  private add(to: HostCopies['to'], bytes: number): void {
    const before = this.counts.get(to) ?? { count: 0, bytes: 0 };
    this.counts.set(to, { count: before.count + 1, bytes: before.bytes + bytes });
  }
}

/** Where a line of the log may begin that has no end yet. */
function beginningOf(text: string): number {
  const last = text.slice(text.lastIndexOf('\n') + 1);
  const found = last.search(/(?:Blit|Mem)Copy/);
  if (found >= 0)
    return last.length - found > longest ? text.length : text.length - last.length + found;
  for (let length = Math.min(7, last.length); length > 0; length -= 1) {
    const end = last.slice(-length);
    if (beginnings.some((beginning) => beginning.startsWith(end))) return text.length - length;
  }
  return text.length;
}
