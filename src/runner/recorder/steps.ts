/** @file A pass's steps as the trace tells them: all at once, or as they run. */
import type { _C, Tensor } from "../../core/index.js";
import type { WireStep, WireTerm } from "../../protocol/trace.js";
import type { Hooks } from "./hooks.js";
import type { Pass, StepRecord } from "./pass.js";
import { Wires } from "./wires.js";

type Place = (node: _C.Node) => number;

export class StepWriter {
  /** What has come in for nodes that have not run yet, in the order of arrival. */
  readonly arrived = new Map<_C.Node, WireTerm[]>();
  private readonly pass: Pass;
  private readonly placeOf: Place;
  private readonly hooks: Hooks;
  private next = 0;
  private edits = 0;

  /** `placeOf` gives a node's number in the trace. */
  constructor(pass: Pass, placeOf: Place, hooks: Hooks) {
    this.hooks = hooks;
    this.pass = pass;
    this.placeOf = placeOf;
    const wires = new Wires();
    for (const { node, outputNr, grad } of pass.roots) {
      this.arrive(node, { from: null, input_nr: outputNr, value: wires.of(grad) });
    }
  }

  /** Number of the steps that were written. */
  get written(): number {
    return this.next;
  }

  /** The steps that have run since the last time. */
  write(wires = new Wires()): WireStep[] {
    const steps: WireStep[] = [];
    for (; this.next < this.pass.steps.length; this.next++) {
      this.takeEdits(wires);
      steps.push(this.step(this.pass.steps[this.next]!, wires));
    }
    this.takeEdits(wires);
    return steps;
  }

  private step(record: StepRecord, wires: Wires): WireStep {
    const { node, gradIn, gradOut, accumulated, altered, hooks, time } = record;
    const from = this.placeOf(node);
    const terms = this.arrived.get(node) ?? [];
    this.arrived.delete(node);
    node.edges.forEach((next, i) => {
      const sent = gradOut[i];
      if (next === null || sent === null || sent === undefined) return;
      this.arrive(next, { from, input_nr: node.edgeNumbers?.[i] ?? 0, value: wires.of(sent) });
    });
    const wire = (tensor: Tensor | null | undefined) => (tensor ? wires.of(tensor) : null);
    return {
      node: from,
      grad_in: gradIn.map(wire),
      grad_out: gradOut.map(wire),
      accumulated: accumulated && { before: wire(accumulated.before), after: accumulated.after.wire() },
      terms,
      altered,
      time,
      ...(hooks && { hooks: this.hooks.wire(hooks) }),
    };
  }

  private arrive(node: _C.Node, term: WireTerm): void {
    const list = this.arrived.get(node);
    if (list === undefined) this.arrived.set(node, [term]);
    else list.push(term);
  }

  /** A gradient that was set by hand stands for all that had come in. */
  private takeEdits(wires: Wires): void {
    for (
      let edit = this.pass.edits[this.edits];
      edit?.step === this.next;
      edit = this.pass.edits[this.edits]
    ) {
      this.edits++;
      const { node, inputNr, value } = edit;
      const others = (this.arrived.get(node) ?? []).filter((term) => term.input_nr !== inputNr);
      this.arrived.set(node, [...others, { from: null, input_nr: inputNr, value: wires.of(value) }]);
    }
  }
}
