/** @file Where the debugger stands, for those who follow it beside the protocol. */
import type { Disposable } from "../launcher/types.js";
import { Listeners } from "./listeners.js";
import type { DebugPosition } from "./types.js";

export class Positions {
  readonly #listeners = new Listeners<DebugPosition | null>();
  #at: DebugPosition | null = null;

  get at(): DebugPosition | null {
    return this.#at;
  }

  /** @param position null: nowhere in a pass, of which nobody is told twice */
  moveTo(position: DebugPosition | null): void {
    if (position === null && this.#at === null) return;
    this.#at = position;
    this.#listeners.fire(position);
  }

  onMove(listener: (position: DebugPosition | null) => void): Disposable {
    return this.#listeners.add(listener);
  }
}
