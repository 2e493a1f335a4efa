/** @file Search over everything that a card tells: name, call, function, shape, line, state. */
import { describe, faceOf } from "./face.js";
import type { Card, Graph } from "./graph.js";

function haystack(graph: Graph, card: Card, position: number): string {
  const state = faceOf(graph, card, position).grad?.state;
  const words = [
    describe(graph, card, position),
    card.node.label,
    card.node.text,
    state && `gradient ${state}`,
  ];
  return words.filter(Boolean).join(" ").toLowerCase();
}

/** Words as typed; `line:9` and `shape:[3]` read as the sentence of the card has them. */
export function wordsOf(query: string): string[] {
  return query
    .toLowerCase()
    .replace(/\b(line|shape):\s*/g, "$1\u00a0")
    .split(/[^\S\u00a0]+/)
    .map((word) => word.replace("\u00a0", " "))
    .filter((word) => word !== "");
}

/** Cards in which all words occur, in the order of the graph. */
export function search(graph: Graph, query: string, position: number): Card[] {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  return graph.cards.filter((card) => {
    const text = haystack(graph, card, position);
    return words.every((word) => matches(text, word));
  });
}

/** A line's number ends where it ends: line 1 is not line 12; and what is no leaf is not found as one. */
function matches(text: string, word: string): boolean {
  if (word === "leaf") return /(?<!non-)leaf/.test(text);
  if (!/^line \d+$/.test(word)) return text.includes(word);
  return new RegExp(`${word}(?!\\d)`).test(text);
}
