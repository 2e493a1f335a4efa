/** @file The pane about a group: what is in it, how its gradients range, and what is wrong inside. */
import { badIn, contentOf, countOf, normRange, rangeText, ranIn } from "../groups/face.js";
import type { Group, GroupTree } from "../groups/types.js";
import type { Card } from "../model/graph.js";
import { plural, shortNumber } from "../model/numbers.js";
import { h } from "./dom.js";

export interface GroupView {
  readonly tree: GroupTree;
  readonly group: Group;
  readonly position: number;
  readonly open: boolean;
}

export interface GroupEvents {
  select(id: string): void;
  toggle(id: string): void;
}

/** Rows of the list of operations. */
const MOST_KINDS = 12;
/** Leaves that are listed by name. */
const MOST_LEAVES = 40;

export function groupPane(view: GroupView, events: GroupEvents): HTMLElement[] {
  const { tree, group, open } = view;
  const button = h(
    "button",
    { class: "gw-link", attributes: { type: "button" }, on: { click: () => events.toggle(group.id) } },
    open ? "Fold (Space)" : "Unfold (Space)",
  );
  const count = countOf(group);
  const kind = [group.subtitle, count > 0 ? `${count} ${group.unit}` : ""].filter(Boolean).join(" · ");
  const head = h(
    "div",
    { class: "gw-details-head" },
    h("h2", { attributes: { dir: "auto" } }, group.title),
    kind ? h("p", { class: "gw-quiet" }, kind) : null,
    button,
  );
  const cards = tree.sequence.slice(group.first, group.end);
  return [
    head,
    section("Content", list(facts(view))),
    section("Operations", list(operations(cards))),
    leaves(cards, events),
  ].filter((each) => each !== null);
}

function facts({ tree, group, position }: GroupView): [string, string][] {
  const content = contentOf(tree, group);
  const range = normRange(tree, group, position);
  const bad = badIn(tree, group, position);
  const steps = tree.graph.pass.steps.length;
  const rows: [string, string][] = [
    ["operations", String(content.operations)],
    [
      "leaves",
      content.leaves === 0
        ? "none"
        : `${content.leaves}, of ${plural(content.elements, "element")} that ${content.elements === 1 ? "requires" : "require"} grad`,
    ],
    ["constants", content.constants === 0 ? "none" : String(content.constants)],
  ];
  if (steps > 0) {
    rows.push(["gradient norms", range ? rangeText(range) : "none yet"]);
    rows.push(["steps run", `${ranIn(tree, group, position)} of ${content.steps}`]);
  }
  rows.push(["problems inside", bad === 0 ? "none" : plural(bad, "node")]);
  return rows;
}

/** How often each operation occurs, the most frequent first. */
function operations(cards: readonly Card[]): [string, string][] {
  const counts = new Map<string, number>();
  for (const { node } of cards)
    if (node.kind === "function") counts.set(node.name ?? "", (counts.get(node.name ?? "") ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const rest = sorted.slice(MOST_KINDS).reduce((sum, [, count]) => sum + count, 0);
  const rows = sorted.slice(0, MOST_KINDS).map(([name, count]): [string, string] => [name, `×${count}`]);
  return rest === 0 ? rows : [...rows, ["others", `×${rest}`]];
}

function leaves(cards: readonly Card[], events: GroupEvents): HTMLElement | null {
  const all = cards.filter(({ node }) => node.kind === "accumulate");
  if (all.length === 0) return null;
  const items = all
    .slice(0, MOST_LEAVES)
    .map((card) =>
      h(
        "li",
        {},
        h(
          "button",
          { class: "gw-link", attributes: { type: "button" }, on: { click: () => events.select(card.id) } },
          card.title,
        ),
        h("span", { class: "gw-quiet" }, ` ${gradOf(card)}`),
      ),
    );
  const more = all.length - items.length;
  return section(
    "Leaves",
    h("ul", { class: "gw-leaves" }, ...items),
    more > 0 ? h("p", { class: "gw-note" }, `and ${more} more`) : null,
  );
}

function gradOf({ node }: Card): string {
  const norm = node.grad?.norm;
  if (!node.grad) return "no .grad";
  return norm === null || norm === undefined ? ".grad" : `‖.grad‖ ${shortNumber(norm, 3)}`;
}

function section(title: string, ...content: (HTMLElement | null)[]): HTMLElement | null {
  const present = content.filter((each) => each !== null);
  return present.length === 0 ? null : h("section", {}, h("h3", {}, title), ...present);
}

function list(rows: readonly (readonly [string, string])[]): HTMLElement | null {
  if (rows.length === 0) return null;
  return h(
    "dl",
    { class: "gw-pairs" },
    ...rows.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]),
  );
}
