// All values on the way forward are fine, and yet a gradient is NaN: the square root has an infinite
// slope at 0, and infinity times 0 is no number. The graph shows the node at which it begins.
import * as torch from "gradwalk";

const a = torch.tensor([3, 4], { requires_grad: true });
const b = torch.tensor([3, 4], { requires_grad: true });

const difference = a.sub(b); // the two points happen to coincide
const distance = difference.pow(2).sum().sqrt();
console.log("distance =", distance);

distance.backward();
console.log("a.grad =", a.grad);

// The usual remedy: stay away from 0 by a hair.
a.grad = null;
const safe = a.sub(b).pow(2).sum().add(1e-12).sqrt();
safe.backward();
console.log("a.grad with a hair =", a.grad);
