/** @file Inverses, determinants, solutions and decompositions, as `torch.linalg` has them. */
import { KIND_FLOAT } from "../../dtype.js";
import { LinAlgError, RuntimeError } from "../../errors.js";
import { broadcastShapes, sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, callMulti } from "../dispatch.js";
import { ops } from "../op.js";
import { any, flag, int, optAny, tensor, text } from "../parameters.js";
import { fn } from "../signature.js";
import { firstFailure } from "./kernels.js";

/** An array whose elements have names, as PyTorch's named tuples. */
export type Named<K extends string> = Tensor[] & { readonly [N in K]: Tensor };
export function named<K extends string>(names: readonly K[], values: readonly Tensor[]): Named<K> {
  const list = [...values];
  names.forEach((name, i) => {
    Object.defineProperty(list, name, { value: list[i] });
  });
  return list as Named<K>;
}

export function checkMatrix(name: string, a: Tensor): void {
  if (a._shape.length < 2) {
    throw new RuntimeError(`linalg.${name}: The input tensor A must have at least 2 dimensions.`);
  }
  if (a.dtype.kind === KIND_FLOAT) return;
  throw new RuntimeError(
    `linalg.${name}: Expected a floating point or complex tensor as input. Got ${a.dtype.scalarName}`,
  );
}

export function checkSquare(name: string, a: Tensor): void {
  checkMatrix(name, a);
  const [m, n] = a._shape.slice(-2) as [number, number];
  if (m === n) return;
  throw new RuntimeError(
    `linalg.${name}: A must be batches of square matrices, but they are ${m} by ${n} matrices`,
  );
}

/** Throws for the first matrix of a batch that an algorithm gave up on. */
function refuse(name: string, info: Tensor, what: (info: number) => string): void {
  const failed = firstFailure(info);
  if (failed === null) return;
  const where = info._shape.length === 0 ? "" : `(Batch element ${failed.batch}): `;
  throw new LinAlgError(`${name}: ${where}${what(failed.info)}`);
}

const self = [tensor("A")] as const;

/** `[inverse, info]`: info is the pivot that was 0, or 0. */
export const inv_ex = fn("linalg_inv_ex", [...self, flag("check_errors", false)], (a, check) => {
  checkSquare("inv", a);
  const [inverse, info] = callMulti(ops.linalg_inv_ex, 1, a);
  if (check) refuseSingular(info!);
  return named(["inverse", "info"], [inverse!, info!]);
});
function refuseSingular(info: Tensor): void {
  refuse(
    "linalg.inv",
    info,
    (k) =>
      `The diagonal element ${k} is zero, the inversion could not be completed because the input matrix is singular.`,
  );
}
/** A⁻¹ of square matrices. */
export const inv = fn("linalg_inv", self, (a): Tensor => inv_ex(a, true)[0]!);

/** The determinant of square matrices. */
export const det = fn("linalg_det", self, (a): Tensor => {
  checkSquare("det", a);
  return call(ops.linalg_det, a);
});
/** Sign and logarithm of the absolute value of the determinant. */
export const slogdet = fn("linalg_slogdet", self, (a) => {
  checkSquare("slogdet", a);
  return named(["sign", "logabsdet"], callMulti(ops.linalg_slogdet, 2, a));
});

function isVector(a: Tensor, b: Tensor): boolean {
  return (
    b._shape.length === 1 ||
    (a._shape.length - 1 === b._shape.length && sameShape(b._shape, a._shape.slice(0, -1)))
  );
}

const solveParams = [tensor("A"), tensor("B"), flag("left", true)] as const;
/** `[X, info]` of A X = B. */
export const solve_ex = fn(
  "linalg_solve_ex",
  [...solveParams, flag("check_errors", false)],
  (a, b, left, check) => {
    checkSquare("solve", a);
    const vector = isVector(a, b);
    const rows = vector ? b._shape.at(-1)! : b._shape.at(left ? -2 : -1)!;
    if (rows !== a._shape.at(-1)) {
      const [p, q] = a._shape.slice(-2);
      const shape = vector ? [rows, 1] : b._shape.slice(-2);
      throw new RuntimeError(
        `linalg.solve: Incompatible shapes of A and B for the equation ${left ? "AX = B" : "XA = B"} (${p}x${q} and ${shape.join("x")})`,
      );
    }
    const [x, info] = callMulti(ops.linalg_solve_ex, 1, a, b, left, vector);
    if (check && firstFailure(info!) !== null) {
      throw new LinAlgError("torch.linalg.solve: The solver failed because the input matrix is singular.");
    }
    return named(["result", "info"], [x!, info!]);
  },
);
/** X of A X = B (or X A = B): B may be vectors, or matrices of columns. */
export const solve = fn("linalg_solve", solveParams, (a, b, left): Tensor => solve_ex(a, b, left, true)[0]!);

/** X of T X = B for a triangular T. */
export const solve_triangular = fn(
  "linalg_solve_triangular",
  [
    tensor("input"),
    tensor("B"),
    any<"upper", boolean>("upper"),
    flag("left", true),
    flag("unitriangular", false),
  ],
  (t, b, upper, left, unit): Tensor => {
    checkSquare("solve_triangular", t);
    broadcastShapes(t._shape.slice(0, -2), b._shape.slice(0, -2));
    return call(ops.linalg_solve_triangular, t, b, upper, left, unit);
  },
);

const notPositive = (k: number): string =>
  `The factorization could not be completed because the input is not positive-definite (the leading minor of order ${k} is not positive-definite).`;
