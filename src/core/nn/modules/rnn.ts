/** @file Recurrent layers: `RNN`, `LSTM`, `GRU`. Gates of the input are computed for all steps at once. */
import { RuntimeError, ValueError } from "../../errors.js";
import { cat, stack, unbind } from "../../functions/shape.js";
import { zerosOf } from "../../ops/make.js";
import { formatShape, sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { emptyOf } from "../empty.js";
import { linear } from "../functional.js";
import { uniform_ } from "../init.js";
import { Parameter } from "../parameter.js";
import { Module } from "./module.js";
import { pythonRepr } from "./print.js";
import { type Cell, gruCell, lstmCell, reluCell, tanhCell } from "./rnn_cells.js";

export interface RNNOptions {
  num_layers?: number;
  bias?: boolean;
  /** Input and output are [batch, time, features] instead of [time, batch, features]. */
  batch_first?: boolean;
  bidirectional?: boolean;
}

/** What the three kinds share: weights by layer and direction, shapes, the loop over time. */
abstract class RNNBase extends Module {
  readonly input_size: number;
  readonly hidden_size: number;
  readonly num_layers: number;
  readonly bias: boolean;
  readonly batch_first: boolean;
  readonly bidirectional: boolean;

  constructor(gates: number, input_size: number, hidden_size: number, options: RNNOptions) {
    super();
    this.input_size = input_size;
    this.hidden_size = hidden_size;
    this.num_layers = options.num_layers ?? 1;
    this.bias = options.bias ?? true;
    this.batch_first = options.batch_first ?? false;
    this.bidirectional = options.bidirectional ?? false;
    if (hidden_size <= 0) throw new ValueError("hidden_size must be greater than zero");
    if (this.num_layers <= 0) throw new ValueError("num_layers must be greater than zero");
    const own = this as unknown as Record<string, Parameter>;
    for (const [suffix, inputs] of this.#directions()) {
      own[`weight_ih_${suffix}`] = new Parameter(emptyOf([gates * hidden_size, inputs]));
      own[`weight_hh_${suffix}`] = new Parameter(emptyOf([gates * hidden_size, hidden_size]));
      if (!this.bias) continue;
      own[`bias_ih_${suffix}`] = new Parameter(emptyOf([gates * hidden_size]));
      own[`bias_hh_${suffix}`] = new Parameter(emptyOf([gates * hidden_size]));
    }
    this.reset_parameters();
  }

  /** `l0`, `l0_reverse`, `l1` …, each with the number of features it takes. */
  *#directions(): Iterable<[suffix: string, inputs: number]> {
    const directions = this.bidirectional ? 2 : 1;
    for (let layer = 0; layer < this.num_layers; layer++) {
      const inputs = layer === 0 ? this.input_size : this.hidden_size * directions;
      yield [`l${layer}`, inputs];
      if (this.bidirectional) yield [`l${layer}_reverse`, inputs];
    }
  }

  reset_parameters(): void {
    const bound = 1 / Math.sqrt(this.hidden_size);
    for (const p of this.parameters()) uniform_(p, -bound, bound);
  }

  #weight(kind: string, suffix: string): Parameter | null {
    return (this as unknown as Record<string, Parameter | undefined>)[`${kind}_${suffix}`] ?? null;
  }

  /**
   * Runs all layers. `states` holds one tensor [layers · directions, batch, hidden] for each part of the
   * cell's state (zeros where null); answers the output and the last states, in the same form.
   */
  protected run(
    input: Tensor,
    states: readonly Tensor[] | null,
    cell: Cell,
    parts: number,
  ): [Tensor, Tensor[]] {
    const [x, first] = this.#prepare(input, states, parts);
    const last: Tensor[][] = Array.from({ length: parts }, () => []);
    let layer = x;
    let at = 0;
    for (let l = 0; l < this.num_layers; l++) {
      const outputs: Tensor[] = [];
      for (const suffix of this.bidirectional ? [`l${l}`, `l${l}_reverse`] : [`l${l}`]) {
        const start = first.map((part) => part[at]!);
        at++;
        const [out, end] = this.#overTime(layer, start, cell, suffix);
        outputs.push(out);
        end.forEach((state, part) => void last[part]!.push(state));
      }
      layer = outputs.length === 1 ? outputs[0]! : cat(outputs, -1);
    }
    const batched = input._shape.length === 3;
    const ends = last.map((list) => (batched ? stack(list) : stack(list).squeeze(1)));
    if (!batched) return [layer.squeeze(1), ends];
    return [this.batch_first ? layer.transpose(0, 1) : layer, ends];
  }

  /** One direction of one layer: [time, batch, inputs] → [time, batch, hidden]. */
  #overTime(x: Tensor, start: Tensor[], cell: Cell, suffix: string): [Tensor, Tensor[]] {
    const gates = unbind(linear(x, this.#weight("weight_ih", suffix)!, this.#weight("bias_ih", suffix)));
    const weight = this.#weight("weight_hh", suffix)!;
    const bias = this.#weight("bias_hh", suffix);
    const reverse = suffix.endsWith("_reverse");
    if (reverse) gates.reverse();
    const outputs: Tensor[] = [];
    let state = start;
    for (const gate of gates) {
      state = cell(gate, state, weight, bias);
      outputs.push(state[0]!);
    }
    if (reverse) outputs.reverse();
    return [stack(outputs), state];
  }

  /** Input as [time, batch, features]; states by part, then by layer and direction. */
  #prepare(input: Tensor, states: readonly Tensor[] | null, parts: number): [Tensor, Tensor[][]] {
    const ndim = input._shape.length;
    if (ndim !== 2 && ndim !== 3) {
      throw new ValueError(`${this._get_name()}: Expected input to be 2D or 3D, got ${ndim}D instead`);
    }
    const weight = this.#weight("weight_ih", "l0")!;
    if (input.dtype !== weight.dtype) {
      throw new ValueError(
        `RNN input dtype (${input.dtype}) does not match weight dtype (${weight.dtype}). Convert input: input.to(${weight.dtype}), or convert model: model.to(${input.dtype})`,
      );
    }
    if (input._shape[ndim - 1] !== this.input_size) {
      throw new RuntimeError(
        `input.size(-1) must be equal to input_size. Expected ${this.input_size}, got ${input._shape[ndim - 1]}`,
      );
    }
    let x = input;
    if (ndim === 2) x = input.unsqueeze(1);
    else if (this.batch_first) x = input.transpose(0, 1);
    const count = this.num_layers * (this.bidirectional ? 2 : 1);
    const shape = [count, x._shape[1]!, this.hidden_size];
    const given = states ?? Array.from({ length: parts }, () => zerosOf(shape, input.dtype));
    const first = given.map((state, i) => {
      const h = ndim === 2 && states !== null ? state.unsqueeze(1) : state;
      if (!sameShape(h._shape, shape)) {
        const what = parts === 1 ? "hidden size" : `hidden[${i}] size`;
        throw new RuntimeError(`Expected ${what} (${shape.join(", ")}), got ${formatShape(h._shape)}`);
      }
      return unbind(h);
    });
    return [x, first];
  }

  override extra_repr(): string {
    const { input_size, hidden_size, num_layers, bias, batch_first, bidirectional } = this;
    let text = `${input_size}, ${hidden_size}`;
    if (num_layers !== 1) text += `, num_layers=${num_layers}`;
    if (!bias) text += ", bias=False";
    if (batch_first) text += `, batch_first=${pythonRepr(batch_first)}`;
    if (bidirectional) text += `, bidirectional=${pythonRepr(bidirectional)}`;
    return text;
  }
}

