interface LoadCommand {
  readonly command: number;
  /** What follows command and size. */
  readonly words: readonly number[];
  /** Another size than the true one. */
  readonly size?: number;
}

const cpuTypes = { arm64: 0x0100000c, x86_64: 0x01000007 } as const;

/** A thin 64-bit Mach-O header with its load commands, by <mach-o/loader.h>. */
export function machO(
  architecture: keyof typeof cpuTypes,
  commands: readonly LoadCommand[],
): Uint8Array {
  const words = commands.flatMap(({ command, words: rest, size }) => [
    command,
    size ?? 8 + 4 * rest.length,
    ...rest,
  ]);
  const header = [
    0xfeedfacf,
    cpuTypes[architecture],
    0,
    6,
    commands.length,
    4 * words.length,
    0,
    0,
  ];
  return new Uint8Array(Uint32Array.from([...header, ...words]).buffer);
}
