/**
 * What functions of torch.cuda do without CUDA. Source: each was called on torch 2.13.0 built without
 * CUDA, as it is on a Mac; a test calls them again.
 */

const notCompiled = 'AssertionError "Torch not compiled with CUDA enabled"';

/** Functions that raise, with what they raise. */
export const raisingCudaFunctions: ReadonlyMap<string, string> = new Map([
  ...[
    'synchronize',
    'current_device',
    'get_device_name',
    'get_device_properties',
    'get_device_capability',
    'current_stream',
    'default_stream',
    'mem_get_info',
    'get_rng_state',
    'ipc_collect',
    'init',
    'set_per_process_memory_fraction',
    'cudart',
    'initial_seed',
    'can_device_access_peer',
    'get_sync_debug_mode',
    'set_sync_debug_mode',
    'current_blas_handle',
    'profiler.start',
    'profiler.stop',
  ].map((name): [string, string] => [`torch.cuda.${name}`, notCompiled]),
  ['torch.cuda.set_device', 'AttributeError'],
  ['torch.cuda.reset_peak_memory_stats', 'AttributeError'],
  ['torch.cuda.reset_max_memory_allocated', 'AttributeError'],
  ['torch.cuda.reset_accumulated_memory_stats', 'AttributeError'],
  ['torch.cuda.get_allocator_backend', 'AttributeError'],
  ['torch.cuda.memory._record_memory_history', 'AttributeError'],
  ['torch.cuda.memory_snapshot', 'AttributeError'],
  ['torch.cuda.nccl.version', 'AttributeError'],
  ['torch.cuda.memory_summary', 'KeyError'],
  ['torch.cuda.device', 'RuntimeError'],
  ['torch.cuda.Event', 'RuntimeError'],
  ['torch.cuda.Stream', 'RuntimeError'],
  ['torch.cuda.CUDAGraph', 'RuntimeError'],
  ['torch.cuda.graph', 'RuntimeError'],
  ['torch.cuda.MemPool', 'RuntimeError'],
  ['torch.cuda.graph_pool_handle', 'RuntimeError'],
  ['torch.cuda.is_current_stream_capturing', 'RuntimeError'],
  ['torch.cuda.nvtx.range_push', 'RuntimeError'],
  ['torch.cuda.nvtx.range_pop', 'RuntimeError'],
  ['torch.cuda.nvtx.mark', 'RuntimeError'],
  ['torch.cuda.nvtx.range', 'RuntimeError'],
  ['torch.cuda.profiler.profile', notCompiled],
]);

/** Those that can be made and raise when a `with` statement enters them. */
export const raisingWhenEntered: ReadonlySet<string> = new Set([
  'torch.cuda.device',
  'torch.cuda.nvtx.range',
  'torch.cuda.profiler.profile',
]);

/** Functions that say 0 or do nothing, with what a Mac has instead; null: nothing is needed. */
export const silentCudaFunctions: ReadonlyMap<string, string | null> = new Map([
  ['torch.cuda.empty_cache', 'torch.mps.empty_cache()'],
  ['torch.cuda.memory_allocated', 'torch.mps.current_allocated_memory()'],
  ['torch.cuda.max_memory_allocated', 'torch.mps.driver_allocated_memory()'],
  ['torch.cuda.memory_reserved', 'torch.mps.driver_allocated_memory()'],
  ['torch.cuda.max_memory_reserved', 'torch.mps.driver_allocated_memory()'],
]);

/** Functions that seed generators of CUDA, of which there are none: they do nothing. `torch.manual_seed` seeds every device. */
export const seedingCudaFunctions: ReadonlySet<string> = new Set([
  'torch.cuda.manual_seed',
  'torch.cuda.manual_seed_all',
]);

/** Packages that no Mac can install: importing one raises ModuleNotFoundError. PyPI has no wheel of theirs for macOS on arm64, and their sources need CUDA. */
export const uninstallablePackages: ReadonlySet<string> = new Set([
  'triton',
  'flash_attn',
  'flash_attn_interface',
  'flashinfer',
  'cupy',
  'pycuda',
  'tensorrt',
  'tensorrt_llm',
  'torch_tensorrt',
  'transformer_engine',
  'aitemplate',
  'causal_conv1d',
  'mamba_ssm',
  'cudf',
  'cuml',
  'deep_ep',
  'deep_gemm',
  'nvdiffrast',
  'sageattention',
  'tinycudann',
  'torchsparse',
  // Extensions that repositories build with nvcc.
  'awq_inference_engine',
  'diff_gaussian_rasterization',
  'exllama_kernels',
  'simple_knn',
]);

/** Is it such a package? Extensions say so by their names: `selective_scan_cuda`, `cuda_ext`. */
export const isForCudaAlone = (root: string): boolean =>
  uninstallablePackages.has(root) || /_cuda$|^cuda_/.test(root);

/** Packages without a build for macOS on arm64, and the distributions that bring them. */
export const cudaPackages: ReadonlyMap<string, readonly string[]> = new Map([
  ['triton', ['triton']],
  ['flash_attn', ['flash-attn']],
  ['cupy', ['cupy', 'cupy-cuda11x', 'cupy-cuda12x']],
  ['pycuda', ['pycuda']],
  ['auto_gptq', ['auto-gptq']],
  ['tensorrt', ['tensorrt']],
  ['cutlass', ['nvidia-cutlass']],
]);

/**
 * Packages that a Mac gets ready-made from nowhere on PyPI, and can have all the same: xformers compiles with another
 * clang than Apple's (0.0.35; issues 686 and 738), and apex has "a Python-only build" in its README. Others that the
 * catalogue of facts names are none of them: vLLM documents how it is built for Apple Silicon and has a plugin for Metal,
 * deepspeed is source only and knows MPS (its pull requests 3907 and 8293).
 */
export const builtPackages: ReadonlyMap<string, readonly string[]> = new Map([
  ['apex', ['apex']],
  ['xformers', ['xformers']],
]);
