/** @file `einsum`: sums of products by named subscripts. */
import { PyTypeError, RuntimeError } from "../../errors.js";
import { Tensor } from "../../tensor.js";
import { bmm } from "../linalg.js";
import { diagonal, permute, reshape, unsqueeze } from "../shape_ops.js";

const fail = (text: string): never => {
  throw new RuntimeError(`einsum(): ${text}`);
};

/** Subscripts of one operand; the dimensions of an ellipsis are `.0`, `.1` … counted from the last. */
function subscripts(text: string, at: number, rank: number, operand: number): string[] {
  const out: string[] = [];
  let ellipsis = -1;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === " ") continue;
    if (c === ".") {
      if (text.slice(i, i + 3) !== "..." || ellipsis >= 0) {
        fail(
          `found '.' for operand ${operand} ${ellipsis >= 0 ? "for which an ellipsis was already found" : "that is not part of any ellipsis"}`,
        );
      }
      ellipsis = out.length;
      i += 2;
    } else if (/[a-zA-Z]/.test(c)) out.push(c);
    else
      fail(
        `invalid subscript given at index ${at + i} in the equation string, subscripts must be in [a-zA-Z]`,
      );
  }
  const more = rank - out.length;
  if (ellipsis < 0 ? more !== 0 : more < 0) {
    const rest =
      ellipsis < 0 ? "does not match the number of dimensions" : "is more than the number of dimensions";
    fail(
      `the number of subscripts in the equation (${out.length}) ${rest} (${rank}) for operand ${operand}${ellipsis < 0 ? " and no ellipsis was given" : ""}`,
    );
  }
  if (ellipsis >= 0) out.splice(ellipsis, 0, ...Array.from({ length: more }, (_, i) => `.${more - 1 - i}`));
  return out;
}

/** Labels of the result where the equation has no arrow: the ellipsis, then what occurs once, sorted. */
function implicit(inputs: readonly string[][]): string[] {
  const counts = new Map<string, number>();
  for (const label of inputs.flat()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const single = [...counts]
    .filter(([label, n]) => n === 1 && !label.startsWith("."))
    .map(([label]) => label);
  return [...ellipsisLabels(inputs), ...single.sort()];
}

function ellipsisLabels(inputs: readonly string[][]): string[] {
  const found = new Set(inputs.flat().filter((l) => l.startsWith(".")));
  return [...found].sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
}

function explicit(text: string, inputs: readonly string[][]): string[] {
  const out: string[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === " ") continue;
    if (text.slice(i, i + 3) === "...") {
      out.push(...ellipsisLabels(inputs));
      i += 2;
      continue;
    }
    if (out.includes(c)) fail(`output subscript ${c} appears more than once in the output`);
    if (!inputs.some((list) => list.includes(c))) {
      fail(`output subscript ${c} does not appear in the equation for any input operand`);
    }
    out.push(c);
  }
  return out;
}

/** The operand with repeated subscripts as diagonals, and its dimensions in the order of `labels`, 1 where it has none. */
function aligned(t: Tensor, own_: readonly string[], labels: readonly string[]): Tensor {
  let x = t;
  const own = [...own_];
  for (let i = 0; i < own.length; i++) {
    for (let j = own.indexOf(own[i]!, i + 1); j > 0; j = own.indexOf(own[i]!, i + 1)) {
      const label = own[i]!;
      x = diagonal(x, 0, i, j);
      own.splice(j, 1);
      own.splice(i, 1);
      own.push(label);
      const back = own.map((_, d) => d).slice(0, -1);
      back.splice(i, 0, own.length - 1);
      x = permute(x, back);
      own.pop();
      own.splice(i, 0, label);
    }
  }
  const missing = labels.filter((l) => !own.includes(l));
  for (const label of missing) {
    x = unsqueeze(x, x._shape.length);
    own.push(label);
  }
  return permute(
    x,
    labels.map((l) => own.indexOf(l)),
  );
}

/**
 * Sums products of the operands' elements over the subscripts that the result does not have, e.g.
 * `"ij,jk->ik"`. Operands are contracted from left to right.
 */
