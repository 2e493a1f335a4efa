// Row a: a chain of 1,000 scalar operations, forward and backward.
import * as torch from "gradwalk";

const w = torch.tensor(1.0001, { requires_grad: true });

function chain(): torch.Tensor {
  let y: torch.Tensor = w;
  for (let i = 0; i < 500; i++) {
    y = y.mul(w);
    y = y.add(0.001);
  }
  return y;
}

const ROUNDS = 400;
const times: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const start = performance.now();
  chain().backward();
  times.push(performance.now() - start);
}
const sorted = times.slice(ROUNDS / 4).sort((a, b) => a - b);
console.log(sorted[sorted.length >> 1]);
