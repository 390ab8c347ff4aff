/**
 * Variables that torch's MPS backend reads, with the first version that does; null: 2.4.1, the oldest that was
 * looked at. Source: names in libtorch_cpu.dylib of 2.4.1, 2.5.1, 2.6.0, 2.7.1, 2.8.0, 2.9.1, 2.10.0, 2.11.0,
 * 2.12.0, 2.13.0, 2.14.1 and 2.15.0.
 */
export const mpsVariables: ReadonlyMap<string, string | null> = new Map([
  ['PYTORCH_ENABLE_MPS_FALLBACK', null],
  ['PYTORCH_MPS_HIGH_WATERMARK_RATIO', null],
  ['PYTORCH_MPS_LOW_WATERMARK_RATIO', null],
  ['PYTORCH_DEBUG_MPS_ALLOCATOR', null],
  ['PYTORCH_MPS_FAST_MATH', '2.5'],
  ['PYTORCH_MPS_PREFER_METAL', null],
  ['PYTORCH_MPS_TRACE_SIGNPOSTS', null],
  ['PYTORCH_MPS_LOG_PROFILE_INFO', null],
  ['PYTORCH_MPS_DISABLE_PREFILL_ATTENTION', '2.13'],
  ['PYTORCH_MPS_METAL_VERSION', '2.15'],
]);

/** The one that shares the most words with a name; null when none shares most of them. */
export function nearestVariable(name: string): string | null {
  const words = new Set(name.toUpperCase().split('_'));
  let best: { name: string; shared: number } | null = null;
  for (const variable of mpsVariables.keys()) {
    const theirs = variable.split('_');
    const shared =
      theirs.filter((word) => words.has(word)).length / Math.max(theirs.length, words.size);
    if (shared >= 0.75 && shared > (best?.shared ?? 0)) best = { name: variable, shared };
  }
  return best?.name ?? null;
}
