"""Sums, means, matrix–vector products and one training run, to the last bit; writes fixtures/graphs_numbers.json.

    python test/parity/graphs_numbers.py

Inputs are torch.manual_seed(n) draws, which the library reproduces bit for bit.
"""
import json
import os
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
torch.set_num_threads(1)


def flat(t):
    return [float(x) for x in t.detach().double().reshape(-1)]


sums = []
for dtype in (torch.float32, torch.float64):
    for n in (1, 3, 7, 8, 31, 50, 127, 1000, 5000):
        torch.manual_seed(n)
        x = torch.randn(n).to(dtype)
        sums.append({"seed": n, "shape": [n], "dtype": str(dtype), "dim": None, "sum": flat(x.sum()), "mean": flat(x.mean())})
    for shape, dim in (([100, 16], 0), ([100, 16], 1), ([10, 40], 0), ([50, 3], 0), ([50, 3], 1), ([20, 1], 0), ([3, 4, 10], [0, 1]), ([3, 4, 10], [1, 2])):
        torch.manual_seed(5)
        x = torch.randn(*shape).to(dtype)
        sums.append({"seed": 5, "shape": shape, "dtype": str(dtype), "dim": dim, "sum": flat(x.sum(dim)), "mean": flat(x.mean(dim))})

products = []
for m, k, transposed in ((50, 3, False), (50, 2, False), (3, 50, True), (16, 100, True)):
    torch.manual_seed(9)
    a = torch.randn(k, m).t() if transposed else torch.randn(m, k)
    products.append({"m": m, "k": k, "transposed": transposed, "mv": flat(a @ torch.randn(k))})

torch.manual_seed(42)
X = torch.randn(50, 3)
y = X @ torch.tensor([1.0, -0.5, 0.3]) + torch.randn(50) * 0.1
w = torch.randn(3, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
training = []
for epoch in range(30):
    loss = torch.mean((X @ w + b - y) ** 2)
    w.grad = b.grad = None
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad
    training.append({"loss": loss.item(), "w": flat(w), "b": flat(b)})

with open(os.path.join(HERE, "fixtures", "graphs_numbers.json"), "w") as f:
    rows = lambda cases: "[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]"
    f.write('{"torch": "%s", "script": "test/parity/graphs_numbers.py",\n' % torch.__version__)
    f.write('"sums": %s,\n"products": %s,\n"training": %s}\n' % (rows(sums), rows(products), rows(training)))
