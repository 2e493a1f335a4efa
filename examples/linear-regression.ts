// Fits a line through three points by gradient descent. The welcome example:
// run it, then click a node of the graph or put the cursor on a line.
import * as torch from "gradwalk";

const x = torch.tensor([2, 4, 6]);
const target = torch.tensor([3, 5, 7]);
const w = torch.tensor([0.5], { requires_grad: true });
const b = torch.tensor([0.1], { requires_grad: true });

for (let epoch = 0; epoch < 30; epoch++) {
  const y = w.mul(x).add(b);
  const loss = y.sub(target).pow(2).mean();
  w.grad?.zero_();
  b.grad?.zero_();
  loss.backward();
  torch.no_grad(() => {
    w.sub_(w.grad!.mul(0.01));
    b.sub_(b.grad!.mul(0.01));
  });
  if (epoch % 10 === 9) console.log(`epoch ${epoch + 1}: loss ${loss.item().toFixed(4)}`);
}
console.log("w =", w);
console.log("b =", b);
