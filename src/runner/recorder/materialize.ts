/** @file From a pass's references to what the trace says of it. */
import { _C, type Tensor } from "../../core/index.js";
import type {
  PassRecord,
  StructureNode,
  TraceEvent,
  WireGrad,
  WireSaved,
  WireTensor,
} from "../../protocol/trace.js";
import type { Sources } from "../sources.js";
import type { Hooks } from "./hooks.js";
import { type Entry, type Layout, layOut } from "./layout.js";
import type { OpRecord } from "./ops.js";
import type { Origins } from "./origins.js";
import type { Parameters } from "./parameters.js";
import type { HeldGrad, Pass } from "./pass.js";
import { savedOf } from "./saved.js";
import type { ScopeNode, Scopes } from "./scopes.js";
import { StepWriter } from "./steps.js";
import type { Structures } from "./structures.js";
import { Wires } from "./wires.js";

export interface MaterializeHost {
  readonly sources: Sources;
  readonly origins: Origins;
  readonly parameters: Parameters;
  readonly scopes: Scopes;
  readonly hooks: Hooks;
  readonly structures: Structures;
  readonly emit: (event: TraceEvent) => void;
}

const NO_SAVED: readonly WireSaved[] = [];

export class Materializer {
  private readonly host: MaterializeHost;
  private readonly derivatives = new Map<string, StructureNode["derivative"]>();

  constructor(host: MaterializeHost) {
    this.host = host;
  }

  /** Sends the pass's record, and its structure where that is new. Its nodes keep their numbers. */
  send(pass: Pass): void {
    const { structures, emit } = this.host;
    const layout = pass.layout ?? layOut(pass, this.host.origins);
    const nodes = layout.entries.map((entry) => this.structureNode(entry));
    const structure = structures.id({ nodes, edges: layout.edges }, emit);
    emit({ type: "pass", pass: this.record(pass, layout, structure) });
    pass.layout = layout;
  }

  /** Sends what has run of a pass in progress since its record was sent. */
  sendSteps(pass: Pass): void {
    const from = pass.writer!.written;
    const steps = pass.writer!.write();
    if (steps.length > 0) this.host.emit({ type: "steps", pass: pass.index, from, steps });
  }

  private structureNode(entry: Entry): StructureNode {
    const leaf = entry.kind !== "function";
    const tensor =
      entry.kind === "constant" ? entry.tensor : entry.kind === "accumulate" ? entry.variable : null;
    const origin = tensor === null ? undefined : this.host.origins.get(tensor);
    const { shape, dtype } =
      tensor === null ? (entry as { node: _C.Node }).node : { shape: tensor._shape, dtype: tensor.dtype };
    const name = entry.kind === "constant" ? null : entry.node.name();
    return {
      kind: entry.kind,
      name,
      label:
        this.label(entry.kind === "function" ? entry.op?.label : origin?.label) ??
        (tensor && this.host.parameters.nameOf(tensor)),
      is_leaf: leaf,
      requires_grad: entry.kind !== "constant",
      shape: [...shape],
      dtype: dtype.name,
      site: entry.kind === "function" ? entry.node.site : (origin?.site ?? -1),
      custom: entry.kind === "function" && "owner" in entry.node.kind,
      derivative: name === null ? [] : this.derivative(name),
    };
  }

  private label(site: number | undefined): string | null {
    return site === undefined || site < 0 ? null : (this.host.sources.site(site)?.site.name ?? null);
  }

  private derivative(name: string): StructureNode["derivative"] {
    let derivative = this.derivatives.get(name);
    if (derivative === undefined) {
      const inputs = _C.describeDerivative(name)?.inputs ?? {};
      derivative = Object.entries(inputs).map(([input, formula]) => ({ input, formula }));
      this.derivatives.set(name, derivative);
    }
    return derivative;
  }

  private record(pass: Pass, { entries, indexOf }: Layout, structure: number): PassRecord {
    const { origins, scopes } = this.host;
    const wires = new Wires();
    const writer = new StepWriter(pass, (node) => indexOf.get(node)!, this.host.hooks);
    pass.writer = writer;
    const scopeOf = (entry: Entry): ScopeNode | null => {
      if (entry.kind === "function") return entry.op?.scope ?? null;
      return origins.get(entry.kind === "constant" ? entry.tensor : entry.variable)?.scope ?? null;
    };
    return {
      index: pass.index,
      structure,
      call: pass.call,
      roots: pass.rootNodes.map((node) => indexOf.get(node)!),
      site: pass.site,
      retain_graph: pass.retainGraph,
      create_graph: pass.createGraph,
      values: entries.map((entry) => this.value(pass, entry, wires)),
      grads: entries.map((entry) => grad(entry.kind === "constant" ? undefined : pass.grads.get(entry.node))),
      retains: entries.map((entry) => entry.kind === "function" && retains(entry.node)),
      why: entries.map((entry) => this.why(pass, entry)),
      scopes: entries.map((entry) => scopes.wire(scopeOf(entry))),
      saved: entries.map((entry) =>
        entry.kind === "function" ? savedBy(entry.node, pass.saved[entry.at] ?? null, wires) : NO_SAVED,
      ),
      steps: writer.write(wires),
      error: pass.error,
      ...(pass.within && { within: pass.within }),
    };
  }

  private value(pass: Pass, entry: Entry, wires: Wires): WireTensor | null {
    if (entry.kind === "function") return entry.op === undefined ? null : outputOf(entry.op, wires);
    const held = entry.kind === "constant" ? pass.constants.get(entry.tensor) : pass.values.get(entry.node);
    return held?.wire() ?? null;
  }

  private why(pass: Pass, entry: Entry): PassRecord["why"][number] {
    const { origins } = this.host;
    if (entry.kind === "constant") return origins.why(entry.tensor);
    if (pass.grads.has(entry.node)) return null;
    if (entry.kind === "function") return retains(entry.node) ? "not_reached" : "non_leaf";
    return pass.call === "backward" ? "not_reached" : "no_backward_yet";
  }
}

function outputOf(op: OpRecord, wires: Wires): WireTensor | null {
  return op.copy ?? (op.output === null ? null : wires.of(op.output));
}

function grad(held: HeldGrad | undefined): WireGrad | null {
  return held === undefined ? null : { tensor: held.held.wire(), updates: held.updates };
}

export function retains(node: _C.Node): boolean {
  return node.hooks?.retains.has(0) ?? false;
}

/** What the node had saved when the pass began, though it may be freed since. */
function savedBy(node: _C.Node, raw: unknown[] | null, wires: Wires): readonly WireSaved[] {
  const freed = node.released;
  return savedOf(node, raw).map(({ name, value, version }) => {
    const tensor = isTensor(value) ? value : null;
    return {
      name,
      value: tensor === null ? plain(value) : wires.of(tensor),
      savedVersion: version >= 0 ? version : null,
      version: tensor === null ? null : tensor._storage.version,
      freed: freed && tensor !== null,
    };
  });
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "_storage" in value;
}

/** The text of a saved number, flag, list or geometry. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([name, each]) => `${name}: ${plain(each)}`)
      .join(", ")}}`;
  }
  return value === null || value === undefined ? "None" : String(value);
}
