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
  ['current_stream', null],
]);
