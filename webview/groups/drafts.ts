/** @file Groups while they are being made: from the scopes in which operations ran, and the calls that made them. */
import type { Scope } from "../../src/protocol/export.js";
import type { Card, Graph } from "../model/graph.js";
import { cleanName, shorten } from "../model/names.js";
import { groupCalls } from "./calls.js";
import { type Draft, draft } from "./draft.js";

/** A recursion may be deep; beyond, what it calls stands in the group of this depth. */
const DEEPEST = 48;
const NAME_LIMIT = 40;

/**
 * A tree of all cards by the scopes in which they were made. Leaves and constants stand with what uses them,
 * wherever they were made: a layer's parameters with the layer, what several groups share outside of them.
 */
export function draftsOf(graph: Graph): Draft {
  const root = draft("part", "", null);
  const home = new Map<Card, Draft>();
  const known = new Map<readonly Scope[], Draft>();
  const inner = new Map<Draft, Map<string, Draft>>();
  for (const card of graph.cards) {
    if (card.node.kind !== "function") continue;
    const { scope = [] } = card.node;
    let place = known.get(scope);
    if (!place) {
      place = scope.slice(0, DEEPEST).reduce((outer, each) => child(outer, each, inner), root);
      known.set(scope, place);
    }
    home.set(card, place);
  }
  groupCalls(home);
  for (const card of graph.cards) {
    const place = home.get(card) ?? shared(card, home) ?? root;
    home.set(card, place);
    place.members.push(card);
  }
  return root;
}

function child(outer: Draft, scope: Scope, inner: Map<Draft, Map<string, Draft>>): Draft {
  let children = inner.get(outer);
  if (!children) {
    children = new Map();
    inner.set(outer, children);
  }
  const count = scope.kind === "loop" ? scope.iteration : scope.call;
  const base = baseOf(scope);
  const key = `${base}|${count}`;
  let found = children.get(key);
  if (!found) {
    found = draft(scope.kind, base, outer, wordsOf(scope));
    children.set(key, found);
    outer.members.push(found);
  }
  return found;
}

function baseOf(scope: Scope): string {
  // A module is called from many lines; the others are what stands on a line.
  return scope.kind === "module"
    ? `module ${scope.name}`
    : `${scope.kind} ${scope.name} ${scope.file ?? ""}:${scope.line}`;
}

function wordsOf(scope: Scope): Pick<Draft, "title" | "subtitle" | "instance" | "unit"> {
  const name = shorten(cleanName(scope.name), NAME_LIMIT) || "(unprintable)";
  if (scope.kind === "loop")
    return {
      title: name,
      subtitle: `line ${scope.line} · iteration ${scope.iteration}`,
      instance: `iteration ${scope.iteration}`,
      unit: "iterations",
    };
  if (scope.kind === "module") return { title: name, subtitle: "module", instance: name, unit: "modules" };
  return {
    title: `${name}()`,
    subtitle: `line ${scope.line} · call ${scope.call}`,
    instance: `call ${scope.call}`,
    unit: "calls",
  };
}

/** The innermost group that holds everything which uses the card. */
function shared(card: Card, home: ReadonlyMap<Card, Draft>): Draft | null {
  let common: Draft | null = null;
  for (const { consumer } of card.outputs) {
    const place = home.get(consumer);
    if (!place) continue;
    common = common === null ? place : meet(common, place);
  }
  return common;
}

function meet(a: Draft, b: Draft): Draft {
  let [x, y]: [Draft, Draft] = [a, b];
  while (x !== y) {
    if (x.depth >= y.depth && x.parent) x = x.parent;
    else if (y.parent) y = y.parent;
  }
  return x;
}
