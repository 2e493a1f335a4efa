/**
 * @file Groups of what one call into a library made. A program's own functions have scopes; what `lstm.forward(x)` or
 * a loss function does inside has none, but all of it stands at the place of the call.
 */
import type { Card } from "../model/graph.js";
import { shortCall } from "../model/names.js";
import { type Draft, draft } from "./draft.js";
import { periodsOf } from "./periods.js";

/** Fewer operations can be looked at as they are. */
const FEWEST = 6;

/** Moves the operations of each such call into a group of their own, within the group that is their home. */
export function groupCalls(home: Map<Card, Draft>): void {
  for (const [place, calls] of callsOf(home)) {
    for (const [site, cards] of calls) {
      if (cards.length < FEWEST) continue;
      const { source, text } = cards[0]!.node;
      const call = draft("function", `call ${site}`, place, {
        title: shortCall(text ?? ""),
        subtitle: `line ${source?.line}`,
        unit: "calls",
      });
      place.members.push(call);
      for (const card of cards) home.set(card, call);
      groupRepeats(call, cards, home);
    }
  }
}

function callsOf(home: ReadonlyMap<Card, Draft>): Map<Draft, Map<string, Card[]>> {
  const calls = new Map<Draft, Map<string, Card[]>>();
  for (const [card, place] of home) {
    const { source, text } = card.node;
    if (!source || !text) continue;
    let sites = calls.get(place);
    if (!sites) {
      sites = new Map();
      calls.set(place, sites);
    }
    const site = `${source.file}:${source.line}:${source.column} ${text}`;
    const cards = sites.get(site);
    if (cards) cards.push(card);
    else sites.set(site, [card]);
  }
  return calls;
}

/** What a call does again and again, as a recurrent layer does for each element of its sequence. */
function groupRepeats(call: Draft, cards: readonly Card[], home: Map<Card, Draft>): void {
  periodsOf(cards.map(({ node }) => node.name ?? "")).forEach(({ start, length, count }, i) => {
    for (let k = 0; k < count; k++) {
      const words = { title: "repeated", unit: "repeats", instance: `repeat ${k + 1}` };
      const repeat = draft("loop", `repeat ${i} of ${call.base}`, call, words);
      call.members.push(repeat);
      const first = start + k * length;
      for (const card of cards.slice(first, first + length)) home.set(card, repeat);
    }
  });
}
