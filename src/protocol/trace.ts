/**
 * @file What a runner tells the session: batches of events over a pipe, structured-cloned (v8.serialize),
 * so typed arrays, NaN and infinities travel as they are. A trace stays small when the same graph is built
 * many times: structure is sent once, values by pass.
 */
import type {
  Dropped,
  DType,
  ExportProblem,
  ExportStep,
  GradSummary,
  NodeKind,
  ProgramError,
  SavedValue,
  Scope,
  ValueSummary,
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
  readonly values: readonly (ValueSummary | null)[];
  readonly grads: readonly (GradSummary | null)[];
  readonly retains: readonly boolean[];
  readonly why: readonly (WhyNoGrad | null)[];
  readonly scopes: readonly (readonly Scope[])[];
  readonly saved: readonly (readonly SavedValue[])[];
  readonly steps: readonly ExportStep[];
  readonly error: ProgramError | null;
}

/** What is kept of a pass whose values were let go. */
export interface PassSummary {
  readonly index: number;
  readonly call: "backward" | "grad" | "live";
  readonly site: number;
  readonly root: number | null;
  readonly rootName: string | null;
  readonly nodes: number;
  readonly steps: number;
  readonly iteration: number | null;
  readonly loopLine: number | null;
  readonly gradNorms: Readonly<Record<string, number>>;
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
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly value: ValueSummary;
  readonly grad: GradSummary | null;
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
  | { readonly type: "summary"; readonly summary: PassSummary }
  | { readonly type: "pass"; readonly pass: PassRecord }
  /** Replaces the records of the same sites. */
  | { readonly type: "bindings"; readonly bindings: readonly BindingRecord[] }
  | { readonly type: "problem"; readonly problem: ExportProblem }
  | { readonly type: "dropped"; readonly dropped: Dropped }
  | {
      readonly type: "end";
      readonly exit: number;
      readonly error: ProgramError | null;
      readonly duration: number;
    };
