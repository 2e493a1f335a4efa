/** @file Shapes for the text: of what each name holds, and of what an operation stretched to fit. */
import type { DType } from "../protocol/export.js";
import type { Pass } from "./pass.js";
import { byPosition } from "./readouts.js";
import type { Sources } from "./sources.js";

/** An operation that broadcast an input. */
export interface Broadcast {
  readonly endLine: number;
  readonly endColumn: number;
  readonly line: number;
  readonly column: number;
  /** The inputs that were stretched, with their names where they have one. */
  readonly inputs: readonly { readonly name: string | null; readonly shape: readonly number[] }[];
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Element by element over broadcast inputs; others have shapes of their own making (`[5, 3] @ [3]`). */
const ELEMENTWISE =
  /^(?:Add|Sub|Rsub|Mul|Div|Pow|Atan2|Maximum|Minimum|Fmax|Fmin|Fmod|Remainder|Where|Lerp|Addcmul|Addcdiv|Hypot|Copysign|Xlogy|Expand)Backward\d+$/;

/** The broadcasts in a file as the pass has them, in the order of the text; one for a call that ran often. */
export function broadcasts(pass: Pass, sources: Sources, file: string): Broadcast[] {
  const { nodes, edges } = pass.structure;
  const inputs = new Map<number, number[]>();
  for (const { from, to } of edges) {
    const list = inputs.get(from);
    if (list) list.push(to);
    else inputs.set(from, [to]);
  }
  const bySite = new Map<number, Broadcast>();
  nodes.forEach(({ name, site: id, shape, dtype }, node) => {
    const site = sources.site(id);
    if (name === null || site?.file !== file || !ELEMENTWISE.test(name)) return;
    const stretched = (inputs.get(node) ?? [])
      .map((input) => ({ name: nodes[input]!.label, shape: nodes[input]!.shape }))
      // A number that stands for a tensor is stretched everywhere, and surprises nobody.
      .filter((input) => input.shape.length > 0 && !isEqual(input.shape, shape) && fits(input.shape, shape));
    if (stretched.length === 0) return;
    const { line, column, endLine, endColumn } = site;
    bySite.set(id, { line, column, endLine, endColumn, inputs: stretched, shape, dtype });
  });
  return [...bySite.values()].sort(byPosition);
}

const isEqual = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/** Whether a shape broadcasts to another: sizes agree from the end, or are one. */
function fits(shape: readonly number[], to: readonly number[]): boolean {
  return (
    shape.length <= to.length &&
    shape.every((size, i) => {
      const there = to[to.length - shape.length + i];
      return size === there || size === 1;
    })
  );
}
