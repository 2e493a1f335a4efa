/** @file `torch.nn`. */
export * as functional from "./functional.js";
export * as init from "./init.js";
export * from "./modules/activation.js";
export {
  ModuleDict,
  ModuleList,
  ParameterDict,
  ParameterList,
  Sequential,
} from "./modules/container.js";
export type { BackwardHook, BackwardPreHook, ForwardHook, ForwardPreHook } from "./modules/hooks.js";
export { Flatten, Identity, Linear, Unflatten } from "./modules/linear.js";
export * from "./modules/loss.js";
export { Module } from "./modules/module.js";
export { GRU, LSTM, RNN, type RNNOptions } from "./modules/rnn.js";
export { type CellOptions, GRUCell, LSTMCell, RNNCell } from "./modules/rnn_cells.js";
export type { IncompatibleKeys, LoadOptions, StateDict } from "./modules/state.js";
export { Buffer, Parameter } from "./parameter.js";
export * as utils from "./utils.js";
