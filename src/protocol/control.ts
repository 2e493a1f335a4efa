/**
 * @file What launcher and runner say to each other beside the trace: requests go to the runner over one
 * pipe, messages come back over that pipe (from the watching thread, which answers even while the program
 * is in an endless loop) and over the trace's own (from the program's thread). Every request has a `reply`
 * or an `error` with its id; every message is checked where it enters.
 */
import type { Breakpoints, DebugCommand, DebugMessage, DebugResults } from "./debug.js";
import { isBreakpoints, isDebugCommand, isDebugMessage } from "./debugGuards.js";
import type { DType, ExportProblem, ProgramError } from "./export.js";
import type { TraceBatch } from "./trace.js";

export const CONTROL_VERSION = 2;

/** File descriptors of the runner process. */
export const TRACE_FD = 3;
export const CONTROL_FD = 4;

/** What one launch asks for. */
export interface LaunchRequest {
  readonly program: string;
  readonly cwd: string;
  readonly overlays: ReadonlyMap<string, string>;
  readonly args: readonly string[];
  /** The program's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Seconds; 0: none. */
  readonly timeout: number;
  /** Megabytes; 0: none. */
  readonly memoryLimit: number;
  /** Megabytes. */
  readonly traceBudget: number;
  /** Without probes nobody knows where the program is, and nothing is recorded. */
  readonly probes: boolean;
  readonly record: boolean;
  /** Compare the gradients of each pass with finite differences. */
  readonly check: boolean;
  /** Where to pause, for a run that can be stepped; null for a plain run. */
  readonly debug: Breakpoints | null;
}

/** A tensor that the runner still holds whole. */
export type TensorReference =
  | { readonly of: "value"; readonly pass: number; readonly node: number }
  | { readonly of: "grad"; readonly pass: number; readonly node: number }
  | { readonly of: "grad_in"; readonly pass: number; readonly step: number; readonly slot: number }
  | { readonly of: "grad_out"; readonly pass: number; readonly step: number; readonly slot: number }
  | { readonly of: "binding"; readonly site: number; readonly grad: boolean };

/** Some of a tensor's elements, row-major from `offset`, and the whole as PyTorch prints it. */
export interface TensorPage {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly numel: number;
  readonly offset: number;
  readonly data: Float32Array | Float64Array | BigInt64Array;
  readonly text: string;
}

/** Where the program was last seen: site ids of call and loop, -1 for none. */
export interface Position {
  readonly site: number;
  readonly loop: number;
  readonly iteration: number;
}

export type ControlCommand =
  | { readonly type: "launch"; readonly launch: LaunchRequest }
  | { readonly type: "where" }
  | {
      readonly type: "tensor";
      readonly reference: TensorReference;
      readonly offset: number;
      readonly count: number;
    }
  /** What the text of a file alone tells; of a runner that has no program. */
  | { readonly type: "inspect"; readonly file: string; readonly text: string }
  /** End the program, which may take a moment to hand over what is recorded. */
  | { readonly type: "stop" }
  | DebugCommand;

export type ControlRequest = { readonly version: number; readonly id: number } & ControlCommand;

/** Result of each command. */
export interface ControlResults extends DebugResults {
  launch: null;
  where: Position;
  tensor: TensorPage;
  inspect: readonly ExportProblem[];
  /** Where the program was. */
  stop: Position;
}

/** What a program did beside computing and printing, so that it must not be run again unasked. */
export const EFFECTS = ["input", "files", "network", "processes"] as const;
export type Effect = (typeof EFFECTS)[number];

export type EndCause = "exit" | "error" | "timeout" | "memory" | "stopped";

