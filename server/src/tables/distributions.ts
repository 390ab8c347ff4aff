/**
 * Distributions (normalised names, PEP 503) whose installed versions rules ask for. Others are not read.
 */
export const distributions: ReadonlySet<string> = new Set([
  ...['torch', 'torchvision', 'torchaudio', 'mlx', 'mlx-lm', 'mlx-vlm', 'numpy', 'coremltools'],
  ...['transformers', 'accelerate', 'bitsandbytes', 'diffusers', 'peft', 'trl', 'timm'],
  ...['lightning', 'pytorch-lightning', 'ultralytics', 'sentence-transformers', 'openai-whisper'],
  ...[
    'triton',
    'flash-attn',
    'apex',
    'cupy',
    'cupy-cuda11x',
    'cupy-cuda12x',
    'pycuda',
    'auto-gptq',
  ],
  ...['tensorrt', 'pynvml', 'nvidia-ml-py', 'nvidia-cutlass', 'xformers', 'deepspeed', 'vllm'],
]);

/** Distributions with native code, and the library in their folder that says what it was built for. */
export const nativeLibraries: Readonly<Record<string, readonly string[]>> = {
  torch: ['torch/lib/libtorch_cpu.dylib'],
  mlx: ['mlx/lib/libmlx.dylib'],
};
