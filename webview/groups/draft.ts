/** @file A group while it is being made. */
import type { Card } from "../model/graph.js";
import type { GroupKind } from "./types.js";

export interface Draft {
  readonly kind: GroupKind;
  title: string;
  subtitle: string;
  unit: string;
  /** What makes it the same group in another pass. */
  readonly base: string;
  /** Which iteration or call, or the module's name: what tells it from its like. */
  readonly instance: string;
  parent: Draft | null;
  readonly depth: number;
  members: (Card | Draft)[];
}

export function isDraft(member: Card | Draft): member is Draft {
  return "members" in member;
}

export function draft(
  kind: GroupKind,
  base: string,
  parent: Draft | null,
  words: Partial<Pick<Draft, "title" | "subtitle" | "unit" | "instance">> = {},
): Draft {
  const depth = parent === null ? 0 : parent.depth + 1;
  return {
    kind,
    base,
    parent,
    depth,
    title: "",
    subtitle: "",
    unit: "",
    instance: "",
    ...words,
    members: [],
  };
}
