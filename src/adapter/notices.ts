/** @file What the debug console says of a session's beginning and end. */
import type { RunEnd } from "../launcher/types.js";
import type { Session } from "../session/session.js";

/** The record does not begin where the program did; null: it does. */
export function droppedNotice(session: Session): string | null {
  const dropped = session.outline().dropped?.passes ?? 0;
  if (dropped === 0) return null;
  const passes = dropped === 1 ? "one earlier backward pass" : `${dropped} earlier backward passes`;
  return `The trace budget let go of ${passes}: the record begins here.`;
}

/** Of a program that did not end by itself; null: it did. */
export function endNotice({ reason, error }: RunEnd): string | null {
  if (reason === "timeout") return "The program was stopped: it took too long.";
  if (reason === "crashed" || reason === "memory") return error?.message ?? "The program's process died.";
  return null;
}

/** Of a record with nothing to walk; null: there is something. */
export function emptyNotice(session: Session): string | null {
  const empty = session.outline().passes.every(({ call }) => call === "live");
  return empty ? "There is no backward pass in this record." : null;
}
