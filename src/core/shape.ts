/** @file Shapes and strides: pure integer arithmetic, shared by views, kernels and the engine. */
import { IndexError, RuntimeError } from "./errors.js";

/** A tensor's shape: an array of numbers that prints as `torch.Size([2, 3])`. Never change one. */
export class Size extends Array<number> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** Number of elements a tensor of this shape has. */
  numel(): number {
    return numelOf(this);
  }

  override toString(): string {
    return `torch.Size([${this.join(", ")}])`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

export type Shape = readonly number[];

/** The shape of every 0-dim tensor. */
export const SCALAR: Size = new Size();
export const NO_STRIDES: Shape = [];

/** Recently made shapes of one and two dimensions: the same few recur, and equal ones compare by identity. */
const recent: (Size | undefined)[] = new Array<Size | undefined>(256).fill(undefined);

function recentSize(m: number, n: number, dims: Shape): Size {
  const slot = (m * 31 + n + dims.length) & 255;
  const found = recent[slot];
  if (found !== undefined && found.length === dims.length && found[0] === m && found[dims.length - 1] === n)
    return found;
  const size = newSize(dims);
  recent[slot] = size;
  return size;
}

function newSize(dims: Shape): Size {
  const size = new Size();
  for (let i = 0; i < dims.length; i++) size.push(dims[i]!);
  return size;
}

export function sizeOf(dims: Shape): Size {
  if (dims instanceof Size) return dims;
  switch (dims.length) {
    case 0:
      return SCALAR;
    case 1:
      return recentSize(dims[0]!, dims[0]!, dims);
    case 2:
      return recentSize(dims[0]!, dims[1]!, dims);
    default:
      return newSize(dims);
  }
}

export function numelOf(shape: Shape): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i]!;
  return n;
}

export function contiguousStrides(shape: Shape): Shape {
  const n = shape.length;
  if (n === 0) return NO_STRIDES;
  if (n === 1) return ONE_STRIDE;
  const strides = new Array<number>(n);
  let step = 1;
  for (let i = n - 1; i >= 0; i--) {
    strides[i] = step;
    step *= Math.max(shape[i]!, 1);
  }
  return strides;
}
const ONE_STRIDE: Shape = [1];

/** Row-major without gaps; dimensions of size 1 may have any stride, empty tensors count. */
export function isContiguous(shape: Shape, strides: Shape): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const n = shape[i]!;
    if (n === 0) return true;
    if (n !== 1) {
      if (strides[i] !== expected) return false;
      expected *= n;
    }
  }
  return true;
}

/** Covers a block of memory without gaps or overlap, in any order of dimensions. */
export function isDense(shape: Shape, strides: Shape): boolean {
  const order = strideOrder(shape, strides);
  let expected = 1;
  for (let k = order.length - 1; k >= 0; k--) {
    const i = order[k]!;
    if (shape[i] === 1) continue;
    if (strides[i] !== expected) return false;
    expected *= shape[i]!;
  }
  return true;
}

/** Dimensions from the largest stride to the smallest; ties keep their order. */
export function strideOrder(shape: Shape, strides: Shape): number[] {
  const order: number[] = [];
  for (let i = 0; i < shape.length; i++) order.push(i);
  return order.sort((a, b) => strides[b]! - strides[a]! || shape[a]! - shape[b]! || a - b);
}

/** Strides that lay `shape` out without gaps in the dimension order of `strides`. */
export function denseStridesLike(shape: Shape, strides: Shape): Shape {
  const result = new Array<number>(shape.length);
  let step = 1;
  const order = strideOrder(shape, strides);
  for (let k = order.length - 1; k >= 0; k--) {
    result[order[k]!] = step;
    step *= Math.max(shape[order[k]!]!, 1);
  }
  return result;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** `[2, 3]` as PyTorch writes sizes in messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The shape two operands broadcast to (`torch.broadcast_shapes`). */
export function broadcastShapes(a: Shape, b: Shape): Size {
  const long = a.length >= b.length ? a : b;
  const short = long === a ? b : a;
  const lead = long.length - short.length;
  const out = new Size();
  for (let i = 0; i < long.length; i++) {
    const m = a[i - (long.length - a.length)] ?? 1;
    const n = b[i - (long.length - b.length)] ?? 1;
    if (i < lead || m === n) out.push(long[i]!);
    else if (m === 1) out.push(n);
    else if (n === 1) out.push(m);
    else {
      throw new RuntimeError(
        `The size of tensor a (${m}) must match the size of tensor b (${n}) at non-singleton dimension ${i}`,
      );
    }
  }
  return out;
}

/** Whether `shape` broadcasts to `target`. */
export function isExpandable(shape: Shape, target: Shape): boolean {
  const lead = target.length - shape.length;
  if (lead < 0) return false;
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] !== target[i + lead] && shape[i] !== 1) return false;
  }
  return true;
}

