/** @file The rows in js-pytorch that it has the operations for. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { torch } from "js-pytorch";
import * as inputs from "./inputs.mjs";

const main = createRequire(import.meta.url).resolve("js-pytorch");
export const version = JSON.parse(readFileSync(join(dirname(main), "..", "package.json"), "utf8")).version;

const leaf = (values, columns) => torch.tensor(inputs.nested(values, columns), true);
const flat = (t) => Float64Array.from(t._data.flat(4));

function graph(leaves, forward) {
  let out = null;
  return {
    run() {
      for (const t of leaves) t.zero_grad();
      out = forward();
      out.backward();
    },
    check: () => [flat(out).reduce((a, b) => a + b, 0), ...leaves.map((t) => flat(t._grad))],
  };
}

function chain() {
  const w = torch.tensor([inputs.chain.w], true);
  const forward = () => {
    let y = w;
    for (let i = 0; i < inputs.chain.links; i++) y = torch.add(torch.mul(y, w), inputs.chain.shift);
    return y;
  };
  return { w, forward };
}

export const rows = {
  "a.forward"() {
    const { forward } = chain();
    return { run: () => void forward(), check: () => [flat(forward())] };
  },
  "a.both"() {
    const { w, forward } = chain();
    return graph([w], forward);
  },
  "d.forward"() {
    const data = inputs.product();
    const a = leaf(data.a, 512);
    const b = leaf(data.b, 512);
    let y = null;
    return {
      run() {
        y = torch.matmul(a, b);
      },
      check: () => [flat(y)],
    };
  },
};
