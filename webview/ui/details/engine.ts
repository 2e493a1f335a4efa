/** @file What the engine did with a node: what came in, by which formula, with which saved tensors, what went out. */
import type { ExportStep } from "../../../src/protocol/export.js";
import type { ViewStep } from "../../../src/protocol/view.js";
import { summedFrom } from "../../canvas/labels.js";
import { whyNone } from "../../model/face.js";
import type { Link } from "../../model/graph.js";
import { plural, shapeText } from "../../model/numbers.js";
import { tensorText } from "../../model/tensor.js";
import { gradAt, incoming, takesPart, termState } from "../../model/walk.js";
import { h } from "../dom.js";
import { type Content, type Context, cardLink, note, section, tensorBlock } from "./parts.js";

function stepOf({ graph, card, detail }: Context): ExportStep | ViewStep | undefined {
  return detail?.steps.find(({ pass }) => pass === graph.pass.index)?.step ?? graph.pass.steps[card.step];
}

export function valueSection(context: Context): Content {
  const { card, detail } = context;
  const { node } = card;
  const value = detail?.node.value ?? node.value;
  if (!value) return null;
  const tensor = { ...value, shape: node.shape, dtype: node.dtype };
  const printed = detail?.valueText ?? null;
  return section("Value", ...tensorBlock(tensor, { name: "value", tone: "value", printed }, context));
}

export function gradSection(context: Context): Content {
  const { graph, card, position, detail } = context;
  const gradient = gradAt(graph, card, position);
  if (gradient === null) return section("Why no .grad", note(whyNone(graph, card, position)));
  const whole = detail?.node.grad ?? null;
  const atEnd = position >= graph.pass.steps.length;
  const tensor = atEnd && whole ? { ...whole, shape: gradient.shape, dtype: gradient.dtype } : gradient;
  const updates = atEnd ? (card.node.grad?.updates ?? 0) : 0;
  const printed = atEnd ? (detail?.gradText ?? null) : null;
  return section(
    updates > 0 ? `.grad · accumulated ${updates === 1 ? "once" : `${updates} times`}` : ".grad",
    ...tensorBlock(tensor, { name: "grad", tone: "grad", printed }, context),
  );
}

export function incomingSection(context: Context): Content {
  const { graph, card, position } = context;
  if (card.step < 0) return null;
  const step = stepOf(context);
  const now = incoming(graph, card, position);
  const gradients = (now.gradients.length > 0 ? (step?.grad_in ?? []) : []).filter(
    (gradient) => gradient !== null,
  );
  const terms = card.outputs.filter(takesPart);
  const [only] = terms;
  const whole = gradients.length > 0;
  const words = !whole
    ? `${now.arrived} of ${plural(now.expected, "term")} arrived`
    : terms.length === 0
      ? "the pass starts here"
      : plural(now.expected, "term");
  // A single term is the gradient itself: it needs no second text.
  const single = whole && terms.length === 1 && !card.root && only;
  return section(
    "Incoming gradient",
    ...gradients.flatMap((gradient, i) => tensorBlock(gradient, { name: `in ${i}`, tone: "grad" }, context)),
    h(
      "p",
      { class: "gw-note" },
      single ? `${words} · from ` : words,
      single ? cardLink(single.consumer, context) : null,
    ),
    ...(single ? [] : terms.map((link) => term(link, context))),
  );
}

function term(link: Link, context: Context): HTMLElement {
  const here = termState(link, context.position) === "arrived" && link.term !== null;
  const text = here && link.term ? tensorText(link.term) : "still to come";
  return h(
    "div",
    { class: "gw-term" },
    h("span", { class: "gw-quiet" }, "from "),
    cardLink(link.consumer, context),
    h("pre", { class: here ? "gw-grad-text" : "gw-quiet" }, text),
  );
}

/** Each input's formula, as the derivative table states it. */
export function derivativeSection({ detail }: Context): Content {
  const derivative = detail?.node.derivative;
  if (!derivative || derivative.length === 0) return null;
  const rows = derivative.flatMap(({ input, formula }) => [h("dt", {}, input), h("dd", {}, formula)]);
  return section("Derivative", h("dl", { class: "gw-mono" }, ...rows));
}

export function savedSection({ detail }: Context): Content {
  const saved = detail?.node.saved;
  if (!saved || saved.length === 0) return null;
  const rows = saved.flatMap(({ name, value, savedVersion, version, freed }) => {
    const text = freed ? "freed by the backward pass" : typeof value === "string" ? value : tensorText(value);
    const clash = !freed && savedVersion !== version;
    const words =
      savedVersion === null
        ? null
        : clash
          ? `saved at version ${savedVersion}, now at version ${version}: modified in place`
          : `version ${savedVersion} ✓`;
    return [
      h("dt", {}, name),
      h(
        "dd",
        {},
        h("pre", {}, text),
        words ? h("p", { class: clash ? "gw-bad-text" : "gw-quiet" }, words) : null,
      ),
    ];
  });
  return section("Saved tensors", h("dl", { class: "gw-mono gw-saved" }, ...rows));
}

export function outgoingSection(context: Context): Content {
  const { card, position } = context;
  const sent = card.inputs.filter((link) => link.term !== null);
  if (card.step < 0 || card.step > position || sent.length === 0) return null;
  const rows = sent.map((link) => {
    const summed = summedFrom(link);
    const words = summed
      ? `summed to ${shapeText(link.term?.shape ?? [])}, because this operation broadcast it to ${shapeText(summed)}`
      : null;
    return h(
      "div",
      { class: "gw-term" },
      h("span", { class: "gw-quiet" }, "→ "),
      cardLink(link.producer, context),
      h("pre", { class: "gw-grad-text" }, link.term ? tensorText(link.term) : ""),
      note(words),
    );
  });
  return section("Outgoing", ...rows);
}
