/** @file What a card says at a position of the walk, and the same as one sentence for a screen reader. */
import type { TensorSummary } from "../../src/protocol/export.js";
import { comparisonLine, counterpart, gradientOf, valueIn } from "./compare.js";
import type { Card, Graph } from "./graph.js";
import { cleanName, shorten } from "./names.js";
import { badText, plural, shapeText, shortNumber, valueLine } from "./numbers.js";
import { gradAt, incoming, phaseOf } from "./walk.js";
import { whyNoGrad } from "./why.js";

export type Role = "leaf" | "function" | "constant";

export interface Tag {
  readonly text: string;
  readonly tone: "root" | "saved" | "bad" | "quiet" | "grad";
}

/**
 * `absent`: none, and none will come; `pending`: still to come; `flowing`: the node runs next; `passed`: it went
 * through and was not kept; `accumulated`: it is in `.grad`.
 */
export type GradState = "absent" | "pending" | "flowing" | "passed" | "accumulated";

export interface GradLine {
  readonly text: string;
  readonly state: GradState;
  /** There is a gradient; otherwise the line says that there is none, or none yet. */
  readonly present: boolean;
}

export interface Face {
  readonly role: Role;
  readonly title: string;
  readonly subtitle: string;
  readonly geometry: string;
  readonly value: string;
  readonly grad: GradLine | null;
  readonly tags: readonly Tag[];
  /** NaN, infinity or a version clash. */
  readonly bad: boolean;
  /** Its saved tensors are gone. */
  readonly freed: boolean;
}

export function roleOf(card: Card): Role {
  if (card.node.kind === "accumulate") return "leaf";
  return card.node.kind === "constant" ? "constant" : "function";
}

/** Norm of what came in, or of the `.grad` of a leaf: what colouring by gradient goes by. */
export function gradNorm(graph: Graph, card: Card, position: number): number | null {
  if (card.node.kind === "constant") return null;
  if (card.node.kind === "accumulate") {
    const step = graph.pass.steps[card.step];
    const arrived = card.step >= 0 && card.step <= position ? step?.grad_in[0] : null;
    return (arrived ?? gradAt(graph, card, position))?.norm ?? null;
  }
  const gradients = incoming(graph, card, position).gradients.filter((gradient) => gradient !== null);
  if (gradients.length === 0) return null;
  return Math.sqrt(gradients.reduce((sum, gradient) => sum + (gradient.norm ?? Number.NaN) ** 2, 0));
}

function leafLine(graph: Graph, card: Card, position: number): GradLine {
  const gradient = gradAt(graph, card, position);
  const { arrived, expected } = incoming(graph, card, position);
  const pending = phaseOf(card, position) !== "done" && card.step >= 0 ? expected - arrived : 0;
  const current = gradient === null ? ".grad none" : `.grad ${gradText(gradient)}`;
  const updates = card.node.grad?.updates ?? 0;
  if (pending > 0)
    return { text: `${current} · ${plural(pending, "term")} to come`, state: "pending", present: false };
  if (phaseOf(card, position) === "current")
    return { text: `${current} · arriving`, state: "flowing", present: true };
  if (gradient === null) return { text: current, state: "absent", present: false };
  return { text: updates > 0 ? `${current}  ×${updates}` : current, state: "accumulated", present: true };
}

function functionLine(graph: Graph, card: Card, position: number): GradLine | null {
  if (graph.pass.call === "live") return null;
  if (card.step < 0) return { text: "not reached", state: "absent", present: false };
  const { gradients, arrived, expected } = incoming(graph, card, position);
  const present = gradients.filter((gradient) => gradient !== null);
  if (present.length > 0) {
    const terms = expected > 1 ? ` · ${expected} terms` : "";
    const kept = card.node.retains_grad ? "accumulated" : "passed";
    const state = phaseOf(card, position) === "current" ? "flowing" : kept;
    return { text: `in ${present.map(gradText).join(", ")}${terms}`, state, present: true };
  }
  const text = arrived > 0 ? `in · ${arrived} of ${plural(expected, "term")}` : "in · nothing yet";
  return { text, state: "pending", present: false };
}

function gradText(gradient: TensorSummary): string {
  return valueLine(gradient, gradient.shape);
}

function gradLine(graph: Graph, card: Card, position: number): GradLine | null {
  if (card.node.kind === "constant") return null;
  return card.node.kind === "accumulate"
    ? leafLine(graph, card, position)
    : functionLine(graph, card, position);
}

