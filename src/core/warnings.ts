/** @file Warnings: once per place in the program, like Python's default filter. */
import { callSite } from "./callsite.js";
import { observer } from "./observe.js";

export type WarningHandler = (message: string) => void;

// The core knows no host; where there is a console, it is reached by name.
const host = globalThis as { console?: { warn(message: string): void } };

let handler: WarningHandler | null = null;
let seen = new Set<string>();

/** Sends warnings to `next` instead of `console.warn`; `null` restores the console. Returns the previous one. */
export function setWarningHandler(next: WarningHandler | null): WarningHandler | null {
  const previous = handler;
  handler = next;
  seen = new Set();
  return previous;
}

/** Python's category stands before the text, as `warnings.warn` prints it. */
export function warn(message: string, category = "UserWarning"): void {
  const key = `${callSite.cell[0]}:${message}`;
  if (seen.has(key)) return;
  seen.add(key);
  observer?.onWarning?.(message);
  if (handler !== null) handler(message);
  else host.console?.warn(`${category}: ${message}`);
}
