/** @file Small programs whose exports are kept as golden files. */

export const PROGRAMS = {
  /** A training loop: two passes over one structure, a leaf that accumulates and one that is cleared. */
  loop: `import * as torch from "gradwalk";

const x = torch.tensor([2, 4, 6]);
const w = torch.tensor([0.5], { requires_grad: true });
const b = torch.tensor([0.25], { requires_grad: true });

for (let epoch = 0; epoch < 2; epoch++) {
  const y = w.mul(x).add(b);
  const loss = y.sub(1).pow(2).mean();
  w.grad?.zero_();
  loss.backward();
  torch.no_grad(() => w.sub_(w.grad!.mul(0.5)));
}
`,
  /** A class, a call made twice, a retained gradient, autograd.grad over a graph of its own. */
  modules: `import * as torch from "gradwalk";

class Scale {
  weight = torch.tensor([[1, 2]], { requires_grad: true });

  forward(x: torch.Tensor): torch.Tensor {
    return x.mul(this.weight);
  }
}

const model = new Scale();
const input = torch.ones(2, 2);
const [first, second] = [model.forward(input), model.forward(input)];
const penalty = model.weight.square().sum();
const [grad] = torch.autograd.grad(penalty, [model.weight]);
const out = torch.cat([first, second]).sum();
first.retain_grad();
out.backward();
console.log(grad);
`,
} as const;
