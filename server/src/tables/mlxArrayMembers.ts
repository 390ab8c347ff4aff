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
