"""Asks PyTorch for the errors of graphs_errors.cases.txt; writes fixtures/graphs_errors.json.

    python test/parity/graphs_errors.py
"""
import json
import os
import re
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


def no_grad(fn):
    with torch.no_grad():
        return fn()


def inference(fn):
    with torch.inference_mode():
        return fn()


def after(y, fn):
    z = y * 2
    fn(y)
    return z if y.grad_fn is None else y * 1 + z


def after3(y):
    y = y + 1
    z = y * y
    y.mul_(2)
    return z


def after2(y, fn):
    fn()
    return y


def twice(loss):
    loss.backward()
    loss.backward()


def freed(y):
    y.sum().backward()
    return y.grad_fn._saved_self


def error(source):
    env = {
        "x": torch.tensor([0.5, -1.0, 2.0], requires_grad=True),
        "w": torch.tensor([1.0, 2.0, 3.0], requires_grad=True),
        "l": torch.ones(3, requires_grad=True),
    }
    try:
        eval(source, {**globals(), **env})
    except Exception as e:
        return {"type": type(e).__name__, "message": str(e).split("\nException raised from")[0]}
    return None


cases = []
with open(os.path.join(HERE, "graphs_errors.cases.txt")) as f:
    for line in f:
        if line.strip() and not line.startswith("#"):
            py, ts = line.strip().split(" ;; ")
            cases.append({"py": py, "ts": ts, "error": error(py)})

with open(os.path.join(HERE, "fixtures", "graphs_errors.json"), "w") as f:
    f.write(json.dumps({"torch": torch.__version__, "script": "test/parity/graphs_errors.py"})[:-1])
    f.write(',\n"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
print(len(cases), "cases")
for c in cases:
    if c["error"] is None:
        print("no error:", c["py"])
