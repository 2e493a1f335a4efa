/** @file Runs the layout's generator: at once, or in slices that leave room for cancelling and drawing. */
import { LayoutCancelled } from "./types.js";

/** A computation that yields the share of its work done so far, between 0 and 1. */
export type Steps<T> = Generator<number, T, void>;

/** The part of AbortSignal that is needed; a worker's own token has it too. */
export interface CancelToken {
  readonly aborted: boolean;
}

export interface RunControl {
  readonly signal?: CancelToken | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Milliseconds of work between two visits to the event loop; 24 by default. */
  readonly slice?: number | undefined;
}

export function runToEnd<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Slices by the clock change when the result comes, never what it is.
 * @throws LayoutCancelled as soon as the signal is seen.
 */
export async function runInSlices<T>(steps: Steps<T>, control: RunControl = {}): Promise<T> {
  const slice = control.slice ?? 24;
  let began = performance.now();
  for (;;) {
    if (control.signal?.aborted) throw new LayoutCancelled();
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - began >= slice) {
      control.onProgress?.(step.value);
      await new Promise<void>((resume) => setTimeout(resume, 0));
      began = performance.now();
    }
  }
}

/** Maps the inner computation's progress to the part [from, to] of the outer one. */
export function* within<T>(steps: Steps<T>, from: number, to: number): Steps<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield from + step.value * (to - from);
  }
}
