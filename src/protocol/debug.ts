/**
 * @file Live stepping: what launcher and runner say to each other while a program waits inside the engine.
 * A pause stands *before* a node: `step` nodes of the pass have run, the node at `node` runs next. The trace
 * frames of everything that has run were sent before the `paused` message, on the same pipe.
 */
import type { HookInfo } from "./export.js";
import type { WireTensor } from "./trace.js";

/** Where and when to pause. Lines and columns are 1-based. */
export interface SourceBreakpoint {
  /** The client's number, unique over all kinds of breakpoints. */
  readonly id: number;
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number | null;
  /** Expression over `grad`, `result`, saved names and the program's tensors; null: always. */
  readonly condition: string | null;
  /** As VS Code has it: `5`, `> 5`, `>= 5`, `< 5`, `<= 5`, `== 5`, `% 5`. */
  readonly hitCondition: string | null;
  /** Print this instead of pausing; `{expression}` is replaced by its value. */
  readonly logMessage: string | null;
}

export interface FunctionBreakpoint {
  readonly id: number;
  /** A `grad_fn` name or a variable's name; `*` and `?` match as in file names. */
  readonly name: string;
  readonly condition: string | null;
  readonly hitCondition: string | null;
}

/** Pauses when a leaf's `.grad` is about to change. */
export interface DataBreakpoint {
  readonly id: number;
  /** The leaf's variable name. */
  readonly name: string;
  readonly condition: string | null;
  readonly hitCondition: string | null;
}

export type ExceptionFilter = "nan" | "inf" | "exploding" | "vanishing" | "version" | "uncaught";

export interface ExceptionBreakpoint {
  readonly filter: ExceptionFilter;
  /** Threshold of the norm for `exploding` (default 1e3) and `vanishing` (default 1e-7). */
  readonly threshold: number | null;
}

export interface Breakpoints {
  readonly source: readonly SourceBreakpoint[];
  readonly functions: readonly FunctionBreakpoint[];
  readonly data: readonly DataBreakpoint[];
  readonly exceptions: readonly ExceptionBreakpoint[];
  /** Pause at the start of each backward pass. */
  readonly onBackward: boolean;
  /** Pause before the program's first statement. */
  readonly onEntry: boolean;
}

export type Resume =
  | { readonly mode: "continue" }
  /** Run one node, then pause again; at a pass's end, pause at the next pass's start. */
  | { readonly mode: "next" }
  /**
   * Into a custom `Function.backward` or a nested pass, where the node has one, or (under `create_graph`) to
   * the operations that the derivative records; else as `next`. With `node`: until that ready node is next.
   */
  | { readonly mode: "in"; readonly node: number | null }
  /** To the end of the current node's innermost scope: call, module, iteration, pass. */
  | { readonly mode: "out" }
  /** Until this node of this pass is next. */
  | { readonly mode: "to"; readonly pass: number; readonly node: number };

export type PauseReason =
  | "entry"
  | "backward"
  | "step"
  | "breakpoint"
  | "function breakpoint"
  | "data breakpoint"
  | "exception"
  | "pause"
  | "goto";

export interface PauseException {
  readonly filter: ExceptionFilter;
  /** One sentence: what was seen and where. */
  readonly message: string;
  /** The forward operation where the bad value arose first. */
  readonly origin: { readonly file: string; readonly line: number; readonly column: number } | null;
  readonly stack: string | null;
}

export interface Pause {
  readonly reason: PauseReason;
  /** Pass and nodes run so far; null outside a backward pass (entry, pause, uncaught error). */
  readonly at: { readonly pass: number; readonly step: number; readonly node: number } | null;
  /**
   * After stepping in: what just ran or began inside the node at `at`, which itself is still running, as
   * `mul` for an operation or `backward()` for a function; else null.
   */
  readonly inside: string | null;
  /** Ids of the breakpoints that were hit. */
  readonly hit: readonly number[];
  readonly exception: PauseException | null;
  /** Passes that wait for this one: a backward pass inside a hook or a custom function. Outermost first. */
  readonly outer: readonly { readonly pass: number; readonly step: number; readonly node: number }[];
  /** The calls that led to the `backward()` call, innermost first: the user's own frames. */
  readonly stack: readonly {
    readonly name: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
  }[];
}

