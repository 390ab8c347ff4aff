import { numpyDtypes } from '../tables/numpyFunctions.ts';
import { torchDtypes } from '../tables/torchFunctions.ts';
import type { Value } from './values.ts';

/** The dtype that an argument names: `torch.float64`, `np.float32`, `"float64"`, `float`. */
export function dtypeNamed(value: Value, framework: 'torch' | 'numpy'): string | null {
  if (value.kind === 'dtype') return value.name;
  if (value.kind === 'constant' && typeof value.value === 'string') {
    return (framework === 'numpy' ? numpyDtypes : torchDtypes).get(value.value) ?? null;
  }
  // Python's float is float64 to NumPy and to torch.
  if (value.kind === 'library' && value.name === 'builtins.float') return 'float64';
  if (value.kind === 'library' && value.name === 'builtins.int') return 'int64';
  return null;
}

/** The dtype that torch gives to data without being told (executed on torch 2.13: facts/mps.md 1.4). */
export function dtypeOfData(value: Value): string | null {
  switch (value.kind) {
    case 'ndarray':
    case 'tensor':
      return value.dtype;
    case 'sequence': {
      const dtypes = value.elements.map(dtypeOfData);
      const first = dtypes[0] ?? null;
      return dtypes.every((dtype) => dtype === first) ? first : null;
    }
    case 'constant':
      return typeof value.value === 'number' ? (value.isFloat ? 'float32' : 'int64') : null;
    default:
      return null;
  }
}
