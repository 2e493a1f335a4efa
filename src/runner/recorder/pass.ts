/** @file One backward pass as it is recorded: references only; what they say is read when somebody looks. */
import type { _C, Tensor } from "../../core/index.js";
import type { ProgramError } from "../../protocol/export.js";
import type { HookRecord } from "./hooks.js";
import type { Layout } from "./layout.js";
import type { Held } from "./memory.js";
import type { OpRecord } from "./ops.js";
import type { ScopeNode } from "./scopes.js";
import type { StepWriter } from "./steps.js";

export interface StepRecord {
  readonly node: _C.Node;
  readonly gradIn: readonly (Tensor | null)[];
  readonly gradOut: readonly (Tensor | null)[];
  readonly accumulated: Accumulated | null;
  /** Something was changed by hand before it ran. */
  readonly altered: boolean;
  /** How long it ran, with its hooks, milliseconds. */
  readonly time: number;
  /** Hooks that ran around it; null: none. */
  readonly hooks: readonly HookRecord[] | null;
}

/** A pending gradient that was set by hand, before step `step`. */
export interface Edit {
  readonly step: number;
  readonly node: _C.Node;
  readonly inputNr: number;
  readonly value: Tensor;
}

export interface Accumulated {
  readonly before: Tensor | null;
  readonly after: Held;
}

export interface HeldGrad {
  readonly held: Held;
  readonly updates: number;
}

export type Call = "backward" | "grad" | "live";

export interface PassOptions {
  readonly index: number;
  readonly call: Call;
  readonly site: number;
  readonly scope: ScopeNode | null;
  readonly roots: readonly _C.Root[];
  readonly rootNodes: readonly _C.Node[];
  readonly nodes: readonly _C.Node[];
  readonly retainGraph: boolean;
  readonly createGraph: boolean;
  /** The step of another pass inside which this one runs; null: none. */
  readonly within: { readonly pass: number; readonly step: number } | null;
}

/** What a step takes in the trace, beside its tensors' elements. */
const STEP_BYTES = 400;
/** What a node takes in the trace. */
const NODE_BYTES = 400;

export class Pass implements PassOptions {
  readonly index: number;
  readonly call: Call;
  readonly site: number;
  readonly scope: ScopeNode | null;
  readonly roots: readonly _C.Root[];
  readonly rootNodes: readonly _C.Node[];
  readonly nodes: readonly _C.Node[];
  readonly retainGraph: boolean;
  readonly createGraph: boolean;
  readonly within: PassOptions["within"];
  /** The operation of each node, where it is known. */
  readonly ops: (OpRecord | undefined)[] = [];
  /** The pass that each node's operation took part in before, or -1. */
  readonly before: number[] = [];
  /** What each node had saved when the pass began. */
  readonly saved: (unknown[] | null)[] = [];
  readonly steps: StepRecord[] = [];
  /** Leaves' values, by their sinks. */
  readonly values = new Map<_C.Node, Held>();
  readonly grads = new Map<_C.Node, HeldGrad>();
  /** Leaves that take part without requiring grad. */
  readonly constants = new Map<Tensor, Held>();
  /** What a sink did, until its step is told. */
  accumulated: Accumulated | null = null;
  error: ProgramError | null = null;
  /** Its nodes as they were sent. */
  layout: Layout | null = null;
  /** Its steps as they were sent. */
  writer: StepWriter | null = null;
  readonly edits: Edit[] = [];
  /** When the step that runs began; a step may run other passes. */
  began = 0;
  /** Its record was sent after it had ended. */
  sent = false;
  bytes = 0;
  private places: Map<_C.Node, number> | null = null;

  constructor(options: PassOptions) {
    this.index = options.index;
    this.call = options.call;
    this.site = options.site;
    this.scope = options.scope;
    this.roots = options.roots;
    this.rootNodes = options.rootNodes;
    this.nodes = options.nodes;
    this.retainGraph = options.retainGraph;
    this.createGraph = options.createGraph;
    this.within = options.within;
    this.bytes = this.nodes.length * NODE_BYTES;
  }

  /** Where a node stands among its nodes, or -1; found at once, because it is asked at every step of a walk. */
  placeOf(node: _C.Node): number {
    this.places ??= new Map(this.nodes.map((each, i) => [each, i]));
    return this.places.get(node) ?? -1;
  }

  /** What the node had saved when the pass began. */
  savedBy(node: _C.Node): unknown[] | null {
    return this.saved[this.placeOf(node)] ?? null;
  }

  addStep(step: StepRecord): void {
    this.steps.push(step);
    this.bytes += STEP_BYTES;
    for (const grad of step.gradOut) {
      if (grad !== null && grad !== undefined) this.bytes += grad._numel * grad.dtype.itemsize;
    }
  }
}
