// A network with one hidden layer learns exclusive or, which no straight line can.
// The graph folds by function: forward() makes the same nodes in each epoch.
import * as torch from "gradwalk";

torch.manual_seed(7);

const inputs = torch.tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const targets = torch.tensor([[0], [1], [1], [0]]);

class Layer {
  readonly weight: torch.Tensor;
  readonly bias: torch.Tensor;

  constructor(from: number, to: number) {
    this.weight = torch.randn(from, to, { requires_grad: true });
    this.bias = torch.zeros(to, { requires_grad: true });
  }

  apply(x: torch.Tensor): torch.Tensor {
    return x.matmul(this.weight).add(this.bias);
  }

  /** One step of gradient descent, off the record. */
  update(rate: number): void {
    torch.no_grad(() => {
      for (const parameter of [this.weight, this.bias]) {
        parameter.sub_(parameter.grad!.mul(rate));
        parameter.grad!.zero_();
      }
    });
  }
}

const layers = { hidden: new Layer(2, 4), out: new Layer(4, 1) };

function forward(x: torch.Tensor): torch.Tensor {
  const hidden = torch.sigmoid(layers.hidden.apply(x));
  return layers.out.apply(hidden);
}

for (let epoch = 0; epoch <= 200; epoch++) {
  const logits = forward(inputs);
  const loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets);
  loss.backward();
  layers.hidden.update(2);
  layers.out.update(2);
  if (epoch % 50 === 0) console.log(`epoch ${epoch}: loss ${loss.item().toFixed(4)}`);
}

torch.no_grad(() => {
  console.log(torch.sigmoid(forward(inputs)));
});
