import type { EnvironmentVariable } from './environmentVariable.ts';
import { byName } from './environmentVariable.ts';

const firstAllocation = 'when the first tensor is allocated on MPS, and never again';

/**
 * Variables that torch's MPS backend reads. Sources: names in libtorch_cpu.dylib of twelve releases of torch from 2.4.1 to 2.15.0 and the
 * functions there that read them; torch's docs/source/mps_environment_variables.
 */
export const mpsVariables: ReadonlyMap<string, EnvironmentVariable> = byName([
  {
    name: 'PYTORCH_ENABLE_MPS_FALLBACK',
    does: 'Operators that MPS has no kernel for run on the CPU instead of raising NotImplementedError.',
    read: 'while torch is imported, and never again',
    values: [
      ['1', 'run them on the CPU'],
      ['0', 'raise NotImplementedError'],
    ],
    note: 'It has to be a number: `true` ends the program while torch is imported.',
  },
  {
    name: 'PYTORCH_MPS_HIGH_WATERMARK_RATIO',
    does: 'The most memory that tensors on MPS may take, as a ratio of the recommended working set (about three quarters of the memory).',
    read: firstAllocation,
    values: [
      ['1.7', 'what torch takes when it is not set'],
      ['1.0', 'the recommended working set; set the low ratio, too'],
      ['0.0', 'no limit: the system may fail'],
    ],
    note: 'Below 1.4 the low ratio has to be set, too: torch refuses to allocate when it is the higher one.',
  },
  {
    name: 'PYTORCH_MPS_LOW_WATERMARK_RATIO',
    does: 'From this ratio of the recommended working set on, torch frees memory that it keeps.',
    read: firstAllocation,
    values: [
      ['1.4', 'what torch takes when it is not set'],
      ['0.0', 'it frees nothing by itself'],
    ],
    note: 'It must not be higher than PYTORCH_MPS_HIGH_WATERMARK_RATIO.',
  },
  {
    name: 'PYTORCH_MPS_FAST_MATH',
    does: 'Metal kernels that torch compiles at run time use fast math: faster and less exact.',
    read: 'when the first Metal shader is compiled, and never again',
    values: [
      ['1', 'fast math'],
      ['0', 'exact'],
    ],
    since: 'torch 2.5',
  },
  {
    name: 'PYTORCH_MPS_PREFER_METAL',
    does: "Matrix products use torch's Metal kernels instead of Apple's MPSGraph.",
    read: 'by the first matrix product, and never again',
    values: [
      ['1', 'Metal kernels'],
      ['0', 'MPSGraph'],
    ],
  },
  {
    name: 'PYTORCH_DEBUG_MPS_ALLOCATOR',
    does: 'The allocator of MPS prints what it does.',
    read: firstAllocation,
    values: [['1', 'print']],
  },
  {
    name: 'PYTORCH_MPS_LOG_PROFILE_INFO',
    does: 'What the profiler of MPS prints: a bit mask, LogOptions in ATen/mps/MPSProfiler.h.',
    read: 'by the first operation on MPS, and never again',
    values: [],
  },
  {
    name: 'PYTORCH_MPS_TRACE_SIGNPOSTS',
    does: 'Which signposts Instruments gets: a bit mask, ProfileOptions and SignpostTypes in ATen/mps/MPSProfiler.h.',
    read: 'by the first operation on MPS, and never again',
    values: [],
  },
  {
    name: 'PYTORCH_MPS_DISABLE_PREFILL_ATTENTION',
    does: 'Attention on MPS does without its kernel for long prompts. torch does not document it.',
    read: 'by the first scaled_dot_product_attention',
    values: [],
    since: 'torch 2.13',
  },
  {
    name: 'PYTORCH_MPS_METAL_VERSION',
    does: 'The version of the Metal language that torch compiles its shaders for. torch does not document it.',
    read: 'when the first Metal shader is compiled',
    values: [],
    since: 'torch 2.15',
  },
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
