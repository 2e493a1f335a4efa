/** @file Pointers as gestures: pan, pinch, drag a card, tap, double tap, hover. One finger, mouse or pen alike. */
import type { Point } from "../layout/types.js";

/** Coordinates are the element's own, in pixels of the page. */
export interface Gestures {
  /** Of the card under a pointer; null beside all cards. */
  cardAt(at: Point): string | null;
  tap(card: string | null, at: Point): void;
  doubleTap(card: string | null): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
  drag(card: string, dx: number, dy: number): void;
  dropped(card: string): void;
  hover(card: string | null, at: Point | null): void;
}

/** Less is a tap with an unsteady hand. */
const THRESHOLD = 4;
const DOUBLE_TAP = 350;

interface Press {
  readonly card: string | null;
  readonly start: Point;
  last: Point;
  moved: boolean;
}

export class GestureReader {
  private readonly presses = new Map<number, Press>();
  private lastTap = { card: null as string | null, time: Number.NEGATIVE_INFINITY };

  constructor(
    private readonly element: HTMLElement,
    private readonly gestures: Gestures,
  ) {
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", (event) => this.up(event, true));
    element.addEventListener("pointercancel", (event) => this.up(event, false));
    element.addEventListener("pointerleave", () => this.gestures.hover(null, null));
  }

  private at(event: PointerEvent): Point {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  private down(event: PointerEvent): void {
    if (event.button > 1) return;
    const at = this.at(event);
    // The middle button pans wherever it is pressed.
    const card = event.button === 1 ? null : this.gestures.cardAt(at);
    this.presses.set(event.pointerId, { card, start: at, last: at, moved: event.button === 1 });
  }

  private move(event: PointerEvent): void {
    const press = this.presses.get(event.pointerId);
    const at = this.at(event);
    if (!press) {
      this.gestures.hover(this.gestures.cardAt(at), at);
      return;
    }
    if (!press.moved && Math.hypot(at.x - press.start.x, at.y - press.start.y) < THRESHOLD) return;
    // Only now: a captured pointer clicks nothing.
    if (!this.element.hasPointerCapture(event.pointerId)) this.element.setPointerCapture(event.pointerId);
    const [dx, dy] = [at.x - press.last.x, at.y - press.last.y];
    press.moved = true;
    const other = [...this.presses.values()].find((each) => each !== press);
    if (other) this.pinch(press.last, at, other.last);
    else if (press.card !== null) this.gestures.drag(press.card, dx, dy);
    else this.gestures.pan(dx, dy);
    press.last = at;
  }

  /** Two fingers: their distance zooms, their middle pans. */
  private pinch(from: Point, to: Point, other: Point): void {
    const distance = (point: Point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 };
    this.gestures.pan((to.x - from.x) / 2, (to.y - from.y) / 2);
    this.gestures.zoom(distance(to) / distance(from), middle);
  }

  private up(event: PointerEvent, complete: boolean): void {
    const press = this.presses.get(event.pointerId);
    this.presses.delete(event.pointerId);
    if (!press) return;
    if (press.moved) {
      if (press.card !== null) this.gestures.dropped(press.card);
      return;
    }
    if (!complete) return;
    const { card } = press;
    const double = card === this.lastTap.card && event.timeStamp - this.lastTap.time < DOUBLE_TAP;
    this.lastTap = { card, time: double ? Number.NEGATIVE_INFINITY : event.timeStamp };
    if (double) this.gestures.doubleTap(card);
    else this.gestures.tap(card, this.at(event));
  }
}
