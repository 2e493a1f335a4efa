/** @file What a person has put somewhere: there it stays, until it is let go or the move is undone. */
import type { Point } from "./layout/types.js";

export interface Move {
  readonly key: string;
  /** Where it was pinned before; null where it was not. */
  readonly before: Point | null;
  /** Where it stood before, pinned or not. */
  readonly from: Point | null;
}

/** As it is saved: by key, two coordinates. */
export type SavedPins = Readonly<Record<string, readonly [number, number]>>;

/** Moves that can be undone. */
const REMEMBERED = 50;

export class Pins {
  private readonly places = new Map<string, Point>();
  private moves: Move[] = [];

  get all(): ReadonlyMap<string, Point> {
    return this.places;
  }

  /** @param from where it stood before the move */
  pin(key: string, at: Point, from: Point | null): void {
    const before = this.places.get(key) ?? null;
    this.moves = [...this.moves.slice(1 - REMEMBERED), { key, before, from }];
    this.places.set(key, { x: at.x, y: at.y });
  }

  /** @returns the move that was undone; null where there was none */
  undo(): Move | null {
    const move = this.moves.pop();
    if (!move) return null;
    if (move.before) this.places.set(move.key, move.before);
    else this.places.delete(move.key);
    return move;
  }

  /** @param key null: all of them. @returns how many were let go */
  release(key: string | null): number {
    const before = this.places.size;
    if (key === null) this.places.clear();
    else this.places.delete(key);
    this.moves = this.moves.filter((move) => this.places.has(move.key));
    return before - this.places.size;
  }

  clear(): void {
    this.places.clear();
    this.moves = [];
  }

  get saved(): SavedPins {
    const rounded = [...this.places].map(([key, { x, y }]) => [key, [Math.round(x), Math.round(y)]] as const);
    return Object.fromEntries(rounded);
  }

  /** Whatever an older or newer page saved: what fits is taken. */
  restore(saved: unknown): void {
    this.clear();
    if (typeof saved !== "object" || saved === null) return;
    for (const [key, at] of Object.entries(saved)) {
      if (!Array.isArray(at)) continue;
      const [x, y] = at as unknown[];
      if (typeof x === "number" && typeof y === "number" && Number.isFinite(x + y))
        this.places.set(key, { x, y });
    }
  }
}
