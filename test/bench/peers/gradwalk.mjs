/** @file The rows in Gradwalk: the bundle of the core, with the kernels that the runner installs. */
import * as torch from "../../../out/core.js";
import * as inputs from "./inputs.mjs";
import { install } from "./install.mjs";

export const version = torch.__version__;
export const prepare = () => install(torch);

const tensor = (values, shape, options = {}) => torch.tensor(values, options).reshape(shape).detach();
const leaf = (values, shape) => tensor(values, shape).requires_grad_();
const array = (t) => t.detach().contiguous().numpy();
const classIndex = (values) => torch.tensor(Array.from(values), { dtype: torch.int64 });

/** A row of one function: forward, then backward into the leaves' `.grad`. */
function graph(leaves, forward) {
  let out = null;
  const run = () => {
    for (const t of leaves) t.grad = null;
    out = forward();
    out.backward();
  };
  return { run, check: () => [out.item(), ...leaves.map((t) => array(t.grad))] };
}

function training({ shapes, parameters }, rate, lossOf) {
  const fresh = () => parameters.map((p, i) => leaf(p, shapes[i]));
  const step = (ps) => {
    for (const p of ps) p.grad = null;
    lossOf(ps).backward();
    torch.no_grad(() => {
      for (const p of ps) p.sub_(p.grad.mul(rate));
    });
  };
  const kept = fresh();
  return {
    run: () => step(kept),
    check() {
      const ps = fresh();
      for (let i = 0; i < inputs.STEPS; i++) step(ps);
      return ps.map(array);
    },
  };
}

function chain() {
  const w = torch.tensor(inputs.chain.w, { requires_grad: true });
  const forward = () => {
    let y = w;
    for (let i = 0; i < inputs.chain.links; i++) y = y.mul(w).add(inputs.chain.shift);
    return y;
  };
  return { w, forward };
}

export const rows = {
  "a.forward"() {
    const { forward } = chain();
    return { run: () => void forward(), check: () => [forward().item()] };
  },
  "a.both"() {
    const { w, forward } = chain();
    return graph([w], forward);
  },
  b() {
    const data = inputs.small();
    const x = tensor(data.x, [100, 2]);
    const target = tensor(data.target, [100, 1]);
    return training(data, inputs.RATE_B, ([w1, b1, w2, b2, w3, b3]) =>
      x.matmul(w1).add(b1).tanh().matmul(w2).add(b2).tanh().matmul(w3).add(b3).sub(target).pow(2).mean(),
    );
  },
  c() {
    const data = inputs.large();
    const x = tensor(data.x, [64, 784]);
    const target = classIndex(data.target);
    return training(data, inputs.RATE_C, ([w1, b1, w2, b2]) =>
      torch.nn.functional.cross_entropy(x.matmul(w1).add(b1).relu().matmul(w2).add(b2), target),
    );
  },
  "d.forward"() {
    const data = inputs.product();
    const a = tensor(data.a, [512, 512]);
    const b = tensor(data.b, [512, 512]);
    let y = null;
    return {
      run: () => {
        y = a.matmul(b);
      },
      check: () => [array(y)],
    };
  },
  "d.both"() {
    const data = inputs.product();
    const a = leaf(data.a, [512, 512]);
    const b = leaf(data.b, [512, 512]);
    return graph([a, b], () => a.matmul(b).sum());
  },
  e() {
    const x = leaf(inputs.million().x, [1e6]);
    return graph([x], () => x.exp().mul(x.tanh()).add(x).sum());
  },
  "f.sum"() {
    const data = inputs.million();
    const x = leaf(data.x, [1000, 1000]);
    const v = tensor(data.v, [1000]);
    return graph([x], () => x.sum(0).mul(v).sum());
  },
  "f.mean"() {
    const data = inputs.million();
    const x = leaf(data.x, [1000, 1000]);
    const v = tensor(data.v, [1000]);
    return graph([x], () => x.mean(1).mul(v).sum());
  },
  "f.add"() {
    const data = inputs.million();
    const x = leaf(data.x, [1000, 1000]);
    const v = leaf(data.v, [1000]);
    return graph([x, v], () => x.add(v).sum());
  },
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
