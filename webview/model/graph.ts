/**
 * @file The pass as the panel draws it: cards joined by links. Links point as data flows, from a producer to
 * its consumer; gradients travel them the other way.
 */
import type { TensorSummary } from "../../src/protocol/export.js";
import type { PassView, ViewNode, ViewStep, ViewTerm } from "../../src/protocol/view.js";
import { sharingCalls, subtitleOf, titleOf } from "./names.js";

export interface Card {
  /** Id in the canvas model and the layout. */
  readonly id: string;
  /** The same for the same node of the next run, as far as names and calls tell. */
  readonly key: string;
  readonly node: ViewNode;
  readonly title: string;
  readonly subtitle: string;
  readonly root: boolean;
  /** Index of the step that runs it, -1 where the pass does not. */
  readonly step: number;
  /** To the nodes it was made from, in the order of `next_functions`. */
  readonly inputs: Link[];
  /** To the nodes that use it. */
  readonly outputs: Link[];
}

export interface Link {
  readonly id: string;
  readonly producer: Card;
  readonly consumer: Card;
  readonly inputNr: number;
  /** More than one output of the producer is used, so the number says something. */
  numbered: boolean;
  /** The gradient term that travelled from consumer to producer; null where none did. */
  term: TensorSummary | null;
  /** A debugger has stopped the pass before the consumer ran: its term is still to come, whatever it will be. */
  awaited: boolean;
}

/** Another pass to compare with, at its end. */
export interface Against {
  readonly graph: Graph;
  /** It is drawn beside, so that the cards need not tell the difference. */
  readonly beside: boolean;
  readonly byKey: ReadonlyMap<string, Card>;
}

export interface Graph {
  readonly pass: PassView;
  readonly cards: readonly Card[];
  readonly links: readonly Link[];
  readonly byNode: ReadonlyMap<number, Card>;
  readonly byId: ReadonlyMap<string, Card>;
  /** Cards by step. */
  readonly order: readonly (Card | undefined)[];
  /** Changes when a node, its shape or an edge does, but not with values. */
  readonly signature: string;
  readonly against?: Against;
}

function keyOf(node: ViewNode, seen: Map<string, number>): string {
  const base = `${node.kind}|${node.name ?? ""}|${node.label ?? node.text ?? ""}`;
  const nth = seen.get(base) ?? 0;
  seen.set(base, nth + 1);
  return `${base}|${nth}`;
}

function cardsOf(pass: PassView): Card[] {
  const stepOf = new Map(pass.steps.map((step, index) => [step.node, index]));
  const roots = new Set(pass.roots);
  const seen = new Map<string, number>();
  const sharing = sharingCalls(pass.nodes);
  return pass.nodes.map((node) => ({
    id: `n${node.id}`,
    key: keyOf(node, seen),
    node,
    title: titleOf(node, sharing.has(node)),
    subtitle: subtitleOf(node, sharing.has(node)),
    root: roots.has(node.id),
    step: stepOf.get(node.id) ?? -1,
    inputs: [],
    outputs: [],
  }));
}

/** The terms that a step lists for one consumer and output, in order of arrival. */
function takeTerm(terms: ViewTerm[], from: number, inputNr: number): ViewTerm | null {
  const index = terms.findIndex((term) => term.from === from && term.input_nr === inputNr);
  return index < 0 ? null : (terms.splice(index, 1)[0] ?? null);
}

/** Without recorded terms: outgoing gradients that exist belong, in order, to the inputs that can take one. */
function outgoing(consumer: Card, link: Link, steps: readonly ViewStep[]): TensorSummary | null {
  const step = steps[consumer.step];
  if (!step || link.producer.node.kind === "constant") return null;
  const takers = consumer.inputs.filter((input) => input.producer.node.kind !== "constant");
  const sent = step.grad_out.filter((gradient) => gradient !== null);
  return sent[takers.indexOf(link)] ?? null;
}

export function assignTerms(cards: Iterable<Card>, steps: readonly ViewStep[]): void {
  for (const card of cards) {
    const terms = steps[card.step]?.terms?.slice();
    for (const link of card.outputs) {
      if (link.consumer.step < 0) continue;
      if (terms) {
        const term = takeTerm(terms, link.consumer.node.id, link.inputNr);
        link.term = term?.value ?? null;
        link.awaited = term !== null && term.value === null;
      } else link.term = outgoing(link.consumer, link, steps);
    }
  }
}

export function buildGraph(pass: PassView): Graph {
  const cards = cardsOf(pass);
  const byNode = new Map(cards.map((card) => [card.node.id, card]));
  const links: Link[] = [];
  for (const edge of pass.edges) {
    const consumer = byNode.get(edge.from);
    const producer = byNode.get(edge.to);
    // A trace that was cut off may name nodes that it does not hold.
    if (!consumer || !producer || consumer === producer) continue;
    const link: Link = {
      id: `e${links.length}`,
      producer,
      consumer,
      inputNr: edge.input_nr,
      numbered: false,
      term: null,
      awaited: false,
    };
    links.push(link);
    consumer.inputs.push(link);
    producer.outputs.push(link);
  }
  for (const card of cards) {
    const numbered = card.outputs.some((link) => link.inputNr !== 0);
    for (const link of card.outputs) link.numbered = numbered;
  }
  assignTerms(cards, pass.steps);
  return {
    pass,
    cards,
    links,
    byNode,
    byId: new Map(cards.map((card) => [card.id, card])),
    order: pass.steps.map((step) => byNode.get(step.node)),
    signature: signatureOf(cards, links, pass),
  };
}

function signatureOf(cards: readonly Card[], links: readonly Link[], pass: PassView): string {
  const nodes = cards.map((card) => `${card.key}@${card.node.shape.join("x")}${card.root ? "!" : ""}`);
  const edges = links.map((link) => `${link.producer.id}>${link.consumer.id}.${link.inputNr}`);
  return `${pass.call};${nodes.join(";")};${edges.join(";")}`;
}
