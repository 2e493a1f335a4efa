/** @file A backward pass in lines of text: one for each node, in the order in which the engine runs them. */
import { relative } from "node:path";
import { nodeTitle, passTitle } from "../adapter/names.js";
import type { WireStep, WireTensor } from "../protocol/trace.js";
import { valueSummary } from "../protocol/wire.js";
import type { Pass } from "../session/pass.js";
import { shown } from "./files.js";
import { elements } from "./words.js";

/** Longest name that the columns are made for; longer ones push their own line to the right. */
const NAME = 34;

/** `loss.backward() · linear.ts:12 · 7 nodes` */
export function passLine(pass: Pass): string {
  const { source, structure, index } = pass;
  const nodes = structure.nodes.filter(({ kind }) => kind !== "constant").length;
  const parts = [`pass ${index + 1}`, passTitle(pass), source && `${shown(source.file)}:${source.line}`];
  return [...parts, `${nodes} ${nodes === 1 ? "node" : "nodes"}`].filter(Boolean).join(" · ");
}

/** What is known of a step: what came in, and what went out or will. */
export interface Flow {
  readonly node: number;
  readonly into: readonly (WireTensor | null)[];
  /** null: known when the node has run. */
  readonly out: readonly (WireTensor | null)[] | null;
  readonly accumulated: WireStep["accumulated"];
  readonly altered: boolean;
}

export function flowOf({ node, grad_in, grad_out, accumulated, altered }: WireStep): Flow {
  return { node, into: grad_in, out: grad_out, accumulated, altered };
}

/** `   3  MulBackward0 (y)   line 6   [1, 1] → [2, 4]` */
export function stepLine(pass: Pass, step: number, flow: Flow, program: string): string {
  const at = pass.location(flow.node);
  const file = at === null || at.file === program ? "" : `${relative(process.cwd(), at.file)} `;
  const line = at === null ? "" : `${file}line ${at.line}`;
  const altered = flow.altered ? "  (altered)" : "";
  const columns = [String(step + 1).padStart(5), nodeTitle(pass, flow.node).padEnd(NAME), line.padEnd(9)];
  return `${columns.join("  ")}  ${gradients(pass, flow)}${altered}`;
}

function gradients(pass: Pass, { node, into, out, accumulated }: Flow): string {
  const came = into.map(brief).join(", ");
  if (pass.structure.nodes[node]!.kind !== "accumulate") {
    return out === null ? came : `${came} → ${out.map(brief).join(", ")}`;
  }
  if (accumulated === null) return came;
  const { before, after } = accumulated;
  return `${came} → .grad ${brief(after)} (was ${before === null ? "None" : brief(before)})`;
}

function brief(gradient: WireTensor | null): string {
  return gradient === null ? "–" : elements(valueSummary(gradient), gradient.shape);
}
