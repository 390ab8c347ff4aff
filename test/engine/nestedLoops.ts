const depth = 14;

/** A short program that takes too long: each loop is run until nothing changes, in each run of the one around it. */
export const nestedLoops = [
  'import torch',
  'x = torch.zeros(3, device="cuda")',
  ...Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}for i${i} in range(n):`),
  ...Array.from({ length: 100 }, (_, i) => `${' '.repeat(depth)}y${i} = torch.zeros(3) + z${i}`),
  'last = torch.zeros(3, device="cuda")  # noqa: MPS101',
  '',
].join('\n');
