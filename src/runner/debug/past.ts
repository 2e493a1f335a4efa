/** @file Values as of a step that ran already, from the record. */
import {
  type _C,
  bool,
  float32,
  float64,
  int32,
  int64,
  type Tensor,
  tensor,
  uint8,
} from "../../core/index.js";
import type { WireTensor } from "../../protocol/trace.js";
import type { Insight } from "../recorder/insight.js";
import type { Entry } from "../recorder/layout.js";
import { layOut } from "../recorder/layout.js";
import type { Held } from "../recorder/memory.js";
import type { Pass } from "../recorder/pass.js";
import { savedOf } from "../recorder/saved.js";
import type { Sources } from "../sources.js";
import { ExpressionError } from "./expression.js";
import type { StepValues } from "./names.js";

const DTYPES = { float32, float64, int64, int32, uint8, bool };

/** A tensor of the elements that were recorded; null where those are not all. */
function rebuilt(wire: WireTensor): Tensor | null {
  const numel = wire.shape.reduce((product, size) => product * size, 1);
  if (wire.data.length < numel) return null;
  return tensor(Array.from(wire.data), { dtype: DTYPES[wire.dtype] }).reshape([...wire.shape]);
}

function gone(what: string): ExpressionError {
  return new ExpressionError(
    `The value of ${what} at this step is no longer held: it was large, and has changed since.`,
  );
}

function heldValue(held: Held, what: string): Tensor {
  const value = held.whole ?? rebuilt(held.wire());
  if (value === null) throw gone(what);
  return value;
}

export class PastPass {
  private readonly pass: Pass;
  private readonly insight: Insight;
  private readonly sources: Sources;

  constructor(pass: Pass, insight: Insight, sources: Sources) {
    this.pass = pass;
    this.insight = insight;
    this.sources = sources;
    pass.layout ??= layOut(pass, insight.origins);
  }

  /** What the step's node got, made and kept; null past the last step. */
  step(index: number): StepValues | null {
    const step = this.pass.steps[index];
    if (step === undefined) return null;
    const { node } = step;
    return {
      grads: step.gradIn,
      result: () => this.result(node, index),
      saved: savedOf(node, this.pass.savedBy(node)),
    };
  }

  /** What a variable, which holds `now`, had as its value before the step, where it takes part in the pass. */
  variable(name: string, now: Tensor, step: number): Tensor {
    const { entries, indexOf } = this.pass.layout!;
    const same = indexOf.get(now._gradFn ?? now._accumulator ?? now);
    const entry = entries.find((each) => this.labelOf(each) === name) ?? entries[same ?? -1];
    return entry === undefined ? now : this.valueAt(entry, name, step);
  }

  private labelOf(entry: Entry): string | null {
    const { origins } = this.insight;
    const site =
      entry.kind === "function"
        ? entry.op?.label
        : origins.get(entry.kind === "constant" ? entry.tensor : entry.variable)?.label;
    return site === undefined || site < 0 ? null : (this.sources.site(site)?.site.name ?? null);
  }

  private valueAt(entry: Entry, name: string, step: number): Tensor {
    if (entry.kind === "function") {
      const value = this.result(entry.node, step);
      if (value === null) throw gone(`\`${name}\``);
      return value;
    }
    if (entry.kind === "constant") {
      const held = this.pass.constants.get(entry.tensor);
      return held === undefined ? entry.tensor : heldValue(held, `\`${name}\``);
    }
    return this.leaf(entry.node, step, `\`${name}\``);
  }

  private result(node: _C.Node, step: number): Tensor | null {
    if (node.variable !== null) return this.leaf(node, step, "the leaf");
    const op = this.pass.ops[this.pass.placeOf(node)];
    if (op === undefined) return null;
    return op.output ?? (op.copy === null ? null : rebuilt(op.copy));
  }

  /** The leaf with the `.grad` that it had before the step. */
  private leaf(node: _C.Node, step: number, what: string): Tensor {
    const held = this.pass.values.get(node);
    const value = (held === undefined ? node.variable! : heldValue(held, what)).detach();
    value._requiresGrad = true;
    value._grad = this.gradBefore(node, step, `${what}.grad`);
    return value;
  }

  private gradBefore(node: _C.Node, step: number, what: string): Tensor | null {
    const at = this.pass.steps.findIndex((each) => each.node === node && each.accumulated !== null);
    const accumulated = this.pass.steps[at]?.accumulated;
    if (accumulated && at < step) return heldValue(accumulated.after, what);
    if (accumulated) return accumulated.before;
    const grad = this.pass.grads.get(node);
    return grad === undefined ? null : heldValue(grad.held, what);
  }
}
