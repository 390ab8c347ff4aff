/** Values of <mach-o/loader.h>. */
const thin64 = 0xfeedfacf;
const headerSize = 32;
const loadCommandBuildVersion = 0x32;
const loadCommandVersionMinMacosx = 0x24;

/** Bytes of a library that minimumMacos needs: the load commands of libtorch_cpu.dylib take about 3 kB. */
export const loadCommandsLength = 65_536;

/**
 * The oldest macOS that a thin 64-bit Mach-O file says it runs on, such as 14.0; null when it does not say.
 * Source: `minos` of LC_BUILD_VERSION, `version` of LC_VERSION_MIN_MACOSX: xxxx.yy.zz in the nibbles.
 */
export function minimumMacos(start: Uint8Array): string | null {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (view.byteLength < headerSize || view.getUint32(0, true) !== thin64) return null;
  const count = view.getUint32(16, true);
  let at = headerSize;
  for (let i = 0; i < count && at + 16 <= view.byteLength; i++) {
    const command = view.getUint32(at, true);
    const size = view.getUint32(at + 4, true);
    if (command === loadCommandBuildVersion) return versionOf(view.getUint32(at + 12, true));
    if (command === loadCommandVersionMinMacosx) return versionOf(view.getUint32(at + 8, true));
    if (size < 8) return null;
    at += size;
  }
  return null;
}

const versionOf = (packed: number): string => `${packed >>> 16}.${(packed >>> 8) & 0xff}`;
