/** @file Makes groups worth looking at: in order, none around a single thing, none too long. */
import type { Card, Graph } from "../model/graph.js";
import { type Draft, draft, isDraft } from "./draft.js";
import { gatherSeries, Structures, spanOfNames } from "./repeats.js";

/** More members than this are divided. */
const LONGEST = 100;
/** Members of a part, and parts of a list, where there is a choice. */
const PART = 48;
const MOST_PARTS = 24;
/** Leaves that several parts use stand beside them, as long as they are this few. */
const MOST_SHARED = 40;

export function tidy(root: Draft, graph: Graph): void {
  const order = new Order(graph);
  arrange(root, order, new Structures());
  while (unwrap(root, order));
  divideAll(root, order);
}

/** When in the program: leaves and constants stand just before the first operation that uses them. */
class Order {
  private readonly index: ReadonlyMap<Card, number>;
  private readonly groups = new Map<Draft, number>();

  constructor(graph: Graph) {
    this.index = new Map(graph.cards.map((card, i) => [card, i]));
  }

  of(member: Card | Draft): number {
    if (!isDraft(member)) return this.ofCard(member);
    let first = this.groups.get(member);
    if (first === undefined) {
      first = member.members.reduce(
        (least, each) => Math.min(least, this.of(each)),
        Number.POSITIVE_INFINITY,
      );
      this.groups.set(member, first);
    }
    return first;
  }

  sort(group: Draft): void {
    const keyed = group.members.map((member) => ({ member, at: this.of(member) }));
    // What a group takes in stands before it.
    const rank = (member: Card | Draft) => (isDraft(member) ? 1 : 0);
    keyed.sort((a, b) => a.at - b.at || rank(a.member) - rank(b.member));
    group.members = keyed.map(({ member }) => member);
  }

  private ofCard(card: Card): number {
    const own = this.index.get(card) ?? 0;
    if (card.node.kind === "function" || card.outputs.length === 0) return own;
    const uses = card.outputs.flatMap(({ consumer }) => this.index.get(consumer) ?? []);
    return uses.length === 0 ? own : uses.reduce((least, use) => Math.min(least, use)) - 0.5;
  }
}

function arrange(group: Draft, order: Order, structures: Structures): void {
  for (const member of group.members) if (isDraft(member)) arrange(member, order, structures);
  order.sort(group);
  gatherSeries(group, structures);
  group.members = group.members.map((member) => (isDraft(member) ? pared(member) : member));
}

/** A group around one thing says no more than that thing; of two names, the module's is better known. */
function pared(group: Draft): Card | Draft {
  if (group.kind === "series") {
    openInstances(group);
    return group;
  }
  const [first] = group.members;
  if (group.members.length === 1 && first && !isDraft(first)) return first;
  const only = onlyGroup(group);
  if (!only) return group;
  if (only.kind === "series" && group.members.length > 1) return group;
  if (only.kind !== "series" && (group.kind === "module" || only.kind !== "module")) {
    group.members = without(group, only);
    return group;
  }
  if (only.kind !== "series") only.members = without(group, only);
  only.parent = group.parent;
  return only;
}

/** The one group that holds every operation of this one; null where there is none. */
function onlyGroup(group: Draft): Draft | null {
  const busy = group.members.filter((member) => isDraft(member) || member.node.kind === "function");
  const [only] = busy;
  return busy.length === 1 && only && isDraft(only) ? only : null;
}

/** Its members, with those of an inner group in place of that group. */
function without(group: Draft, inner: Draft): (Card | Draft)[] {
  return group.members.flatMap((member) => (member === inner ? inner.members : [member]));
}

/**
 * An instance that holds just one group takes that one's members, and a module's name: a loop over layers is a
 * series of layers.
 */
function openInstances(series: Draft): void {
  const instances = series.members.filter(isDraft);
  const inner = instances.map(onlyGroup);
  const modules = inner.flatMap((only) => (only?.kind === "module" ? [only] : []));
  const renamed = modules.length === instances.length;
  instances.forEach((instance, i) => {
    const only = inner[i];
    if (!only || only.kind === "series") return;
    instance.members = without(instance, only);
    if (renamed) instance.title = only.title;
  });
  const [first] = modules;
  const last = modules[modules.length - 1];
  if (!renamed || !first || !last) return;
  series.title = spanOfNames(first.title, last.title);
  series.subtitle = "";
  series.unit = first.title === last.title ? "calls" : "modules";
}

/** Takes the members out of a group that holds every operation: it parts nothing from anything. */
function unwrap(root: Draft, order: Order): boolean {
  const only = onlyGroup(root);
  if (!only || only.kind === "series") return false;
  root.members = without(root, only);
  order.sort(root);
  return true;
}

function divideAll(group: Draft, order: Order): void {
  if (group.kind !== "series") divide(group, order);
  for (const member of group.members) if (isDraft(member)) divideAll(member, order);
}

function divide(group: Draft, order: Order): void {
  if (group.members.length <= LONGEST) return;
  const { inner, beside } = sharedOutside(group.members);
  const size = Math.max(PART, Math.ceil(inner.length / MOST_PARTS));
  const count = Math.ceil(inner.length / size);
  const parts = Array.from({ length: count }, (_, i) => {
    const part = draft("part", `part ${i}`, group, { title: `part ${i + 1} of ${count}` });
    part.members = inner.slice(i * size, (i + 1) * size);
    return part;
  });
  group.members = [...beside, ...parts];
  order.sort(group);
}

/** Leaves and constants that operations far from each other use. */
function sharedOutside(members: readonly (Card | Draft)[]): {
  inner: readonly (Card | Draft)[];
  beside: readonly Card[];
} {
  const at = new Map(members.map((member, i) => [member, i]));
  const far = (member: Card | Draft): member is Card => {
    if (isDraft(member) || member.node.kind === "function") return false;
    const places = member.outputs.map(({ consumer }) => at.get(consumer) ?? 0);
    return places.some((place) => Math.abs(place - (places[0] ?? 0)) > PART);
  };
  const beside = members.filter(far);
  if (beside.length === 0 || beside.length > MOST_SHARED) return { inner: members, beside: [] };
  const out = new Set<Card | Draft>(beside);
  return { inner: members.filter((member) => !out.has(member)), beside };
}
