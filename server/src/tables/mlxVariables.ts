import type { EnvironmentVariable } from './environmentVariable.ts';
import { byName } from './environmentVariable.ts';

const whenMetalStarts = 'when MLX first uses the GPU, and never again';
const whenInitialised = 'by mx.distributed.init; `mlx.launch` sets it';

/**
 * Variables that MLX reads on a Mac. Sources: MLX's docs/src/usage/environment_variables.rst, and mlx/utils.h,
 * compile.cpp and backend/metal (0.32.2) for when: most are kept in a static.
 */
export const mlxVariables: ReadonlyMap<string, EnvironmentVariable> = byName([
  {
    name: 'MLX_DISABLE_COMPILE',
    does: 'mx.compile returns the function as it is.',
    read: 'when the first function is compiled; mx.enable_compile() overrides it',
    values: [['1', 'do not compile']],
    note: 'That it is there is enough: `0` also disables compilation.',
  },
  {
    name: 'MLX_ENABLE_TF32',
    does: 'float32 matrix products may be computed less exactly where the GPU has matrix units.',
    read: 'by the first matrix product, and never again',
    values: [
      ['1', 'what MLX takes when it is not set'],
      ['0', 'full float32'],
    ],
  },
  {
    name: 'MLX_METAL_FAST_SYNCH',
    does: 'CPU and GPU wait for each other in a faster way, which needs macOS 15.',
    read: 'when they first wait for each other, and never again',
    values: [
      ['1', 'the faster way'],
      ['0', 'what MLX takes when it is not set'],
    ],
  },
  {
    name: 'MLX_MAX_OPS_PER_BUFFER',
    does: 'The most operations in one Metal command buffer; by default it depends on the GPU.',
    read: whenMetalStarts,
    values: [],
  },
  {
    name: 'MLX_MAX_MB_PER_BUFFER',
    does: 'About how many megabytes one Metal command buffer may take; by default it depends on the GPU.',
    read: whenMetalStarts,
    values: [],
  },
  {
    name: 'MLX_BFS_MAX_WIDTH',
    does: 'How wide the graph may be for an evaluation to walk it breadth first.',
    read: 'by the first evaluation, and never again',
    values: [['20', 'what MLX takes when it is not set']],
  },
  {
    name: 'MLX_METAL_GPU_ARCH',
    does: 'The GPU architecture that MLX believes in. One that is not there may choose kernels that compute wrongly.',
    read: whenMetalStarts,
    values: [],
  },
  {
    name: 'MLX_SDPA_BLOCKS',
    does: 'Blocks of the reduction in scaled_dot_product_attention, rounded up to a multiple of 32.',
    read: 'each time that attention is computed',
    values: [],
  },
  {
    name: 'MLX_RANK',
    does: 'The number of this process, from 0.',
    read: whenInitialised,
    values: [],
  },
  {
    name: 'MLX_HOSTFILE',
    does: 'The path of the JSON file of hosts for the ring.',
    read: whenInitialised,
    values: [],
  },
  {
    name: 'MLX_RING_VERBOSE',
    does: 'The ring prints what it does.',
    read: whenInitialised,
    values: [['1', 'print']],
    note: 'That it is there is enough: `0` also prints.',
  },
]);
