// Tensors and the functions that made them: grad_fn, vector–Jacobian products, retain_grad.
// A university course's notebook, retold.
import * as torch from "gradwalk";
import { f, print } from "./python.js";

torch.manual_seed(0); // The notebook drew without a seed.

let x = torch.ones(2, 2, { requires_grad: true });
print(torch.inspect(x));

let y = x.add(2);
print(torch.inspect(y));

// Each result points at the node of the graph that will send its gradient on.
print(y.grad_fn);
print(f`The type of y.grad_fn is <class '${y.grad_fn!.name()}'>, a subclass of torch.autograd.Function`);

const z = y.mul(y).mul(3);
const out = z.mean();
print(torch.inspect(z));
print(f`The operation that created z is ${z.grad_fn}`);
print(torch.inspect(out));

// The sum of 25 numbers moves by one for each of them that moves by one.
let my_tensor = torch.rand(5, 5, { requires_grad: true });
const my_tensor_sum = my_tensor.sum();
print(
  f`The computation that created my_tensor_sum is ${my_tensor_sum.grad_fn}, a subclass of torch.autograd.Function`,
);
my_tensor_sum.backward();
print(torch.inspect(my_tensor.grad!));

// out = mean(3·(x + 2)²), so its derivative is 6·(x + 2) / 4 = 4.5 at x = 1.
out.backward();
print(torch.inspect(x.grad!));

// The graph is whatever ran: here a loop decides how many nodes there are.
x = torch.randn(3, { requires_grad: true });
y = x.mul(2);
while (y.data.norm().item() < 1000) {
  y = y.mul(2);
}
print(torch.inspect(y));

// Three results at once: backward() is told the weight of each. y is no leaf, so it must ask to keep its .grad.
const gradients = torch.FloatTensor([0.1, 1, 0.0001]);
y.retain_grad();
y.backward(gradients);
print(f`Gradient dy/dx at x = ${x.data} is ${x.grad}`);
print(f`Gradient dy/dy at y = ${y.data} is ${y.grad}`);

// An exercise: which of three tensors has a gradient afterwards? The two that are no leaves warn when read.
my_tensor = torch.rand(2, 3, { requires_grad: true });
print(torch.inspect(my_tensor));

x = my_tensor.multiply(2);
print(torch.inspect(x));

const my_sum = x.sum();
print("\n\nBefore backward pass:\n");
print(f`Gradient of my_sum w.r.t. my_tensor: ${my_tensor.grad}`);
print(f`Gradient of my_sum w.r.t. x: ${x.grad}`);
print(f`Gradient of my_sum w.r.t. itself: ${my_sum.grad}`);

print("\n\nAfter backward pass:\n");
my_sum.backward();
// Asking now is too late: the gradient has passed through already.
x.retain_grad();
my_tensor.retain_grad();
print(f`Gradient of my_sum w.r.t. my_tensor: ${my_tensor.grad}`);
print(f`Gradient of my_sum w.r.t. x: ${x.grad}`);
print(f`Gradient of my_sum w.r.t. itself: ${my_sum.grad}`);
