/**
 * @file Messages between a host (extension, saved-trace editor, or the data embedded in an HTML page) and
 * the graph page. Two unions by direction; every request has an answer or an `error` with its `id`.
 */
import type {
  Dropped,
  ExportEdge,
  ExportNode,
  ExportProblem,
  ExportStep,
  GradTerm,
  ProgramError,
  ProgramInfo,
  SourceLocation,
  TensorSummary,
} from "./export.js";

export const VIEW_VERSION = 1;

/** Elements of a tensor that travel with every node; the rest comes with `node` on request. */
export const CARD_DATA = 12;

export type RunState = "idle" | "running" | "paused" | "done" | "failed" | "stopped";

/** One backward pass (or, where a program never calls backward, one graph) in the timeline. */
export interface PassOutline {
  readonly index: number;
  /** Its structure and values are kept; false when the trace budget let them go. */
  readonly kept: boolean;
  readonly source: SourceLocation | null;
  /** "backward", "grad", or "live" for a graph that no backward pass ran through. */
  readonly call: "backward" | "grad" | "live";
  /** The root's value when it is a scalar (the loss). */
  readonly root: number | null;
  readonly rootName: string | null;
  readonly nodes: number;
  readonly steps: number;
  /** Innermost loop iteration in which the backward call stood. */
  readonly iteration: number | null;
  readonly loopLine?: number | null;
  /** Norm of the gradient that each leaf got in this pass, by `leafKeys` of their labels. */
  readonly gradNorms?: Readonly<Record<string, number>>;
  /** The step of another pass inside which it ran: in a hook, or in a custom function's backward. */
  readonly within?: { readonly pass: number; readonly step: number };
}

export interface Outline {
  /** Changes with every run. */
  readonly run: string;
  readonly state: RunState;
  /** The text has been edited since the run. */
  readonly stale: boolean;
  readonly program: ProgramInfo;
  /** Milliseconds. */
  readonly duration: number | null;
  readonly passes: readonly PassOutline[];
  readonly problems: readonly ExportProblem[];
  readonly dropped: Dropped | null;
  /** Where a run stood that was stopped, timed out or still runs, as far as it is known. */
  readonly where?: (SourceLocation & { readonly iteration?: number | null }) | null;
}

/** A node as the graph draws it: its data cut to CARD_DATA elements, `saved` and `derivative` left out. */
export type ViewNode = Omit<ExportNode, "saved" | "derivative"> & {
  /** Its saved tensors are gone. */
  readonly freed?: boolean;
  /** A saved tensor was modified in place after it was saved. */
  readonly clash?: boolean;
};

/** As `GradTerm`; without a value where the node that will bring it has not run yet. */
export type ViewTerm = Omit<GradTerm, "value"> & { readonly value: TensorSummary | null };

/**
 * A step with its tensors cut to CARD_DATA. Of a pass that a debugger has stopped, the steps go on beyond
 * what ran: the next one with what the engine has for it, the later ones as far as they can be foreseen.
 */
export interface ViewStep {
  readonly node: number;
  /** Cut to CARD_DATA elements. */
  readonly grad_in: readonly (TensorSummary | null)[];
  readonly grad_out: readonly (TensorSummary | null)[];
  readonly accumulated: { readonly before: TensorSummary | null; readonly after: TensorSummary } | null;
  readonly terms?: readonly ViewTerm[];
  readonly altered?: boolean;
  /** How long it ran, milliseconds. */
  readonly time?: number;
}

/** The step that now stands at this place of its pass. */
export interface ChangedStep {
  readonly index: number;
  readonly step: ViewStep;
}

export interface PassView {
  readonly run: string;
  readonly index: number;
  readonly nodes: readonly ViewNode[];
  readonly edges: readonly ExportEdge[];
  readonly roots: readonly number[];
  readonly source: SourceLocation | null;
  readonly call: "backward" | "grad" | "live";
  readonly retain_graph: boolean;
  readonly create_graph: boolean;
  readonly steps: readonly ViewStep[];
  /** What ended the pass early. */
  readonly error?: ProgramError | null;
}

/** Everything about one node, for the details pane. */
export interface NodeDetail {
  readonly node: ExportNode;
  /** Texts as PyTorch prints them; null where the tensor is not kept whole. */
  readonly valueText: string | null;
  readonly gradText: string | null;
  /** This node's step in every kept pass over the same graph. */
  readonly steps: readonly { readonly pass: number; readonly index: number; readonly step: ExportStep }[];
}

/** Where a walk through a pass stands; `step` nodes have run, the next to run is `steps[step]`. */
export interface Position {
  readonly pass: number;
  readonly step: number;
  /** A debugger is stopped here (live) rather than the record being walked. */
  readonly live: boolean;
  /** Of a debugger: the program waits here, has gone further already, or runs on from here. */
  readonly at?: "edge" | "past" | "running";
  /** Of a debugger at the edge: what runs inside the next node where the program waits (`mul`, `backward()`). */
  readonly inside?: string;
}

export type ToView =
  /** With the pass that the page will most likely ask for, where it was told of none of this run. */
  | { readonly type: "outline"; readonly outline: Outline; readonly pass?: PassView }
  | { readonly type: "pass"; readonly id: number; readonly pass: PassView }
  | { readonly type: "node"; readonly id: number; readonly detail: NodeDetail }
  | { readonly type: "error"; readonly id: number; readonly message: string }
  /** The cursor stands on these lines: highlight the nodes made there. */
  | { readonly type: "cursor"; readonly file: string; readonly line: number; readonly column: number }
  /** Show and select this node. */
  | { readonly type: "select"; readonly pass: number; readonly node: number }
  | { readonly type: "position"; readonly position: Position | null }
  /** A pass that a debugger steps has gone on: its steps from `from` are these now. */
  | {
      readonly type: "steps";
      readonly pass: number;
      readonly from: number;
      readonly steps: readonly ViewStep[];
    }
  /**
   * Some steps of a pass that a debugger stands in have other values now; which nodes run, and in which order, is
   * as it was. Where the debugger stands is told next.
   */
  | { readonly type: "stepValues"; readonly pass: number; readonly changed: readonly ChangedStep[] }
  /** What a pass holds is different now: one that is shown has to be asked for again. */
  | { readonly type: "passChanged"; readonly pass: number }
  | { readonly type: "settings"; readonly settings: ViewSettings };

/** What the host allows; the page offers nothing that it cannot do. */
export interface ViewSettings {
  /** False on an HTML page or a saved trace without its source at hand. */
  readonly canReveal: boolean;
  readonly canRun: boolean;
  readonly canStep: boolean;
  /** The program that the panel is locked to, to be remembered; null where it follows what is run. */
  readonly locked?: string | null;
}

export type FromView =
  | { readonly type: "ready"; readonly version: number }
  | { readonly type: "getPass"; readonly id: number; readonly index: number }
  | { readonly type: "getNode"; readonly id: number; readonly pass: number; readonly node: number }
  | { readonly type: "reveal"; readonly source: SourceLocation; readonly focus: boolean }
  | { readonly type: "selected"; readonly pass: number; readonly node: number | null }
  | { readonly type: "laidOut"; readonly pass: number; readonly nodes: number }
  | { readonly type: "run" }
  | { readonly type: "stop" }
  | {
      readonly type: "export";
      readonly format: "json" | "html" | "svg" | "png" | "dot" | "graphml" | "mermaid";
      readonly content?: string;
    }
  | {
      readonly type: "debug";
      readonly command: "step" | "stepBack" | "continue" | "reverseContinue" | "pause" | "start";
    }
  | { readonly type: "goTo"; readonly pass: number; readonly step: number };
