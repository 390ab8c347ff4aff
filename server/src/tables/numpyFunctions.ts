/** NumPy functions that return float64 unless a dtype is given (NumPy reference, "default float64"). */
export const float64Functions: ReadonlySet<string> = new Set(
  [
    'zeros',
    'ones',
    'empty',
    'eye',
    'identity',
    'linspace',
    'logspace',
    'geomspace',
    'loadtxt',
    'genfromtxt',
    'hanning',
    'hamming',
    ...[
      'rand',
      'randn',
      'random',
      'random_sample',
      'uniform',
      'normal',
      'standard_normal',
      'exponential',
      'beta',
      'gamma',
      'lognormal',
    ].flatMap((name) => [`random.${name}`, `random.generator.${name}`]),
  ].map((name) => `numpy.${name}`),
);

/** Functions that keep the dtype of their first array. */
export const dtypeKeeping: ReadonlySet<string> = new Set(
  'abs sin cos tan exp log log2 log10 sqrt sum mean std var max min dot matmul reshape transpose concatenate stack vstack hstack squeeze expand_dims clip copy ascontiguousarray flip roll tile repeat where zeros_like ones_like empty_like'
    .split(' ')
    .map((name) => `numpy.${name}`),
);

/** Functions that make a float64 scalar of a Python number. */
export const scalarFunctions: ReadonlySet<string> = new Set(
  'sqrt exp log log2 log10 sin cos tan tanh'.split(' ').map((name) => `numpy.${name}`),
);

/** Constants that are Python floats. */
export const numpyConstants: ReadonlyMap<string, number> = new Map([
  ['numpy.pi', Math.PI],
  ['numpy.e', Math.E],
]);

/** Array methods that keep the dtype. */
export const dtypeKeepingMethods: ReadonlySet<string> = new Set(
  'reshape transpose copy flatten ravel squeeze clip sum mean std var min max cumsum dot swapaxes repeat'.split(
    ' ',
  ),
);

export const numpyDtypes: ReadonlyMap<string, string> = new Map([
  ['float64', 'float64'],
  ['double', 'float64'],
  ['float_', 'float64'],
  ['float32', 'float32'],
  ['single', 'float32'],
  ['float16', 'float16'],
  ['half', 'float16'],
  ['complex128', 'complex128'],
  ['complex64', 'complex64'],
  ['int64', 'int64'],
  ['int32', 'int32'],
  ['int16', 'int16'],
  ['int8', 'int8'],
  ['uint8', 'uint8'],
  ['bool_', 'bool'],
]);
