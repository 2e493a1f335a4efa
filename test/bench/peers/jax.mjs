/** @file The rows in jax-js on its WebAssembly backend: compiled (jit), or eager with JAX_EAGER=1. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as jax from "@jax-js/jax";
import * as inputs from "./inputs.mjs";

const { numpy: np, nn, lax } = jax;
const main = createRequire(import.meta.url).resolve("@jax-js/jax");
export const version = JSON.parse(readFileSync(join(dirname(main), "..", "package.json"), "utf8")).version;
export const prepare = () => jax.init("wasm").then(() => jax.defaultDevice("wasm"));

const compiled = process.env.JAX_EAGER === "1" ? (f) => f : (f) => jax.jit(f);
const tensor = (values, shape) => np.array(values, { dtype: "float32" }).reshape(shape);
const oneHot = (values, n) => nn.oneHot(np.array(values, { dtype: "int32" }), n);

// Every use of an array but the last goes through `.ref`: jax-js counts references.

function graph(leaves, forward) {
  const gradient = jax.valueAndGrad((ps) => forward(...ps));
  const f = compiled((ps) => gradient(ps));
  let last = null;
  return {
    async run() {
      if (last !== null) dispose(last);
      last = f(leaves.map((t) => t.ref));
      await jax.blockUntilReady(last);
    },
    check: () => [last[0].ref.dataSync()[0], ...last[1].map((g) => g.ref.dataSync())],
  };
}

function dispose([value, grads]) {
  value.dispose();
  for (const g of grads) g.dispose();
}

function training({ shapes, parameters }, rate, lossOf) {
  const fresh = () => parameters.map((p, i) => tensor(p, shapes[i]));
  const gradient = jax.grad((ps) => lossOf(...ps));
  const step = compiled((ps) => {
    const grads = gradient(ps.map((p) => p.ref));
    return ps.map((p, i) => p.sub(grads[i].mul(rate)));
  });
  let kept = fresh();
  return {
    async run() {
      kept = step(kept);
      await jax.blockUntilReady(kept);
    },
    check() {
      let ps = fresh();
      for (let i = 0; i < inputs.STEPS; i++) ps = step(ps);
      return ps.map((p) => p.dataSync());
    },
  };
}

function chain() {
  const w = np.array(inputs.chain.w, { dtype: "float32" });
  const forward = (v) => {
    let y = v.ref;
    for (let i = 0; i < inputs.chain.links; i++) y = y.mul(v.ref).add(inputs.chain.shift);
    v.dispose();
    return y;
  };
  return { w, forward };
}

export const rows = {
  "a.forward"() {
    const { w, forward } = chain();
    const f = compiled(forward);
    const run = () => f(w.ref).dataSync()[0];
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
    return training(data, inputs.RATE_B, (w1, b1, w2, b2, w3, b3) => {
      const h1 = np.tanh(np.matmul(x.ref, w1).add(b1));
      const h2 = np.tanh(np.matmul(h1, w2).add(b2));
      return np.mean(np.square(np.matmul(h2, w3).add(b3).sub(target.ref)));
    });
  },
  c() {
    const data = inputs.large();
    const x = tensor(data.x, [64, 784]);
    const target = oneHot(data.target, 10);
    return training(data, inputs.RATE_C, (w1, b1, w2, b2) => {
      const h = nn.relu(np.matmul(x.ref, w1).add(b1));
      return np.sum(nn.logSoftmax(np.matmul(h, w2).add(b2)).mul(target.ref)).mul(-1 / 64);
    });
  },
  "d.forward"() {
    const data = inputs.product();
    const a = tensor(data.a, [512, 512]);
    const b = tensor(data.b, [512, 512]);
    const f = compiled((p, q) => np.matmul(p, q));
    let y = null;
    return {
      async run() {
        y?.dispose();
        y = f(a.ref, b.ref);
        await jax.blockUntilReady(y);
      },
      check: () => [y.ref.dataSync()],
    };
  },
  "d.both"() {
    const data = inputs.product();
    return graph([tensor(data.a, [512, 512]), tensor(data.b, [512, 512])], (a, b) => np.sum(np.matmul(a, b)));
  },
  e: () =>
    graph([tensor(inputs.million().x, [1e6])], (x) => np.sum(np.exp(x.ref).mul(np.tanh(x.ref)).add(x))),
  "f.sum"() {
    const data = inputs.million();
    const v = tensor(data.v, [1000]);
    return graph([tensor(data.x, [1000, 1000])], (x) => np.sum(np.sum(x, 0).mul(v.ref)));
  },
  "f.mean"() {
    const data = inputs.million();
    const v = tensor(data.v, [1000]);
    return graph([tensor(data.x, [1000, 1000])], (x) => np.sum(np.mean(x, 1).mul(v.ref)));
  },
  "f.add"() {
    const data = inputs.million();
    return graph([tensor(data.x, [1000, 1000]), tensor(data.v, [1000])], (x, v) => np.sum(x.add(v)));
  },
  g() {
    const data = inputs.classes();
    const target = oneHot(data.target, 1000);
    return graph([tensor(data.x, [1024, 1000])], (x) =>
      np.sum(nn.logSoftmax(x).mul(target.ref)).mul(-1 / 1024),
    );
  },
  h() {
    const data = inputs.images();
    const g = tensor(data.g, [8, 16, 26, 26]);
    return graph(
      [tensor(data.x, [8, 1, 28, 28]), tensor(data.w, [16, 1, 3, 3]), tensor(data.bias, [16])],
      (x, w, bias) =>
        np.sum(
          lax
            .conv(x, w, [1, 1], "VALID")
            .add(bias.reshape([16, 1, 1]))
            .mul(g.ref),
        ),
    );
  },
};
