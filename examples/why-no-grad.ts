// Why is .grad null? The readout above each line gives the reason for that line.
import * as torch from "gradwalk";

const w = torch.tensor([1, 2], { requires_grad: true });
const data = torch.tensor([3, 4]); // never asked for a gradient
const unused = torch.tensor([5, 6], { requires_grad: true }); // asked, but the loss does not depend on it

const product = w.mul(data); // no leaf: its gradient passes through and is not kept
const kept = product.add(1);
kept.retain_grad(); // no leaf either, but this one is told to keep it
const cut = product.detach(); // same numbers, no history
const silent = torch.no_grad(() => w.mul(2)); // not recorded

const loss = kept.sum().add(cut.sum()).add(silent.sum());
loss.backward();

console.log("w:", w.grad);
console.log("data:", data.grad);
console.log("unused:", unused.grad);
console.log("kept:", kept.grad);
console.log("cut:", cut.grad);
console.log("silent:", silent.grad);
