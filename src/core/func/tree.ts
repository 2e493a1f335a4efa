/** @file Nested arrays and plain objects of tensors (PyTorch's pytrees). */
import { pythonTypeName } from "../errors.js";
import { Tensor } from "../tensor.js";

/** A tensor, or an array or plain object of such. */
export type Tree = Tensor | readonly Tree[] | { readonly [key: string]: Tree };

function entriesOf(value: unknown): [string, unknown][] | null {
  if (typeof value !== "object" || value === null) return null;
  const proto = Object.getPrototypeOf(value) as unknown;
  return proto === Object.prototype || proto === null ? Object.entries(value) : null;
}

/** The leaves in order: whatever is neither an array nor a plain object. */
export function leavesOf(tree: unknown): unknown[] {
  if (Array.isArray(tree)) return tree.flatMap(leavesOf);
  return entriesOf(tree)?.flatMap(([, v]) => leavesOf(v)) ?? [tree];
}

/** The same structure over what `fn` makes of each leaf. */
export function mapLeaves(tree: unknown, fn: (leaf: unknown, index: number) => unknown): unknown {
  let index = 0;
  const walk = (t: unknown): unknown => {
    if (Array.isArray(t)) return t.map(walk);
    const entries = entriesOf(t);
    return entries === null ? fn(t, index++) : Object.fromEntries(entries.map(([k, v]) => [k, walk(v)]));
  };
  return walk(tree);
}

/** As PyTorch writes a structure in its messages: `(*, *)`. */
export function shapeText(tree: unknown): string {
  if (Array.isArray(tree)) return `(${tree.map(shapeText).join(", ")})`;
  const entries = entriesOf(tree);
  return entries === null ? "*" : `{${entries.map(([k, v]) => `'${k}': ${shapeText(v)}`).join(", ")}}`;
}

/** `TreeSpec(tuple, None, [*,\n  *])`, as PyTorch prints a structure that it compares. */
export function specText(tree: unknown, depth = 1): string {
  if (!Array.isArray(tree)) return "*";
  const inner = tree.map((t) => specText(t, depth + 1)).join(`,\n${"  ".repeat(depth)}`);
  return `TreeSpec(tuple, None, [${inner}])`;
}

export function typeText(value: unknown): string {
  if (Array.isArray(value)) return "<class 'tuple'>";
  return `<class '${value instanceof Tensor ? "torch.Tensor" : pythonTypeName(value)}'>`;
}
