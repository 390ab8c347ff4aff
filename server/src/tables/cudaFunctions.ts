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
  ].map((name): [string, string] => [`torch.cuda.${name}`, notCompiled]),
  ['torch.cuda.set_device', 'AttributeError'],
  ['torch.cuda.reset_peak_memory_stats', 'AttributeError'],
  ['torch.cuda.reset_max_memory_allocated', 'AttributeError'],
  ['torch.cuda.memory_snapshot', 'AttributeError'],
  ['torch.cuda.nccl.version', 'AttributeError'],
  ['torch.cuda.memory_summary', 'KeyError'],
  // When it is entered.
  ['torch.cuda.device', 'RuntimeError'],
  ['torch.cuda.Event', 'RuntimeError'],
  ['torch.cuda.Stream', 'RuntimeError'],
  ['torch.cuda.CUDAGraph', 'RuntimeError'],
  ['torch.cuda.nvtx.range_push', 'RuntimeError'],
  ['torch.cuda.nvtx.range_pop', 'RuntimeError'],
]);

/** Functions that say 0 or do nothing, with what a Mac has instead; null: nothing is needed. */
export const silentCudaFunctions: ReadonlyMap<string, string | null> = new Map([
  ['torch.cuda.empty_cache', 'torch.mps.empty_cache()'],
  ['torch.cuda.memory_allocated', 'torch.mps.current_allocated_memory()'],
  ['torch.cuda.max_memory_allocated', 'torch.mps.driver_allocated_memory()'],
  ['torch.cuda.memory_reserved', 'torch.mps.driver_allocated_memory()'],
  ['torch.cuda.max_memory_reserved', 'torch.mps.driver_allocated_memory()'],
]);

/** Packages without a build for macOS on arm64, and the distributions that bring them. */
export const cudaPackages: ReadonlyMap<string, readonly string[]> = new Map([
  ['triton', ['triton']],
  ['flash_attn', ['flash-attn']],
  ['apex', ['apex']],
  ['cupy', ['cupy', 'cupy-cuda11x', 'cupy-cuda12x']],
  ['pycuda', ['pycuda']],
  ['auto_gptq', ['auto-gptq']],
  ['tensorrt', ['tensorrt']],
  ['pynvml', ['pynvml', 'nvidia-ml-py']],
  ['cutlass', ['nvidia-cutlass']],
]);
