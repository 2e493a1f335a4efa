/**
 * @file Routes around cards that stand where no rank is: those that a person has moved, and what they now cover.
 */
import type { Point } from "./types.js";
export interface Card extends Point {
  readonly width: number;
  readonly height: number;
}
/**
 * The shortest polyline between two cards over the corners of others that are in the way: A* on the visibility
 * graph, of which only the corners of what blocks the way so far are looked at.
 */
export declare function routeAround(from: Card, to: Card, others: readonly Card[]): Point[];
/** Whether a polyline runs through a card. */
export declare function runsThrough(points: readonly Point[], card: Card): boolean;
