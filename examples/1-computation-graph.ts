// What a computation graph is: which tensors record, which are leaves, what backward() leaves behind.
// A notebook on PyTorch's autograd, retold; run it and compare the graph with the lines.
import * as torch from "gradwalk";
import { f, print } from "./python.js";

torch.manual_seed(0); // The notebook drew without a seed.

// Three leaves and two operations. Only what is reached from a leaf that requires grad is recorded.
let x = torch.tensor(2, { requires_grad: true });
let w = torch.tensor(3, { requires_grad: true });
let b = torch.tensor(1, { requires_grad: true });
let y = w.mul(x);
let z = y.add(b);
print(f`Result z: ${z}`);

// Plain data does not ask for gradients.
x = torch.tensor([1, 2, 3]);
print(f`Tensor x: ${x}`);
print(f`x.requires_grad: ${x.requires_grad}`);

y = torch.tensor([4, 5, 6], { requires_grad: false });
print(f`\nTensor y: ${y}`);
print(f`y.requires_grad: ${y.requires_grad}`);

// Parameters do: from the start …
w = torch.tensor([0.5, -1], { requires_grad: true });
print(f`Tensor w: ${w}`);
print(f`w.requires_grad: ${w.requires_grad}`);

// … or from now on, in place.
b = torch.tensor([0.1]);
print(f`Tensor b (before): ${b}`);
print(f`b.requires_grad (before): ${b.requires_grad}`);
b.requires_grad_(true);
print(f`\nTensor b (after): ${b}`);
print(f`b.requires_grad (after): ${b.requires_grad}`);

// An integer has no neighbourhood to take a derivative in, so an integer tensor refuses.
try {
  const int_tensor = torch.tensor([1, 2], { dtype: torch.int64, requires_grad: true });
  print(f`Integer tensor created with requires_grad=True: ${int_tensor.requires_grad}`);
} catch (error) {
  if (!(error instanceof torch.RuntimeError)) throw error;
  print(f`\nError setting requires_grad on integer tensor: ${error.message}`);
}

const float_tensor = torch.tensor([1, 2], { requires_grad: true });
print(f`\nFloat tensor created with requires_grad=True: ${float_tensor.requires_grad}`);

// A small affine map: data in, two parameters, and b broadcast over both elements.
x = torch.tensor([1, 2]);
w = torch.tensor([0.5, -1], { requires_grad: true });
b = torch.tensor([0.1], { requires_grad: true });
print(f`x requires_grad: ${x.requires_grad}`);
print(f`w requires_grad: ${w.requires_grad}`);
print(f`b requires_grad: ${b.requires_grad}`);

const intermediate = w.mul(x);
print(f`\nintermediate (w * x) requires_grad: ${intermediate.requires_grad}`);

y = intermediate.add(b);
print(f`y requires_grad: ${y.requires_grad}`);

// Leaves were made by nobody; results know the function that made them.
print(f`\nx.grad_fn: ${x.grad_fn}`);
print(f`w.grad_fn: ${w.grad_fn}`);
print(f`b.grad_fn: ${b.grad_fn}`);
print(f`intermediate.grad_fn: ${intermediate.grad_fn}`);
print(f`y.grad_fn: ${y.grad_fn}`);

// A scalar loss. Both operands of y * y are the same tensor: two terms meet in its gradient.
x = torch.tensor(2, { requires_grad: true });
w = torch.tensor(3, { requires_grad: true });
b = torch.tensor(1, { requires_grad: true });
y = w.mul(x).add(b);
const loss = y.mul(y);
print(f`Gradient for x before backward: ${x.grad}`);
print(f`Gradient for w before backward: ${w.grad}`);
print(f`Gradient for b before backward: ${b.grad}`);

// d(y²)/dx = 2·y·w = 2·7·3, and likewise for w (2·7·2) and b (2·7·1).
loss.backward();
print(f`Gradient for x after backward: ${x.grad}`);
print(f`Gradient for w after backward: ${w.grad}`);
print(f`Gradient for b after backward: ${b.grad}`);

// A result with two elements has no single derivative …
const x_vector = torch.tensor([2, 4], { requires_grad: true });
w = torch.tensor(3, { requires_grad: true });
b = torch.tensor(1, { requires_grad: true });
const y_non_scalar = w.mul(x_vector).add(b);
try {
  y_non_scalar.backward();
} catch (error) {
  if (!(error instanceof torch.RuntimeError)) throw error;
  print(f`Error calling backward() on non-scalar: ${error.message}`);
}

