/** @file One way or more to call every op of the derivative table, for numerical checks. */
import * as torch from "../../src/core/index.js";
import { call, callView, callViews } from "../../src/core/ops/dispatch.js";
import { ops } from "../../src/core/ops/op.js";
import type { OpName } from "../../src/core/ops/schema.js";

type T = torch.Tensor;

/** Inputs that take a gradient, and the function to differentiate. */
export interface Sample {
  readonly inputs: readonly T[];
  run(...inputs: T[]): T;
  /** Formula is zero everywhere or undefined at second order: only the first is compared. */
  readonly firstOrderOnly?: boolean;
  /** PyTorch has no derivative here: what the error says. */
  readonly refuses?: RegExp;
  /** The op is another's backward, written for gradients in its range only. */
  readonly note?: string;
}

let state = 1;

/** Reproducible numbers in (low, high), away from each other so that no extremes tie. */
export function fill(shape: number[], low: number, high: number): T {
  const n = shape.reduce((p, d) => p * d, 1);
  const data = Array.from({ length: n }, () => {
    state = (state * 48271) % 2147483647;
    return low + ((high - low) * state) / 2147483647;
  });
  return torch.tensor(data, { dtype: torch.float64 }).reshape(shape).detach();
}

const x = (...shape: number[]): T => fill(shape, -1.4, 1.4).requires_grad_();
const pos = (...shape: number[]): T => fill(shape, 0.3, 1.7).requires_grad_();
const mask = torch.tensor([
  [true, false, true],
  [false, true, true],
]);
const long = (data: unknown): T => torch.tensor(data as number[], { dtype: torch.int64 });
const one = (inputs: T[], run: (...i: T[]) => T, rest: Partial<Sample> = {}): Sample => ({
  inputs,
  run,
  ...rest,
});

/** Calls the op itself, with plain arguments after the tensors. */
const direct = (key: OpName, inputs: T[], ...rest: unknown[]): Sample =>
  one(inputs, (...i) => call(ops[key], ...i, ...rest));
const viewed = (key: OpName, inputs: T[], ...rest: unknown[]): Sample =>
  one(inputs, (i) => callView(ops[key], i!, ...rest));
const parts = (key: OpName, ...rest: unknown[]): Sample =>
  one([x(4, 3)], (i) => {
    const [a, b] = callViews(ops[key], i!, ...rest);
    return torch.cat([a!.reshape(-1), b!.mul(2).reshape(-1)]);
  });

const w3 = fill([3], 0.5, 1.5);
const w4 = fill([4], 0.5, 1.5);
const unit = (...shape: number[]): T => fill(shape, 0.3, 0.8).requires_grad_();
const above1 = (...shape: number[]): T => fill(shape, 1.3, 2.8).requires_grad_();

