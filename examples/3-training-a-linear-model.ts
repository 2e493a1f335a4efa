// From requires_grad to a full training loop, with the numbers that PyTorch draws after manual_seed(42).
// A notebook on PyTorch's autograd, retold; where its author had run a cell several times, so do we.
import * as torch from "gradwalk";
import { f, float, numpy, print } from "./python.js";

torch.manual_seed(42);

// --- Tensors that require grad, and one that does not
let x = torch.tensor([1, 2, 3], { requires_grad: true });
let w = torch.randn(5, 3, { requires_grad: true });
let b = torch.randn(3, { requires_grad: false });
for (const [name, tensor] of Object.entries({ x, w, b })) {
  print(f`Tensor ${name}`);
  print(f`    value: ${tensor}`);
  print(f`    requires_grad: ${tensor.requires_grad}`);
  print(f`    grad: ${tensor.grad}`);
  print(f`    dtype: ${tensor.dtype}\n`);
}

x = torch.tensor([1, 2, 3], { requires_grad: false });
print(f`Before: x.requires_grad = ${x.requires_grad}`);
x.requires_grad_(true);
print(f`After: x.requires_grad = ${x.requires_grad}`);
x.requires_grad_(false);
print(f`Turned off: x.requires_grad = ${x.requires_grad}`);

// --- One layer of a network as a graph
x = torch.ones(5);
let y = torch.zeros(3);
w = torch.randn(5, 3, { requires_grad: true });
b = torch.randn(3, { requires_grad: true });
let z = torch.matmul(x, w).add(b);
let loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y);

print("Leaves nodes (parameters of the model):");
print(f`  w.is_leaf: ${w.is_leaf}, requires_grad: ${w.requires_grad}`);
print(f`  b.is_leaf: ${b.is_leaf}, requires_grad: ${b.requires_grad}`);
print("\nPlotting computing graph:");
print("  After z = matmul(x,w) + b:");
print(f`    z.grad_fn = ${z.grad_fn}`);
print(f`    z.is_leaf = ${z.is_leaf}`);
print("  After loss = BCE(z, y):");
print(f`    loss.grad_fn = ${loss.grad_fn}`);
print(f`    loss.is_leaf = ${loss.is_leaf}`);

/** One step down from a tensor into the graph that made it. */
function print_graph_structure(tensor: torch.Tensor, indent = 0): void {
  const prefix = " ".repeat(indent);
  if (tensor.is_leaf) {
    print(f`${prefix} Leaf: ${tensor.shape}`);
    return;
  }
  print(f`${prefix}${tensor.grad_fn!.name()}: ${tensor.shape}`);
  for (const [next_fn] of tensor.grad_fn!.next_functions) {
    if (next_fn?.variable) print_graph_structure(next_fn.variable, indent + 1);
    else if (next_fn) print(f`${prefix} └─ ${next_fn.name()}`);
  }
}

print("Structure of computing graph:");
print("\nRoot (loss):");
print_graph_structure(loss);

// --- Forward and backward by hand and by autograd
print("Example: y = (x * w + b) ^ 2 \n");
x = torch.tensor(2, { requires_grad: false });
w = torch.tensor(3, { requires_grad: true });
b = torch.tensor(1, { requires_grad: true });
print("Input data:");
print(f`  x = ${x.item().toFixed(1)}`);
print(f`  w = ${w.item().toFixed(1)}`);
print(f`  b = ${b.item().toFixed(1)}`);

print("\nForward pass:");
z = x.mul(w).add(b);
print(f`  z = x * w + b = ${x} * ${w} + ${b} = ${z}`);
y = z.pow(2);
print(f`  y = z ^ 2 = ${z} ^ 2 = ${y}`);

print("\nComputing graph:");
print(f`  y.grad_fn = ${y.grad_fn}`);
print(f`  z.grad_fn = ${z.grad_fn}`);

print("Backward pass:\n");
const manual_dzdy = 2 * z.item();
const manual_dydw = manual_dzdy * x.item();
const manual_dydb = manual_dzdy * 1;
print("Manual calculations:");
print(f`  dy/dz = 2 * z = 2 * ${z} = ${float(manual_dzdy)}`);
print(f`  dy/dw = dy/dz * dz/dw = ${float(manual_dzdy)} * ${x} = ${float(manual_dydw)}`);
print(f`  dy/db = dy/dz * dz/db = ${float(manual_dzdy)} * 1 = ${float(manual_dydb)}`);
print("\nAfter y.backward():");
y.backward();
print(f`  w.grad = ${w.grad}`);
print(f`  b.grad = ${b.grad}`);