/** Beside another pass, a card tells how the two differ. */
function comparedFace(graph: Graph, card: Card, face: Face): Face {
  const { against } = graph;
  if (!against) return face;
  const other = counterpart(graph, card);
  if (!other) return { ...face, tags: [...face.tags, { text: "only here", tone: "grad" }] };
  if (against.beside) return face;
  const value = comparisonLine(valueIn(other), valueIn(card));
  const [before, now] = [gradientOf(against.graph, other), gradientOf(graph, card)];
  const grad = face.grad && (before || now) ? { ...face.grad, text: comparisonLine(before, now) } : face.grad;
  return { ...face, value, grad };
}

function gradientsOf(graph: Graph, card: Card, position: number): TensorSummary[] {
  const all = [...incoming(graph, card, position).gradients, gradAt(graph, card, position)];
  return all.filter((gradient) => gradient !== null);
}

function tagsOf(graph: Graph, card: Card, position: number): Tag[] {
  const { node } = card;
  const tags: Tag[] = [];
  const bad = node.value ? badText(node.value) : null;
  const badGrad = gradientsOf(graph, card, position)
    .map(badText)
    .find((text) => text !== null);
  if (bad) tags.push({ text: bad, tone: "bad" });
  else if (badGrad) tags.push({ text: `grad ${badGrad}`, tone: "bad" });
  if (node.clash) tags.push({ text: "modified", tone: "bad" });
  if (node.freed && graph.pass.error) tags.push({ text: "freed", tone: "quiet" });
  if (card.root) tags.push({ text: "root", tone: "root" });
  if (node.retains_grad && !node.is_leaf) tags.push({ text: "retained", tone: "saved" });
  if (node.custom) tags.push({ text: "custom", tone: "quiet" });
  if (graph.pass.steps[card.step]?.altered && card.step <= position)
    tags.push({ text: "altered", tone: "grad" });
  return tags;
}

export function faceOf(graph: Graph, card: Card, position: number): Face {
  const { node } = card;
  const tags = tagsOf(graph, card, position);
  return comparedFace(graph, card, {
    role: roleOf(card),
    title: card.title,
    subtitle: card.subtitle,
    geometry: `${shapeText(node.shape)} ${node.dtype}`,
    value: node.value ? valueLine(node.value, node.shape) : "",
    grad: gradLine(graph, card, position),
    tags,
    bad: tags.some((tag) => tag.tone === "bad"),
    freed: node.freed ?? false,
  });
}

/** Longest name that is read aloud whole. */
const SPOKEN_NAME = 120;

/** Everything that the card tells by shape, line and colour, as text. */
export function describe(graph: Graph, card: Card, position: number): string {
  const { node } = card;
  const face = faceOf(graph, card, position);
  const name = node.label ?? node.text;
  const parts = [
    [name ? shorten(cleanName(name), SPOKEN_NAME) : null, node.name ?? "constant"].filter(Boolean).join(", "),
    `shape ${shapeText(node.shape)} ${node.dtype}`,
    node.is_leaf ? "leaf" : "non-leaf",
    node.requires_grad ? "requires grad" : "does not require grad",
  ];
  if (face.value) parts.push(`value ${face.value}`);
  if (face.grad) parts.push(gradWords(face.grad));
  else if (node.why_no_grad) parts.push("no grad");
  for (const tag of face.tags) parts.push(tag.text);
  if (face.freed) parts.push("saved tensors freed");
  if (phaseOf(card, position) === "current") parts.push("current step");
  if (node.source) parts.push(`line ${node.source.line}`);
  return parts.join(", ");
}

function gradWords(line: GradLine): string {
  return line.text
    .replace(/^in · /, "incoming gradient ")
    .replace(/^in /, "incoming gradient ")
    .replace(/^\.grad/, "grad");
}

/** Why the card's tensor has no `.grad`; null where it has one or nothing is known. */
export function whyNone(graph: Graph, card: Card, position: number): string | null {
  if (gradAt(graph, card, position) !== null) return null;
  const { node } = card;
  if (card.step >= position && card.node.is_leaf && card.step >= 0)
    return "The pass has not reached it at this step: its gradient is still to come.";
  if (node.why_no_grad) return whyNoGrad(node.why_no_grad);
  if (!node.requires_grad) return whyNoGrad("no_requires_grad");
  return node.is_leaf ? null : whyNoGrad("non_leaf");
}

export function normText(norm: number | null): string {
  return norm === null ? "–" : shortNumber(norm, 3);
}
