/**
 * @file The JSON export `gradwalk-trace`, version 1: what `gradwalk run --json` writes, what a saved
 * `*.gradwalk.json` holds, and the vocabulary that the panel, the readouts and the adapter share.
 * Lines and columns are 1-based and speak of the user's source. Fields may be added, never renamed.
 */
import type { Words } from "./words.js";

export const TRACE_FORMAT = "gradwalk-trace";
export const TRACE_VERSION = 1;

/** A number, or the name of one that JSON cannot hold. */
export type JsonNumber = number | "NaN" | "Infinity" | "-Infinity";

/** dtype names as PyTorch spells them, without the `torch.` prefix. */
export type DType = "float32" | "float64" | "int64" | "int32" | "uint8" | "bool";

/** At most this many elements of a tensor are written out, row-major. */
export const MAX_DATA = 1000;

/** What is known of a tensor's elements; the statistics are over all of them, also when `data` is cut. */
export interface ValueSummary {
  readonly data: readonly JsonNumber[];
  /** There were more elements than `data` holds. */
  readonly truncated: boolean;
  /** null when the tensor has no finite element. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Euclidean norm over all elements, null when it is not finite. */
  readonly norm: number | null;
  readonly nan: number;
  readonly inf: number;
}

/** A summary together with its tensor's geometry, for tensors that are no node's own value. */
export interface TensorSummary extends ValueSummary {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export interface GradSummary extends ValueSummary {
  /** How many times `.grad` was accumulated into since it was last cleared. */
  readonly updates: number;
}

export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** One level of the dynamic scope in which an operation ran. */
export interface LoopScope {
  readonly kind: "loop";
  readonly name: string;
  readonly line: number;
  /** 0-based. */
  readonly iteration: number;
  readonly file?: string;
}
export interface FunctionScope {
  readonly kind: "function";
  readonly name: string;
  readonly line: number;
  /** 0-based count of the calls of this function. */
  readonly call: number;
  readonly file?: string;
  /** The call of the user's that entered it; absent where none is known. */
  readonly from?: SourceLocation;
}
export interface ModuleScope {
  readonly kind: "module";
  /** The module's dotted name (`layers.0.linear`), or its class where it is the outermost one that runs. */
  readonly name: string;
  /** Of the call that runs it. */
  readonly line: number;
  /** 0-based count of the calls of this module. */
  readonly call: number;
  readonly file?: string;
  /** The call that runs it. */
  readonly from?: SourceLocation;
}
export type Scope = LoopScope | FunctionScope | ModuleScope;

export type NodeKind = "function" | "accumulate" | "constant";

/** One saved tensor (or saved scalar) of a `grad_fn`. */
export interface SavedValue {
  readonly name: string;
  /** A tensor's summary, or the text of a saved number, list or flag. */
  readonly value: TensorSummary | string;
  /** Version of the tensor when it was saved and now; null for what is no tensor. */
  readonly savedVersion: number | null;
  readonly version: number | null;
  /** Gone because a backward pass freed it. */
  readonly freed: boolean;
}

export interface ExportNode {
  readonly id: number;
  readonly kind: NodeKind;
  /** As PyTorch names it; null for a constant. */
  readonly name: string | null;
  /** The variable the result was first bound to. */
  readonly label: string | null;
  readonly is_leaf: boolean;
  readonly requires_grad: boolean;
  readonly retains_grad: boolean;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly value: ValueSummary | null;
  readonly grad: GradSummary | null;
  readonly source: SourceLocation | null;
  /** Outermost first. */
  readonly scope: readonly Scope[];
  /** Source text of the call that made it (`w.mul(x)`), shortened. */
  readonly text?: string | null;
  /** The derivative's formula, one line for each named input. */
  readonly derivative?: readonly { readonly input: string; readonly formula: string }[];
  readonly saved?: readonly SavedValue[];
  /** A user's `torch.autograd.Function`. */
  readonly custom?: boolean;
  /** Why `.grad` is null. */
  readonly why_no_grad?: WhyNoGrad | null;
}

/** As `next_functions`: from a function to the function of its input; data flows the other way. */
export interface ExportEdge {
  readonly from: number;
  readonly to: number;
  /** Which output of `to` this is. */
  readonly input_nr: number;
}

export interface ExportGraph {
  readonly nodes: readonly ExportNode[];
  readonly edges: readonly ExportEdge[];
}

/** One term of an accumulated gradient: which consumer brought it. */
export interface GradTerm {
  /** Node that sent it; null for the pass's seed gradient. */
  readonly from: number | null;
  /** Which incoming gradient of the receiver (its output number). */
  readonly input_nr: number;
  readonly value: TensorSummary;
}

/** One node run by the engine. */
/** One hook that runs around a node. */
export interface HookInfo {
  /** As PyTorch registers it: on a tensor, on the node before or after it runs, after accumulation into a leaf. */
  readonly kind: "tensor" | "pre" | "post" | "post_accumulate";
  /** The output whose gradient a tensor hook gets; else 0. */
  readonly output: number;
  /** Name of the user's function; null where it has none. */
  readonly name: string | null;
  /** The function, where its name tells it; else the call that registered it. */
  readonly source: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/** What a hook was given, and what stood there after it; `after` is null where it threw. */
export interface ExportHook extends HookInfo {
  readonly before: readonly (TensorSummary | null)[];
  readonly after: readonly (TensorSummary | null)[] | null;
}

export interface ExportStep {
  readonly node: number;
  readonly grad_in: readonly (TensorSummary | null)[];
  readonly grad_out: readonly (TensorSummary | null)[];
  readonly accumulated: { readonly before: TensorSummary | null; readonly after: TensorSummary } | null;
  /** The terms that made up `grad_in`, in the order of arrival. */
  readonly terms?: readonly GradTerm[];
  /** Somebody changed a gradient by hand at or before this step. */
  readonly altered?: boolean;
  /** Hooks that ran around the node, in order; absent: none. */
  readonly hooks?: readonly ExportHook[];
}

export interface ExportBackward {
  readonly graph: number;
  readonly roots: readonly number[];
  readonly source: SourceLocation | null;
  readonly retain_graph: boolean;
  readonly create_graph: boolean;
  readonly steps: readonly ExportStep[];
  /** `backward` for Tensor.backward and autograd.backward, `grad` for autograd.grad. */
  readonly call?: "backward" | "grad";
  readonly error?: ProgramError | null;
  /** The graph and step of the backward pass inside which it ran; absent: inside of none. */
  readonly within?: { readonly graph: number; readonly step: number };
}

export type WhyNoGrad =
  | "no_requires_grad"
  | "non_leaf"
  | "no_backward_yet"
  | "not_reached"
  | "detached"
  | "no_grad_mode"
  | "integer";

/** The last tensor that a variable declaration or assignment held. */
export interface ExportBinding {
  readonly name: string;
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  readonly times: number;
  /** Node in `graphs[graph]`; both null where the tensor takes part in no recorded graph. */
  readonly node: number | null;
  readonly graph: number | null;
  readonly is_leaf: boolean;
  readonly requires_grad: boolean;
  readonly retains_grad?: boolean;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly value: ValueSummary;
  readonly grad: GradSummary | null;
  readonly why_no_grad: WhyNoGrad | null;
  /** `grad_fn` name, null for a leaf. */
  readonly grad_fn?: string | null;
}

export type Severity = "error" | "warning" | "information" | "hint";

export interface ExportProblem {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** The message, to be told in another language; not in files. */
  readonly words?: Words;
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly related: readonly {
    readonly file?: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
    /** Not in files. */
    readonly words?: Words;
  }[];
  /** Ways to mend it, the one to try first in front. */
  readonly fixes?: readonly Fix[];
}

/** A change of the program's text that does away with a problem. */
export interface Fix {
  readonly title: string;
  /** Not in files. */
  readonly words?: Words;
  readonly edits: readonly TextEdit[];
}

/** Puts `text` in the place of a range of the text as it ran; the range is empty where it only inserts. */
export interface TextEdit {
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

export interface ProgramError {
  readonly name: string;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly file?: string | null;
  /** The stack with the user's own lines. */
  readonly stack?: string;
}

export interface ProgramInfo {
  readonly file: string;
  readonly exit: number | null;
  readonly error: ProgramError | null;
}

/** What the trace budget made the recorder let go. */
export interface Dropped {
  /** Backward passes of which only a summary is kept. */
  readonly passes: number;
  readonly bytes: number;
}

export interface TraceDocument {
  readonly format: typeof TRACE_FORMAT;
  readonly version: typeof TRACE_VERSION;
  readonly program: ProgramInfo;
  readonly graphs: readonly ExportGraph[];
  readonly backwards: readonly ExportBackward[];
  readonly bindings: readonly ExportBinding[];
  readonly problems: readonly ExportProblem[];
  readonly dropped?: Dropped;
  /** The text of the program as it ran, so that a saved trace can show it. */
  readonly text?: string;
}