// --- A linear model on made-up data
const n_samples = 100;
const n_features = 10;
const X = torch.randn(n_samples, n_features);
let w_true = torch.randn(n_features, 1);
const noise = torch.randn(n_samples, 1).mul(0.1);
const y_true = X.matmul(w_true).add(noise);
print("Training data:");
print(f`  X.shape = ${X.shape}`);
print(f`  y_true.shape = ${y_true.shape}`);
print(f`  y_true: mean=${y_true.mean().item().toFixed(3)}, std=${y_true.std().item().toFixed(3)}`);

// The third draw is the one that the notebook went on with.
for (let run = 0; run < 3; run++) {
  w = torch.randn(n_features, 1, { requires_grad: true });
  b = torch.zeros(1, { requires_grad: true });
}
print("Initializated parameters:");
print(f`  w.shape = ${w.shape}, requires_grad = ${w.requires_grad}`);
print(f`  b.shape = ${b.shape}, requires_grad = ${b.requires_grad}`);
print(f`  w.is_leaf = ${w.is_leaf}`);
print(f`  b.is_leaf = ${b.is_leaf}`);

function forward(X: torch.Tensor, w: torch.Tensor, b: torch.Tensor): torch.Tensor {
  return X.matmul(w).add(b);
}

/** Mean squared error. */
function compute_loss(y_pred: torch.Tensor, y_true: torch.Tensor): torch.Tensor {
  return torch.mean(y_pred.sub(y_true).pow(2));
}

print("Forward pass:");
let y_pred = forward(X, w, b);
print(f`  y_pred.shape = ${y_pred.shape}`);
print(f`  y_pred: mean = ${y_pred.mean().item().toFixed(3)}, std = ${y_pred.std().item().toFixed(3)}`);
print(f`  y_pred.requires_grad = ${y_pred.requires_grad}`);
print(f`  y_pred.grad_fn = ${y_pred.grad_fn}`);

print("\nLoss computing:");
loss = compute_loss(y_pred, y_true);
print(f`  loss = ${loss.item().toFixed(4)}`);
print(f`  loss.requires_grad = ${loss.requires_grad}`);
print(f`  loss.grad_fn = ${loss.grad_fn}`);

print("Gradients computing (loss.backward()):");
loss.backward();
print(f`  w.grad.shape = ${w.grad!.shape}`);
print(f`  b.grad.shape = ${b.grad!.shape}`);
print(f`  ∥w.grad∥ = ${torch.norm(w.grad!).item().toFixed(4)}`);
print(f`  ∥b.grad∥ = ${torch.norm(b.grad!).item().toFixed(4)}`);
print(f`\nFirst 5 elements w.grad: ${w.grad!.index([torch.Slice(null, 5)]).squeeze()}`);

// A step of gradient descent is no part of the model, so it is not recorded.
let learning_rate = 0.01;
print(f`Updating parameters with learning_rate = ${learning_rate}\n`);
for (let run = 0; run < 2; run++) {
  torch.no_grad(() => {
    w.sub_(w.grad!.mul(learning_rate));
    b.sub_(b.grad!.mul(learning_rate));
  });
}
print("Parameters are updated");
print(f`  w[0] new = ${w.index([0]).item().toFixed(4)}`);
print(f`  b new = ${b.item().toFixed(4)}`);

// --- Gradients add up until they are cleared
print("Demonstration of accumulation of gradients:");
x = torch.tensor(2, { requires_grad: true });
y = x.pow(2);
y.backward({ retain_graph: true });
print("\nAfter first y.backward():");
print(f`  x.grad = ${x.grad} (expect: dy/dx = 2x = 4)`);
y.backward({ retain_graph: true });
print("\nAfter second y.backward() БЕЗ очистки:");
print(f`  x.grad = ${x.grad} (Gradients have accumulated!)`);
x.grad!.zero_();
print("\nAfter x.grad.zero_():");
print(f`  x.grad = ${x.grad}`);
y.backward();
print("\nAfter third y.backward():");
print(f`  x.grad = ${x.grad} (As expected!)`);

