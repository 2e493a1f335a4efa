/**
 * @file Routes around cards that stand where no rank is: those that a person has moved, and what they now cover.
 */
import type { Point } from "./types.js";

export interface Card extends Point {
  readonly width: number;
  readonly height: number;
}

/** Distance that routes keep from cards on their way. */
const clearance = 10;
/** Places looked at before a route gives up and runs straight. */
const patience = 400;

/**
 * The shortest polyline between two cards over the corners of others that are in the way: A* on the visibility
 * graph, of which only the corners of what blocks the way so far are looked at.
 */
export function routeAround(from: Card, to: Card, others: readonly Card[]): Point[] {
  const start = borderPoint(from, to);
  const goal = borderPoint(to, from);
  const obstacles = others.filter((card) => !holds(card, start) && !holds(card, goal));
  const open: Place[] = [{ at: start, cost: 0, left: distance(start, goal), before: null }];
  const best = new Map<string, number>();
  for (let looked = 0; looked < patience && open.length > 0; looked++) {
    const place = takeCheapest(open);
    if (place.at === goal) return trail(place);
    const reach = (point: Point) => {
      const cost = place.cost + distance(place.at, point);
      const key = `${point.x} ${point.y}`;
      if (cost >= (best.get(key) ?? Number.POSITIVE_INFINITY)) return;
      best.set(key, cost);
      open.push({ at: point, cost, left: distance(point, goal), before: place });
    };
    for (const point of visibleSteps(place.at, goal, obstacles)) reach(point);
  }
  return [start, goal];
}

interface Place {
  readonly at: Point;
  readonly cost: number;
  readonly left: number;
  readonly before: Place | null;
}

/** The goal if it can be seen, else the corners that can of the cards that hide it, and of those that hide these. */
function visibleSteps(at: Point, goal: Point, obstacles: readonly Card[]): Point[] {
  const steps: Point[] = [];
  const asked = new Set<Card>();
  const targets = [goal];
  for (let i = 0; i < targets.length; i++) {
    const blocker = nearestBlocker(at, targets[i]!, obstacles);
    if (!blocker) steps.push(targets[i]!);
    else if (!asked.has(blocker)) {
      asked.add(blocker);
      targets.push(...corners(blocker).filter((corner) => !obstacles.some((card) => holds(card, corner))));
    }
  }
  return steps;
}

function takeCheapest(open: Place[]): Place {
  let cheapest = 0;
  for (let i = 1; i < open.length; i++)
    if (open[i]!.cost + open[i]!.left < open[cheapest]!.cost + open[cheapest]!.left) cheapest = i;
  return open.splice(cheapest, 1)[0]!;
}

function trail(place: Place): Point[] {
  const points: Point[] = [];
  for (let at: Place | null = place; at; at = at.before) points.push(at.at);
  return points.reverse();
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Where the line between two centres leaves the first card. */
function borderPoint(card: Card, other: Point): Point {
  const dx = other.x - card.x;
  const dy = other.y - card.y;
  if (dx === 0 && dy === 0) return { x: card.x, y: card.y + card.height / 2 };
  const share = Math.min(
    dx === 0 ? Number.POSITIVE_INFINITY : card.width / 2 / Math.abs(dx),
    dy === 0 ? Number.POSITIVE_INFINITY : card.height / 2 / Math.abs(dy),
  );
  return { x: card.x + dx * share, y: card.y + dy * share };
}

function holds(card: Card, point: Point): boolean {
  return (
    Math.abs(point.x - card.x) < card.width / 2 + clearance - 0.01 &&
    Math.abs(point.y - card.y) < card.height / 2 + clearance - 0.01
  );
}

function corners(card: Card): Point[] {
  const dx = card.width / 2 + clearance;
  const dy = card.height / 2 + clearance;
  return [
    { x: card.x - dx, y: card.y - dy },
    { x: card.x + dx, y: card.y - dy },
    { x: card.x + dx, y: card.y + dy },
    { x: card.x - dx, y: card.y + dy },
  ];
}

function nearestBlocker(a: Point, b: Point, obstacles: readonly Card[]): Card | null {
  let nearest: Card | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const card of obstacles) {
    const at = entry(a, b, card, clearance - 0.01);
    if (at < least) {
      least = at;
      nearest = card;
    }
  }
  return nearest;
}

/** Whether a polyline runs through a card. */
export function runsThrough(points: readonly Point[], card: Card): boolean {
  for (let i = 1; i < points.length; i++)
    if (entry(points[i - 1]!, points[i]!, card, -0.5) < Number.POSITIVE_INFINITY) return true;
  return false;
}

/** Share of the way from `a` to `b` at which it enters the card widened by `margin`; infinity if never. */
function entry(a: Point, b: Point, card: Card, margin: number): number {
  let from = 0;
  let to = 1;
  for (const [start, delta, low, high] of [
    [a.x, b.x - a.x, card.x - card.width / 2 - margin, card.x + card.width / 2 + margin],
    [a.y, b.y - a.y, card.y - card.height / 2 - margin, card.y + card.height / 2 + margin],
  ] as const) {
    if (delta === 0) {
      if (start <= low || start >= high) return Number.POSITIVE_INFINITY;
      continue;
    }
    const [first, second] = [(low - start) / delta, (high - start) / delta];
    from = Math.max(from, Math.min(first, second));
    to = Math.min(to, Math.max(first, second));
  }
  return from < to ? from : Number.POSITIVE_INFINITY;
}
