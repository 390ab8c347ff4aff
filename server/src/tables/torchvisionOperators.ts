/**
 * Operators of torchvision by the first version whose library for macOS has a kernel for MPS. Source: the Metal kernels and
 * the registrations in the wheels of torchvision 0.15.2, 0.16.0, 0.16.2, 0.17.0 to 0.29.0.
 */
export const torchvisionOperators: ReadonlyMap<string, string> = new Map([
  ...['nms', 'batched_nms', 'roi_align', 'roi_pool', 'ps_roi_align', 'ps_roi_pool'].map(
    (name): [string, string] => [name, '0.16'],
  ),
  ['deform_conv2d', '0.23'],
]);