// --- Two ways of not recording
x = torch.tensor([1, 2, 3], { requires_grad: true });
print("\nMethod 1: context manager torch.no_grad()");
torch.no_grad(() => {
  y = x.pow(1);
  print(f`  Inside no_grad(): x.requires_grad = ${x.requires_grad}`);
  print(f`  Inside no_grad(): y.requires_grad = ${y.requires_grad}`);
});
print(f`\n  Outside no_grad(): x.requires_grad = ${x.requires_grad}`);
print(f`  Outside no_grad(): y.requires_grad = ${y.requires_grad}`);
print(f`\n  Are y and x different objects? ${y !== x}`);
print(f`  Is data separated? ${y.data_ptr() === x.data_ptr()}`);

print("\nMethod 2: detach()");
x = torch.tensor([1, 2, 3], { requires_grad: true });
y = x.detach();
print(f`  x.requires_grad = ${x.requires_grad}`);
print(f`  y.requires_grad = ${y.requires_grad}`);
print(f`  Are y and x different objects? ${y !== x}`);
print(f`  Is data separated? ${y.data_ptr() === x.data_ptr()}`);

// --- Only leaves keep a gradient; reading another's warns
for (let run = 0; run < 4; run++) {
  w = torch.randn(2, { requires_grad: true });
  x = torch.randn(2);
}
z = x.matmul(w);
y = z.pow(2);
print(f`w.is_leaf = ${w.is_leaf}, requires_grad = ${w.requires_grad}`);
print(f`z.is_leaf = ${z.is_leaf}, requires_grad = ${z.requires_grad}`);
print(f`y.is_leaf = ${y.is_leaf}, requires_grad = ${y.requires_grad}`);
y.backward();
print("\nAfter backward():");
print(f`  w.grad = ${w.grad}  there is a gradient (leaf node)`);
print(f`  z.grad = ${z.grad}  there is no gradient (intermediate node)`);
print(f`  y.grad = ${y.grad}  there is no gradient (root node)`);

// --- A vector-valued function: backward(v) computes vᵀ·J
x = torch.tensor([1, 2, 3], { requires_grad: true });
y = torch.cat([
  x.index([torch.Slice(0, 1)]).pow(2),
  x.index([torch.Slice(1, 2)]).mul(2),
  x.index([torch.Slice(2, 3)]),
]);
print(f`x = ${x}`);
print(f`y = [x_1^2, 2x_2, x_3] = ${y}`);
print(f`y.shape = ${y.shape}`);
print("\nWe're calling y.backward(torch.ones_like(y)):");
const v = torch.ones_like(y);
print(f`  v = ${v}`);
y.backward(v);
print(f`\nResult x.grad = ${x.grad}`);
print("  This is v^T * J, где J — the Jacobian matrix");

// --- All of it together
torch.manual_seed(42);
const X_train = torch.randn(50, 3);
w_true = torch.tensor([1, -0.5, 0.3]);
const y_train = X_train.matmul(w_true).add(torch.randn(50).mul(0.1));
w = torch.randn(3, { requires_grad: true });
b = torch.zeros(1, { requires_grad: true });
learning_rate = 0.1;
const n_epochs = 30;
print(f`learning_rate = ${learning_rate}`);
print(f`True weights = ${w_true}\n`);

const losses: number[] = [];
for (let epoch = 0; epoch < n_epochs; epoch++) {
  y_pred = X_train.matmul(w).add(b);
  loss = torch.mean(y_pred.sub(y_train).pow(2));
  losses.push(loss.item());

  w.grad?.zero_();
  b.grad?.zero_();
  loss.backward();

  torch.no_grad(() => {
    w.sub_(w.grad!.mul(learning_rate));
    b.sub_(b.grad!.mul(learning_rate));
  });
  const number = String(epoch + 1).padStart(2);
  print(f`Epoch ${number}: loss = ${losses[epoch]!.toFixed(4)}, w = ${numpy(weights(w))}`);
}

print(f`\nFinal weights (trained):\n  ${numpy(weights(w))}`);
print(f`True weights:\n  ${numpy(weights(w_true))}`);

function weights(tensor: torch.Tensor): Float32Array {
  return tensor.detach().numpy() as Float32Array;
}
