import { mlxCounterparts } from './mlxCounterparts.gen.ts';

/** Attributes and methods of mlx.core.array (mlx 0.32.4; a test asks the installed MLX). */
export const mlxArrayMembers: ReadonlySet<string> = new Set(
  (
    'T abs all any argmax argmin astype at conj cos cummax cummin cumprod cumsum diag diagonal dtype ' +
    'exp flatten imag item itemsize log log10 log1p log2 logcumsumexp logsumexp mT max mean min ' +
    'moveaxis nbytes ndim prod real reciprocal reshape round rsqrt shape sin size split sqrt square ' +
    'squeeze std sum swapaxes tolist transpose var view'
  ).split(' '),
);

/** Attributes of tensors that are no methods, and why MLX arrays have none. */
export const torchAttributes: ReadonlyMap<string, string> = new Map([
  ['device', 'Memory is shared, so an array is on no device.'],
  ['is_cuda', 'Memory is shared, so an array is on no device.'],
  ['is_mps', 'Memory is shared, so an array is on no device.'],
  ['grad', 'Gradients are what mx.grad and nn.value_and_grad return.'],
  ['requires_grad', 'mx.grad names the arguments to differentiate.'],
  ['data', 'An array is its own data.'],
  ['is_cpu', 'Memory is shared, so an array is on no device.'],
  ['is_leaf', 'Gradients are what mx.grad and nn.value_and_grad return.'],
  ['grad_fn', 'Gradients are what mx.grad and nn.value_and_grad return.'],
]);

/** Methods of tensors that MLX arrays lack, and what stands for them; null: nothing does. */
export const missingTensorMethods: ReadonlyMap<string, string | null> = new Map(
  mlxCounterparts.flatMap(({ torch, mlx }): [string, string | null][] => {
    const name = /^torch\.Tensor\.(\w+)$/.exec(torch)?.[1];
    const isMethod = name !== undefined && !torchAttributes.has(name) && !mlxArrayMembers.has(name);
    return isMethod ? [[name, mlx]] : [];
  }),
);

/** Methods of torch.nn.Module that modules of MLX lack (a test asks them), and what MLX does instead. */
export const missingModuleMethods: ReadonlyMap<string, string> = new Map([
  ...['to', 'cuda', 'cpu', 'mps'].map((name): [string, string] => [
    name,
    'Memory is shared, so nothing has to be moved.',
  ]),
  ...['half', 'float', 'double', 'bfloat16'].map((name): [string, string] => [
    name,
    'set_dtype casts the parameters.',
  ]),
  ['state_dict', 'parameters() is the tree of all arrays, and save_weights writes it.'],
  ['load_state_dict', 'load_weights and update take arrays.'],
  ['register_buffer', 'An attribute whose name begins with "_", or a frozen one, is no parameter.'],
  ['register_parameter', 'Every public array is a parameter.'],
  ['add_module', 'Every public module is a part.'],
  ['named_parameters', 'mlx.utils.tree_flatten(model.parameters()) gives names and arrays.'],
  ['forward', 'Calling the module runs it.'],
  ['zero_grad', 'Gradients are values of nn.value_and_grad, and nothing adds them up.'],
  ['requires_grad_', 'freeze and unfreeze say what is trained.'],
  ['register_forward_hook', 'There are no hooks.'],
  ['register_full_backward_hook', 'There are no hooks.'],
]);
