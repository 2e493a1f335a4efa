/** @file A derivative's formula with the numbers in it, where they are few. */
import type { WireTensor } from "../protocol/trace.js";
import { short } from "./tensors.js";
import { isWhole } from "./wireMath.js";

/** Elements that a formula stays readable with. */
const FEW = 4;

/** Numbers as they stand in a formula; null where they are too many. */
export function inFormula(value: WireTensor | string | null): string | null {
  if (value === null) return null;
  if (typeof value === "string") return value.length <= 12 ? value : null;
  if (!isWhole(value) || value.data.length > FEW) return null;
  return nest(Array.from(value.data, short), value.shape);
}

function nest(cells: readonly string[], shape: readonly number[]): string {
  const [size, ...inner] = shape;
  if (size === undefined) return cells[0]!;
  const stride = size === 0 ? 0 : cells.length / size;
  const parts = Array.from({ length: size }, (_, i) =>
    nest(cells.slice(i * stride, (i + 1) * stride), inner),
  );
  return `[${parts.join(", ")}]`;
}

/** Names that are called, or that are a property's, stand for no value. */
const NAME = /(?<![\w.$])[A-Za-z_$][\w$]*(?!\s*\()/g;

/** `grad * other = 1 * [2, 4] = [2, 4]`: the formula, with what is known put in, and what it gave. */
export function formulaLine(
  formula: string,
  values: ReadonlyMap<string, WireTensor | string | null>,
  result: WireTensor | null,
): string {
  const filled = formula.replace(NAME, (name) => inFormula(values.get(name) ?? null) ?? name);
  const given = inFormula(result);
  const steps = [formula];
  if (filled !== formula) steps.push(filled);
  if (given !== null && given !== filled) steps.push(given);
  return steps.join(" = ");
}
