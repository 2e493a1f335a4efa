// Where one tensor is used several times, its gradient is a sum with a term for each use.
// Step through the backward pass and watch the terms of x arrive, one edge at a time.
import * as torch from "gradwalk";

const x = torch.tensor([1, 2], { requires_grad: true });

const squared = x.pow(2); //  sends 2x
const scaled = x.mul(10); //  sends 10
const both = squared.mul(scaled); // 10x³, so both of them are weighed by the other
const loss = both.add(x).sum(); //  and x itself sends 1

loss.backward();
console.log("30x² + 1 =", x.grad);

// A second pass over a new graph adds to what is there: gradients accumulate until someone clears them.
const again = x.sum();
again.backward();
console.log("plus 1 =", x.grad);

x.grad!.zero_();
console.log("cleared =", x.grad);