const written: { readonly [K in OpName]?: readonly Sample[] } = {
  add: [
    direct("add", [x(2, 3), x(3)], 1),
    direct("add", [x(2, 3), x(2, 1)], 2.5),
    one([x(2, 3)], (a) => a.add(2)),
  ],
  sub: [
    direct("sub", [x(2, 3), x(3)], 1),
    direct("sub", [x(2, 3), x(2, 3)], 2.5),
    one([x(2, 3)], (a) => a.sub(2)),
  ],
  rsub_Tensor: [direct("rsub_Tensor", [x(2, 3), x(3)], 1.5)],
  rsub_Scalar: [direct("rsub_Scalar", [x(2, 3)], 1.5, 2)],
  mul: [direct("mul", [x(2, 3), x(2, 1)]), one([x(2, 3)], (a) => a.mul(3))],
  div: [direct("div", [x(2, 3), pos(3)]), one([x(2, 3)], (a) => a.div(3))],
  div_mode: [direct("div_mode", [x(2, 3), pos(3)], "floor")],
  pow_Tensor_Scalar: [
    direct("pow_Tensor_Scalar", [x(2, 3)], 2),
    direct("pow_Tensor_Scalar", [x(2, 3)], 3),
    direct("pow_Tensor_Scalar", [x(2, 3)], 0),
    direct("pow_Tensor_Scalar", [pos(2, 3)], 0.5),
    direct("pow_Tensor_Scalar", [pos(2, 3)], -1.5),
  ],
  pow_Tensor_Tensor: [direct("pow_Tensor_Tensor", [pos(2, 3), x(3)])],
  pow_Scalar: [one([x(2, 3)], (e) => torch.pow(2.5, e))],
  remainder_Scalar: [direct("remainder_Scalar", [x(2, 3)], 0.7)],
  remainder_Tensor: [direct("remainder_Tensor", [x(2, 3), pos(3)])],
  fmod_Scalar: [direct("fmod_Scalar", [x(2, 3)], 0.7)],
  fmod_Tensor: [direct("fmod_Tensor", [x(2, 3), pos(3)])],
  clamp: [direct("clamp", [x(2, 3)], -0.5, 0.6), direct("clamp", [x(2, 3)], null, 0.6)],
  clamp_Tensor: [direct("clamp_Tensor", [x(2, 3), fill([3], -1, -0.3).requires_grad_(), pos(2, 3)])],
  clamp_min: [direct("clamp_min", [x(2, 3)], -0.2)],
  clamp_max: [direct("clamp_max", [x(2, 3)], 0.2)],
  where: [
    one([x(2, 3), x(3)], (a, b) => torch.where(mask, a!, b!)),
    one([x(2, 3)], (a) => torch.where(mask, 2, a!)),
  ],
  masked_fill: [one([x(2, 3)], (a) => a.masked_fill(mask, 3))],
  threshold_backward: [direct("threshold_backward", [x(2, 3), x(2, 3)], 0)],
  _to_copy: [one([x(2, 3)], (a) => a.clone().to(torch.float64, { copy: true }))],
  zero: [one([x(2, 3)], (a) => a.mul(1).zero_().add(a!))],
  fill_Scalar: [one([x(2, 3)], (a) => a.mul(1).fill_(2).mul(a!))],
  fill_Tensor: [one([x(2, 3), x()], (a, v) => a!.mul(1).fill_(v!.mul(1)).mul(a!))],
  sum: [one([x(2, 3)], (a) => a.sum())],
  sum_dim: [one([x(2, 3, 2)], (a) => a.sum([0, 2])), one([x(2, 3)], (a) => a.sum(1, true))],
  mean: [one([x(2, 3)], (a) => a.mean())],
  mean_dim: [one([x(2, 3, 2)], (a) => a.mean([0, -1])), one([x(2, 3)], (a) => a.mean(0, true))],
  var: [one([x(2, 3)], (a) => a.var()), one([x(2, 3)], (a) => a.var(1, { correction: 0, keepdim: true }))],
  std: [one([x(2, 3)], (a) => a.std()), one([x(3, 2)], (a) => a.std(0))],
  linalg_vector_norm: [
    one([x(2, 3)], (a) => a.norm()),
    one([x(2, 3)], (a) => a.norm(1)),
    one([x(2, 3)], (a) => a.norm({ p: 3, dim: 1 })),
    one([pos(2, 3)], (a) => a.norm({ p: 2.5, dim: 0, keepdim: true })),
    one([x(2, 3)], (a) => a.norm(Infinity), { firstOrderOnly: true }),
  ],
  prod: [one([pos(2, 2)], (a) => a.prod())],
  max: [one([x(2, 3)], (a) => a.max())],
  min: [one([x(2, 3)], (a) => a.min())],
  max_dim: [one([x(2, 3)], (a) => a.max(1).values), one([x(2, 3)], (a) => a.max(0, true).values)],
  min_dim: [one([x(2, 3)], (a) => a.min(1).values)],
  amax: [one([x(2, 3)], (a) => a.amax(1))],
  amin: [one([x(2, 3)], (a) => a.amin(0, true))],
  logsumexp: [one([x(2, 3)], (a) => a.logsumexp(1)), one([x(2, 3)], (a) => a.logsumexp([0, 1], true))],
  cumsum: [one([x(2, 3)], (a) => a.cumsum(1))],
  _softmax: [direct("_softmax", [x(2, 3)], 1), direct("_softmax", [x(2, 3)], 0)],
  _log_softmax: [direct("_log_softmax", [x(2, 3)], 1)],
  _softmax_backward_data: [direct("_softmax_backward_data", [x(2, 3), pos(2, 3)], 1)],
  _log_softmax_backward_data: [direct("_log_softmax_backward_data", [x(2, 3), x(2, 3)], 1)],
  mm: [direct("mm", [x(2, 3), x(3, 4)]), one([x(3, 2), x(3, 4)], (a, b) => a!.t().mm(b!))],
  mv: [direct("mv", [x(2, 3), x(3)])],
  dot: [direct("dot", [x(3), x(3)])],
  bmm: [direct("bmm", [x(2, 2, 3), x(2, 3, 2)])],
  addmm: [direct("addmm", [x(3), x(2, 2), x(2, 3)], 0.5, 2)],
  t: [one([x(2, 3)], (a) => a.t())],
  t_: [one([x(2, 3)], (a) => a.mul(2).t_())],
  transpose: [one([x(2, 3, 2)], (a) => a.transpose(0, 2))],
  transpose_: [one([x(2, 3)], (a) => a.mul(2).transpose_(0, 1))],
  permute: [one([x(2, 3, 2)], (a) => a.permute(2, 0, 1))],
  view: [one([x(2, 3)], (a) => a.view(3, 2))],
  _unsafe_view: [direct("_unsafe_view", [x(2, 3)], [3, 2])],
  expand: [one([x(2, 1)], (a) => a.expand(3, 2, 4))],
  squeeze: [one([x(1, 3, 1)], (a) => a.squeeze())],
  squeeze_: [one([x(1, 3, 1)], (a) => a.mul(2).squeeze_())],
  squeeze_dim: [one([x(1, 3, 1)], (a) => a.squeeze(2))],
  squeeze_dim_: [one([x(1, 3, 1)], (a) => a.mul(2).squeeze_(0))],
  squeeze_dims: [one([x(1, 3, 1)], (a) => a.squeeze([0, 1]))],
  unsqueeze: [one([x(2, 3)], (a) => a.unsqueeze(1))],
  unsqueeze_: [one([x(2, 3)], (a) => a.mul(2).unsqueeze_(1))],
  select: [one([x(2, 3)], (a) => a.select(1, -1))],
  slice: [one([x(2, 5)], (a) => a.slice(1, 1, null, 2))],
  as_strided: [one([x(2, 3)], (a) => a.as_strided([2, 3], [1, 1], 1))],
  alias: [viewed("alias", [x(2, 3)])],
  diagonal: [one([x(3, 3)], (a) => a.diagonal(1))],
  unbind: [parts("unbind", 0)],
  split: [parts("split", [2, 2], 0)],
  split_with_sizes: [parts("split_with_sizes", [1, 3], 0)],
  cat: [one([x(2, 3), x(1, 3)], (a, b) => torch.cat([a!, b!, a!]))],
  stack: [one([x(2, 3), x(2, 3)], (a, b) => torch.stack([a!, b!], 1))],
  repeat: [one([x(2, 3)], (a) => a.repeat(2, 1, 2))],
  flip: [one([x(2, 3)], (a) => a.flip(1))],
  tril: [one([x(3, 3)], (a) => a.tril(-1))],
  triu: [one([x(3, 3)], (a) => a.triu())],
  index: [
    one([x(3, 3)], (a) => a.index([long([0, 2, 0])])),
    one([x(2, 3)], (a) => a.index([mask])),
    one([x(3, 2, 3)], (a) => a.index([long([0, 1]), torch.Slice(), long([[2], [0]])])),
  ],
  index_put: [
    one([x(3, 3), x(2, 3)], (a, v) => a!.mul(1).index_put_([long([0, 2])], v!)),
    one([x(3, 3), x(3)], (a, v) => a!.mul(1).index_put_([long([0, 0])], v!, true)),
  ],
  gather: [
    one([x(2, 3)], (a) =>
      a.gather(
        1,
        long([
          [0, 0],
          [2, 1],
        ]),
      ),
    ),
  ],
  scatter_add: [
    one([x(2, 3), x(2, 2)], (a, s) =>
      a!.scatter_add(
        1,
        long([
          [0, 0],
          [2, 1],
        ]),
        s!,
      ),
    ),
  ],
  index_select: [one([x(2, 3)], (a) => a.index_select(1, long([2, 0, 2])))],
  select_backward: [direct("select_backward", [x(3)], [2, 3], 0, 1)],
  slice_backward: [direct("slice_backward", [x(2, 2)], [2, 5], 1, 1, 5, 2)],
  mse_loss: [direct("mse_loss", [x(2, 3), x(2, 3)], 1), direct("mse_loss", [x(2, 3), x(2, 3)], 0)],
  mse_loss_backward: [direct("mse_loss_backward", [x(), x(2, 3), x(2, 3)], 1)],
  binary_cross_entropy_with_logits: [
    one([x(2, 3), pos(2, 3)], (a, t) => torch.nn.functional.binary_cross_entropy_with_logits(a!, t!)),
    one([x(2, 3), pos(2, 3)], (a, t) =>
      torch.nn.functional.binary_cross_entropy_with_logits(a!, t!, {
        weight: w3,
        pos_weight: w3.mul(2),
        reduction: "sum",
      }),
    ),
  ],
  nll_loss: [
    one([x(3, 4)], (a) => torch.nn.functional.nll_loss(a!, long([1, 0, 3]))),
    one([x(3, 4)], (a) => torch.nn.functional.nll_loss(a!, long([1, 2, 3]), { weight: w4, ignore_index: 2 })),
    one([x(3, 4)], (a) => torch.nn.functional.nll_loss(a!, long([1, 0, 3]), { reduction: "none" })),
  ],
  nll_loss_backward: [
    one([x(), x(3, 4)], (g, a) =>
      call(
        ops.nll_loss_backward,
        g,
        a,
        long([1, 0, 3]),
        null,
        1,
        -100,
        torch.tensor(3, { dtype: torch.float64 }),
      ),
    ),
  ],
};

