import type { Beside } from './rule.ts';

/**
 * Words that several rules are about. They are matched against single names and against what string literals
 * hold: "cuda:0", torch.cuda.FloatTensor, the beginning of f"cuda:{i}".
 */

export const cuda = /(?:^|\.)cuda(?:$|[.:{])|^CUDA(?:$|:)|_cuda_available/;

export const mps = /(?:^|[._])mps(?:$|[._:{])|MPS/;

/** What a device of a Mac can come from. */
export const macDevice = anyOf(mps, /^accelerator$/);

/** Questions for backends: which are asked decides whether a program has thought of a Mac. */
export const backends = anyOf(cuda, macDevice);

/** Others that may be asked: for CUDA, too, or where somebody has asked for CUDA. */
export const besideCuda: readonly Beside[] = [
  { words: /^cudnn$/, needed: /^is_available$/ },
  { words: /^(?:xpu|platform|uname)$/, needed: anyOf(cuda, /^cudnn$/) },
];

export function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'));
}
