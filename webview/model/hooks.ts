/** @file What a hook made of a gradient, in words. */
import type { ExportHook, TensorSummary } from "../../src/protocol/export.js";
import { tensorText } from "./tensor.js";

export function changeText({ before, after }: Pick<ExportHook, "before" | "after">): string {
  if (after === null) return "threw an error";
  const changes = before.flatMap((value, i) => {
    const [was, is] = [textOf(value), textOf(after[i] ?? null)];
    if (was === is) return [];
    return [before.length === 1 ? `${was} → ${is}` : `[${i}] ${was} → ${is}`];
  });
  return changes.length === 0 ? "changed nothing" : changes.join("\n");
}

const textOf = (tensor: TensorSummary | null): string => (tensor === null ? "None" : tensorText(tensor));
