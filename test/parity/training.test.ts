import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as torch from "../../src/core/index.js";

const { nn, optim } = torch;

interface Fixture {
  runs: Record<string, number[]>;
  paths: [kind: Kind, settings: Record<string, unknown>, end: number[]][];
  texts: Record<Kind, string>;
  rates: Record<string, number[]>;
}
type Kind = "SGD" | "Adam" | "AdamW" | "RMSprop" | "Adagrad" | "Adadelta" | "NAdam" | "RAdam";

const fixture = JSON.parse(
  readFileSync(new URL("fixtures/training.json", import.meta.url), "utf8"),
) as Fixture;

/** An LSTM whose last output is read by a linear layer. */
class LastStep extends nn.Module {
  rnn = new nn.LSTM(2, 8, { num_layers: 2, batch_first: true });
  head = new nn.Linear(8, 1);

  override forward(x: torch.Tensor): torch.Tensor {
    const [out] = this.rnn.call(x);
    return this.head.call(out.select(1, -1));
  }
}

const mlp = () =>
  new nn.Sequential(
    new nn.Linear(4, 16),
    new nn.Tanh(),
    new nn.Linear(16, 16),
    new nn.ReLU(),
    new nn.Linear(16, 1),
  );
const convNet = () =>
  new nn.Sequential(
    new nn.Conv2d(1, 4, 3, { padding: 1 }),
    new nn.BatchNorm2d(4),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(4, 6, 3),
    new nn.ReLU(),
    new nn.AdaptiveAvgPool2d(1),
    new nn.Flatten(),
    new nn.Dropout(0.1),
    new nn.Linear(6, 1),
  );

/** A transformer block over tokens that a linear layer makes, read by a linear layer. */
class Block extends nn.Module {
  embed = new nn.Linear(3, 8);
  block = new nn.TransformerEncoderLayer(8, 2, 16, { dropout: 0.1, batch_first: true });
  head = new nn.Linear(8, 1);

  override forward(x: torch.Tensor): torch.Tensor {
    return this.head.call(this.block.call(this.embed.call(x)).mean(1));
  }
}

const models = {
  mlp: { make: mlp, shape: [32, 4], scale: 1 },
  lstm: { make: () => new LastStep(), shape: [8, 6, 2], scale: 1 },
  conv: { make: convNet, shape: [6, 1, 8, 8], scale: 0.125 },
  transformer: { make: () => new Block(), shape: [6, 5, 3], scale: 1 },
};
const optimizers = {
  SGD: (p: torch.Tensor[]) => new optim.SGD(p, { lr: 0.02, momentum: 0.5, weight_decay: 1e-4 }),
  Adam: (p: torch.Tensor[]) => new optim.Adam(p, { lr: 0.01 }),
};

function train(model: keyof typeof models, kind: keyof typeof optimizers, steps: number): number[] {
  torch.manual_seed(0);
  const net = models[model].make();
  const x = torch.randn(models[model].shape);
  const y = x.flatten(1).sin().sum(1, true).mul(models[model].scale);
  const optimizer = optimizers[kind](net.parameters());
  return Array.from({ length: steps }, () => {
    optimizer.zero_grad();
    const loss = nn.functional.mse_loss(net.call(x), y);
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}

function make(kind: Kind, p: torch.Tensor, settings: Record<string, unknown>) {
  return new optim[kind]([p], settings);
}

function path(kind: Kind, settings: Record<string, unknown>): number[] {
  const p = torch.tensor([1, -2, 3], { requires_grad: true });
  const slopes = torch.tensor([0.5, 1, 2]);
  const optimizer = make(kind, p, settings);
  for (let i = 0; i < 12; i++) {
    optimizer.zero_grad();
    p.mul(p).mul(slopes).add(p.sin()).sum().backward();
    optimizer.step();
  }
  return p.tolist() as number[];
}

const { lr_scheduler } = optim;
const schedulers: Record<
  string,
  (o: torch.optim.SGD) => { step(metric: number): void; get_last_lr(): number[] }
> = {
  StepLR: (o) => new lr_scheduler.StepLR(o, 3, 0.5),
  MultiStepLR: (o) => new lr_scheduler.MultiStepLR(o, [2, 5, 5], 0.5),
  ExponentialLR: (o) => new lr_scheduler.ExponentialLR(o, 0.9),
  CosineAnnealingLR: (o) => new lr_scheduler.CosineAnnealingLR(o, 4, 0.01),
  LambdaLR: (o) => new lr_scheduler.LambdaLR(o, (epoch) => 1 / (1 + epoch)),
  ReduceLROnPlateau: (o) => new lr_scheduler.ReduceLROnPlateau(o, { patience: 1, factor: 0.5, cooldown: 1 }),
};

describe("training, beside PyTorch", () => {
  for (const [name, losses] of Object.entries(fixture.runs)) {
    it(`gives the same losses to the fourth decimal for ${losses.length} steps: ${name}`, () => {
      const [model, kind] = name.split(" ") as [keyof typeof models, keyof typeof optimizers];
      const ours = train(model, kind, losses.length);
      const off = ours.findIndex((loss, i) => !(Math.abs(loss - losses[i]!) < 5e-5));
      assert.equal(off, -1, `step ${off}: ${ours[off]} instead of ${losses[off]}`);
    });
  }

  for (const [kind, settings, end] of fixture.paths) {
    it(`moves a parameter where ${kind} moves it: ${JSON.stringify(settings)}`, () => {
      path(kind, settings).forEach((x, i) => {
        assert.ok(Math.abs(x - end[i]!) <= 2e-6 * Math.max(1, Math.abs(end[i]!)), `${x} for ${end[i]}`);
      });
    });
  }

  it("prints optimisers as PyTorch does", () => {
    for (const [kind, text] of Object.entries(fixture.texts)) {
      const p = torch.zeros(1, { requires_grad: true });
      assert.equal(make(kind as Kind, p, { lr: 0.5 }).toString(), text);
    }
  });

  for (const [name, rates] of Object.entries(fixture.rates)) {
    it(`gives the learning rates of ${name}`, () => {
      const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.3 });
      const scheduler = schedulers[name]!(optimizer);
      rates.forEach((rate, epoch) => {
        optimizer.step();
        scheduler.step(Math.max(1 - 0.2 * epoch, 0.5));
        assert.ok(Math.abs(scheduler.get_last_lr()[0]! - rate) < 1e-12, `epoch ${epoch}`);
      });
    });
  }
});
