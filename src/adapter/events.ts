/** @file What the adapter tells of a program that it runs, and of a stop. */
import { basename, relative } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Stop } from "./stepperTypes.js";

/** DAP's reasons; those of our own are shown as they are where a client does not know the description. */
const REASONS: Readonly<Record<Stop["reason"], { readonly reason: string; readonly description: string }>> = {
  entry: { reason: "entry", description: "Paused before the program's first statement" },
  backward: { reason: "entry", description: "Paused at the start of a backward pass" },
  step: { reason: "step", description: "Paused on step" },
  breakpoint: { reason: "breakpoint", description: "Paused on breakpoint" },
  "function breakpoint": { reason: "function breakpoint", description: "Paused on function breakpoint" },
  "data breakpoint": { reason: "data breakpoint", description: "Paused before .grad changes" },
  exception: { reason: "exception", description: "Paused on exception" },
  pause: { reason: "pause", description: "Paused" },
  goto: { reason: "goto", description: "Paused on goto" },
  start: { reason: "entry", description: "Start of the record" },
  end: { reason: "pause", description: "Program ended: walking the record" },
};

export const THREAD = 1;

export function stoppedBody(stop: Stop): DebugProtocol.StoppedEvent["body"] {
  const { reason, hit, exception } = stop;
  return {
    ...REASONS[reason],
    threadId: THREAD,
    allThreadsStopped: true,
    ...(exception && { text: exception.message }),
    ...(hit.length > 0 && { hitBreakpointIds: [...hit] }),
  };
}

export function processBody(program: string, cwd: string): DebugProtocol.ProcessEvent["body"] {
  const name = relative(cwd, program);
  return {
    name: name.startsWith("..") ? basename(program) : name,
    isLocalProcess: true,
    startMethod: "launch",
  };
}
