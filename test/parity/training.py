"""Writes fixtures/training.json: losses of seeded training runs, one number a step, under PyTorch.

    python test/parity/training.py

training.test.ts runs the same programs. Sequences and learning rates of optimisers and schedulers are
recorded beside them.
"""

import json
import math
import pathlib

import torch
from torch import nn

OUT = pathlib.Path(__file__).parent / "fixtures" / "training.json"


class LastStep(nn.Module):
    """An LSTM whose last output is read by a linear layer."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(2, 8, num_layers=2, batch_first=True)
        self.head = nn.Linear(8, 1)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.head(out[:, -1])


def conv_net():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), nn.Linear(6, 1),
    )  # fmt: skip


class Block(nn.Module):
    """A transformer block over tokens that a linear layer makes, read by a linear layer."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(3, 8)
        self.block = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.1, batch_first=True)
        self.head = nn.Linear(8, 1)

    def forward(self, x):
        return self.head(self.block(self.embed(x)).mean(1))


# Models, the shape of their inputs, and a factor that keeps their targets near 1.
MODELS = {
    "mlp": (lambda: nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1)), (32, 4), 1),
    "lstm": (LastStep, (8, 6, 2), 1),
    "conv": (conv_net, (6, 1, 8, 8), 0.125),
    "transformer": (Block, (6, 5, 3), 1),
}
OPTIMIZERS = {
    "SGD": lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.5, weight_decay=1e-4),
    "Adam": lambda p: torch.optim.Adam(p, lr=0.01),
}


def train(model, shape, scale, optimizer, steps=100):
    torch.manual_seed(0)
    net = model()
    x = torch.randn(*shape)
    y = x.flatten(1).sin().sum(1, keepdim=True) * scale
    opt = optimizer(net.parameters())
    losses = []
    for _ in range(steps):
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


KINDS = {
    "SGD": [dict(lr=0.1), dict(lr=0.1, momentum=0.9, dampening=0.5), dict(lr=0.1, maximize=True, weight_decay=0.1)],
    "Adam": [dict(), dict(lr=0.1, amsgrad=True), dict(weight_decay=0.1, betas=(0.8, 0.9))],
    "AdamW": [dict(), dict(lr=0.1, amsgrad=True)],
    "RMSprop": [dict(), dict(momentum=0.9, centered=True, weight_decay=0.1)],
    "Adagrad": [dict(), dict(lr=0.1, lr_decay=0.1, initial_accumulator_value=0.5)],
    "Adadelta": [dict(), dict(lr=0.5, rho=0.8, weight_decay=0.1)],
    "NAdam": [dict(), dict(lr=0.1, weight_decay=0.1, decoupled_weight_decay=True)],
    "RAdam": [dict(), dict(lr=0.1, betas=(0.5, 0.7), weight_decay=0.1)],
}


def path(kind, settings, steps=12):
    """Where an optimiser takes one parameter, in a valley of unequal slopes."""
    p = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
    opt = getattr(torch.optim, kind)([p], **settings)
    for _ in range(steps):
        opt.zero_grad()
        (p * p * torch.tensor([0.5, 1.0, 2.0]) + p.sin()).sum().backward()
        opt.step()
    return p.tolist()


def text(kind):
    return repr(getattr(torch.optim, kind)([torch.zeros(1, requires_grad=True)], lr=0.5))


SCHEDULERS = {
    "StepLR": lambda o: torch.optim.lr_scheduler.StepLR(o, 3, gamma=0.5),
    "MultiStepLR": lambda o: torch.optim.lr_scheduler.MultiStepLR(o, [2, 5, 5], gamma=0.5),
    "ExponentialLR": lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.9),
    "CosineAnnealingLR": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 4, eta_min=0.01),
    "LambdaLR": lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda epoch: 1 / (1 + epoch)),
    "ReduceLROnPlateau": lambda o: torch.optim.lr_scheduler.ReduceLROnPlateau(o, patience=1, factor=0.5, cooldown=1),
}


def rates(name, epochs=12):
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    scheduler = SCHEDULERS[name](opt)
    seen = []
    for epoch in range(epochs):
        opt.step()
        if name == "ReduceLROnPlateau":
            scheduler.step(max(1.0 - 0.2 * epoch, 0.5))
        else:
            scheduler.step()
        seen.append(scheduler.get_last_lr()[0])
    return seen


def main():
    data = {
        "torch": torch.__version__.split("+")[0],
        "runs": {f"{m} {o}": train(*MODELS[m], OPTIMIZERS[o]) for m in MODELS for o in OPTIMIZERS},
        "paths": [[k, s, path(k, s)] for k, all_ in KINDS.items() for s in all_],
        "texts": {k: text(k) for k in KINDS},
        "rates": {name: rates(name) for name in SCHEDULERS},
    }
    assert all(math.isfinite(x) for run in data["runs"].values() for x in run)
    lines = ",\n".join(f' "{k}": {json.dumps(v)}' for k, v in data.items())
    OUT.write_text("{\n" + lines + "\n}\n")


main()
