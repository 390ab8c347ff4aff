/**
 * Functions of mx.linalg that refuse a GPU stream: those that call `check_cpu_stream` in mlx/linalg.cpp
 * at 0.32.2 (846d176); a test asks the installed MLX for their names.
 */
export const cpuOnlyLinalg: ReadonlySet<string> = new Set(
  (
    'qr svd inv tri_inv cholesky pinv cholesky_inv eig eigh eigvals eigvalsh lu lu_factor solve ' +
    'solve_triangular'
  )
    .split(' ')
    .map((name) => `mlx.core.linalg.${name}`),
);
