/** @file `torch.linalg`. */
import { named } from "./ops/arguments.js";
import type { Dims } from "./ops/reduction.js";
import * as r from "./ops/reduction.js";
import type { Tensor } from "./tensor.js";

interface NormOptions {
  ord?: number | null;
  dim?: Dims;
  keepdim?: boolean;
}

/** The vector norm of order `ord` (2 by default) of all elements, or over `dim`. */
export function vector_norm(
  x: Tensor,
  ord: number | NormOptions | null = 2,
  dim?: Dims | NormOptions,
  keepdim?: boolean,
): Tensor {
  const args: unknown[] = [ord, dim, keepdim];
  while (args.length > 0 && args.at(-1) === undefined) args.pop();
  const [o, d, k] = named("linalg_vector_norm", ["ord", "dim", "keepdim"], args);
  return r.vector_norm(
    x,
    (o as number | null | undefined) ?? 2,
    d as Dims,
    (k as boolean | undefined) ?? false,
  );
}

/** The 2-norm of all elements, or the vector norm over one `dim`. */
export function norm(
  x: Tensor,
  ord: number | NormOptions | null = null,
  dim?: Dims,
  keepdim?: boolean,
): Tensor {
  return vector_norm(x, ord ?? 2, dim, keepdim);
}

export { matmul } from "./ops/linalg.js";
