// From one derivative to a network with two weights that learns y = 2x + 1.
// A course's notebook on sequence models begins like this; retold.
import * as torch from "gradwalk";
import { f, print } from "./python.js";

torch.manual_seed(0); // The notebook drew without a seed.

// --- The graph of z = 2x² + 3
let x = torch.tensor([3], { requires_grad: true });
print(f`x = ${x}`);
print(f`requires_grad: ${x.requires_grad}`);

let y = x.pow(2);
let z = y.mul(2).add(3);
print(f`y = x² = ${item(y)}`);
print(f`z = 2x² + 3 = ${item(z)}`);
print(f`\nz.grad_fn: ${z.grad_fn}`);

z.backward();
print(f`x = ${item(x)}`);
print("z = 2x² + 3");
print(f`dz/dx = 4x = ${item(x.grad!)}`);
print("Expected at x=3: 4×3 = 12 ✓");

// --- Two weights, each with its own partial derivative; w1 is used twice
const w1 = torch.tensor([2], { requires_grad: true });
const w2 = torch.tensor([3], { requires_grad: true });
z = w1.pow(2).add(w1.mul(w2));
print(f`z = w1² + w1×w2 = ${item(z)}`);
z.backward();
print(f`\ndz/dw1 = 2×w1 + w2 = ${item(w1.grad!)}`);
print("Expected: 2×2 + 3 = 7 ✓");
print(f`\ndz/dw2 = w1 = ${item(w2.grad!)}`);
print("Expected: 2 ✓");

// --- Passes add up
x = torch.tensor([2], { requires_grad: true });
y = x.pow(2);
y.backward();
print(f`After 1st backward: x.grad = ${item(x.grad!)}`);
y = x.pow(2);
y.backward();
print(f`After 2nd backward: x.grad = ${item(x.grad!)}  (accumulated!)`);
x.grad!.zero_();
y = x.pow(2);
y.backward();
print(f`After zeroing + backward: x.grad = ${item(x.grad!)}  ✓`);

// --- Predicting needs no graph
x = torch.tensor([2], { requires_grad: true });
y = x.pow(2);
print(f`With tracking: y.requires_grad = ${y.requires_grad}`);
torch.no_grad(() => {
  const y_no_grad = x.pow(2);
  print(f`In no_grad: y.requires_grad = ${y_no_grad.requires_grad}`);
});

// --- Learning a line from four points, starting at zero
const X = torch.tensor([[1], [2], [3], [4]]);
const Y = torch.tensor([[3], [5], [7], [9]]);
const w = torch.tensor([[0]], { requires_grad: true });
const b = torch.tensor([[0]], { requires_grad: true });
const learning_rate = 0.1;
print("Learning y = 2x + 1");
print(f`Initial: w=${w.item().toFixed(2)}, b=${b.item().toFixed(2)}`);
print("");

for (let epoch = 0; epoch < 100; epoch++) {
  const Y_pred = X.matmul(w).add(b);
  const loss = Y_pred.sub(Y).pow(2).mean();
  loss.backward();
  torch.no_grad(() => {
    w.sub_(w.grad!.mul(learning_rate));
    b.sub_(b.grad!.mul(learning_rate));
  });
  w.grad!.zero_();
  b.grad!.zero_();
  if (epoch % 20 === 0) {
    const at = String(epoch).padStart(3);
    print(f`Epoch ${at}: loss=${loss.item().toFixed(4)}, w=${w.item().toFixed(3)}, b=${b.item().toFixed(3)}`);
  }
}
print(f`\nFinal: w=${w.item().toFixed(3)}, b=${b.item().toFixed(3)}`);
print("Target: w=2.000, b=1.000");

// --- A matrix of weights: its gradient has its shape
const W = torch.randn(2, 3, { requires_grad: true });
x = torch.randn(1, 2);
y = x.matmul(W);
print(f`Input x shape: ${x.shape}`);
print(f`Weight W shape: ${W.shape}`);
print(f`Output y shape: ${y.shape}`);
const loss = y.sum();
loss.backward();
print(f`\nW.grad shape: ${W.grad!.shape}`);
print(f`W.grad:\n${W.grad}`);

// --- A value without its history
x = torch.tensor([2], { requires_grad: true });
y = x.pow(2);
const y_detached = y.detach();
print(f`y.requires_grad: ${y.requires_grad}`);
print(f`y_detached.requires_grad: ${y_detached.requires_grad}`);

/** The only element, spelled as the float that it is. */
function item(tensor: torch.Tensor): string {
  return `${tensor.squeeze()}`;
}
