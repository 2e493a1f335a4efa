// Python's spelling of values, so that the notebooks' retellings print what the notebooks print.
// Nothing here has to do with tensors or gradients.

/** A template literal that spells its values as an f-string does: `True`, `None`, … */
export function f(texts: TemplateStringsArray, ...values: readonly unknown[]): string {
  return texts.reduce((line, text, i) => line + str(values[i - 1]) + text);
}

export function print(...values: readonly unknown[]): void {
  console.log(values.map(str).join(" "));
}

export function str(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

/** A number that Python would hold as a float: `9.0` rather than `9`. */
export function float(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** A vector as NumPy prints it: the fewest digits that tell the float32 values apart, points in line. */
export function numpy(values: Float32Array): string {
  const parts = Array.from(values, (value) => shortest(value).split(".") as [string, string?]);
  const before = Math.max(...parts.map(([whole]) => whole.length));
  const after = Math.max(...parts.map(([, digits = ""]) => digits.length));
  const cells = parts.map(([whole, digits = ""]) => `${whole.padStart(before)}.${digits.padEnd(after)}`);
  return `[${cells.join(" ")}]`;
}

/** At most eight digits behind the point, as NumPy's default precision has it. */
function shortest(value: number): string {
  let digits = 1;
  while (digits < 9 && Math.fround(Number(value.toPrecision(digits))) !== value) digits++;
  const text = String(Number(value.toPrecision(digits)));
  return (text.split(".")[1]?.length ?? 0) > 8 ? value.toFixed(8) : text;
}
