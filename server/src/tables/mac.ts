/**
 * What an Apple Silicon Mac answers: macOS arm64, no CUDA, MPS present.
 * Sources: executed on a CUDA-less torch 2.13 build for torch.cuda.*; torch and MLX docs for the rest.
 */
export interface MacAnswer {
  readonly value: string | number | boolean | null;
  /** The backend that a call of this name asks for; absent: it asks for none. */
  readonly asks?: string;
}

/** Results of calls by canonical name. */
export const macCalls: ReadonlyMap<string, MacAnswer> = new Map<string, MacAnswer>([
  ['torch.cuda.is_available', { value: false, asks: 'cuda' }],
  ['torch.cuda.device_count', { value: 0, asks: 'cuda' }],
  ['torch.cuda.is_bf16_supported', { value: false }],
  ['torch.cuda.is_initialized', { value: false }],
  ['torch.backends.cuda.is_built', { value: false, asks: 'cuda' }],
  ['torch.backends.cudnn.is_available', { value: false, asks: 'cuda' }],
  ['torch.backends.mps.is_available', { value: true, asks: 'mps' }],
  ['torch.backends.mps.is_built', { value: true, asks: 'mps' }],
  ['torch.mps.is_available', { value: true, asks: 'mps' }],
  ['torch.mps.device_count', { value: 1, asks: 'mps' }],
  ['torch.accelerator.is_available', { value: true, asks: 'accelerator' }],
  ['torch.accelerator.device_count', { value: 1, asks: 'accelerator' }],
  ['torch.xpu.is_available', { value: false, asks: 'xpu' }],
  ['torch.distributed.is_nccl_available', { value: false }],
  ['mlx.core.metal.is_available', { value: true, asks: 'metal' }],
  ['mlx.core.cuda.is_available', { value: false }],
  ['platform.system', { value: 'Darwin', asks: 'platform' }],
  ['platform.machine', { value: 'arm64', asks: 'platform' }],
  ['platform.processor', { value: 'arm', asks: 'platform' }],
  ['transformers.utils.is_torch_cuda_available', { value: false, asks: 'cuda' }],
  // It asks is_torch_cuda_available first.
  ['transformers.utils.is_flash_attn_2_available', { value: false, asks: 'cuda' }],
  ['transformers.utils.is_torch_mps_available', { value: true, asks: 'mps' }],
]);

/** Values of attributes by canonical name. */
export const macAttributes: ReadonlyMap<string, MacAnswer> = new Map<string, MacAnswer>([
  ['torch.version.cuda', { value: null, asks: 'cuda' }],
  ['torch.version.hip', { value: null }],
  ['torch.has_cuda', { value: false, asks: 'cuda' }],
  ['torch.has_mps', { value: true, asks: 'mps' }],
  ['sys.platform', { value: 'darwin', asks: 'platform' }],
  ['os.name', { value: 'posix' }],
  ['platform.uname().system', { value: 'Darwin', asks: 'platform' }],
  ['platform.uname().machine', { value: 'arm64', asks: 'platform' }],
  ['os.uname().sysname', { value: 'Darwin', asks: 'platform' }],
  ['os.uname().machine', { value: 'arm64', asks: 'platform' }],
  ['typing.TYPE_CHECKING', { value: false }],
]);

/** Asking for one of these means that the program thinks of Macs. */
export const beyondCuda: ReadonlySet<string> = new Set([
  'mps',
  'accelerator',
  'platform',
  // Nobody is asked, but the device is named.
  'mpsDevice',
]);
