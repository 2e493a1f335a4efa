"""Writes fixtures/print_options.txt: how PyTorch 2.13 prints tensors under `set_printoptions`.

    python test/parity/print_options.py

A line `# {options}` opens a group, a line `## {tensor}` a case, and what follows is its `repr`. The elements
are those of `element` below, which print_options.test.ts computes too, so that they need not be written down.
"""

import json
import math
import pathlib
import random

import torch

OUT = pathlib.Path(__file__).parent / "fixtures" / "print_options.txt"
rng = random.Random(213)
SHAPES = [(), (1,), (3,), (7,), (13,), (40,), (2, 3), (5, 6), (1, 9), (9, 1), (2, 2, 2), (4, 1, 5), (3, 4, 5), (2, 1, 2, 3), (0,), (2, 0), (1, 1, 1, 1, 3)]
DTYPES = [torch.float32] * 5 + [torch.float64] * 2 + [torch.int64, torch.int32, torch.uint8, torch.bool]
KINDS = ["whole", "eighths", "wide", "tiny", "huge", "special"]
SPECIAL = [0.0, 1.0, math.nan, -2.5, math.inf, 0.125, -math.inf, -0.0]


def element(kind, seed, i):
    n = (i * 7919 + seed * 104729) % 97
    if kind == "whole":
        return float(n - 40)
    if kind == "eighths":
        return (n - 40) / 8
    if kind == "wide":
        return (1 + n / 8) * float(f"1e{n % 7 - 3}") * (-1 if n % 3 == 0 else 1)
    if kind == "tiny":
        return (1 + n / 8) * 1e-6
    if kind == "huge":
        return (n - 40) * 12345678.0
    return SPECIAL[n % len(SPECIAL)]


def tensor(spec, dtype):
    count = math.prod(spec["shape"])
    values = [element(spec["kind"], spec["seed"], i) for i in range(count)]
    if dtype is torch.bool:
        values = [v > 0 for v in values]
    elif not dtype.is_floating_point:
        values = [int(abs(v)) % 200 if math.isfinite(v) else 7 for v in values]
    return torch.tensor(values, dtype=dtype).reshape(spec["shape"])


def case():
    dtype = rng.choice(DTYPES)
    spec = {
        "dtype": str(dtype).removeprefix("torch."),
        "shape": list(rng.choice(SHAPES)),
        "kind": rng.choice(KINDS),
        "seed": rng.randrange(1000),
    }
    t = tensor(spec, dtype)
    if dtype.is_floating_point and rng.random() < 0.4:
        spec["grad"] = rng.choice(["leaf", "mul", "t"])
        t.requires_grad_()
        if spec["grad"] == "mul":
            t = t * 1
        if spec["grad"] == "t" and t.dim() >= 2:
            t = t.transpose(0, 1)
    return spec, t


def options():
    yield {}
    for profile in ["default", "short", "full"]:
        yield {"profile": profile}
    yield {"profile": "short", "precision": 5, "linewidth": 60}
    for _ in range(55):
        found = {}
        if rng.random() < 0.5:
            found["precision"] = rng.choice([0, 1, 2, 3, 6, 9, 20])
        if rng.random() < 0.6:
            found["threshold"] = rng.choice([0, 1, 4, 10, 30, 2000])
        if rng.random() < 0.5:
            found["edgeitems"] = rng.choice([0, 1, 2, 3, 5])
        if rng.random() < 0.5:
            found["linewidth"] = rng.choice([1, 12, 30, 50, 79, 100, 200])
        if rng.random() < 0.4:
            found["sci_mode"] = rng.choice([True, False])
        yield found


def main():
    assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
    lines = []
    for given in options():
        lines.append("# " + json.dumps(given))
        for spec, t in (case() for _ in range(7)):
            torch.set_printoptions(profile="default")
            torch.set_printoptions(**given)
            lines += ["## " + json.dumps(spec), repr(t)]
    OUT.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
