// Row b: training steps of an MLP 2-16-16-1 on a batch of 100.
import * as torch from "gradwalk";

torch.manual_seed(0);
const x = torch.randn(100, 2);
const target = torch.randn(100, 1);
const w1 = torch.randn(2, 16, { requires_grad: true });
const b1 = torch.zeros(16, { requires_grad: true });
const w2 = torch.randn(16, 16, { requires_grad: true });
const b2 = torch.zeros(16, { requires_grad: true });
const w3 = torch.randn(16, 1, { requires_grad: true });
const b3 = torch.zeros(1, { requires_grad: true });
const parameters = [w1, b1, w2, b2, w3, b3];

function step(): void {
  const h1 = x.matmul(w1).add(b1).tanh();
  const h2 = h1.matmul(w2).add(b2).tanh();
  const loss = h2.matmul(w3).add(b3).sub(target).pow(2).mean();
  for (const p of parameters) p.grad = null;
  loss.backward();
  torch.no_grad(() => {
    for (const p of parameters) p.sub_(p.grad!.mul(0.01));
  });
}

const ROUNDS = 3000;
const start = performance.now();
for (let round = 0; round < ROUNDS; round++) step();
console.log((performance.now() - start) / ROUNDS);
