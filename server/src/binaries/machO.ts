export type Architecture = 'arm64' | 'x86_64' | 'other';

/** Values of <mach-o/loader.h> and <mach-o/fat.h>. */
const thin64 = 0xfeedfacf;
const fat32 = 0xcafebabe;
const fat64 = 0xcafebabf;

/** <mach/machine.h>: CPU_TYPE_X86_64 and CPU_TYPE_ARM64. */
const cpuTypes: ReadonlyMap<number, Architecture> = new Map([
  [0x01000007, 'x86_64'],
  [0x0100000c, 'arm64'],
]);

/** Bytes of a file that architecturesOf needs: a universal binary lists its parts at the start. */
export const headerLength = 4096;

/**
 * The architectures of a Mach-O executable, from its first bytes; null when it is none. A thin file
 * stores its header in its own byte order (little-endian on both), a universal one in big-endian.
 */
export function architecturesOf(header: Uint8Array): readonly Architecture[] | null {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (view.byteLength < 8) return null;
  if (view.getUint32(0, true) === thin64) return [architecture(view.getUint32(4, true))];
  const magic = view.getUint32(0, false);
  if (magic !== fat32 && magic !== fat64) return null;
  const count = view.getUint32(4, false);
  const size = magic === fat32 ? 20 : 32;
  // Java class files begin with the same number, and have their version here: 45 and up.
  if (count === 0 || count > 30 || 8 + count * size > view.byteLength) return null;
  return Array.from({ length: count }, (_, i) => architecture(view.getUint32(8 + i * size, false)));
}

const architecture = (type: number): Architecture => cpuTypes.get(type) ?? 'other';
