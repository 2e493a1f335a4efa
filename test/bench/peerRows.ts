/** @file The rows of the comparison, in the units people compare them in, and their targets. */

/** Milliseconds of a library's measurements, by the names that its program uses. */
export type Times = (measurement: string) => number;

export interface Target {
  readonly peer: string;
  /** At most this many times the peer's figure (at least, where more is better). */
  readonly ratio: number;
}

export interface Row {
  readonly title: string;
  readonly unit: string;
  readonly measurements: readonly string[];
  readonly value: (times: Times) => number;
  readonly moreIsBetter?: true;
  readonly targets: readonly Target[];
}

const FLOP = 2 * 512 ** 3;

function plain(title: string, measurement: string, targets: readonly Target[]): Row {
  return { title, unit: "ms", measurements: [measurement], value: (times) => times(measurement), targets };
}
const torch = (ratio: number): Target => ({ peer: "PyTorch", ratio });

/** All rows are forward and backward, unless they say otherwise. */
export const ROWS: readonly Row[] = [
  {
    title: "a. chain of 1,000 scalar operations, forward",
    unit: "ns an operation",
    measurements: ["a.forward"],
    value: (times) => times("a.forward") * 1e3,
    targets: [torch(1 / 15), { peer: "deepbox", ratio: 0.6 }, { peer: "adnn", ratio: 2 }],
  },
  {
    title: "a. the same, backward",
    unit: "ns an operation",
    measurements: ["a.forward", "a.both"],
    value: (times) => (times("a.both") - times("a.forward")) * 1e3,
    targets: [torch(1 / 15), { peer: "deepbox", ratio: 0.6 }, { peer: "adnn", ratio: 2 }],
  },
  plain("b. MLP 2-16-16-1, batch 100, a training step", "b", [torch(1)]),
  plain("c. MLP 784-256-10, batch 64, a training step", "c", [torch(3), { peer: "jax-js jit", ratio: 0.7 }]),
  {
    title: "d. matmul 512, forward",
    unit: "GFLOP/s",
    measurements: ["d.forward"],
    value: (times) => FLOP / times("d.forward") / 1e6,
    moreIsBetter: true,
    targets: [{ peer: "tfjs-wasm", ratio: 1.2 }],
  },
  plain("d. matmul 512", "d.both", [{ peer: "jax-js jit", ratio: 0.8 }]),
  plain("e. exp · tanh + x, summed, of 10⁶ floats", "e", [torch(1.3)]),
  plain("f. sum over axis 0 of 1000²", "f.sum", [torch(1)]),
  plain("f. mean over axis 1 of 1000²", "f.mean", [torch(1)]),
  plain("f. [1000, 1000] + [1000]", "f.add", [torch(1.2)]),
  plain("g. log-softmax and NLL [1024, 1000]", "g", [torch(2.5)]),
  plain("h. conv2d 8×1×28×28, 16 filters 3×3", "h", [torch(1.5)]),
];
