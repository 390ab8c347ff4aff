/**
 * What makes MLX compute and what does not. test/semantics/laziness.test.ts runs each kind of
 * expression on the installed MLX and in the interpreter, and compares.
 */

/** Functions of MLX that compute the arrays in their arguments. */
export const mlxForcing: ReadonlySet<string> = new Set(
  ['eval', 'save', 'savez', 'savez_compressed', 'save_safetensors', 'save_gguf', 'random.seed'].map(
    (name) => `mlx.core.${name}`,
  ),
);

/**
 * Functions of mlx_lm that compute all that they are given, prompt and cache included, before they return
 * (mlx_lm/generate.py: generate, batch_generate), and generators that have computed it with each token
 * (stream_generate, generate_step). Both under the names that they are imported by.
 */
export const mlxLmForcing: ReadonlySet<string> = new Set(
  ['generate', 'batch_generate'].flatMap((name) => [`mlx_lm.${name}`, `mlx_lm.generate.${name}`]),
);
export const mlxLmGenerators: ReadonlySet<string> = new Set(
  ['stream_generate', 'generate_step', 'speculative_generate_step'].flatMap((name) =>
    ['mlx_lm', 'mlx_lm.generate', 'mlx_lm.utils'].map((module) => `${module}.${name}`),
  ),
);

/** Functions that neither compute nor record anything. */
export const mlxInert: ReadonlySet<string> = new Set(
  (
    'set_default_device default_device set_default_stream default_stream new_stream ' +
    'new_thread_local_stream clear_cache get_active_memory get_peak_memory get_cache_memory ' +
    'reset_peak_memory set_memory_limit set_cache_limit set_wired_limit device_info is_available ' +
    'metal.is_available metal.get_active_memory metal.get_peak_memory metal.get_cache_memory ' +
    'metal.reset_peak_memory metal.clear_cache metal.device_info metal.set_memory_limit ' +
    'metal.set_cache_limit metal.set_wired_limit metal.start_capture metal.stop_capture stream ' +
    'disable_compile enable_compile export_to_dot'
  )
    .split(' ')
    .map((name) => `mlx.core.${name}`),
);

/** Methods of an array that compute it. */
export const mlxForcingMethods: ReadonlySet<string> = new Set([
  'item',
  'tolist',
  '__array__',
  '__dlpack__',
  '__float__',
  '__int__',
  '__bool__',
  '__index__',
  '__str__',
  '__repr__',
  '__format__',
]);

/** Functions of other modules that need the values of arrays given to them; so does all of NumPy. */
export const hostReaders: ReadonlySet<string> = new Set([
  ...(
    'print str repr float int bool complex format max min sorted any all bytes memoryview range ' +
    'hex oct bin chr'
  )
    .split(' ')
    .map((name) => `builtins.${name}`),
  'pickle.dump',
  'pickle.dumps',
  'torch.from_dlpack',
  'torch.tensor',
  'torch.as_tensor',
  'torch.asarray',
  'math.sqrt',
  'math.exp',
  'math.log',
  'math.isnan',
  'math.isfinite',
]);

/** Built-in functions that record an operation on the arrays given to them. */
export const recordingBuiltins: ReadonlySet<string> = new Set(
  ['abs', 'sum', 'pow'].map((name) => `builtins.${name}`),
);

/** Built-in functions whose result holds the arrays of their arguments. */
export const holdingBuiltins: ReadonlySet<string> = new Set(
  ['list', 'tuple', 'set', 'reversed', 'iter', 'filter', 'next'].map((name) => `builtins.${name}`),
);
