/** @file The rows in Gradwalk: the bundle of the core, with the kernels that the runner installs. */
import * as torch from "../../../out/core.js";
import * as inputs from "./inputs.mjs";
import { install } from "./install.mjs";
import { largeNetwork, methodRows, smallNetwork } from "./methods.mjs";

export const version = torch.__version__;
export const prepare = () => install(torch);

const tensor = (values, shape, options = {}) => torch.tensor(values, options).reshape(shape).detach();
const leaf = (values, shape) => tensor(values, shape).requires_grad_();
const array = (t) => t.detach().contiguous().numpy();
const classIndex = (values) => torch.tensor(Array.from(values), { dtype: torch.int64 });

const {
  graph,
  training,
  chained,
  rows: shared,
} = methodRows({
  leaf,
  constant: tensor,
  clear(t) {
    t.grad = null;
  },
  update: (ps, rate) =>
    torch.no_grad(() => {
      for (const p of ps) p.sub_(p.grad.mul(rate));
    }),
  item: (t) => t.item(),
  array,
  gradient: (t) => array(t.grad),
});

const start = () => torch.tensor(inputs.chain.w, { requires_grad: true });

export const rows = {
  "a.forward"() {
    const w = start();
    const forward = () => chained(w, inputs.chain.shift);
    return { run: () => void forward(), check: () => [forward().item()] };
  },
  "a.both"() {
    const w = start();
    return graph([w], () => chained(w, inputs.chain.shift));
  },
  b() {
    const data = inputs.small();
    const x = tensor(data.x, [100, 2]);
    const target = tensor(data.target, [100, 1]);
    return training(data, inputs.RATE_B, (ps) => smallNetwork(x, target, ps).pow(2).mean());
  },
  c() {
    const data = inputs.large();
    const x = tensor(data.x, [64, 784]);
    const target = classIndex(data.target);
    return training(data, inputs.RATE_C, (ps) =>
      torch.nn.functional.cross_entropy(largeNetwork(x, ps), target),
    );
  },
  ...shared,
  g() {
    const data = inputs.classes();
    const x = leaf(data.x, [1024, 1000]);
    const target = classIndex(data.target);
    return graph([x], () => torch.nn.functional.nll_loss(torch.log_softmax(x, 1), target));
  },
  h() {
    const data = inputs.images();
    const x = leaf(data.x, [8, 1, 28, 28]);
    const w = leaf(data.w, [16, 1, 3, 3]);
    const bias = leaf(data.bias, [16]);
    const g = tensor(data.g, [8, 16, 26, 26]);
    return graph([x, w, bias], () => torch.nn.functional.conv2d(x, w, bias).mul(g).sum());
  },
};
