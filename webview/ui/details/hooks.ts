/** @file Hooks around a node: the user's functions with their lines, and what each made of the gradient. */
import type { HookInfo } from "../../../src/protocol/export.js";
import { changeText } from "../../model/hooks.js";
import { h } from "../dom.js";
import { place } from "./head.js";
import { type Content, type Context, section } from "./parts.js";

const KINDS: Readonly<Record<HookInfo["kind"], string>> = {
  tensor: "tensor hook",
  pre: "pre-hook",
  post: "hook",
  post_accumulate: "post-accumulate hook",
};

/** In the order in which they ran, once the node has. */
export function hooksSection({ graph, card, position, detail, canReveal, events }: Context): Content {
  const step = detail?.steps.find(({ pass }) => pass === graph.pass.index)?.step;
  if (!step?.hooks || card.step >= position) return null;
  const rows = step.hooks.flatMap((hook) => [
    h("dt", {}, `${KINDS[hook.kind]} ${hook.name ?? "(anonymous)"}`),
    h(
      "dd",
      {},
      h("pre", { class: "gw-grad-text" }, changeText(hook)),
      place(hook.source, null, canReveal, events),
    ),
  ]);
  return section("Hooks", h("dl", { class: "gw-mono" }, ...rows));
}