/** One pending gradient: what has come in so far, and what is still to come. */
export interface PendingGradient {
  readonly node: number;
  readonly input_nr: number;
  readonly value: WireTensor | null;
  readonly terms: readonly { readonly from: number | null; readonly value: WireTensor }[];
  /** Consumers that have not brought their term yet. */
  readonly missing: readonly number[];
}

/** The engine's state at a pause. */
export interface EngineState {
  readonly pass: number;
  /** Nodes whose gradients are complete, in the order in which they will run. */
  readonly ready: readonly number[];
  readonly pending: readonly PendingGradient[];
  /** What the current node would send to each of its edges: null where nothing can be said before it runs. */
  readonly preview: readonly (WireTensor | null)[] | null;
  /** Hooks that will run around the current node, in order. */
  readonly hooks: readonly HookInfo[];
}

/** A value that a person can look into. */
export interface Evaluated {
  /** As PyTorch prints a tensor, as Node prints anything else. */
  readonly text: string;
  readonly type: string;
  readonly tensor: WireTensor | null;
}

/** What can be changed by hand while the program waits. */
export type EditTarget =
  | { readonly of: "pending"; readonly pass: number; readonly node: number; readonly input_nr: number }
  | { readonly of: "saved"; readonly pass: number; readonly node: number; readonly name: string }
  | { readonly of: "grad"; readonly name: string };

export type DebugCommand =
  | { readonly type: "debug.breakpoints"; readonly breakpoints: Breakpoints }
  | { readonly type: "debug.resume"; readonly resume: Resume }
  /** Pause at the next node, loop iteration or call. */
  | { readonly type: "debug.pause" }
  /** Of a pass that has not ended; without one, of the innermost. */
  | { readonly type: "debug.engine"; readonly pass?: number }
  /** Evaluate as of a step of a kept pass; `at` null: with the program's variables only. */
  | {
      readonly type: "debug.evaluate";
      readonly expression: string;
      readonly at: { readonly pass: number; readonly step: number } | null;
    }
  /**
   * Where breakpoints can stand in a file: as it was loaded, else in `text` or, for null, in the unsaved text or
   * file of that path. A runner without a program answers too.
   */
  | { readonly type: "debug.locations"; readonly file: string; readonly text: string | null }
  /** What may stand at a column (1-based) of an expression. */
  | { readonly type: "debug.complete"; readonly text: string; readonly column: number }
  /** Send the record of a kept pass now, on the trace pipe before the reply, where it was not sent yet. */
  | { readonly type: "debug.record"; readonly pass: number }
  /** `expression` must give a tensor of the target's shape and dtype, or numbers that make one. */
  | { readonly type: "debug.edit"; readonly target: EditTarget; readonly expression: string };

export interface DebugResults {
  /** Where each breakpoint stands; a module that is not loaded yet leaves it unverified. */
  "debug.breakpoints": readonly BreakpointPlace[];
  "debug.resume": null;
  "debug.pause": null;
  "debug.engine": EngineState | null;
  "debug.evaluate": Evaluated;
  "debug.locations": readonly BreakLocation[];
  "debug.complete": readonly { readonly label: string; readonly type: string }[];
  "debug.record": null;
  "debug.edit": Evaluated;
}

/** A call at which a breakpoint can stand: `column` is that of the name of what is called. */
export interface BreakLocation {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface BreakpointPlace {
  readonly id: number;
  readonly verified: boolean;
  /** Why not, in words. */
  readonly message: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

export type DebugMessage =
  | { readonly type: "paused"; readonly pause: Pause }
  | { readonly type: "resumed" }
  /** A breakpoint found its place when a module was loaded. */
  | { readonly type: "breakpoint"; readonly place: BreakpointPlace }
  /** A log message of a breakpoint, or a condition that failed (told once, with its place). */
  | {
      readonly type: "log";
      readonly text: string;
      readonly important: boolean;
      readonly file: string | null;
      readonly line: number | null;
    };
