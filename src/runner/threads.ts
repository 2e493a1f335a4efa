/** @file What the program's thread and the watching thread say to each other. */
import type { MessagePort } from "node:worker_threads";
import type { LaunchRequest, TensorReference } from "../protocol/control.js";
import type { DebugCommand } from "../protocol/debug.js";
import type { Cell } from "./cell.js";

export interface WatchData {
  readonly cell: Cell;
  readonly port: MessagePort;
}

/** To the program's thread. */
export type Command =
  | { readonly type: "launch"; readonly launch: LaunchRequest }
  | {
      readonly type: "tensor";
      readonly id: number;
      readonly reference: TensorReference;
      readonly offset: number;
      readonly count: number;
    }
  | { readonly type: "inspect"; readonly id: number; readonly file: string; readonly text: string }
  | { readonly type: "debug"; readonly id: number; readonly command: DebugCommand }
  | { readonly type: "flush" }
  | { readonly type: "end"; readonly cause: "timeout" | "memory" | "stopped" };

/** To the watching thread. */
export type Progress = "warm" | "started" | "flushed" | "paused" | "resumed" | "ended";
