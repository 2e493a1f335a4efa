/** @file Norms of matrices, and `torch.linalg.norm`. */
import { RuntimeError } from "../../errors.js";
import { normalizeDim } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { ops } from "../op.js";
import { flag, optAny, optInts, tensor } from "../parameters.js";
import { permute } from "../shape_ops.js";
import { fn } from "../signature.js";
import { checkMatrix, svdvals } from "./functions.js";

export type Order = number | string | null;

/** The two dimensions of the matrices moved to the end. */
function matricesLast(a: Tensor, [p, q]: readonly number[]): Tensor {
  const rest = a._shape.map((_, d) => d).filter((d) => d !== p && d !== q);
  return permute(a, [...rest, p!, q!]);
}

/** A reduction over singular values put back where the matrices were, as dimensions of size 1. */
function overSingular(
  a: Tensor,
  dims: readonly number[],
  keepdim: boolean,
  reduce: (s: Tensor, keep: boolean) => Tensor,
): Tensor {
  const out = reduce(svdvals(matricesLast(a, dims)), keepdim);
  if (!keepdim) return out;
  const rest = a._shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const order = [...rest, ...dims];
  return permute(
    out.unsqueeze(-1),
    a._shape.map((_, d) => order.indexOf(d)),
  );
}

/** The norm of matrices over two dimensions: "fro", "nuc", ±1, ±2 or ±∞. */
export const matrix_norm = fn(
  "linalg_matrix_norm",
  [tensor("A"), optAny<"ord", Order>("ord", "fro"), optInts("dim"), flag("keepdim", false)],
  (a, ord, dim, keepdim): Tensor => {
    checkMatrix("matrix_norm", a);
    const dims = (dim ?? [-2, -1]).map((d) => normalizeDim(d, a._shape.length)) as [number, number];
    if (dims.length !== 2) {
      throw new RuntimeError(`linalg.matrix_norm: dim must be a 2-tuple. Got ${dims.join(", ")}`);
    }
    if (dims[0] === dims[1]) {
      throw new RuntimeError(`linalg.matrix_norm: dims must be different. Got (${dims.join(", ")})`);
    }
    if (ord === "fro" || ord === null) return call(ops.linalg_vector_norm, a, 2, dims, keepdim);
    if (ord === "nuc") return overSingular(a, dims, keepdim, (s, keep) => s.sum(-1, keep));
    if (typeof ord !== "number" || ![1, 2, Number.POSITIVE_INFINITY].includes(Math.abs(ord))) {
      throw new RuntimeError(`linalg.matrix_norm: Order ${String(ord)} not supported.`);
    }
    const extreme = (t: Tensor, d: number, keep: boolean): Tensor =>
      ord > 0 ? t.amax(d, keep) : t.amin(d, keep);
    if (Math.abs(ord) === 2) return overSingular(a, dims, keepdim, (s, keep) => extreme(s, -1, keep));
    // Sums of columns (1) or rows (∞); the other dimension moves up where the first is gone.
    const [summed, other] = Math.abs(ord) === 1 ? dims : [dims[1], dims[0]];
    const sums = call(ops.linalg_vector_norm, a, 1, [summed], keepdim);
    return extreme(sums, !keepdim && summed < other ? other - 1 : other, keepdim);
  },
);

/** The norm of vectors over one dimension (or all elements), or of matrices over two. */
export const norm = fn(
  "linalg_norm",
  [tensor("A"), optAny<"ord", Order>("ord", null), optInts("dim"), flag("keepdim", false)],
  (a, ord, dim, keepdim): Tensor => {
    const rank = a._shape.length;
    if (dim === null && ord !== null && rank !== 1 && rank !== 2) {
      throw new RuntimeError(
        `linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got ${rank}D.`,
      );
    }
    if (typeof ord === "string" || (ord !== null && (dim?.length ?? rank) === 2)) {
      return matrix_norm(a, ord, dim ?? [0, 1], keepdim);
    }
    const dims = dim?.map((d) => normalizeDim(d, rank)) ?? null;
    return call(ops.linalg_vector_norm, a, ord ?? 2, dims, keepdim);
  },
);

/** The ratio of the largest and the smallest singular value. */
export const cond = fn("linalg_cond", [tensor("A")], (a): Tensor => {
  checkMatrix("cond", a);
  const s = svdvals(a);
  const n = s._shape.at(-1)!;
  return s
    .narrow(-1, 0, 1)
    .div(s.narrow(-1, n - 1, 1))
    .squeeze(-1);
});