/** Strides that read a tensor of `shape` as if it had `target`'s shape: 0 along broadcast dimensions. */
export function expandStrides(shape: Shape, strides: Shape, target: Shape): number[] {
  const lead = target.length - shape.length;
  const out = new Array<number>(target.length);
  for (let i = 0; i < target.length; i++) {
    const own = i - lead;
    out[i] = own < 0 || (shape[own] === 1 && target[i] !== 1) ? 0 : strides[own]!;
  }
  return out;
}

/** A dimension index in `[0, ndim)`; negative ones count from the end. 0-dim tensors accept 0 and -1. */
export function normalizeDim(dim: number, ndim: number): number {
  const n = Math.max(ndim, 1);
  if (dim < -n || dim >= n) {
    throw new IndexError(
      `Dimension out of range (expected to be in range of [${-n}, ${n - 1}], but got ${dim})`,
    );
  }
  return dim < 0 ? dim + n : dim;
}

/** Dimensions to reduce over, as flags; none given means all of them. */
export function reductionMask(dims: readonly number[] | null, ndim: number): boolean[] {
  const mask = new Array<boolean>(ndim).fill(dims === null || dims.length === 0);
  if (dims === null) return mask;
  const seen = new Set<number>();
  for (const d of dims) {
    const dim = normalizeDim(d, ndim);
    if (seen.has(dim)) throw new RuntimeError(`dim ${dim} appears multiple times in the list of dims`);
    seen.add(dim);
    if (ndim > 0) mask[dim] = true;
  }
  return mask;
}

export function reducedShape(shape: Shape, mask: readonly boolean[], keepdim: boolean): Size {
  const out = new Size();
  for (let i = 0; i < shape.length; i++) {
    if (!mask[i]) out.push(shape[i]!);
    else if (keepdim) out.push(1);
  }
  return out;
}

/** Fills in the one `-1` of a view's shape, and checks that the element count fits. */
export function inferSize(dims: Shape, numel: number): Size {
  let product = 1;
  let unknown = -1;
  for (let i = 0; i < dims.length; i++) {
    const n = dims[i]!;
    if (n === -1) {
      if (unknown >= 0) throw new RuntimeError("only one dimension can be inferred");
      unknown = i;
    } else if (n < 0 || !Number.isInteger(n)) {
      throw new RuntimeError(`invalid shape dimension ${n} at index ${i} of shape ${formatShape(dims)}`);
    } else product *= n;
  }
  if (product === numel && unknown < 0) return sizeOf(dims);
  if (unknown >= 0 && product > 0 && numel % product === 0) {
    const out = new Size();
    for (let i = 0; i < dims.length; i++) out.push(i === unknown ? numel / product : dims[i]!);
    return out;
  }
  if (unknown >= 0 && product === 0 && numel === 0) {
    throw new RuntimeError(
      `cannot reshape tensor of 0 elements into shape ${formatShape(dims)} because the unspecified dimension size -1 can be any value and is ambiguous`,
    );
  }
  throw new RuntimeError(`shape '${formatShape(dims)}' is invalid for input of size ${numel}`);
}

/** Strides of a view with `target`'s shape over the same memory, or null where only a copy can do it. */
export function viewStrides(shape: Shape, strides: Shape, target: Shape): Shape | null {
  if (numelOf(shape) === 0) return contiguousStrides(target);
  if (shape.length === 0) return new Array<number>(target.length).fill(1);
  const out = new Array<number>(target.length);
  let viewDim = target.length - 1;
  let chunkStride = strides[shape.length - 1]!;
  let chunk = 1;
  let viewed = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    chunk *= shape[d]!;
    const ends = d === 0 || (shape[d - 1] !== 1 && strides[d - 1] !== chunk * chunkStride);
    if (!ends) continue;
    while (viewDim >= 0 && (viewed < chunk || target[viewDim] === 1)) {
      out[viewDim] = viewed * chunkStride;
      viewed *= target[viewDim]!;
      viewDim--;
    }
    if (viewed !== chunk) return null;
    if (d > 0) {
      chunkStride = strides[d - 1]!;
      chunk = 1;
      viewed = 1;
    }
  }
  return viewDim < 0 ? out : null;
}
