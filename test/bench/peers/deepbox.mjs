/** @file The rows in deepbox. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { GradTensor, logSoftmaxGrad, noGrad, parameter, tensor as plain, reshape } from "deepbox/ndarray";
import { Conv2d } from "deepbox/nn";
import * as inputs from "./inputs.mjs";

const main = createRequire(import.meta.url).resolve("deepbox");
export const version = JSON.parse(readFileSync(join(dirname(main), "..", "package.json"), "utf8")).version;

const array = (values, shape) => reshape(plain(values.slice(), { dtype: "float32" }), shape);
const constant = (values, shape) => GradTensor.fromTensor(array(values, shape));
const leaf = (values, shape) => parameter(array(values, shape));
const number = (value) => GradTensor.fromTensor(plain([value], { dtype: "float32" }));

function oneHot(values, n) {
  const out = new Float32Array(values.length * n);
  values.forEach((k, i) => {
    out[i * n + k] = 1;
  });
  return constant(out, [values.length, n]);
}

function graph(leaves, forward) {
  let out = null;
  return {
    run() {
      for (const t of leaves) t.zeroGrad();
      out = forward();
      out.backward();
    },
    check: () => [out.data[0], ...leaves.map((t) => t.grad.data)],
  };
}

function training({ shapes, parameters }, rate, lossOf) {
  const fresh = () => parameters.map((p, i) => leaf(p, shapes[i]));
  const step = (ps) => {
    for (const p of ps) p.zeroGrad();
    lossOf(ps).backward();
    // The library's own optimiser updates in the same way: elements of the data, in place.
    noGrad(() => {
      for (const p of ps) {
        const [to, from] = [p.data, p.grad.data];
        for (let i = 0; i < to.length; i++) to[i] -= rate * from[i];
      }
    });
  };
  const kept = fresh();
  return {
    run: () => step(kept),
    check() {
      const ps = fresh();
      for (let i = 0; i < inputs.STEPS; i++) step(ps);
      return ps.map((p) => p.data);
    },
  };
}

function chain() {
  const w = leaf(Float32Array.of(inputs.chain.w), [1]);
  const shift = number(inputs.chain.shift);
  const forward = () => {
    let y = w;
    for (let i = 0; i < inputs.chain.links; i++) y = y.mul(w).add(shift);
    return y;
  };
  return { w, forward };
}

export const rows = {
  "a.forward"() {
    const { forward } = chain();
    return { run: () => void forward(), check: () => [forward().data[0]] };
  },
  "a.both"() {
    const { w, forward } = chain();
    return graph([w], () => forward().sum());
  },
  b() {
    const data = inputs.small();
    const x = constant(data.x, [100, 2]);
    const target = constant(data.target, [100, 1]);
    return training(data, inputs.RATE_B, ([w1, b1, w2, b2, w3, b3]) =>
      x.matmul(w1).add(b1).tanh().matmul(w2).add(b2).tanh().matmul(w3).add(b3).sub(target).square().mean(),
    );
  },
  c() {
    const data = inputs.large();
    const x = constant(data.x, [64, 784]);
    const target = oneHot(data.target, 10);
    const scale = number(-1 / 64);
    return training(data, inputs.RATE_C, ([w1, b1, w2, b2]) =>
      logSoftmaxGrad(x.matmul(w1).add(b1).relu().matmul(w2).add(b2), 1).mul(target).sum().mul(scale),
    );
  },
  "d.forward"() {
    const data = inputs.product();
    const a = constant(data.a, [512, 512]);
    const b = constant(data.b, [512, 512]);
    let y = null;
    return {
      run() {
        y = a.matmul(b);
      },
      check: () => [y.data],
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
    const v = constant(data.v, [1000]);
    return graph([x], () => x.sum(0).mul(v).sum());
  },
  "f.mean"() {
    const data = inputs.million();
    const x = leaf(data.x, [1000, 1000]);
    const v = constant(data.v, [1000]);
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
    const target = oneHot(data.target, 1000);
    const scale = number(-1 / 1024);
    return graph([x], () => logSoftmaxGrad(x, 1).mul(target).sum().mul(scale));
  },
  h() {
    const data = inputs.images();
    const x = leaf(data.x, [8, 1, 28, 28]);
    const layer = new Conv2d(1, 16, 3);
    const [w, bias] = [...layer.parameters()];
    w.data.set(data.w);
    bias.data.set(data.bias);
    const g = constant(data.g, [8, 16, 26, 26]);
    return graph([x, w, bias], () => layer.forward(x).mul(g).sum());
  },
};
