import type { CellSource } from '../kernel/session.ts';

/**
 * A cell after which torch says that there is no GPU, and MLX computes on the CPU: code that asks which
 * device there is goes on without it. Code that names one gets it, which the report of its cell tells.
 */
export const withoutGpu: CellSource = {
  filename: 'without the GPU',
  line: 0,
  code: `
def _without_gpu():
    try:
        import torch
    except ImportError:
        pass
    else:
        torch.cuda.is_available = torch.backends.mps.is_available = lambda: False
        torch.cuda.device_count = lambda: 0
        if hasattr(torch, "mps"):
            torch.mps.is_available = lambda: False
        if hasattr(torch, "accelerator"):
            torch.accelerator.is_available = lambda: False
            torch.accelerator.current_accelerator = lambda check_available=False: None
    try:
        import mlx.core
    except ImportError:
        pass
    else:
        mlx.core.set_default_device(mlx.core.cpu)
_without_gpu()
del _without_gpu
`,
};
