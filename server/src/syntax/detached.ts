/** V8 makes longer slices of a text without copying: they keep the whole text in memory. */
const longestCopy = 12;

/** The same text, which keeps no other one in memory. */
export const detached = (slice: string): string =>
  slice.length > longestCopy ? (JSON.parse(JSON.stringify(slice)) as string) : slice;
