// The chain rule in small steps: powers, a sine, a neuron with its cross entropy, and when not to record.
// A notebook on PyTorch's autograd, retold.
import * as torch from "gradwalk";

// --- y = x²
let x = torch.tensor(3, { requires_grad: true });
console.log(x);
let y = x.pow(2);
console.log(y);
y.backward();
console.log(x.grad);

// --- z = sin(x²): two functions one after the other, so dz/dx = cos(x²) · 2x
x = torch.tensor(4, { requires_grad: true });
console.log(x);
y = x.pow(2);
console.log(y);
let z = torch.sin(y);
console.log(z);
z.backward();
console.log(x.grad);

// --- One neuron that is quite wrong: it says 1 where the target is 0
x = torch.tensor(6.7);
y = torch.tensor(0);
const w = torch.tensor(1, { requires_grad: true });
const b = torch.tensor(0, { requires_grad: true });
console.log(w);
console.log(b);
z = w.mul(x).add(b);
console.log(z);
const y_pred = torch.sigmoid(z);
console.log(y_pred);

/** Clamped, since the logarithm of 0 is no number to go on with. */
function binary_cross_entropy_loss(predicted: torch.Tensor, target: torch.Tensor): torch.Tensor {
  const epsilon = 1e-8;
  const p = torch.clamp(predicted, epsilon, 1 - epsilon);
  const hit = target.mul(torch.log(p));
  const miss = torch.sub(1, target).mul(torch.log(torch.sub(1, p)));
  return hit.add(miss).neg();
}

const loss = binary_cross_entropy_loss(y_pred, y);
console.log(loss);
loss.backward();
console.log(w.grad);
console.log(b.grad);

// --- The mean of squares of a vector: each element gets its share, 2x / 3
x = torch.tensor([1, 2, 3], { requires_grad: true });
console.log(x);
y = x.pow(2).mean();
console.log(y);
y.backward();
console.log(x.grad);

// --- Clearing a gradient before the next pass adds to it
x = torch.tensor(4, { requires_grad: true });
y = x.pow(2);
y.backward();
console.log(x.grad);
console.log(x.grad!.zero_());

// --- Three ways of not recording
x = torch.tensor(2, { requires_grad: true });
console.log(x);
y = x.pow(2);
console.log(y);
y.backward();
console.log(x.grad);

// The leaf stops asking.
x.requires_grad_(false);
console.log(x);
y = x.pow(2);
console.log(y);

// The value goes on without its history.
x = torch.tensor(2, { requires_grad: true });
console.log(x);
z = x.detach();
console.log(z);
y = z.pow(2);
console.log(y);

// Nothing is recorded for a while.
x = torch.tensor(2, { requires_grad: true });
console.log(x);
torch.no_grad(() => {
  y = x.pow(2);
});
console.log(y);
