/** @file What a run without exports ends with: its leaves and their gradients, in words. */
import type { Session } from "../session/session.js";
import type { Readout } from "../session/types.js";
import { shown } from "./files.js";
import { elements, plural, reason } from "./words.js";

const MOST = 40;

export function summary(session: Session): string {
  const outline = session.outline();
  const walked = outline.passes.filter((pass) => pass.call !== "live").length;
  const files = new Set(session.files());
  const rows = [...files].flatMap((file) => session.readouts(file)).filter(worthTelling);
  const problems = session.problems().filter(({ severity }) => severity !== "error");
  // What went wrong has been printed already, and there may be nothing else to tell.
  if (outline.state !== "done" && rows.length === 0) return "";
  const lines = [
    "",
    `gradwalk: ${shown(outline.program.file)} · ${plural(walked, "backward pass", "backward passes")}${took(outline.duration)}`,
    ...table(rows.slice(0, MOST).map((row) => cells(row, files.size > 1))),
  ];
  if (rows.length > MOST) lines.push(`… and ${rows.length - MOST} more`);
  if (rows.length === 0) lines.push("No variable holds a leaf tensor.");
  for (const { severity, file, line, column, message } of problems) {
    lines.push(`${severity}: ${shown(file)}:${line}:${column} ${message}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Leaves, and whatever else keeps a gradient. */
function worthTelling({ is_leaf, grad }: Readout): boolean {
  return is_leaf || grad !== null;
}

function took(duration: number | null): string {
  return duration === null ? "" : ` · ${(duration / 1000).toFixed(2)} s`;
}

function cells(
  { name, file, line, shape, value, grad, why_no_grad }: Readout,
  many: boolean,
): readonly string[] {
  const updates = grad && grad.updates !== 1 ? ` (×${grad.updates})` : "";
  return [
    name,
    many ? `${shown(file)}:${line}` : `line ${line}`,
    `[${shape.join(", ")}]`,
    elements(value, shape),
    grad ? `grad ${elements(grad, shape)}${updates}` : `no grad: ${reason(why_no_grad)}`,
  ];
}

/** Columns in line; the last one ends where it ends. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map(
    (row) =>
      `  ${row
        .map((cell, c) => cell.padEnd(widths[c]!))
        .join("  ")
        .trimEnd()}`,
  );
}
