/** @file Hooks in the variables pane: the user's function with its line, and what it changed. */
import { basename } from "node:path";
import type { HookInfo } from "../protocol/export.js";
import type { WireHook, WireTensor } from "../protocol/trace.js";
import type { Item } from "./items.js";
import { tensorLine } from "./tensors.js";

export const RETAIN_GRAD: Item = { name: "retain_grad", value: "keeps the gradient in .grad" };

const KINDS: Readonly<Record<HookInfo["kind"], string>> = {
  tensor: "tensor hook",
  pre: "pre-hook",
  post: "hook",
  post_accumulate: "post-accumulate hook",
};

/** `tensor hook clip`: what it made of the gradient, or where it stands while that is still to come. */
export function hookItem(hook: HookInfo | WireHook, tensor: (name: string, wire: WireTensor) => Item): Item {
  const { kind, output, name, source } = hook;
  const title = [KINDS[kind], name ?? "(anonymous)", ...(output > 0 ? [`on output ${output}`] : [])].join(
    " ",
  );
  const at = source === null ? null : `${basename(source.file)}:${source.line}`;
  if (!("before" in hook)) return { name: title, value: at === null ? "will run" : `will run, ${at}` };
  const { before, after } = hook;
  const show = (when: string, values: WireHook["before"]): Item[] =>
    values.map((value, i) => {
      const label = values.length === 1 ? when : `${when}[${i}]`;
      return value === null ? { name: label, value: "None" } : tensor(label, value);
    });
  const named = async (): Promise<Item[]> => [
    ...show("before", before),
    ...(after === null ? [] : show("after", after)),
    ...(at === null ? [] : [{ name: "at", value: at }]),
  ];
  return { name: title, value: changeOf(hook), named };
}

function changeOf({ before, after }: WireHook): string {
  if (after === null) return "threw an error";
  const changed = before.flatMap((value, i) => (isSame(value, after[i] ?? null) ? [] : [i]));
  if (changed.length === 0) return "changed nothing";
  const each = changed.map((i) => {
    const change = `${short(before[i] ?? null)} → ${short(after[i] ?? null)}`;
    return before.length === 1 ? change : `[${i}] ${change}`;
  });
  return each.join(", ");
}

const short = (value: WireTensor | null): string => (value === null ? "None" : tensorLine(value));

function isSame(a: WireTensor | null, b: WireTensor | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  return (
    a.norm === b.norm &&
    a.nan === b.nan &&
    a.inf === b.inf &&
    a.data.every((value, i) => Object.is(value, b.data[i]))
  );
}