export function einsum(equation: string, ...given: readonly (Tensor | readonly Tensor[])[]): Tensor {
  const operands = given.flat() as Tensor[];
  if (typeof equation !== "string")
    throw new PyTypeError("einsum(): the first argument must be the equation, a string");
  for (const t of operands) {
    if (!(t instanceof Tensor)) throw new PyTypeError("einsum(): the operands must be tensors");
  }
  if (operands.length === 0) fail("must provide at least one operand");
  const arrow = equation.indexOf("->");
  const left = arrow < 0 ? equation : equation.slice(0, arrow);
  const parts = left.split(",");
  if (parts.length > operands.length) fail("fewer operands were provided than specified in the equation");
  if (parts.length < operands.length) fail("more operands were provided than specified in the equation");
  let at = 0;
  const inputs = parts.map((text, i) => {
    const found = subscripts(text, at, operands[i]!._shape.length, i);
    at += text.length + 1;
    return found;
  });
  const output = arrow < 0 ? implicit(inputs) : explicit(equation.slice(arrow + 2), inputs);
  const summed = [...new Set(inputs.flat())].filter((l) => !output.includes(l)).sort();
  const labels = [...output, ...summed];
  checkSizes(operands, inputs);
  return contracted(operands, inputs, labels, output.length);
}

function checkSizes(operands: readonly Tensor[], inputs: readonly string[][]): void {
  const sizes = new Map<string, number>();
  operands.forEach((t, i) => {
    const own = new Map<string, number>();
    inputs[i]!.forEach((label, d) => {
      const n = t._shape[d]!;
      const before = own.get(label);
      if (before !== undefined && before !== n) {
        fail(`subscript ${label} is repeated for operand ${i} but the sizes don't match, ${n} != ${before}`);
      }
      own.set(label, n);
      const seen = sizes.get(label);
      if (seen !== undefined && seen !== 1 && n !== 1 && seen !== n) {
        fail(
          `subscript ${label} has size ${n} for operand ${i} which does not broadcast with previously seen size ${seen}`,
        );
      }
      if (seen === undefined || n !== 1) sizes.set(label, n);
    });
  });
}

function contracted(
  operands: readonly Tensor[],
  inputs: readonly string[][],
  labels: readonly string[],
  kept: number,
): Tensor {
  const aligns = operands.map((t, i) => aligned(t, inputs[i]!, labels));
  /** The last operand that has each summed dimension: it can be summed once that one is in. */
  const last = labels.map((label, d) =>
    d < kept ? -1 : inputs.reduce((at, list, i) => (list.includes(label) ? i : at), 0),
  );
  let result = aligns[0]!;
  const over = (i: number): number[] => last.flatMap((at, d) => (at === i ? [d] : []));
  if (aligns.length === 1) {
    const dims = labels.map((_, d) => d).slice(kept);
    return dims.length === 0 ? result : result.sum(dims);
  }
  const first = over(0);
  if (first.length > 0) result = result.sum(first, true);
  for (let i = 1; i < aligns.length; i++) result = sumProductPair(result, aligns[i]!, over(i));
  return kept < labels.length ? reshape(result, result._shape.slice(0, kept)) : result;
}

/** Σ over `dims` of a · b, kept as dimensions of size 1: one batched matrix product. */
function sumProductPair(a_: Tensor, b_: Tensor, dims: readonly number[]): Tensor {
  if (dims.length === 0) return a_.mul(b_);
  let [a, b] = [a_, b_];
  const batch: number[] = [];
  const rows: number[] = [];
  const columns: number[] = [];
  const inner: number[] = [];
  a._shape.forEach((_, d) => {
    const [hasA, hasB] = [a._shape[d] !== 1, b._shape[d] !== 1];
    if (dims.includes(d)) {
      if (hasA && hasB) inner.push(d);
      else if (hasA) a = a.sum(d, true);
      else if (hasB) b = b.sum(d, true);
    } else if (hasA && hasB) batch.push(d);
    else if (hasA) rows.push(d);
    else columns.push(d);
  });
  const size = (t: Tensor, list: readonly number[]): number => list.reduce((n, d) => n * t._shape[d]!, 1);
  const rest = a._shape.map((_, d) => d).filter((d) => dims.includes(d));
  const left = permute(a, [
    ...batch,
    ...rows,
    ...inner,
    ...columns,
    ...rest.filter((d) => !inner.includes(d)),
  ]);
  const right = permute(b, [
    ...batch,
    ...inner,
    ...columns,
    ...rows,
    ...rest.filter((d) => !inner.includes(d)),
  ]);
  const n = size(a, batch);
  const product = bmm(
    reshape(left, [n, size(a, rows), size(a, inner)]),
    reshape(right, [n, size(b, inner), size(b, columns)]),
  );
  const order = [...batch, ...rows, ...columns, ...rest];
  const shape = order.map((d) =>
    rest.includes(d) ? 1 : batch.includes(d) || rows.includes(d) ? a._shape[d]! : b._shape[d]!,
  );
  return permute(
    reshape(product, shape),
    a._shape.map((_, d) => order.indexOf(d)),
  );
}
