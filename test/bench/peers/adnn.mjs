/** @file Row a in adnn, whose scalar nodes are the fastest of JavaScript's. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as inputs from "./inputs.mjs";

const require = createRequire(import.meta.url);
const ad = require("adnn/ad");
export const version = JSON.parse(readFileSync(require.resolve("adnn/package.json"), "utf8")).version;

function forward(w) {
  let y = w;
  for (let i = 0; i < inputs.chain.links; i++) y = ad.scalar.add(ad.scalar.mul(y, w), inputs.chain.shift);
  return y;
}

export const rows = {
  "a.forward"() {
    const w = ad.lift(inputs.chain.w);
    return { run: () => void forward(w), check: () => [ad.value(forward(w))] };
  },
  "a.both"() {
    let [w, out] = [null, null];
    return {
      run() {
        w = ad.lift(inputs.chain.w);
        out = forward(w);
        out.backprop();
      },
      check: () => [ad.value(out), ad.derivative(w)],
    };
  },
};
