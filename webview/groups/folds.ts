/** @file Which groups are open: what a person chose, and for the rest what fits a screen. Plain data, to be saved. */
import { type Group, type GroupTree, isGroup, type Member } from "./types.js";

/** How a group is drawn: as one card; open, a series with one of its instances; a series with all of them. */
export type Mode = "folded" | "open" | "every";

export interface Folds {
  /** Groups down to this depth are open; null: as many as fit. */
  readonly level: number | null;
  /** By key, where a person chose otherwise. */
  readonly chosen: Readonly<Record<string, Mode>>;
  /** The instance that a series shows. */
  readonly at: Readonly<Record<string, number>>;
}

export const AUTOMATIC: Folds = { level: null, chosen: {}, at: {} };
/** Deeper than any group. */
export const ALL = 1_000;

/** A graph of so many nodes is shown whole. */
const SMALL = 40;
/** Cards that a larger one is opened to. */
const SCREENFUL = 24;
/** Instances of a series that are shown side by side without being asked for. */
const FEW = 3;

export interface Opening {
  mode(group: Group): Mode;
  /** The instance of a series that is shown, counted from 0. */
  at(series: Group): number;
}

export function openingOf(tree: GroupTree, folds: Folds): Opening {
  const automatic = folds.level === null ? automaticModes(tree) : null;
  return {
    mode(group) {
      const chosen = folds.chosen[group.key];
      if (chosen !== undefined) return chosen === "every" && group.kind !== "series" ? "open" : chosen;
      if (automatic) return automatic.get(group) ?? "folded";
      if (group.depth >= (folds.level ?? 0)) return "folded";
      return group.kind === "series" ? "every" : "open";
    },
    at: (series) => Math.max(0, Math.min(series.members.length - 1, folds.at[series.key] ?? 0)),
  };
}

const remembered = new WeakMap<GroupTree, ReadonlyMap<Group, Mode>>();

function automaticModes(tree: GroupTree): ReadonlyMap<Group, Mode> {
  const known = remembered.get(tree);
  if (known) return known;
  const modes = small(tree) ? allOpen(tree) : fitting(tree);
  remembered.set(tree, modes);
  return modes;
}

/** Twice a screenful is better than a few groups that say nothing of what is in them. */
function fitting(tree: GroupTree): Map<Group, Mode> {
  const { modes, cards } = fittingInto(tree, SCREENFUL);
  return cards < SCREENFUL / 2 ? fittingInto(tree, 2 * SCREENFUL).modes : modes;
}

function small(tree: GroupTree): boolean {
  return tree.sequence.length <= SMALL;
}

function allOpen(tree: GroupTree): Map<Group, Mode> {
  return new Map(tree.groups.map((group) => [group, group.kind === "series" ? "every" : "open"]));
}

/** Level by level, the smallest groups first, as long as there is room. */
function fittingInto(tree: GroupTree, most: number): { modes: Map<Group, Mode>; cards: number } {
  const modes = new Map<Group, Mode>();
  let room = most - tree.top.length;
  let level = tree.top.filter(isGroup);
  while (level.length > 0 && room > 0) {
    const next: Group[] = [];
    for (const group of [...level].sort((a, b) => opened(a).length - opened(b).length)) {
      const members = opened(group);
      if (members.length - 1 > room) continue;
      room -= members.length - 1;
      modes.set(group, group.kind === "series" && group.members.length <= FEW ? "every" : "open");
      next.push(...members.filter(isGroup));
    }
    level = next;
  }
  return { modes, cards: most - room };
}

/** What stands in its place once it is open. */
function opened(group: Group): readonly Member[] {
  if (group.kind !== "series" || group.members.length <= FEW) return group.members;
  const [first] = group.members;
  // The rest of the instances is one more card.
  return first && isGroup(first) ? [...first.members, group] : [];
}

/** The same folds with one group drawn otherwise. */
export function choose(folds: Folds, groups: readonly Group[], mode: Mode): Folds {
  const changes = groups.map((group) => [group.key, mode] as const);
  return { ...folds, chosen: { ...folds.chosen, ...Object.fromEntries(changes) } };
}

export function slideTo(folds: Folds, series: Group, at: number): Folds {
  const clamped = Math.max(0, Math.min(series.members.length - 1, Math.round(at)));
  return { ...folds, at: { ...folds.at, [series.key]: clamped } };
}

/** Opens everything around these members, and turns series to the instances that hold them. */
export function revealing(folds: Folds, tree: GroupTree, inside: Group | null): Folds {
  const opening = openingOf(tree, folds);
  let changed = folds;
  for (let group = inside; group; group = group.parent) {
    const { parent } = group;
    if (parent?.kind === "series" && opening.mode(parent) !== "every") {
      const at = parent.members.indexOf(group);
      if (opening.at(parent) !== at) changed = slideTo(changed, parent, at);
    } else if (opening.mode(group) === "folded") changed = choose(changed, [group], "open");
    if (group.kind === "series" && opening.mode(group) === "folded")
      changed = choose(changed, [group], "open");
  }
  return changed;
}

const MODES: ReadonlySet<unknown> = new Set<Mode>(["folded", "open", "every"]);

/** Whatever an older or newer page saved: what fits is taken. */
export function foldsFrom(saved: unknown): Folds {
  if (typeof saved !== "object" || saved === null) return AUTOMATIC;
  const { level, chosen, at } = saved as Partial<Record<keyof Folds, unknown>>;
  return {
    level: typeof level === "number" && level >= 0 ? level : null,
    chosen: record(chosen, (value): value is Mode => MODES.has(value)),
    at: record(at, (value): value is number => typeof value === "number" && value >= 0),
  };
}

function record<T>(value: unknown, accepts: (each: unknown) => each is T): Record<string, T> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, T] => accepts(entry[1])));
}
