/**
 * Functions of torch.cuda that torch.mps does not have, with the one that does the same; null: there is
 * none. Source: torch 2.13.0; a test asks it.
 */
export const missingMpsFunctions: ReadonlyMap<string, string | null> = new Map([
  ['manual_seed_all', 'manual_seed'],
  ['memory_allocated', 'current_allocated_memory'],
  ['memory_reserved', 'driver_allocated_memory'],
  ['max_memory_allocated', null],
  ['max_memory_reserved', null],
  ['reset_peak_memory_stats', null],
  ['memory_summary', null],
  ['mem_get_info', null],
  ['get_device_name', null],
  ['get_device_properties', null],
  ['set_device', null],
  ['current_device', null],
  ['seed_all', 'seed'],
  ['memory_stats', null],
  ['max_memory_cached', null],
  ['memory_cached', 'driver_allocated_memory'],
  ['memory_snapshot', null],
  ['reset_max_memory_allocated', null],
  ['reset_accumulated_memory_stats', null],
  ['get_device_capability', null],
  ['is_bf16_supported', null],
  ['is_initialized', null],
  ['init', null],
  ['ipc_collect', null],
  ['device', null],
  ['amp', null],
  ['nvtx', null],
  ['set_rng_state_all', 'set_rng_state'],
  ['get_rng_state_all', 'get_rng_state'],
]);

/**
 * What is asked of torch.backends.mps and lives in torch.mps, and the other way round: by what is written, what there
 * is. Source: torch 2.13.0; a test asks it.
 */
export const misplacedMpsFunctions: ReadonlyMap<string, string> = new Map([
  ['torch.backends.mps_is_available', 'torch.backends.mps.is_available'],
  ['torch.mps.is_built', 'torch.backends.mps.is_built'],
  ...[
    'device_count',
    'empty_cache',
    'synchronize',
    'manual_seed',
    'current_allocated_memory',
    'driver_allocated_memory',
    'set_per_process_memory_fraction',
  ].map((name): [string, string] => [`torch.backends.mps.${name}`, `torch.mps.${name}`]),
]);

/**
 * Functions for MPS by the first version that has them. Source: the Python files of the wheels of torch 2.4.1,
 * 2.5.1, 2.6.0, 2.7.1, 2.8.0, 2.9.1, 2.12.0, 2.13.0, 2.14.1 and 2.15.0.
 */
export const laterFunctions: ReadonlyMap<string, string> = new Map([
  ['torch.mps.is_available', '2.5'],
  ['torch.mps.recommended_max_memory', '2.5'],
  ['torch.accelerator', '2.6'],
  ['torch.accelerator.empty_cache', '2.9'],
  ['torch.accelerator.memory_allocated', '2.9'],
  ['torch.accelerator.memory_reserved', '2.9'],
  ['torch.accelerator.max_memory_allocated', '2.9'],
  ['torch.accelerator.max_memory_reserved', '2.9'],
  ['torch.accelerator.memory_stats', '2.9'],
  ['torch.accelerator.reset_peak_memory_stats', '2.9'],
  ['torch.accelerator.reset_accumulated_memory_stats', '2.9'],
  ['torch.accelerator.get_memory_info', '2.10'],
  ['torch.accelerator.get_device_capability', '2.10'],
  ['torch.mps.compile_shader', '2.7'],
  ['torch.backends.mps.get_name', '2.9'],
  ['torch.backends.mps.get_core_count', '2.9'],
  ['torch.mps.load_metallib', '2.13'],
  ['torch.mps.Stream', '2.15'],
  ['torch.mps.stream', '2.15'],
  ['torch.mps.current_stream', '2.15'],
]);
