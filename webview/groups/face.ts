/** @file What a folded group says: what is in it, its gradients, and whether something inside is wrong. */
import { type Face, gradNorm, type Tag } from "../model/face.js";
import type { Card, Graph } from "../model/graph.js";
import { badText, elements, plural, shortNumber } from "../model/numbers.js";
import type { Frame, Group, GroupTree } from "./types.js";

export interface GroupGrad {
  readonly text: string;
  /** Gradients have come in to something inside. */
  readonly present: boolean;
}

export interface GroupFace {
  readonly title: string;
  readonly subtitle: string;
  /** Instances of a series; 0 for other groups. */
  readonly count: number;
  readonly content: string;
  readonly grad: GroupGrad | null;
  readonly tags: readonly Tag[];
  readonly bad: boolean;
}

export function isGroupFace(face: Face | GroupFace): face is GroupFace {
  return "content" in face;
}

/** What holds at every position of the walk. */
export interface Content {
  readonly operations: number;
  readonly leaves: number;
  readonly constants: number;
  /** Elements of the leaves. */
  readonly elements: number;
  readonly root: boolean;
  /** Operations that the pass runs. */
  readonly steps: number;
}

/** Numbers by place in the tree's sequence, so that a group is summed up in one pass over neighbours. */
interface Columns {
  /** Norm of the gradient that came in by the end of the pass; NaN where none did. */
  readonly norms: Float64Array;
  readonly steps: Int32Array;
  /** Position of the walk from which something is wrong with it; infinite where nothing ever is. */
  readonly badFrom: Float64Array;
}

const columnsOf = new WeakMap<GroupTree, Columns>();
const contents = new WeakMap<Group, Content>();

function columns(tree: GroupTree): Columns {
  let found = columnsOf.get(tree);
  if (!found) {
    const { graph, sequence } = tree;
    const end = graph.pass.steps.length;
    found = {
      norms: Float64Array.from(sequence, (card) => gradNorm(graph, card, end) ?? Number.NaN),
      steps: Int32Array.from(sequence, (card) => card.step),
      badFrom: Float64Array.from(sequence, (card) => badFrom(graph, card)),
    };
    columnsOf.set(tree, found);
  }
  return found;
}

function badFrom(graph: Graph, { node, step }: Card): number {
  if (node.clash || (node.value && badText(node.value)) || (step < 0 && node.grad && badText(node.grad)))
    return 0;
  const ran = graph.pass.steps[step];
  if (ran?.grad_in.some((gradient) => gradient && badText(gradient))) return step;
  return ran?.accumulated && badText(ran.accumulated.after) ? step + 1 : Number.POSITIVE_INFINITY;
}

export function contentOf(tree: GroupTree, group: Group): Content {
  const known = contents.get(group);
  if (known) return known;
  let [operations, leaves, constants, size, steps] = [0, 0, 0, 0, 0];
  let root = false;
  for (let i = group.first; i < group.end; i++) {
    const { node, ...card } = tree.sequence[i]!;
    root ||= card.root;
    if (card.step >= 0) steps++;
    if (node.kind === "function") operations++;
    else if (node.kind === "constant") constants++;
    else {
      leaves++;
      size += elements(node.shape);
    }
  }
  const content = { operations, leaves, constants, elements: size, root, steps };
  contents.set(group, content);
  return content;
}

export function countOf(group: Group): number {
  return group.kind === "series" || group.kind === "rest" ? group.members.length : 0;
}

/** The smallest and the largest norm of the gradients that have come in by now. */
export function normRange(
  tree: GroupTree,
  group: Group,
  position: number,
): { least: number; most: number } | null {
  const { norms, steps } = columns(tree);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = group.first; i < group.end; i++) {
    const norm = norms[i]!;
    if (Number.isNaN(norm) || steps[i]! > position) continue;
    if (norm < least) least = norm;
    if (norm > most) most = norm;
  }
  return least <= most ? { least, most } : null;
}

/** Steps of the pass that have run inside. */
export function ranIn(tree: GroupTree, group: Group, position: number): number {
  const { steps } = columns(tree);
  let ran = 0;
  for (let i = group.first; i < group.end; i++) if (steps[i]! >= 0 && steps[i]! < position) ran++;
  return ran;
}

export function badIn(tree: GroupTree, group: Group, position: number): number {
  const { badFrom: from } = columns(tree);
  let bad = 0;
  for (let i = group.first; i < group.end; i++) if (from[i]! <= position) bad++;
  return bad;
}

export function contentText({ operations, leaves, constants }: Content): string {
  const parts = [
    operations > 0 ? plural(operations, "op") : "",
    leaves > 0 ? plural(leaves, "leaf", "leaves") : "",
    constants > 0 ? plural(constants, "constant") : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

export function groupFace(tree: GroupTree, group: Group, position: number): GroupFace {
  const content = contentOf(tree, group);
  const bad = badIn(tree, group, position);
  const tags: Tag[] = [];
  if (bad > 0) tags.push({ text: plural(bad, "problem"), tone: "bad" });
  if (content.root) tags.push({ text: "root", tone: "root" });
  return {
    title: group.title,
    subtitle: group.subtitle,
    count: countOf(group),
    content: contentText(content),
    grad: gradLine(tree, group, content, position),
    tags,
    bad: bad > 0,
  };
}

function gradLine(tree: GroupTree, group: Group, content: Content, position: number): GroupGrad | null {
  const { call, steps } = tree.graph.pass;
  if (call === "live") return null;
  if (content.steps === 0) return { text: "not reached", present: false };
  const range = normRange(tree, group, position);
  const walking = position < steps.length;
  const ran = walking ? `${ranIn(tree, group, position)} of ${content.steps} ran` : "";
  if (!range) return { text: ran || "‖grad‖ none", present: false };
  const norms = `‖grad‖ ${rangeText(range)}`;
  return { text: walking ? `${norms} · ${ran}` : norms, present: true };
}

export function rangeText({ least, most }: { readonly least: number; readonly most: number }): string {
  const [low, high] = [shortNumber(least, 2), shortNumber(most, 2)];
  return low === high ? low : `${low} … ${high}`;
}

const KINDS = {
  loop: "loop",
  function: "function",
  module: "module",
  series: "repeated",
  part: "part",
  rest: "repeated",
} as const;

/** Everything that the group tells, as one sentence for a screen reader. */
export function describeGroup(tree: GroupTree, group: Group, position: number, frame?: Frame): string {
  const face = groupFace(tree, group, position);
  const at = frame?.at ?? null;
  const shown = at === null ? null : group.members[at];
  const parts = [
    [face.title, face.subtitle, KINDS[group.kind]].filter(Boolean).join(", "),
    face.count > 0 ? `${face.count} ${group.unit}` : "",
    shown && "members" in shown ? `showing ${shown.title}` : "",
    face.content.replace(/\bops?\b/, (ops) => (ops === "op" ? "operation" : "operations")),
    face.grad ? face.grad.text.replace("‖grad‖", "gradient norm").replace("…", "to") : "",
    ...face.tags.map((tag) => tag.text),
  ];
  return parts.filter((part) => part !== "").join(", ");
}
