/** @file The rows in deepbox. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { GradTensor, logSoftmaxGrad, noGrad, parameter, tensor as plain, reshape } from "deepbox/ndarray";
import { Conv2d } from "deepbox/nn";
import * as inputs from "./inputs.mjs";
import { largeNetwork, methodRows, smallNetwork } from "./methods.mjs";

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

const {
  graph,
  training,
  chained,
  rows: shared,
} = methodRows({
  leaf,
  constant,
  clear: (t) => t.zeroGrad(),
  // The library's own optimiser updates in the same way: elements of the data, in place.
  update: (ps, rate) =>
    noGrad(() => {
      for (const p of ps) {
        const [to, from] = [p.data, p.grad.data];
        for (let i = 0; i < to.length; i++) to[i] -= rate * from[i];
      }
    }),
  item: (t) => t.data[0],
  array: (t) => t.data,
  gradient: (t) => t.grad.data,
});

const start = () => leaf(Float32Array.of(inputs.chain.w), [1]);

export const rows = {
  "a.forward"() {
    const w = start();
    const shift = number(inputs.chain.shift);
    const forward = () => chained(w, shift);
    return { run: () => void forward(), check: () => [forward().data[0]] };
  },
  "a.both"() {
    const w = start();
    const shift = number(inputs.chain.shift);
    return graph([w], () => chained(w, shift).sum());
  },
  b() {
    const data = inputs.small();
    const x = constant(data.x, [100, 2]);
    const target = constant(data.target, [100, 1]);
    return training(data, inputs.RATE_B, (ps) => smallNetwork(x, target, ps).square().mean());
  },
  c() {
    const data = inputs.large();
    const x = constant(data.x, [64, 784]);
    const target = oneHot(data.target, 10);
    const scale = number(-1 / 64);
    return training(data, inputs.RATE_C, (ps) =>
      logSoftmaxGrad(largeNetwork(x, ps), 1).mul(target).sum().mul(scale),
    );
  },
  ...shared,
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
