/** @file Why a walk stands still, and what whoever steps is told. */
import type { RunEnd } from "../launcher/types.js";
import type { BreakpointPlace, DebugMessage, PauseException, PauseReason } from "../protocol/debug.js";

/** `start` and `end` are the record's. */
export interface Stop {
  readonly reason: PauseReason | "start" | "end";
  readonly hit: readonly number[];
  readonly exception: PauseException | null;
}

export const stop = (reason: Stop["reason"]): Stop => ({ reason, hit: [], exception: null });

export interface StepperEvents {
  stopped(stop: Stop): void;
  /** The program goes on, or the record is searched. */
  resumed(): void;
  /** There is nothing more to step; null for a record that no process stands behind. */
  ended(end: RunEnd | null): void;
  /** The session learnt something. */
  changed(): void;
  log(message: Extract<DebugMessage, { readonly type: "log" }>): void;
  /** A breakpoint has found its place. */
  breakpoint(place: BreakpointPlace): void;
  /** A part of the trace is lost; a sentence for the log. */
  lost(why: string): void;
}

/** A run that waits to be stepped, one that only runs, or what was recorded of one. */
export type StepperMode = "debug" | "run" | "record";

export type StepperState = "running" | "stopped" | "over";
