// nn.Module and an optimiser: the network owns its parameters, SGD moves them.
// A module's parameters are found by assignment; each call of a module is a scope of the graph.
import * as torch from "gradwalk";

torch.manual_seed(1);

class Net extends torch.nn.Module {
  hidden = new torch.nn.Linear(2, 8);
  out = new torch.nn.Linear(8, 1);

  override forward(x: torch.Tensor): torch.Tensor {
    return this.out.call(torch.tanh(this.hidden.call(x)));
  }
}

const net = new Net();
const optimizer = new torch.optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
const x = torch.randn(64, 2);
const y = x.select(1, 0).mul(x.select(1, 1)).unsqueeze(1);
console.log(net);

for (let epoch = 0; epoch <= 100; epoch++) {
  optimizer.zero_grad();
  const loss = torch.nn.functional.mse_loss(net.call(x), y);
  loss.backward();
  optimizer.step();
  if (epoch % 25 === 0) console.log(`epoch ${epoch}: loss ${loss.item().toFixed(4)}`);
}
