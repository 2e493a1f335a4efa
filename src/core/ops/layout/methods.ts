/** @file Layout functions as methods of tensors. */
import { defineAccessors } from "../../methods/define.js";
import type { Tensor } from "../../tensor.js";
import { install, type Method } from "../signature.js";
import type * as f from "./functions.js";
import * as functions from "./functions.js";

declare module "../../tensor.js" {
  interface Tensor {
    /** The transpose of a matrix. */
    readonly H: Tensor;
    /** The last two dimensions swapped. */
    readonly mH: Tensor;
    tril_: Method<typeof f.tril_>;
    triu_: Method<typeof f.triu_>;
    broadcast_to: Method<typeof f.broadcast_to>;
    tensor_split: Method<typeof f.tensor_split>;
    hsplit: Method<typeof f.hsplit>;
    vsplit: Method<typeof f.vsplit>;
    dsplit: Method<typeof f.dsplit>;
    split_with_sizes: Method<typeof f.split_with_sizes>;
    unsafe_split: Method<typeof f.unsafe_split>;
    unsafe_chunk: Method<typeof f.unsafe_chunk>;
    unflatten: Method<typeof f.unflatten>;
    ravel: Method<typeof f.ravel>;
    movedim: Method<typeof f.movedim>;
    moveaxis: Method<typeof f.moveaxis>;
    swapaxes: Method<typeof f.swapaxes>;
    swapdims: Method<typeof f.swapdims>;
    adjoint: Method<typeof f.adjoint>;
    fliplr: Method<typeof f.fliplr>;
    flipud: Method<typeof f.flipud>;
    roll: Method<typeof f.roll>;
    rot90: Method<typeof f.rot90>;
    tile: Method<typeof f.tile>;
    unfold: Method<typeof f.unfold>;
    diag_embed: Method<typeof f.diag_embed>;
    diag: Method<typeof f.diag>;
    diagflat: Method<typeof f.diagflat>;
    trace: Method<typeof f.trace>;
    select_scatter: Method<typeof f.select_scatter>;
    slice_scatter: Method<typeof f.slice_scatter>;
    diagonal_scatter: Method<typeof f.diagonal_scatter>;
    as_strided_scatter: Method<typeof f.as_strided_scatter>;
  }
}

install({
  broadcast_to: functions.broadcast_to,
  tensor_split: functions.tensor_split,
  hsplit: functions.hsplit,
  vsplit: functions.vsplit,
  dsplit: functions.dsplit,
  split_with_sizes: functions.split_with_sizes,
  unsafe_split: functions.unsafe_split,
  unsafe_chunk: functions.unsafe_chunk,
  unflatten: functions.unflatten,
  ravel: functions.ravel,
  movedim: functions.movedim,
  moveaxis: functions.moveaxis,
  swapaxes: functions.swapaxes,
  swapdims: functions.swapdims,
  adjoint: functions.adjoint,
  fliplr: functions.fliplr,
  flipud: functions.flipud,
  roll: functions.roll,
  rot90: functions.rot90,
  tile: functions.tile,
  unfold: functions.unfold,
  diag_embed: functions.diag_embed,
  diag: functions.diag,
  diagflat: functions.diagflat,
  trace: functions.trace,
  select_scatter: functions.select_scatter,
  slice_scatter: functions.slice_scatter,
  diagonal_scatter: functions.diagonal_scatter,
  as_strided_scatter: functions.as_strided_scatter,
  diagonal: functions.diagonal,
  unbind: functions.unbind,
  select: functions.select,
  as_strided: functions.as_strided,
  flatten: functions.flatten,
  flip: functions.flip,
  squeeze_: functions.squeeze_,
  tril: functions.tril,
  triu: functions.triu,
  tril_: functions.tril_,
  triu_: functions.triu_,
});

defineAccessors({
  H: {
    get(this: Tensor) {
      return this.dim() === 2 ? functions.adjoint(this) : this.t();
    },
  },
  mH: {
    get(this: Tensor) {
      return functions.adjoint(this);
    },
  },
});
