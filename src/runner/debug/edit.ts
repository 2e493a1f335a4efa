/** @file Changes by hand while the program waits: pending gradients, saved values, leaves' `.grad`. */
import * as torch from "../../core/index.js";
import { _C, Tensor } from "../../core/index.js";
import type { EditTarget, Evaluated } from "../../protocol/debug.js";
import type { Insight } from "../recorder/insight.js";
import { savedOf } from "../recorder/saved.js";
import type { Sources } from "../sources.js";
import type { Evaluator } from "./evaluator.js";
import { ExpressionError } from "./expression.js";
import { boundNames } from "./names.js";
import { quietly } from "./quiet.js";
import type { RunningPass } from "./running.js";
import { show } from "./show.js";

export interface EditHost {
  readonly insight: Insight;
  readonly sources: Sources;
  readonly evaluator: Evaluator;
  readonly running: readonly RunningPass[];
  site(): number;
}

interface Wanted {
  readonly what: string;
  readonly shape: readonly number[];
  readonly dtype: Tensor["dtype"];
}

export class Editor {
  private readonly host: EditHost;

  constructor(host: EditHost) {
    this.host = host;
  }

  /** @throws ExpressionError saying what does not fit */
  edit(target: EditTarget, expression: string): Evaluated {
    const value = this.host.evaluator.value(expression, this.host.running.at(-1) ?? null);
    const set = this.apply(target, value);
    const { insight, running } = this.host;
    insight.alter();
    for (const { pass } of running) insight.tellAgain(pass);
    return show(set);
  }

  private apply(target: EditTarget, value: unknown): unknown {
    switch (target.of) {
      case "pending":
        return this.pending(target.pass, target.node, target.input_nr, value);
      case "saved":
        return this.saved(target.pass, target.node, target.name, value);
      case "grad":
        return this.grad(target.name, value);
    }
  }

  private pending(index: number, number: number, inputNr: number, value: unknown): Tensor {
    const { running, node } = this.waiting(index, number);
    const { task, pass } = running;
    const meta = inputNr === 0 ? (node.outputs?.[0] ?? node) : node.outputs?.[inputNr];
    if (meta === undefined) throw new ExpressionError(`${node.name()} has no output ${inputNr}.`);
    if (task.buffer(node, inputNr) === null) {
      throw new ExpressionError(`Nothing has come in for ${node.name()} yet, so there is nothing to change.`);
    }
    const what = `The gradient of ${node.name()}`;
    const set = this.fit(value, { what, shape: meta.shape, dtype: meta.dtype });
    task.setBuffer(node, inputNr, set);
    pass.edits.push({ step: pass.steps.length, node, inputNr, value: set });
    return set;
  }

  private saved(index: number, number: number, name: string, value: unknown): unknown {
    const { running, node } = this.waiting(index, number);
    const raw = running.pass.savedBy(node);
    const entry = savedOf(node, raw).find((each) => each.name === name);
    if (entry === undefined) throw new ExpressionError(`${node.name()} has saved no \`${name}\`.`);
    if (node.released) throw new ExpressionError(`What ${node.name()} had saved is freed already.`);
    const old = entry.value;
    let set = value;
    if (old instanceof Tensor) {
      set = this.fit(value, { what: `\`${name}\``, shape: old._shape, dtype: old.dtype });
    } else if (typeof old !== typeof value || typeof old === "object") {
      throw new ExpressionError(
        `\`${name}\` is ${typeof old === "object" ? "no tensor or number" : `a ${typeof old}`} and can't be changed to this.`,
      );
    }
    _C.setSaved(node, name, set);
    return set;
  }

  private grad(name: string, value: unknown): Tensor {
    const { insight, sources } = this.host;
    const leaf = boundNames(insight, sources, this.host.site()).get(name);
    if (leaf === undefined) throw new ExpressionError(`No tensor is known by the name ${name}.`);
    if (leaf._gradFn !== null || !leaf._requiresGrad) {
      throw new ExpressionError(`${name} is no leaf that requires grad, so its .grad can't be changed.`);
    }
    const set = this.fit(value, { what: `${name}.grad`, shape: leaf._shape, dtype: leaf.dtype });
    leaf._grad = set;
    insight.bindings.touch(leaf);
    return set;
  }

  /** A node of a pass in progress that has not begun. */
  private waiting(index: number, number: number): { running: RunningPass; node: _C.Node } {
    const running = this.host.running.find(({ pass }) => pass.index === index);
    if (running === undefined) {
      throw new ExpressionError("This pass is over: what it did can't be changed any more.");
    }
    const entry = running.pass.layout?.entries[number];
    if (entry === undefined || entry.kind === "constant") {
      throw new ExpressionError("This node takes no gradient.");
    }
    const { node } = entry;
    if (running.ran.has(node) || (running.node === node && running.inside)) {
      throw new ExpressionError(`${node.name()} has run already: what it took in can't be changed any more.`);
    }
    return { running, node };
  }

  /** A tensor of its own that fits, made of a tensor, a number for all elements, or nested arrays. */
  private fit(value: unknown, { what, shape, dtype }: Wanted): Tensor {
    return quietly(this.host.insight.preserve, () => {
      const words = (sizes: readonly number[]) => `[${sizes.join(", ")}]`;
      if (value instanceof Tensor && value.dtype !== dtype) {
        throw new ExpressionError(`${what} is ${dtype.name}, but the new value is ${value.dtype.name}.`);
      }
      const made = value instanceof Tensor ? value.detach().clone() : madeOf(value, shape, dtype);
      if (made === null) throw new ExpressionError(`${what} needs a tensor or numbers.`);
      const same = made._shape.length === shape.length && made._shape.every((size, i) => size === shape[i]);
      if (!same) {
        throw new ExpressionError(
          `${what} has the shape ${words(shape)}, but the new value has ${words(made._shape)}.`,
        );
      }
      return made;
    });
  }
}

function madeOf(value: unknown, shape: readonly number[], dtype: Tensor["dtype"]): Tensor | null {
  if (typeof value === "number") return torch.full([...shape], value, { dtype });
  if (!Array.isArray(value)) return null;
  try {
    return torch.tensor(value as number[], { dtype });
  } catch (error) {
    throw new ExpressionError((error as Error).message);
  }
}