export const cholesky_ex = fn(
  "linalg_cholesky_ex",
  [...self, flag("upper", false), flag("check_errors", false)],
  (a, upper, check) => {
    checkSquare("cholesky", a);
    const [l, info] = callMulti(ops.linalg_cholesky_ex, 1, a, upper);
    if (check) refuse("linalg.cholesky", info!, notPositive);
    return named(["L", "info"], [l!, info!]);
  },
);
/** L of A = L Lᵀ, of symmetric positive definite matrices. */
export const cholesky = fn(
  "linalg_cholesky",
  [...self, flag("upper", false)],
  (a, upper): Tensor => cholesky_ex(a, upper, true)[0]!,
);

/** Q R = A: Q orthonormal, R upper triangular. */
export const qr = fn("linalg_qr", [...self, text("mode", "reduced")], (a, mode) => {
  checkMatrix("qr", a);
  if (!["reduced", "r", "complete"].includes(mode)) {
    throw new RuntimeError(
      `qr received unrecognized mode '${mode}' but expected one of 'reduced' (default), 'r', or 'complete'`,
    );
  }
  return named(["Q", "R"], callMulti(ops.linalg_qr, 2, a, mode));
});

/** Eigenvalues (ascending) and eigenvectors of symmetric matrices, of which one triangle is read. */
export const eigh = fn("linalg_eigh", [...self, text("UPLO", "L")], (a, uplo_) => {
  checkSquare("eigh", a);
  const uplo = uplo_.toUpperCase();
  if (uplo !== "L" && uplo !== "U") {
    throw new RuntimeError(`Expected UPLO argument to be 'L' or 'U', but got ${uplo_}`);
  }
  return named(["eigenvalues", "eigenvectors"], callMulti(ops.linalg_eigh, 2, a, uplo));
});
export const eigvalsh = fn(
  "linalg_eigvalsh",
  [...self, text("UPLO", "L")],
  (a, uplo): Tensor => eigh(a, uplo)[0]!,
);

/** U diag(S) Vh = A, singular values descending. */
export const svd = fn("linalg_svd", [...self, flag("full_matrices", true)], (a, full) => {
  checkMatrix("svd", a);
  return named(["U", "S", "Vh"], callMulti(ops.linalg_svd, 3, a, full));
});
export const svdvals = fn("linalg_svdvals", self, (a): Tensor => {
  checkMatrix("svdvals", a);
  return svd(a, false)[1]!;
});

/** Aⁿ of square matrices; negative n take the inverse. */
export const matrix_power = fn("linalg_matrix_power", [...self, int("n")], (a, n): Tensor => {
  checkSquare("matrix_power", a);
  if (n === 0) return identityLike(a);
  const base = n < 0 ? inv(a) : a;
  const times = Math.abs(n);
  if (times === 1) return n < 0 ? base : base.clone();
  if (times === 2) return base.matmul(base);
  if (times === 3) return base.matmul(base).matmul(base);
  let result: Tensor | null = null;
  let z = base;
  for (let rest = times; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest !== times) z = z.matmul(z);
    if (rest % 2 === 1) result = result === null ? z : result.matmul(z);
  }
  return result!;
});

/** The identity in the shape and history of `a`, as PyTorch's power 0. */
function identityLike(a: Tensor): Tensor {
  const n = a._shape.at(-1)!;
  const one = call(
    ops.diag_embed,
    a.detach().select(-1, 0).mul(0).add(1),
    0,
    a._shape.length - 2,
    a._shape.length - 1,
  );
  return n === 0 ? a.clone() : a.clone().copy_(one);
}

/** eᴬ of square matrices. */
export const matrix_exp = fn("linalg_matrix_exp", self, (a): Tensor => {
  checkSquare("matrix_exp", a);
  return call(ops.linalg_matrix_exp, a);
});

/** The Moore–Penrose pseudo-inverse; singular values up to `rtol` times the largest count as 0. */
export const pinv = fn(
  "linalg_pinv",
  [...self, optAny<"rtol", number | Tensor | null>("rtol", null)],
  (a, rtol): Tensor => {
    checkMatrix("pinv", a);
    const epsilon = a.dtype.name === "float32" ? 2 ** -23 : 2 ** -52;
    const limit =
      rtol === null
        ? Math.max(...a._shape.slice(-2)) * epsilon
        : typeof rtol === "number"
          ? rtol
          : rtol.item();
    return call(ops.linalg_pinv, a, limit);
  },
);

/** How many singular values are above a tolerance. */
export const matrix_rank = fn(
  "linalg_matrix_rank",
  [
    ...self,
    optAny<"atol", number | Tensor | null>("atol", null),
    optAny<"rtol", number | Tensor | null>("rtol", null),
    flag("hermitian", false),
  ],
  (a, atol, rtol, hermitian): Tensor => {
    const s = hermitian ? eigvalsh(a.detach()).abs() : svdvals(a.detach());
    const epsilon = a.dtype.name === "float32" ? 2 ** -23 : 2 ** -52;
    const given = rtol ?? (atol === null ? Math.max(...a._shape.slice(-2)) * epsilon : 0);
    if (s._shape.at(-1) === 0) return s.sum(-1).ne(s.sum(-1)).long();
    const column = (t: number | Tensor): number | Tensor => (typeof t === "number" ? t : t.unsqueeze(-1));
    const limit = s
      .amax(-1, true)
      .mul(column(given))
      .clamp({ min: column(atol ?? 0) });
    return s.gt(limit).sum(-1);
  },
);