// … until somebody says how much each element counts.
const grad_tensor = torch.ones_like(y_non_scalar);
y_non_scalar.backward({ gradient: grad_tensor });
print(f`Gradient for x_vector after y_non_scalar.backward(gradient=...): ${x_vector.grad}`);
print(f`Gradient for w after y_non_scalar.backward(gradient=...): ${w.grad}`);

// Where gradients end up: in .grad of the leaves that asked for them.
x = torch.tensor(2, { requires_grad: true });
w = torch.tensor(3, { requires_grad: true });
b = torch.tensor(1, { requires_grad: true });
y = w.mul(x).add(b);
y.backward();
print(f`Gradient of y with respect to x (dy/dx): ${x.grad}`);
print(f`Gradient of y with respect to w (dy/dw): ${w.grad}`);
print(f`Gradient of y with respect to b (dy/db): ${b.grad}`);

z = torch.tensor(4, { requires_grad: false });
print(f`Gradient for tensor z (requires_grad=False): ${z.grad}`);

// The same arithmetic, recorded and not recorded.
x = torch.randn(2, 2, { requires_grad: true });
w = torch.randn(2, 2, { requires_grad: true });
b = torch.randn(2, 2, { requires_grad: true });
y = x.mul(w).add(b);
print(f`y.requires_grad: ${y.requires_grad}`);
print(f`y.grad_fn: ${y.grad_fn}`);

print("\nEntering torch.no_grad() context:");
torch.no_grad(() => {
  z = x.mul(w).add(b);
  print(f`  z.requires_grad: ${z.requires_grad}`);
  print(f`  z.grad_fn: ${z.grad_fn}`);
  const k = x.mul(5);
  print(f`  k.requires_grad: ${k.requires_grad}`);
});

print("\nExiting torch.no_grad() context:");
const p = x.mul(w);
print(f`p.requires_grad: ${p.requires_grad}`);
print(f`p.grad_fn: ${p.grad_fn}`);

// detach() gives the same numbers without their history; the original keeps its own.
const a = torch.randn(3, 3, { requires_grad: true });
b = a.mul(2);
print(f`b.requires_grad: ${b.requires_grad}`);
print(f`b.grad_fn: ${b.grad_fn}`);

const c = b.detach();
print("\nAfter detaching b to create c:");
print(f`c.requires_grad: ${c.requires_grad}`);
print(f`c.grad_fn: ${c.grad_fn}`);

print("\nOriginal tensor b remains attached:");
print(f`b.requires_grad: ${b.requires_grad}`);
print(f`b.grad_fn: ${b.grad_fn}`);

const d = c.add(1);
print("\nOperation on detached tensor c:");
print(f`d.requires_grad: ${d.requires_grad}`);

// A leaf can stop asking, too.
const my_tensor = torch.randn(5, { requires_grad: true });
print(f`Initial requires_grad: ${my_tensor.requires_grad}`);
my_tensor.requires_grad_(false);
print(f`After requires_grad_(False): ${my_tensor.requires_grad}`);

// Two backward passes through one graph: the second adds to what the first left in .grad.
x = torch.tensor([2], { requires_grad: true });
y = x.mul(x);
z = y.mul(3);
z.backward({ retain_graph: true });
print(f`After first backward pass, x.grad: ${x.grad}`);
z.backward();
print(f`After second backward pass, x.grad: ${x.grad}`);
x.grad!.zero_();
print(f`After zeroing, x.grad: ${x.grad}`);

// One weight for three inputs: its gradient is the mean over all of them.
x = torch.tensor([2, 4, 6]);
w = torch.tensor([0.5], { requires_grad: true });
print(f`x: ${x}`);
print(f`w: ${w}`);
print(f`x.requires_grad: ${x.requires_grad}`);
print(f`w.requires_grad: ${w.requires_grad}`);

y = w.mul(x);
const L = y.mean();
print(f`y: ${y}`);
print(f`L: ${L}`);
print(f`y.requires_grad: ${y.requires_grad}`);
print(f`L.requires_grad: ${L.requires_grad}`);

L.backward();
print(f`Gradient dL/dw: ${w.grad}`);
print(f`Gradient dL/dx: ${x.grad}`);
