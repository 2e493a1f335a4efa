// A deep chain of sigmoids: on its way back the gradient is multiplied by at most a quarter per layer.
// Colour the graph by the norm of the gradient and look at the first layers.
import * as torch from "gradwalk";

torch.manual_seed(1);

const depth = 8;
const width = 4;
const weights = Array.from({ length: depth }, () => torch.randn(width, width, { requires_grad: true }));

let h = torch.randn(1, width);
for (const weight of weights) {
  h = torch.sigmoid(h.matmul(weight));
}
const loss = h.sum();
loss.backward();

weights.forEach((weight, layer) => {
  const norm = weight.grad!.norm().item();
  console.log(`layer ${layer}: gradient norm ${norm.toExponential(1)}`);
});
