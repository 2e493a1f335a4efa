/** @file Leaves in the variables pane: what `.grad` is as of a step, and was before the leaf's own. */
import type { EditTarget } from "../protocol/debug.js";
import type { WireTensor } from "../protocol/trace.js";
import { ALTERED, type Edits } from "./edits.js";
import type { Item } from "./items.js";
import type { Standing } from "./nodeView.js";
import { gradAt } from "./recordValues.js";
import { tensorLine } from "./tensors.js";

export type ShowLeaf = (name: string, value: WireTensor, node: number, more: Partial<Item>) => Item;

/** One for each leaf of the pass. */
export function leafItems(at: Standing, edits: Edits, show: ShowLeaf): Item[] {
  return at.pass.structure.nodes.flatMap(({ kind }, node) =>
    kind === "accumulate" ? [leafItem(at, edits, show, node)] : [],
  );
}

function leafItem({ pass, step, live }: Standing, edits: Edits, show: ShowLeaf, node: number): Item {
  const { label } = pass.structure.nodes[node]!;
  const ran = pass.stepOf(node);
  const own = ran >= 0 && ran < step ? pass.record.steps[ran]! : null;
  const name = label === null ? `leaf ${node}` : `${label}.grad`;
  const target: EditTarget | null = label === null ? null : { of: "grad", name: label };
  const edited = target && edits.value(target, { pass: pass.index, step });
  const now = edited ?? gradAt(pass, node, step);
  const altered = own === null ? target !== null && edits.isAltered(target) : own.altered;
  const title = altered ? name + ALTERED : name;
  const more = {
    ...(label !== null && { evaluateName: name }),
    ...(live && target && { edit: target }),
  };
  if (now === null) return { name: title, value: "None", ...more };
  const before = own?.accumulated?.before ?? null;
  const was = own === null ? "" : ` (was ${before === null ? "None" : tensorLine(before)})`;
  return show(title, now, node, { ...more, value: tensorLine(now) + was });
}
