/** Variables that torch's MPS backend reads. Source: names in libtorch_cpu.dylib of torch 2.4.1 to 2.15.0. */
export const mpsVariables: ReadonlySet<string> = new Set([
  'PYTORCH_ENABLE_MPS_FALLBACK',
  'PYTORCH_MPS_HIGH_WATERMARK_RATIO',
  'PYTORCH_MPS_LOW_WATERMARK_RATIO',
  'PYTORCH_DEBUG_MPS_ALLOCATOR',
  'PYTORCH_MPS_FAST_MATH',
  'PYTORCH_MPS_PREFER_METAL',
  'PYTORCH_MPS_TRACE_SIGNPOSTS',
  'PYTORCH_MPS_LOG_PROFILE_INFO',
  'PYTORCH_MPS_DISABLE_PREFILL_ATTENTION',
  'PYTORCH_MPS_METAL_VERSION',
]);

/** The one that shares the most words with a name; null when none shares most of them. */
export function nearestVariable(name: string): string | null {
  const words = new Set(name.toUpperCase().split('_'));
  let best: { name: string; shared: number } | null = null;
  for (const variable of mpsVariables) {
    const theirs = variable.split('_');
    const shared =
      theirs.filter((word) => words.has(word)).length / Math.max(theirs.length, words.size);
    if (shared >= 0.75 && shared > (best?.shared ?? 0)) best = { name: variable, shared };
  }
  return best?.name ?? null;
}
