/** @file The accessible tree's rows: what is drawn, one after the other, with the groups that hold it. */
import { treeOf } from "../model/outline-tree.js";
import type { GroupTree, Shown, Thing } from "./types.js";

export interface Row {
  readonly thing: Thing;
  /** Of a group: whether it is open; null for a card. */
  readonly expanded: boolean | null;
  /** 1-based, as the position. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
}

/**
 * Without groups, the tree nests as `next_functions` do, from the roots to their inputs. With groups it nests as
 * they do, and each lists what it holds from the end of the program to its beginning: gradients' way.
 */
export function outlineOf(shown: Shown): Row[] {
  const grouped = shown.frames.length > 0 || shown.items.some((item) => item.kind === "group");
  return grouped ? byGroups(shown) : byInputs(shown);
}

function byInputs({ graph, byId }: Shown): Row[] {
  return treeOf(graph).flatMap(({ card, level, position, siblings }) => {
    const thing = byId.get(card.id);
    return thing ? [{ thing, expanded: null, level, position, siblings }] : [];
  });
}

function byGroups({ items, frames, tree }: Shown): Row[] {
  const inside = new Map<string, Thing[]>();
  for (const thing of [...items, ...frames]) {
    const outer = thing.frame?.id ?? "";
    const list = inside.get(outer);
    if (list) list.push(thing);
    else inside.set(outer, [thing]);
  }
  const rows: Row[] = [];
  const visit = (outer: string, level: number) => {
    const list = (inside.get(outer) ?? []).map((thing) => ({ thing, at: placeOf(thing, tree) }));
    list.sort((a, b) => b.at - a.at);
    list.forEach(({ thing }, i) => {
      const expanded = thing.kind === "card" ? null : thing.kind === "frame";
      rows.push({ thing, expanded, level, position: i + 1, siblings: list.length });
      if (thing.kind === "frame") visit(thing.id, level + 1);
    });
  };
  visit("", 1);
  return rows;
}

/** Where in the program it stands: a group, where its last card does. */
function placeOf(thing: Thing, { placeOf: places }: GroupTree): number {
  return thing.kind === "card" ? (places.get(thing.card) ?? 0) : thing.group.end - 1;
}