export type RunnerMessage = { readonly version: number } & (
  | { readonly type: "ready" }
  | { readonly type: "reply"; readonly id: number; readonly result: unknown }
  | { readonly type: "error"; readonly id: number; readonly message: string }
  | { readonly type: "trace"; readonly batch: TraceBatch }
  | { readonly type: "debug"; readonly message: DebugMessage }
  /** Now and then while the program runs, so that a crash can be placed. */
  | { readonly type: "position"; readonly position: Position }
  /** The program has done something of this kind for the first time. */
  | { readonly type: "effect"; readonly effect: Effect }
  /** A limit was hit; the program is ended, by force where it does not listen. */
  | { readonly type: "limit"; readonly cause: "timeout" | "memory"; readonly position: Position }
  | {
      readonly type: "ended";
      readonly cause: EndCause;
      readonly exit: number;
      readonly error: ProgramError | null;
      readonly duration: number;
    }
);

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

export function isPosition(value: unknown): value is Position {
  return (
    isFields(value) &&
    Number.isInteger(value.site) &&
    Number.isInteger(value.loop) &&
    Number.isInteger(value.iteration)
  );
}

export function isProgramError(value: unknown): value is ProgramError {
  return isFields(value) && typeof value.name === "string" && typeof value.message === "string";
}

/** Whether a message is one that a runner of this version sends; a trace's events are checked by trace.ts. */
export function isRunnerMessage(value: unknown): value is RunnerMessage {
  if (!isFields(value) || value.version !== CONTROL_VERSION) return false;
  switch (value.type) {
    case "ready":
      return true;
    case "reply":
      return Number.isInteger(value.id);
    case "error":
      return Number.isInteger(value.id) && typeof value.message === "string";
    case "trace":
      return isFields(value.batch);
    case "debug":
      return isDebugMessage(value.message);
    case "position":
      return isPosition(value.position);
    case "effect":
      return EFFECTS.some((effect) => effect === value.effect);
    case "limit":
      return (value.cause === "timeout" || value.cause === "memory") && isPosition(value.position);
    case "ended":
      return (
        typeof value.cause === "string" &&
        Number.isInteger(value.exit) &&
        typeof value.duration === "number" &&
        (value.error === null || isProgramError(value.error))
      );
    default:
      return false;
  }
}

function isLaunchRequest(value: unknown): value is LaunchRequest {
  return (
    isFields(value) &&
    typeof value.program === "string" &&
    typeof value.cwd === "string" &&
    value.overlays instanceof Map &&
    Array.isArray(value.args) &&
    isFields(value.env) &&
    typeof value.timeout === "number" &&
    typeof value.memoryLimit === "number" &&
    typeof value.traceBudget === "number" &&
    typeof value.probes === "boolean" &&
    typeof value.record === "boolean" &&
    typeof value.check === "boolean" &&
    (value.debug === null || isBreakpoints(value.debug))
  );
}

function isTensorReference(value: unknown): value is TensorReference {
  if (!isFields(value)) return false;
  switch (value.of) {
    case "value":
    case "grad":
      return Number.isInteger(value.pass) && Number.isInteger(value.node);
    case "grad_in":
    case "grad_out":
      return Number.isInteger(value.pass) && Number.isInteger(value.step) && Number.isInteger(value.slot);
    case "binding":
      return Number.isInteger(value.site) && typeof value.grad === "boolean";
    default:
      return false;
  }
}

/** Whether a request is one that a launcher of this version sends. */
export function isControlRequest(value: unknown): value is ControlRequest {
  if (!isFields(value) || value.version !== CONTROL_VERSION || !Number.isInteger(value.id)) return false;
  switch (value.type) {
    case "where":
    case "stop":
      return true;
    case "inspect":
      return typeof value.file === "string" && typeof value.text === "string";
    case "launch":
      return isLaunchRequest(value.launch);
    case "tensor":
      return (
        isTensorReference(value.reference) &&
        Number.isInteger(value.offset) &&
        (value.offset as number) >= 0 &&
        Number.isInteger(value.count) &&
        (value.count as number) >= 0
      );
    default:
      return isDebugCommand(value);
  }
}
