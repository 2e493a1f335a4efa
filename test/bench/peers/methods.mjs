/**
 * @file The rows of libraries whose tensors have PyTorch's methods (`x.exp().mul(y).sum().backward()`).
 *
 * What differs between them is given: `leaf` and `constant` make tensors of values and a shape, `clear` lets a
 * leaf's gradient go, `update` takes `rate` times the gradient from a leaf, `item`, `array` and `gradient` read.
 */
import * as inputs from "./inputs.mjs";

export function methodRows({ leaf, constant, clear, update, item, array, gradient }) {
  /** A row of one function: forward, then backward into the leaves' gradients. */
  function graph(leaves, forward) {
    let out = null;
    const run = () => {
      for (const t of leaves) clear(t);
      out = forward();
      out.backward();
    };
    return { run, check: () => [item(out), ...leaves.map(gradient)] };
  }

  /** A row of training steps; checked are the parameters after the first few. */
  function training({ shapes, parameters }, rate, lossOf) {
    const fresh = () => parameters.map((p, i) => leaf(p, shapes[i]));
    const step = (ps) => {
      for (const p of ps) clear(p);
      lossOf(ps).backward();
      update(ps, rate);
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

  function chained(w, shift) {
    let y = w;
    for (let i = 0; i < inputs.chain.links; i++) y = y.mul(w).add(shift);
    return y;
  }

  const rows = {
    "d.forward"() {
      const data = inputs.product();
      const a = constant(data.a, [512, 512]);
      const b = constant(data.b, [512, 512]);
      let y = null;
      const run = () => {
        y = a.matmul(b);
      };
      return { run, check: () => [array(y)] };
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
  };
  return { graph, training, chained, rows };
}

/** Row b's network; the square is spelled differently. */
export function smallNetwork(x, target, [w1, b1, w2, b2, w3, b3]) {
  return x.matmul(w1).add(b1).tanh().matmul(w2).add(b2).tanh().matmul(w3).add(b3).sub(target);
}

/** Row c's network, without its loss. */
export function largeNetwork(x, [w1, b1, w2, b2]) {
  return x.matmul(w1).add(b1).relu().matmul(w2).add(b2);
}
