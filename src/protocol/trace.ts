/**
 * @file What a runner tells the session: batches of events over a pipe, structured-cloned (v8.serialize),
 * so typed arrays, NaN and infinities travel as they are. A trace stays small when the same graph is built
 * many times: structure is sent once, values by pass. Tensors travel as `WireTensor`; the functions of
 * `protocol/wire.ts` turn them into the summaries of the export when somebody looks.
 */
import type { GradientCheck } from "./checks.js";
import type {
  Dropped,
  DType,
  ExportProblem,
  HookInfo,
  NodeKind,
  ProgramError,
  Scope,
  WhyNoGrad,
} from "./export.js";

export const PROTOCOL_VERSION = 1;

export interface TraceBatch {
  readonly version: number;
  readonly events: readonly TraceEvent[];
}

/** A place in the user's source that instrumentation knows. Ids are global across the run's modules. */
export interface SiteRecord {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
  readonly name: string | null;
}

/**
 * A tensor's first MAX_DATA elements, row-major, and statistics over all of them. Integers and booleans
 * come as float64 too. The same object stands in several places of a batch where the same tensor does
 * (structured cloning keeps that identity), so it may serve as the key of a cache.
 */
export interface WireTensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: Float32Array | Float64Array;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly norm: number | null;
  readonly nan: number;
  readonly inf: number;
}

export interface WireGrad {
  readonly tensor: WireTensor;
  /** How many times `.grad` was accumulated into since it was last cleared. */
  readonly updates: number;
}

export interface WireSaved {
  readonly name: string;
  /** A tensor, or the text of a saved number, list or flag; null where it was freed unseen. */
  readonly value: WireTensor | string | null;
  readonly savedVersion: number | null;
  readonly version: number | null;
  readonly freed: boolean;
}

export interface WireTerm {
  /** Node that sent it; null for the pass's seed gradient. */
  readonly from: number | null;
  readonly input_nr: number;
  readonly value: WireTensor;
}

/** What a hook was given, and what stood there after it; `after` is null where it threw. */
export interface WireHook extends HookInfo {
  readonly before: readonly (WireTensor | null)[];
  readonly after: readonly (WireTensor | null)[] | null;
}

export interface WireStep {
  readonly node: number;
  readonly grad_in: readonly (WireTensor | null)[];
  readonly grad_out: readonly (WireTensor | null)[];
  readonly accumulated: { readonly before: WireTensor | null; readonly after: WireTensor } | null;
  /** The terms that made up `grad_in`, in the order of arrival. */
  readonly terms: readonly WireTerm[];
  readonly altered: boolean;
  /** How long it ran, with its hooks, milliseconds; not of a saved trace, which is the same for every run. */
  readonly time?: number;
  /** Hooks that ran around the node, in order; absent: none. */
  readonly hooks?: readonly WireHook[];
}

/** The part of a node that is the same in every pass over the same structure. */
export interface StructureNode {
  readonly kind: NodeKind;
  readonly name: string | null;
  readonly label: string | null;
  readonly is_leaf: boolean;
  readonly requires_grad: boolean;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Site id, or -1. */
  readonly site: number;
  readonly custom: boolean;
  readonly derivative: readonly { readonly input: string; readonly formula: string }[];
}

/** Everything that one pass adds to its structure; arrays are by node of the structure. */
export interface PassRecord {
  readonly index: number;
  readonly structure: number;
  readonly call: "backward" | "grad" | "live";
  readonly roots: readonly number[];
  readonly site: number;
  readonly retain_graph: boolean;
  readonly create_graph: boolean;
  readonly values: readonly (WireTensor | null)[];
  readonly grads: readonly (WireGrad | null)[];
  readonly retains: readonly boolean[];
  readonly why: readonly (WhyNoGrad | null)[];
  readonly scopes: readonly (readonly Scope[])[];
  readonly saved: readonly (readonly WireSaved[])[];
  readonly steps: readonly WireStep[];
  readonly error: ProgramError | null;
  /** The step of another pass inside which it ran: in a hook, or in a custom function's backward. */
  readonly within?: { readonly pass: number; readonly step: number };
}

/** What is told of every pass, and all that is kept of one whose values were let go. */
export interface PassSummary {
  readonly index: number;
  readonly call: "backward" | "grad" | "live";
  readonly site: number;
  /** The root's value where it is a scalar (the loss). */
  readonly root: number | null;
  readonly rootName: string | null;
  readonly nodes: number;
  readonly steps: number;
  /** Innermost loop iteration in which the backward call stood. */
  readonly iteration: number | null;
  readonly loopLine: number | null;
  /** Norm of the gradient that each labelled leaf got in this pass, by `leafKeys` of their labels. */
  readonly gradNorms: Readonly<Record<string, number>>;
  /** The step of another pass inside which it ran: in a hook, or in a custom function's backward. */
  readonly within?: { readonly pass: number; readonly step: number };
}

export interface BindingRecord {
  readonly site: number;
  readonly times: number;
  /** Pass and node whose value this is, or -1. */
  readonly pass: number;
  readonly node: number;
  readonly is_leaf: boolean;
  readonly requires_grad: boolean;
  readonly retains_grad: boolean;
  readonly value: WireTensor;
  readonly grad: WireGrad | null;
  readonly why_no_grad: WhyNoGrad | null;
  readonly grad_fn: string | null;
}

export type TraceEvent =
  | { readonly type: "program"; readonly file: string; readonly time: number }
  /** A module was instrumented: its sites have the ids first, first + 1, … */
  | {
      readonly type: "module";
      readonly file: string;
      readonly text: string;
      readonly first: number;
      readonly sites: readonly SiteRecord[];
    }
  | {
      readonly type: "structure";
      readonly id: number;
      readonly nodes: readonly StructureNode[];
      /** from, to, input_nr, three numbers an edge. */
      readonly edges: readonly number[];
    }
  /** Comes for every pass, in order, before its `pass` event where there is one. */
  | { readonly type: "summary"; readonly summary: PassSummary }
  /** May come later than summaries of younger passes; replaces an earlier record of the same index. */
  | { readonly type: "pass"; readonly pass: PassRecord }
  /** Steps that ran since the record of a pass in progress was sent; the first of them has the index `from`. */
  | {
      readonly type: "steps";
      readonly pass: number;
      readonly from: number;
      readonly steps: readonly WireStep[];
    }
  /** Replaces the records of the same sites. */
  | { readonly type: "bindings"; readonly bindings: readonly BindingRecord[] }
  | { readonly type: "problem"; readonly problem: ExportProblem }
  /** Comes only of runs that check gradients: one for each leaf of each pass that is checked. */
  | { readonly type: "check"; readonly check: GradientCheck }
  /** What the trace budget let go so far: of passes before `keptFrom` only summaries remain. */
  | { readonly type: "dropped"; readonly dropped: Dropped; readonly keptFrom: number }
  | {
      readonly type: "end";
      readonly exit: number;
      readonly error: ProgramError | null;
      /** Milliseconds from the program's first statement. */
      readonly duration: number;
    };
