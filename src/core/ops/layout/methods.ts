/** @file Layout functions as methods of tensors. */
import { defineAccessors } from "../../methods/define.js";
import type { Tensor } from "../../tensor.js";
import { install, type Method } from "../signature.js";
import * as arranging from "./arranging.js";
import * as diagonals from "./diagonals.js";
import * as joining from "./joining.js";
import * as splitting from "./splitting.js";
import * as windows from "./windows.js";

declare module "../../tensor.js" {
  interface Tensor {
    /** The transpose of a matrix. */
    readonly H: Tensor;
    /** The last two dimensions swapped. */
    readonly mH: Tensor;
    tril_: Method<typeof diagonals.tril_>;
    triu_: Method<typeof diagonals.triu_>;
    broadcast_to: Method<typeof joining.broadcast_to>;
    tensor_split: Method<typeof splitting.tensor_split>;
    hsplit: Method<typeof splitting.hsplit>;
    vsplit: Method<typeof splitting.vsplit>;
    dsplit: Method<typeof splitting.dsplit>;
    split_with_sizes: Method<typeof splitting.split_with_sizes>;
    unsafe_split: Method<typeof splitting.unsafe_split>;
    unsafe_chunk: Method<typeof splitting.unsafe_chunk>;
    unflatten: Method<typeof arranging.unflatten>;
    ravel: Method<typeof arranging.ravel>;
    movedim: Method<typeof arranging.movedim>;
    moveaxis: Method<typeof arranging.moveaxis>;
    swapaxes: Method<typeof arranging.swapaxes>;
    swapdims: Method<typeof arranging.swapdims>;
    adjoint: Method<typeof arranging.adjoint>;
    fliplr: Method<typeof arranging.fliplr>;
    flipud: Method<typeof arranging.flipud>;
    roll: Method<typeof arranging.roll>;
    rot90: Method<typeof arranging.rot90>;
    tile: Method<typeof arranging.tile>;
    unfold: Method<typeof windows.unfold>;
    diag_embed: Method<typeof diagonals.diag_embed>;
    diag: Method<typeof diagonals.diag>;
    diagflat: Method<typeof diagonals.diagflat>;
    trace: Method<typeof diagonals.trace>;
    select_scatter: Method<typeof windows.select_scatter>;
    slice_scatter: Method<typeof windows.slice_scatter>;
    diagonal_scatter: Method<typeof diagonals.diagonal_scatter>;
    as_strided_scatter: Method<typeof windows.as_strided_scatter>;
  }
}

install({
  broadcast_to: joining.broadcast_to,
  tensor_split: splitting.tensor_split,
  hsplit: splitting.hsplit,
  vsplit: splitting.vsplit,
  dsplit: splitting.dsplit,
  split_with_sizes: splitting.split_with_sizes,
  unsafe_split: splitting.unsafe_split,
  unsafe_chunk: splitting.unsafe_chunk,
  unflatten: arranging.unflatten,
  ravel: arranging.ravel,
  movedim: arranging.movedim,
  moveaxis: arranging.moveaxis,
  swapaxes: arranging.swapaxes,
  swapdims: arranging.swapdims,
  adjoint: arranging.adjoint,
  fliplr: arranging.fliplr,
  flipud: arranging.flipud,
  roll: arranging.roll,
  rot90: arranging.rot90,
  tile: arranging.tile,
  unfold: windows.unfold,
  diag_embed: diagonals.diag_embed,
  diag: diagonals.diag,
  diagflat: diagonals.diagflat,
  trace: diagonals.trace,
  select_scatter: windows.select_scatter,
  slice_scatter: windows.slice_scatter,
  diagonal_scatter: diagonals.diagonal_scatter,
  as_strided_scatter: windows.as_strided_scatter,
  diagonal: diagonals.diagonal,
  unbind: splitting.unbind,
  select: windows.select,
  as_strided: windows.as_strided,
  flatten: arranging.flatten,
  flip: arranging.flip,
  squeeze_: arranging.squeeze_,
  tril: diagonals.tril,
  triu: diagonals.triu,
  tril_: diagonals.tril_,
  triu_: diagonals.triu_,
});

defineAccessors({
  H: {
    get(this: Tensor) {
      return this.dim() === 2 ? arranging.adjoint(this) : this.t();
    },
  },
  mH: {
    get(this: Tensor) {
      return arranging.adjoint(this);
    },
  },
});
