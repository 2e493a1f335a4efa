/** @file A run's trace into its session, and how the run's end reads there. */
import type { Run, RunEnd } from "../launcher/types.js";
import { MalformedBatch } from "../session/batch.js";
import type { Session } from "../session/session.js";

/**
 * @param lost is given a sentence where a part of the trace can't be taken
 * @param changed is called whenever the session has learnt something
 */
export function followTrace(
  run: Run,
  session: Session,
  lost: (why: string) => void,
  changed: () => void,
): void {
  run.onBatch((batch) => {
    try {
      session.apply(batch);
    } catch (error) {
      if (!(error instanceof MalformedBatch)) throw error;
      lost(error.message);
    }
    changed();
  });
}

export function finishSession(session: Session, end: RunEnd): void {
  const { exit, error, duration, where } = end;
  session.finish({ state: stateOf(end), exit, error, duration, where });
}

function stateOf({ reason }: RunEnd): "done" | "failed" | "stopped" {
  if (reason === "exit") return "done";
  return reason === "timeout" || reason === "stopped" ? "stopped" : "failed";
}