/** The families in folders of their own: pointwise ops with plain arguments. */
const families: { readonly [K in OpName]?: readonly Sample[] } = {
  add_Scalar: [direct("add_Scalar", [x(2, 3)], 2, 1.5)],
  sub_Scalar: [direct("sub_Scalar", [x(2, 3)], 2, 1.5)],
  mul_Scalar: [direct("mul_Scalar", [x(2, 3)], 2)],
  div_Scalar: [direct("div_Scalar", [x(2, 3)], 2)],
  acosh: [direct("acosh", [above1(2, 3)])],
  polygamma: [one([above1(2, 3)], (a) => call(ops.polygamma, 1, a))],
  mvlgamma: [direct("mvlgamma", [above1(2, 3)], 2)],
  nan_to_num: [direct("nan_to_num", [x(2, 3)], 0, null, null)],
  logit: [direct("logit", [unit(2, 3)], null), direct("logit", [unit(2, 3)], 0.01)],
  round_decimals: [direct("round_decimals", [x(2, 3)], 1)],
  copysign_Scalar: [direct("copysign_Scalar", [x(2, 3)], -1)],
  xlogy_Self: [one([pos(2, 3)], (a) => call(ops.xlogy_Self, 2, a))],
  xlogy_Other: [direct("xlogy_Other", [pos(2, 3)], 2)],
  special_xlog1py_Self: [one([pos(2, 3)], (a) => call(ops.special_xlog1py_Self, 2, a))],
  special_xlog1py_Other: [direct("special_xlog1py_Other", [pos(2, 3)], 2)],
  lerp_Scalar: [direct("lerp_Scalar", [x(2, 3), x(2, 3)], 0.3)],
  addcmul: [direct("addcmul", [x(2, 3), x(2, 3), x(3)], 0.7)],
  addcdiv: [direct("addcdiv", [x(2, 3), x(2, 3), pos(3)], 0.7)],
  masked_fill_Tensor: [one([x(2, 3), x()], (a, v) => call(ops.masked_fill_Tensor, a, mask, v))],
  fill_out_Scalar: [direct("fill_out_Scalar", [x(2, 3)], 2)],
  fill_out_Tensor: [direct("fill_out_Tensor", [x(2, 3), x()])],
  leaky_relu: [direct("leaky_relu", [x(2, 3)], 0.1)],
  elu: [direct("elu", [x(2, 3)], 1.2, 1, 1)],
  celu: [direct("celu", [x(2, 3)], 1.3)],
  gelu: [direct("gelu", [x(2, 3)], "none"), direct("gelu", [x(2, 3)], "tanh")],
  softplus: [direct("softplus", [x(2, 3)], 1.5, 20)],
  hardtanh: [direct("hardtanh", [x(2, 3)], -0.7, 0.8)],
  hardshrink: [direct("hardshrink", [x(2, 3)], 0.5)],
  softshrink: [direct("softshrink", [x(2, 3)], 0.5)],
  threshold: [direct("threshold", [x(2, 3)], 0.1, 5)],
  rrelu_with_noise: [direct("rrelu_with_noise", [x(2, 3)], fill([2, 3], 0.5, 1.5))],
  glu: [direct("glu", [x(2, 4)], 1)],
};

/** Ops whose arguments are all tensors need no sample of their own: smooth and defined on (0.3, 0.8). */
function plain(key: OpName): readonly Sample[] | null {
  const op = ops[key];
  if (!op.argKinds.every((kind) => kind === "tensor")) return null;
  return [
    direct(
      key,
      op.argNames.map(() => fill([2, 3], 0.3, 0.8).requires_grad_()),
    ),
  ];
}

export function samplesOf(key: OpName): readonly Sample[] | null {
  return written[key] ?? families[key] ?? plain(key);
}
