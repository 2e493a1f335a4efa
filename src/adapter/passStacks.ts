/** @file The calls that led to each pass that was paused in, apart from those that run inside of a node. */
import type { Pause } from "../protocol/debug.js";
import type { Pass } from "../session/pass.js";

type Stack = Pause["stack"];

const NONE: Stack = [];

export class PassStacks {
  readonly #known = new Map<number, Stack>();

  /** Calls that run inside of the node, innermost first, none where the program waits before it. */
  take({ at, inside, stack }: Pause, pass: Pass | null): Stack {
    if (at === null) return NONE;
    if (inside === null) {
      this.#known.set(at.pass, stack);
      return NONE;
    }
    const start = this.#startOf(at.pass, stack, pass);
    this.#known.set(at.pass, stack.slice(start));
    return stack.slice(0, start);
  }

  /** Where the calls that led to the pass begin in a stack that goes on into one of its nodes. */
  #startOf(index: number, stack: Stack, pass: Pass | null): number {
    const known = this.#known.get(index);
    if (known !== undefined) return Math.max(0, stack.length - known.length);
    const at = stack.findIndex(({ file, line }) => file === pass?.source?.file && line === pass.source.line);
    return Math.max(0, at);
  }

  /** Innermost first; null where nobody paused in the pass. */
  of(pass: Pass): Stack | null {
    return this.#known.get(pass.index) ?? null;
  }
}
