/** @file The rows in TensorFlow.js on its WebAssembly backend, one thread. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as inputs from "./inputs.mjs";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");

export const version = tf.version.tfjs;
export async function prepare() {
  wasm.setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")), "/"));
  wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
}

const tensor = (values, shape) => tf.tensor(values, shape, "float32");
const oneHot = (values, n) => tf.oneHot(tf.tensor1d(values, "int32"), n).toFloat();

function graph(leaves, forward) {
  const f = tf.valueAndGrads(forward);
  let last = null;
  return {
    run() {
      if (last !== null) tf.dispose(last);
      last = tf.tidy(() => f(leaves));
      last.value.dataSync();
    },
    check: () => [last.value.dataSync()[0], ...last.grads.map((g) => g.dataSync())],
  };
}

function training({ shapes, parameters }, rate, lossOf) {
  const fresh = () => parameters.map((p, i) => tensor(p, shapes[i]));
  const f = tf.valueAndGrads(lossOf);
  const step = (ps) => {
    const next = tf.tidy(() => {
      const { grads } = f(ps);
      return ps.map((p, i) => p.sub(grads[i].mul(rate)));
    });
    tf.dispose(ps);
    return next;
  };
  let kept = fresh();
  return {
    run() {
      kept = step(kept);
      kept[0].dataSync();
    },
    check() {
      let ps = fresh();
      for (let i = 0; i < inputs.STEPS; i++) ps = step(ps);
      return ps.map((p) => p.dataSync());
    },
  };
}

function chain() {
  const w = tf.scalar(inputs.chain.w);
  const shift = tf.scalar(inputs.chain.shift);
  const forward = (v) => {
    let y = v;
    for (let i = 0; i < inputs.chain.links; i++) y = y.mul(v).add(shift);
    return y;
  };
  return { w, forward };
}

export const rows = {
  "a.forward"() {
    const { w, forward } = chain();
    const run = () => tf.tidy(() => forward(w).dataSync()[0]);
    return { run: () => void run(), check: () => [run()] };
  },
  "a.both"() {
    const { w, forward } = chain();
    return graph([w], forward);
  },
  b() {
    const data = inputs.small();
    const x = tensor(data.x, [100, 2]);
    const target = tensor(data.target, [100, 1]);
    return training(data, inputs.RATE_B, (w1, b1, w2, b2, w3, b3) =>
      x.matMul(w1).add(b1).tanh().matMul(w2).add(b2).tanh().matMul(w3).add(b3).sub(target).square().mean(),
    );
  },
  c() {
    const data = inputs.large();
    const x = tensor(data.x, [64, 784]);
    const target = oneHot(data.target, 10);
    return training(data, inputs.RATE_C, (w1, b1, w2, b2) =>
      x.matMul(w1).add(b1).relu().matMul(w2).add(b2).logSoftmax().mul(target).sum().div(-64),
    );
  },
  "d.forward"() {
    const data = inputs.product();
    const a = tensor(data.a, [512, 512]);
    const b = tensor(data.b, [512, 512]);
    let y = null;
    return {
      run() {
        y?.dispose();
        y = a.matMul(b);
        // One element: what is timed is the product, not a copy of it.
        tf.tidy(() => y.slice([0, 0], [1, 1]).dataSync());
      },
      check: () => [y.dataSync()],
    };
  },
  "d.both"() {
    const data = inputs.product();
    return graph([tensor(data.a, [512, 512]), tensor(data.b, [512, 512])], (a, b) => a.matMul(b).sum());
  },
  e: () => graph([tensor(inputs.million().x, [1e6])], (x) => x.exp().mul(x.tanh()).add(x).sum()),
  "f.sum"() {
    const data = inputs.million();
    const v = tensor(data.v, [1000]);
    return graph([tensor(data.x, [1000, 1000])], (x) => x.sum(0).mul(v).sum());
  },
  "f.mean"() {
    const data = inputs.million();
    const v = tensor(data.v, [1000]);
    return graph([tensor(data.x, [1000, 1000])], (x) => x.mean(1).mul(v).sum());
  },
  "f.add"() {
    const data = inputs.million();
    return graph([tensor(data.x, [1000, 1000]), tensor(data.v, [1000])], (x, v) => x.add(v).sum());
  },
  g() {
    const data = inputs.classes();
    const target = oneHot(data.target, 1000);
    return graph([tensor(data.x, [1024, 1000])], (x) => x.logSoftmax().mul(target).sum().div(-1024));
  },
  h() {
    const data = inputs.images();
    const g = tensor(data.g, [8, 16, 26, 26]).transpose([0, 2, 3, 1]);
    // Images are NHWC and filters HWIO here; with one input channel the numbers lie as in NCHW.
    return graph(
      [tensor(data.x, [8, 28, 28, 1]), tensor(data.w, [16, 1, 3, 3]), tensor(data.bias, [16])],
      (x, w, bias) =>
        tf
          .conv2d(x, w.transpose([2, 3, 1, 0]), 1, "valid")
          .add(bias)
          .mul(g)
          .sum(),
    );
  },
};