/** h ← tanh(W x + b + U h + c), or with ReLU. */
export class RNN extends RNNBase {
  readonly nonlinearity: "tanh" | "relu";

  constructor(
    input_size: number,
    hidden_size: number,
    options: RNNOptions & { nonlinearity?: "tanh" | "relu" } = {},
  ) {
    super(1, input_size, hidden_size, options);
    this.nonlinearity = options.nonlinearity ?? "tanh";
    if (this.nonlinearity !== "tanh" && this.nonlinearity !== "relu") {
      throw new ValueError(
        `Unknown nonlinearity '${String(this.nonlinearity)}'. Select from 'tanh' or 'relu'.`,
      );
    }
  }

  override forward(input: Tensor, hx: Tensor | null = null): [output: Tensor, h_n: Tensor] {
    const cell = this.nonlinearity === "tanh" ? tanhCell : reluCell;
    const [output, [h]] = this.run(input, hx === null ? null : [hx], cell, 1);
    return [output, h!];
  }
}

/** Long short-term memory. */
export class LSTM extends RNNBase {
  constructor(input_size: number, hidden_size: number, options: RNNOptions = {}) {
    super(4, input_size, hidden_size, options);
  }

  override forward(
    input: Tensor,
    hx: readonly [h_0: Tensor, c_0: Tensor] | null = null,
  ): [output: Tensor, states: [h_n: Tensor, c_n: Tensor]] {
    const [output, [h, c]] = this.run(input, hx, lstmCell, 2);
    return [output, [h!, c!]];
  }
}

/** Gated recurrent unit. */
export class GRU extends RNNBase {
  constructor(input_size: number, hidden_size: number, options: RNNOptions = {}) {
    super(3, input_size, hidden_size, options);
  }

  override forward(input: Tensor, hx: Tensor | null = null): [output: Tensor, h_n: Tensor] {
    const [output, [h]] = this.run(input, hx === null ? null : [hx], gruCell, 1);
    return [output, h!];
  }
}
