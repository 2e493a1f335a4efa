"""Asks PyTorch what graphs.cases.txt builds and computes; writes fixtures/graphs.json.

    python test/parity/graphs.py

For each case: dtype, shape and stride, the values, the nested names of `next_functions`, the order in which
the engine runs the nodes, and the gradients of the leaves, for the scalar sum(result * weight).
"""
import json
import os
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
g = torch.Generator().manual_seed(7)


def draw(*size):
    return (torch.randn(*size, generator=g) * 1.3).round(decimals=3).tolist()


DATA = {
    "a": draw(2, 3), "b": draw(2, 3), "c": draw(2, 1), "v": draw(3), "s": 1.5, "m": draw(3, 4),
    "B": draw(5, 2, 3), "C": draw(5, 3, 4), "sq": draw(3, 3),
    "p": [[0.3, 1.2, 2.5], [0.7, 0.05, 1.0]],
    "t01": [[0.0, 1.0, 1.0], [0.25, 0.0, 1.0]],
    "idx": [0, 1], "gi": [[0, 2, 1], [1, 1, 0]],
    "mask": [[True, False, True], [False, True, True]],
}
LEAVES = ["a", "b", "c", "v", "s", "m", "B", "C", "sq", "p"]


def setitem(y, key, value):
    y[key] = value
    return y


def through(y, write):
    write(y)
    return y


def view_after(y, look, write):
    seen = look(y)
    write(y)
    return seen


def name(node):
    return type(node).__name__


def graph(node, leaves):
    if node is None:
        return "-"
    if hasattr(node, "variable"):
        return leaves[id(node.variable)]
    inside = ", ".join(graph(n, leaves) + (f"#{i}" if i else "") for n, i in node.next_functions)
    return f"{name(node)}({inside})"


def nodes_under(node, seen):
    if node is None or node in seen:
        return
    seen.append(node)
    for n, _ in node.next_functions:
        nodes_under(n, seen)


def numbers(t):
    return [float(x) for x in t.detach().double().reshape(-1)]


def run(source):
    env = {k: torch.tensor(v, requires_grad=k in LEAVES) for k, v in DATA.items()}
    leaves = {id(env[k]): k for k in LEAVES}
    out = eval(source, {**globals(), **env})
    case = {
        "py": source, "dtype": str(out.dtype), "shape": list(out.shape), "stride": list(out.stride()),
        "values": numbers(out), "graph": graph(out.grad_fn, leaves),
    }
    if out.grad_fn is None:
        return case
    weight = torch.linspace(0.5, 1.5, out.numel(), dtype=out.dtype).reshape(out.shape)
    loss = (out * weight).sum()
    order, nodes = [], []
    nodes_under(loss.grad_fn, nodes)
    for node in nodes:
        label = leaves[id(node.variable)] if hasattr(node, "variable") else name(node)
        node.register_prehook(lambda grads, label=label: order.append(label))
    loss.backward()
    case["order"] = order
    case["grads"] = {k: numbers(env[k].grad) for k in LEAVES if env[k].grad is not None}
    return case


cases = []
with open(os.path.join(HERE, "graphs.cases.txt")) as f:
    for line in f:
        if line.strip() and not line.startswith("#"):
            py, ts = line.strip().split(" ;; ")
            cases.append({**run(py), "ts": ts})

with open(os.path.join(HERE, "fixtures", "graphs.json"), "w") as f:
    head = {"torch": torch.__version__, "script": "test/parity/graphs.py", "data": DATA, "leaves": LEAVES}
    f.write(json.dumps(head)[:-1] + ',\n"cases": [\n')
    f.write(",\n".join(json.dumps(c) for c in cases))
    f.write("\n]}\n")
print(len(cases), "cases")
