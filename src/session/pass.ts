/** @file One kept pass: its record laid over the structure that it shares with others. */
import { type ExportNode, type ExportStep, MAX_DATA, type SourceLocation } from "../protocol/export.js";
import type { PassRecord, WireStep } from "../protocol/trace.js";
import { CARD_DATA, type NodeDetail, type PassView, type ViewNode, type ViewStep } from "../protocol/view.js";
import { exportStep, gradSummary, savedValue, valueSummary } from "../protocol/wire.js";
import type { Sources } from "./sources.js";
import type { Structure } from "./structure.js";
import { tensorText } from "./text.js";

function viewStep(step: WireStep): ViewStep {
  const { time } = step;
  return { ...exportStep(step, CARD_DATA), ...(time !== undefined && { time }) };
}

export class Pass {
  readonly record: PassRecord;
  readonly structure: Structure;
  readonly #sources: Sources;
  readonly #steps: WireStep[];

  constructor(record: PassRecord, structure: Structure, sources: Sources) {
    this.#steps = [...record.steps];
    this.record = { ...record, steps: this.#steps };
    this.structure = structure;
    this.#sources = sources;
  }

  get index(): number {
    return this.record.index;
  }

  get size(): { readonly nodes: number; readonly steps: number } {
    return { nodes: this.structure.nodes.length, steps: this.#steps.length };
  }

  /** The pass goes on: these steps have run since. */
  add(steps: readonly WireStep[]): void {
    for (const step of steps) this.#steps.push(step);
  }

  get source(): SourceLocation | null {
    return this.#sources.location(this.record.site);
  }

  /** The call that made a node; null where none of the user's did. */
  location(id: number): SourceLocation | null {
    return this.#sources.location(this.structure.nodes[id]!.site);
  }

  view(run: string): PassView {
    const { index, roots, call, retain_graph, create_graph, steps, error } = this.record;
    return {
      run,
      index,
      nodes: this.structure.nodes.map((_, id) => this.#viewNode(id)),
      edges: this.structure.edges,
      roots,
      source: this.source,
      call,
      retain_graph,
      create_graph,
      steps: steps.map(viewStep),
      error,
    };
  }

  #viewNode(id: number): ViewNode {
    const saved = this.record.saved[id]!;
    return {
      ...this.#node(id, CARD_DATA),
      ...(saved.some((entry) => entry.freed) && { freed: true }),
      ...(saved.some((entry) => !entry.freed && entry.savedVersion !== entry.version) && { clash: true }),
    };
  }

  #node(id: number, limit: number): ExportNode {
    const node = this.structure.nodes[id]!;
    const { values, grads, retains, why, scopes } = this.record;
    const value = values[id]!;
    const grad = grads[id]!;
    return {
      id,
      kind: node.kind,
      name: node.name,
      label: node.label,
      is_leaf: node.is_leaf,
      requires_grad: node.requires_grad,
      retains_grad: retains[id]!,
      shape: node.shape,
      dtype: node.dtype,
      value: value && valueSummary(value, limit),
      grad: grad && gradSummary(grad, limit),
      source: this.#sources.location(node.site),
      scope: scopes[id]!,
      text: this.#sources.site(node.site)?.text ?? null,
      ...(node.custom && { custom: true }),
      why_no_grad: why[id]!,
    };
  }

  exportNode(id: number): ExportNode {
    const { derivative } = this.structure.nodes[id]!;
    const saved = this.record.saved[id]!;
    return {
      ...this.#node(id, MAX_DATA),
      ...(derivative.length > 0 && { derivative }),
      ...(saved.length > 0 && { saved: saved.map((entry) => savedValue(entry, MAX_DATA)) }),
    };
  }

  texts(id: number): Pick<NodeDetail, "valueText" | "gradText"> {
    const { kind, name, requires_grad } = this.structure.nodes[id]!;
    const value = this.record.values[id]!;
    const grad = this.record.grads[id]!;
    const suffix = kind === "function" ? `grad_fn=<${name}>` : requires_grad ? "requires_grad=True" : null;
    return {
      valueText: value && tensorText(value, suffix),
      gradText: grad && tensorText(grad.tensor),
    };
  }

  /**
   * Index of the step that ran this node, -1 where none did.
   * @param guess where to look first: passes over one structure run their nodes in one order
   */
  stepOf(id: number, guess = -1): number {
    const { steps } = this.record;
    return steps[guess]?.node === id ? guess : steps.findIndex((step) => step.node === id);
  }

  step(index: number, limit: number): ExportStep {
    return exportStep(this.record.steps[index]!, limit);
  }
}
