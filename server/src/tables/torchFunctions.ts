/** Importing one of these loads torch. */
export const torchLoaders: ReadonlySet<string> = new Set([
  'torch',
  'torchvision',
  'torchaudio',
  'torchtext',
  'torchmetrics',
  'torch_geometric',
  'transformers',
  'diffusers',
  'accelerate',
  'lightning',
  'pytorch_lightning',
  'lightning_fabric',
  'timm',
  'ultralytics',
  'sentence_transformers',
  'whisper',
  'peft',
  'trl',
  'kornia',
  'open_clip',
  'einops_exts',
  'fastai',
  'spandrel',
  'segment_anything',
]);

/** Packages whose functions hand a `device` argument to torch. */
export const deviceTakers: ReadonlySet<string> = new Set([
  'torch',
  'torchvision',
  'torchaudio',
  'transformers',
  'diffusers',
  'sentence_transformers',
  'timm',
  'whisper',
  'open_clip',
]);

/** Packages that keep options, where a device is a word yet. */
export const optionHolders: ReadonlySet<string> = new Set([
  'argparse',
  'asyncio',
  'builtins',
  'click',
  'collections',
  'concurrent',
  'contextlib',
  'dataclasses',
  'easydict',
  'fire',
  'functools',
  'itertools',
  'json',
  'logging',
  'ml_collections',
  'mlflow',
  'omegaconf',
  'os',
  'pydantic',
  'pytest',
  'subprocess',
  'typer',
  'types',
  'typing',
  'unittest',
  'wandb',
]);

/** Keyword arguments that name a device. */
export const deviceKeywords: ReadonlySet<string> = new Set([
  'device',
  'device_map',
  'map_location',
]);

export const torchDtypes: ReadonlyMap<string, string> = new Map([
  ['float64', 'float64'],
  ['double', 'float64'],
  ['float32', 'float32'],
  ['float', 'float32'],
  ['float16', 'float16'],
  ['half', 'float16'],
  ['bfloat16', 'bfloat16'],
  ['complex128', 'complex128'],
  ['cdouble', 'complex128'],
  ['complex64', 'complex64'],
  ['cfloat', 'complex64'],
  ['int64', 'int64'],
  ['long', 'int64'],
  ['int32', 'int32'],
  ['int', 'int32'],
  ['int16', 'int16'],
  ['short', 'int16'],
  ['int8', 'int8'],
  ['uint8', 'uint8'],
  ['bool', 'bool'],
]);

/**
 * Functions that make a tensor from sizes or numbers, with the dtype that they take by default:
 * `default` is torch.get_default_dtype(), null depends on the arguments.
 */
export const torchFactories: ReadonlyMap<string, 'default' | 'int64' | null> = new Map<
  string,
  'default' | 'int64' | null
>([
  ['zeros', 'default'],
  ['ones', 'default'],
  ['empty', 'default'],
  ['rand', 'default'],
  ['randn', 'default'],
  ['eye', 'default'],
  ['linspace', 'default'],
  ['logspace', 'default'],
  ['randint', 'int64'],
  ['randperm', 'int64'],
  ['tril_indices', 'int64'],
  ['triu_indices', 'int64'],
  ['full', null],
  ['arange', null],
  ['hann_window', 'default'],
  ['hamming_window', 'default'],
]);

/** Classes whose objects rules ask for the arguments that they were made with. */
export const describedClasses: ReadonlySet<string> = new Set([
  'torch.Generator',
  'torch.utils.data.DataLoader',
  'functools.partial',
  'contextlib.nullcontext',
  'pytest.mark.skipif',
  'unittest.skipIf',
  'unittest.skipUnless',
]);

/** Functions that make a tensor from data; without a dtype they keep that of NumPy data. */
export const torchConverters: ReadonlySet<string> = new Set([
  'tensor',
  'as_tensor',
  'from_numpy',
  'asarray',
]);

/** `*_like` functions: device and dtype of their first argument. */
export const torchLike: ReadonlySet<string> = new Set(
  ['zeros', 'ones', 'empty', 'full', 'rand', 'randn', 'randint'].map((name) => `${name}_like`),
);

/** Methods that cast; the dtype on the right. */
export const castMethods: ReadonlyMap<string, string> = new Map([
  ['float', 'float32'],
  ['double', 'float64'],
  ['half', 'float16'],
  ['bfloat16', 'bfloat16'],
  ['int', 'int32'],
  ['long', 'int64'],
  ['short', 'int16'],
  ['char', 'int8'],
  ['byte', 'uint8'],
  ['bool', 'bool'],
]);

/** Tensor methods and attributes that wait for the device because the host needs the value. */
export const readingMethods: ReadonlySet<string> = new Set([
  'item',
  'tolist',
  'cpu',
  'numpy',
  'nonzero',
  'is_nonzero',
  'equal',
  'allclose',
  '__bool__',
  '__float__',
  '__int__',
]);

/** Tensor methods that look at metadata only: no work is enqueued. */
export const metadataMethods: ReadonlySet<string> = new Set([
  'size',
  'dim',
  'numel',
  'nelement',
  'stride',
  'element_size',
  'is_contiguous',
  'is_floating_point',
  'data_ptr',
  'detach',
  'view',
  'reshape',
  'squeeze',
  'unsqueeze',
  'transpose',
  'permute',
  'expand',
  't',
  'requires_grad_',
  'view_as',
  'flatten',
  'chunk',
  'split',
  'unbind',
  'register_hook',
]);

/** Functions of `torch.` that are no tensor operations although their names are in lower case. */
export const torchNonOperations: ReadonlySet<string> = new Set([
  'save',
  'load',
  'compile',
  'manual_seed',
  'seed',
  'no_grad',
  'enable_grad',
  'inference_mode',
  'set_grad_enabled',
  'set_default_device',
  'set_default_dtype',
  'set_num_threads',
  'set_float32_matmul_precision',
  'get_default_dtype',
  'is_tensor',
  'is_grad_enabled',
  'autocast',
  'device',
  'typename',
  'use_deterministic_algorithms',
]);

/** Namespaces of tensor operations. */
export const operationNamespaces: readonly string[] = [
  'torch',
  'torch.nn.functional',
  'torch.linalg',
  'torch.fft',
  'torch.special',
];

/** Calls that wait for the device. */
export const torchSynchronizers: ReadonlySet<string> = new Set([
  'torch.mps.synchronize',
  'torch.accelerator.synchronize',
  'torch.cuda.synchronize',
]);
