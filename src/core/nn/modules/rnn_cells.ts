/** @file One step of a recurrent layer: as functions, and as modules `RNNCell`, `LSTMCell`, `GRUCell`. */
import { RuntimeError } from "../../errors.js";
import { relu } from "../../functions/pointwise.js";
import { unsafe_chunk } from "../../ops/layout/splitting.js";
import { zerosOf } from "../../ops/make.js";
import type { Tensor } from "../../tensor.js";
import { emptyOf } from "../empty.js";
import { linear } from "../functional.js";
import { uniform_ } from "../init.js";
import { Parameter } from "../parameter.js";
import { Module } from "./module.js";

/**
 * The state after a step, from the input's share of the gates and the state before. The first part of the
 * state is the output.
 */
export type Cell = (
  gates: Tensor,
  state: readonly Tensor[],
  weight_hh: Tensor,
  bias_hh: Tensor | null,
) => Tensor[];

export const tanhCell: Cell = (gates, [h], weight, bias) => [linear(h!, weight, bias).add(gates).tanh()];
export const reluCell: Cell = (gates, [h], weight, bias) => [relu(linear(h!, weight, bias).add(gates))];

/** Gates in PyTorch's order: input, forget, cell, output. */
export const lstmCell: Cell = (gates, [h, c], weight, bias) => {
  const [i, f, g, o] = unsafe_chunk(linear(h!, weight, bias).add(gates), 4, 1) as Gates;
  const cell = f.sigmoid().mul(c!).add(i.sigmoid().mul(g.tanh()));
  return [o.sigmoid().mul(cell.tanh()), cell];
};

/** Gates in PyTorch's order: reset, update, new. */
export const gruCell: Cell = (gates, [h], weight, bias) => {
  const [ir, iz, inew] = unsafe_chunk(gates, 3, 1) as Gates;
  const [hr, hz, hnew] = unsafe_chunk(linear(h!, weight, bias), 3, 1) as Gates;
  const reset = hr.add(ir).sigmoid();
  const update = hz.add(iz).sigmoid();
  const fresh = inew.add(hnew.mul(reset)).tanh();
  return [h!.sub(fresh).mul(update).add(fresh)];
};

type Gates = [Tensor, Tensor, Tensor, Tensor];

abstract class RNNCellBase extends Module {
  readonly input_size: number;
  readonly hidden_size: number;
  readonly bias: boolean;
  weight_ih: Parameter;
  weight_hh: Parameter;
  bias_ih: Parameter | null;
  bias_hh: Parameter | null;

  constructor(gates: number, input_size: number, hidden_size: number, bias: boolean) {
    super();
    this.input_size = input_size;
    this.hidden_size = hidden_size;
    this.bias = bias;
    this.weight_ih = new Parameter(emptyOf([gates * hidden_size, input_size]));
    this.weight_hh = new Parameter(emptyOf([gates * hidden_size, hidden_size]));
    this.bias_ih = bias ? new Parameter(emptyOf([gates * hidden_size])) : null;
    this.bias_hh = bias ? new Parameter(emptyOf([gates * hidden_size])) : null;
    this.reset_parameters();
  }

  reset_parameters(): void {
    const bound = this.hidden_size > 0 ? 1 / Math.sqrt(this.hidden_size) : 0;
    for (const p of this.parameters()) uniform_(p, -bound, bound);
  }

  /** One step on [batch, features], or on [features] alone. */
  protected step(input: Tensor, states: readonly Tensor[] | null, cell: Cell, parts: number): Tensor[] {
    const ndim = input._shape.length;
    if (ndim !== 1 && ndim !== 2) {
      throw new RuntimeError(`${this._get_name()}: Expected input to be 1D or 2D, got ${ndim}D instead`);
    }
    const lift = (t: Tensor): Tensor => (ndim === 1 ? t.unsqueeze(0) : t);
    const x = lift(input);
    const shape = [x._shape[0]!, this.hidden_size];
    const state = states?.map(lift) ?? Array.from({ length: parts }, () => zerosOf(shape, input.dtype));
    const next = cell(linear(x, this.weight_ih, this.bias_ih), state, this.weight_hh, this.bias_hh);
    return ndim === 1 ? next.map((t) => t.squeeze(0)) : next;
  }

  override extra_repr(): string {
    return `${this.input_size}, ${this.hidden_size}${this.bias ? "" : ", bias=False"}`;
  }
}

export interface CellOptions {
  bias?: boolean;
}

export class RNNCell extends RNNCellBase {
  readonly nonlinearity: "tanh" | "relu";

  constructor(
    input_size: number,
    hidden_size: number,
    options: CellOptions & { nonlinearity?: "tanh" | "relu" } = {},
  ) {
    super(1, input_size, hidden_size, options.bias ?? true);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }

  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const cell = this.nonlinearity === "tanh" ? tanhCell : reluCell;
    return this.step(input, hx === null ? null : [hx], cell, 1)[0]!;
  }

  override extra_repr(): string {
    return super.extra_repr() + (this.nonlinearity === "tanh" ? "" : `, nonlinearity=${this.nonlinearity}`);
  }
}

export class LSTMCell extends RNNCellBase {
  constructor(input_size: number, hidden_size: number, options: CellOptions = {}) {
    super(4, input_size, hidden_size, options.bias ?? true);
  }

  override forward(input: Tensor, hx: readonly [h: Tensor, c: Tensor] | null = null): [h: Tensor, c: Tensor] {
    const [h, c] = this.step(input, hx, lstmCell, 2);
    return [h!, c!];
  }
}

export class GRUCell extends RNNCellBase {
  constructor(input_size: number, hidden_size: number, options: CellOptions = {}) {
    super(3, input_size, hidden_size, options.bias ?? true);
  }

  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    return this.step(input, hx === null ? null : [hx], gruCell, 1)[0]!;
  }
}
