/** @file `torch.nn`. */
export * as functional from "./functional.js";
export * as init from "./init.js";
export * from "./modules/activation.js";
export { MultiheadAttention } from "./modules/attention.js";
export * from "./modules/batchnorm.js";
export {
  ModuleDict,
  ModuleList,
  ParameterDict,
  ParameterList,
  Sequential,
} from "./modules/container.js";
export {
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
} from "./modules/convolution.js";
export * from "./modules/dropout.js";
export { Embedding } from "./modules/embedding.js";
export type { BackwardHook, BackwardPreHook, ForwardHook, ForwardPreHook } from "./modules/hooks.js";
export { Flatten, Identity, Linear, Unflatten } from "./modules/linear.js";
export * from "./modules/loss.js";
export { Module } from "./modules/module.js";
export { GroupNorm, LayerNorm, LocalResponseNorm, RMSNorm } from "./modules/normalization.js";
export * from "./modules/padding.js";
export * from "./modules/parametric.js";
export * from "./modules/pooling.js";
export * from "./modules/resize.js";
export { GRU, LSTM, RNN, type RNNOptions } from "./modules/rnn.js";
export { type CellOptions, GRUCell, LSTMCell, RNNCell } from "./modules/rnn_cells.js";
export * from "./modules/similarity.js";
export type { IncompatibleKeys, LoadOptions, StateDict } from "./modules/state.js";
export { TransformerEncoder, TransformerEncoderLayer } from "./modules/transformer.js";
export * from "./modules/vector_loss.js";
export { Buffer, Parameter } from "./parameter.js";
export * as utils from "./utils.js";
