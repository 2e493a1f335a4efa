/** @file Groups of cards, and what of them is drawn while some are folded. */
import type { Card, Graph, Link } from "../model/graph.js";

export type GroupKind =
  /** One iteration of a loop, one call of a function, one call of a module. */
  | "loop"
  | "function"
  | "module"
  /** Repeated structure: iterations, calls or modules that follow each other and are alike. */
  | "series"
  /** A stretch of a list too long to look at. */
  | "part"
  /** The instances of a series before or after the one that is shown. */
  | "rest";

export interface Group {
  /** Id in the layout and in the accessible tree; begins with `g`, as ids of cards do not. */
  readonly id: string;
  /** The same for the same group of the next pass and the next run, whatever iteration or call it is then. */
  readonly key: string;
  readonly kind: GroupKind;
  readonly title: string;
  readonly subtitle: string;
  /** Of a series: what its instances are, as "iterations". */
  readonly unit: string;
  readonly parent: Group | null;
  /** 0 at the top. */
  readonly depth: number;
  /** In the order of the program; of a series its instances. */
  readonly members: readonly Member[];
  /** Its cards are `tree.sequence[first] … tree.sequence[end - 1]`. */
  readonly first: number;
  readonly end: number;
}

export type Member = Card | Group;

export function isGroup(member: Member): member is Group {
  return "members" in member;
}

export interface GroupTree {
  readonly graph: Graph;
  readonly top: readonly Member[];
  /** Outer ones before those inside. */
  readonly groups: readonly Group[];
  readonly byKey: ReadonlyMap<string, Group>;
  /** Every card once, those of a group side by side. */
  readonly sequence: readonly Card[];
  /** Places in the sequence, and the innermost group, by card. */
  readonly placeOf: ReadonlyMap<Card, number>;
  readonly groupOf: ReadonlyMap<Card, Group>;
  /** Places in the sequence of the ends of each link of the graph, in its order. */
  readonly producers: Int32Array;
  readonly consumers: Int32Array;
}

/** What is drawn as one card: a node, or a folded group. */
export type Item = CardItem | GroupItem;

export interface CardItem {
  readonly kind: "card";
  readonly id: string;
  readonly key: string;
  readonly card: Card;
  /** The open group around it. */
  readonly frame: Frame | null;
}

export interface GroupItem {
  readonly kind: "group";
  readonly id: string;
  readonly key: string;
  readonly group: Group;
  readonly frame: Frame | null;
}

/** An open group. */
export interface Frame {
  readonly kind: "frame";
  readonly id: string;
  readonly key: string;
  readonly group: Group;
  readonly frame: Frame | null;
  /** Of a series that shows one instance: which; null where it shows every one. */
  readonly at: number | null;
}

/** What a person can select, fold and unfold. */
export type Thing = Item | Frame;

/** All links from one item to another. */
export interface Wire {
  readonly id: string;
  readonly producer: Item;
  readonly consumer: Item;
  readonly links: readonly Link[];
}

export interface Shown {
  readonly graph: Graph;
  readonly tree: GroupTree;
  readonly items: readonly Item[];
  readonly wires: readonly Wire[];
  /** Outer ones before those inside. */
  readonly frames: readonly Frame[];
  /** Items and frames. */
  readonly byId: ReadonlyMap<string, Thing>;
  /** The item that a card is, or is folded into. */
  holder(card: Card): Item;
  /** What has this id, or is drawn in place of the card that has it. */
  thingOf(id: string): Thing | null;
  /** Equal for equal drawings. */
  readonly signature: string;
}
