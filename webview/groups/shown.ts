/** @file What is drawn of a graph while some of its groups are folded: cards, open groups, and bundles of links. */
import type { Card, Link } from "../model/graph.js";
import { type Folds, type Opening, openingOf } from "./folds.js";
import { spanOfNames } from "./repeats.js";
import {
  type Frame,
  type Group,
  type GroupTree,
  type Item,
  isGroup,
  type Member,
  type Shown,
  type Thing,
  type Wire,
} from "./types.js";

export function shownOf(tree: GroupTree, folds: Folds): Shown {
  const walk = new Walk(tree, openingOf(tree, folds));
  walk.members(tree.top, null);
  const { items, frames, holders } = walk;
  const wires = wiresOf(tree, items, holders);
  const things: Thing[] = [...items, ...frames];
  const byId = new Map(things.map((thing) => [thing.id, thing]));
  const holder = (card: Card) => items[holders[tree.placeOf.get(card) ?? 0]!]!;
  return {
    graph: tree.graph,
    tree,
    items,
    wires,
    frames,
    byId,
    holder,
    thingOf: (id) => {
      const card = tree.graph.byId.get(id);
      return byId.get(id) ?? (card ? holder(card) : null);
    },
    signature: things.map((thing) => `${thing.id}<${thing.frame?.id ?? ""}`).join(" "),
  };
}

class Walk {
  readonly items: Item[] = [];
  readonly frames: Frame[] = [];
  /** The item of each place in the tree's sequence. */
  readonly holders: Int32Array;

  constructor(
    private readonly tree: GroupTree,
    private readonly opening: Opening,
  ) {
    this.holders = new Int32Array(tree.sequence.length);
  }

  members(members: readonly Member[], frame: Frame | null): void {
    for (const member of members) {
      if (!isGroup(member)) this.card(member, frame);
      else if (this.opening.mode(member) === "folded") this.folded(member, frame);
      else this.open(member, frame);
    }
  }

  private card(card: Card, frame: Frame | null): void {
    this.holders[this.tree.placeOf.get(card)!] = this.items.length;
    this.items.push({ kind: "card", id: card.id, key: card.key, card, frame });
  }

  private folded(group: Group, frame: Frame | null): void {
    this.holders.fill(this.items.length, group.first, group.end);
    this.items.push({ kind: "group", id: group.id, key: group.key, group, frame });
  }

  private open(group: Group, outer: Frame | null): void {
    const one = group.kind === "series" && this.opening.mode(group) === "open";
    const at = one ? this.opening.at(group) : null;
    const frame: Frame = { kind: "frame", id: group.id, key: group.key, group, frame: outer, at };
    this.frames.push(frame);
    if (at === null) {
      this.members(group.members, frame);
      return;
    }
    const instances = group.members.filter(isGroup);
    this.rest(group, instances.slice(0, at), "before", frame);
    this.members(instances[at]?.members ?? [], frame);
    this.rest(group, instances.slice(at + 1), "after", frame);
  }

  /** The instances that are not shown, as one card on each side. */
  private rest(series: Group, instances: readonly Group[], side: "before" | "after", frame: Frame): void {
    const [first] = instances;
    const last = instances[instances.length - 1];
    if (!first || !last) return;
    const { unit, depth } = series;
    const title = instances.length === 1 ? first.title : spanOf(unit, first.title, last.title);
    const group: Group = {
      id: `${series.id}-${side}`,
      key: `${series.key}-${side}`,
      kind: "rest",
      title,
      subtitle: "",
      unit,
      parent: series,
      depth: depth + 1,
      members: instances,
      first: first.first,
      end: last.end,
    };
    this.folded(group, frame);
  }
}

/** `iterations 3–7`; modules go by their names. */
function spanOf(unit: string, first: string, last: string): string {
  const [from, to] = [first, last].map((title) => /^(?:iteration|call) (\d+)$/.exec(title)?.[1]);
  return from !== undefined && to !== undefined ? `${unit} ${from}–${to}` : spanOfNames(first, last);
}

/** One wire for all links between the same two items; none for links inside a folded group. */
function wiresOf(tree: GroupTree, items: readonly Item[], holders: Int32Array): Wire[] {
  const { graph, producers, consumers } = tree;
  const byEnds = new Map<number, Link[]>();
  const wires: Wire[] = [];
  graph.links.forEach((link, e) => {
    const from = holders[producers[e]!]!;
    const to = holders[consumers[e]!]!;
    if (from === to) return;
    const [producer, consumer] = [items[from]!, items[to]!];
    // Between two nodes each link says something of its own: which input, which output.
    if (producer.kind === "card" && consumer.kind === "card") {
      wires.push({ id: link.id, producer, consumer, links: [link] });
      return;
    }
    const ends = from * items.length + to;
    const bundle = byEnds.get(ends);
    if (bundle) bundle.push(link);
    else {
      const links = [link];
      byEnds.set(ends, links);
      wires.push({ id: link.id, producer, consumer, links });
    }
  });
  return wires;
}
