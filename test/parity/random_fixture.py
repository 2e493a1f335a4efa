"""Writes fixtures/random.json: PyTorch's CPU random streams, for test/parity/random.test.ts.

Run on an x86-64 machine with AVX2 with a Python that has torch 2.13: python test/parity/random_fixture.py
Set ATEN_CPU_CAPABILITY=avx2 to get the same file on machines that have AVX-512.

Each program is a seed and a list of draws. A draw of up to 20 elements is stored whole; a longer one as its
first and last three elements and an FNV-1a hash of all its bytes. "state" is the hash of the generator's
state after the program, as torch.get_rng_state() gives it.
"""

import json
import math
import pathlib

import numpy
import torch

OUT = pathlib.Path(__file__).parent / "fixtures" / "random.json"
SHORT = 20


def fnv1a(data):
    """32-bit FNV-1a over bytes, in the order of memory."""
    value = 0x811C9DC5
    for byte in data:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return f"{value:08x}"


def spelled(array):
    """Elements as the shortest decimals that read back as the same value of their type."""
    out = []
    for item in array.reshape(-1):
        if isinstance(item, numpy.bool_):
            out.append(int(item))
        elif isinstance(item, numpy.integer):
            out.append(int(item) if abs(int(item)) < 2**53 else str(item))
        elif not math.isfinite(item):
            out.append(str(item))
        else:
            out.append(float(str(item)))
    return out


def draw(op, size, dtype="float32", **args):
    """One step: fills a tensor of `size` elements (or shape and strides) and describes it."""
    torch_dtype = getattr(torch, dtype)
    tensor = torch.empty(size, dtype=torch_dtype)
    step = {"op": op, "size": size, "dtype": dtype, **args}
    if op == "normal_transposed":
        tensor = torch.empty(size[::-1], dtype=torch_dtype).t()
        tensor.normal_(args["mean"], args["std"])
    elif op == "uniform_sliced":
        tensor = torch.zeros(size, dtype=torch_dtype)
        tensor[:, ::2].uniform_(args["from"], args["to"])
    elif op == "randperm":
        tensor = torch.randperm(size, dtype=torch_dtype)
    elif op == "bernoulli_each":
        tensor = torch.bernoulli(torch.arange(size, dtype=torch_dtype) % 33 / 32)
    elif op == "random_range":
        tensor.random_(int(args["from"]), int(args["to"]))
    elif op == "random_full64":
        tensor.random_(-(2**63), None)
    elif op == "poisson":
        tensor = torch.poisson(torch.arange(size, dtype=torch_dtype) * args["step"])
    elif op == "multinomial":
        rows, categories = args["rows"], args["categories"]
        weights = (torch.arange(rows * categories, dtype=torch_dtype) % 7).reshape(rows, categories)
        tensor = torch.multinomial(weights, size // rows, args["replacement"])
        step["result"] = "int64"
    elif op == "dropout":
        tensor = torch.nn.functional.dropout(torch.ones(size, dtype=torch_dtype), args["p"])
    else:
        {
            "rand": lambda: tensor.copy_(torch.rand(size, dtype=torch_dtype)),
            "randn": lambda: tensor.copy_(torch.randn(size, dtype=torch_dtype)),
            "uniform": lambda: tensor.uniform_(args["from"], args["to"]),
            "normal": lambda: tensor.normal_(args["mean"], args["std"]),
            "bernoulli": lambda: tensor.bernoulli_(args["p"]),
            "random": lambda: tensor.random_(),
            "exponential": lambda: tensor.exponential_(args["lambd"]),
            "cauchy": lambda: tensor.cauchy_(args["median"], args["sigma"]),
            "log_normal": lambda: tensor.log_normal_(args["mean"], args["std"]),
            "geometric": lambda: tensor.geometric_(args["p"]),
        }[op]()
    # The memory behind the tensor, in address order: views are compared there.
    memory = torch.as_strided(tensor, (tensor.numel(),), (1,)).numpy()
    if tensor.numel() <= SHORT:
        step["values"] = spelled(memory)
    else:
        step["head"], step["tail"] = spelled(memory[:3]), spelled(memory[-3:])
        step["fnv1a"] = fnv1a(memory.tobytes())
    return step


def program(seed, *draws):
    torch.manual_seed(seed)
    steps = [draw(*args, **kwargs) for args, kwargs in draws]
    state = fnv1a(torch.get_rng_state().numpy().tobytes())
    return {"seed": seed if abs(seed) < 2**53 else str(seed), "initial_seed": str(torch.initial_seed()), "steps": steps, "state": state}


def d(*args, **kwargs):
    return args, kwargs


def programs():
    for seed in [0, 1, 42, 123, -1, -5, 2**31, 2**32, 2**32 + 7, 2**63, 2**64 - 1, -(2**63)]:
        yield program(seed, d("randn", 3), d("rand", 3), d("randn", 16))
    for dtype in ["float32", "float64"]:
        for seed, sizes in [(0, range(1, 51)), (7, range(51, 101)), (3, [1000, 15, 1, 16, 17])]:
            for size in sizes:
                yield program(seed + size, d("randn", size, dtype))
        yield program(11, *[d("randn", n, dtype) for n in [1, 1, 3, 16, 1, 17, 5, 20, 2]])
        yield program(12, *[d("rand", n, dtype) for n in [1, 5, 700, 3]])
        yield program(13, *[d("uniform", n, dtype, **{"from": a, "to": b}) for n, a, b in [(6, -1, 1), (300, -0.57735, 0.57735), (5, 2.5, 2.5), (200, 1e-3, 1e6), (7, -3, 0.1)]])
        yield program(14, *[d("normal", n, dtype, mean=m, std=s) for n, m, s in [(3, 2, 0.5), (3, 0, 0.02), (1, -7.25, 3), (200, 0.3, 0.7), (18, 5, 0), (33, 0, 0.1)]])
        yield program(15, *[d("normal_transposed", s, dtype, mean=0, std=1) for s in [[3, 4], [5, 7], [1, 6], [40, 2]]])
        yield program(16, *[d("uniform_sliced", s, dtype, **{"from": 0, "to": 1}) for s in [[2, 4], [3, 6], [10, 8]]])
        yield program(17, *[d("bernoulli", n, dtype, p=p) for n, p in [(5, 0.5), (200, 0.3), (4, 0), (4, 1), (17, 0.9)]])
        yield program(18, *[d("bernoulli_each", n, dtype) for n in [5, 20, 200]])
        yield program(19, *[d("exponential", n, dtype, lambd=v) for n, v in [(5, 1), (18, 1.5), (20, 0.25)]])
        yield program(20, *[d("cauchy", n, dtype, median=0.5, sigma=2) for n in [5, 18]])
        yield program(21, *[d("log_normal", n, dtype, mean=0.5, std=0.25) for n in [5, 18, 3]])
        yield program(33, *[d("poisson", n, dtype, step=v) for n, v in [(17, 0.5), (20, 3), (200, 5), (200, 5000)]])
        yield program(34, *[d("multinomial", n, dtype, rows=r, categories=c, replacement=b) for n, r, c, b in [(1, 1, 4, False), (3, 1, 8, False), (12, 3, 9, False), (20, 1, 8, True), (400, 2, 50, True), (6, 6, 5, True)]])
        yield program(22, d("dropout", 12, dtype, p=0.5), d("dropout", 300, dtype, p=0.25))
        yield program(23, d("random", 8, dtype), d("random_range", 8, dtype, **{"from": -5, "to": 5}), d("random_range", 5, dtype, **{"from": 0, "to": 2**24}))
    yield program(24, d("random_full64", 5, "int64"), d("random_range", 6, "float64", **{"from": 0, "to": 2**40}))
    for dtype in ["int64", "int32", "uint8", "bool"]:
        yield program(25, d("random", 12, dtype), d("random_range", 15, dtype, **{"from": 0, "to": 2}), d("bernoulli", 12, dtype, p=0.4))
        if dtype != "bool":
            yield program(26, d("geometric", 12, dtype, p=0.3))
            yield program(27, *[d("randperm", n, dtype) for n in [0, 1, 2, 10, 20, 255]])
            yield program(28, d("random_range", 12, dtype, **{"from": 3, "to": 10}), d("random_range", 300, dtype, **{"from": 0, "to": 100}))
    yield program(29, d("random_range", 6, "int64", **{"from": -10, "to": 10}), d("random_range", 6, "int64", **{"from": 0, "to": 2**28 - 1}), d("random_range", 6, "int64", **{"from": 0, "to": 2**28}), d("random_range", 6, "int64", **{"from": 0, "to": 2**32}), d("random_range", 6, "int64", **{"from": str(-(2**62)), "to": str(2**62 + 5)}), d("random_range", 6, "int64", **{"from": str(2**60), "to": str(2**60 + 9)}))
    yield program(30, d("random_range", 300, "int32", **{"from": 5, "to": 2**28 + 4}), d("random_range", 300, "int32", **{"from": 5, "to": 2**28 + 5}), d("random_range", 6, "int32", **{"from": -(2**31), "to": 2**31 - 1}))
    yield program(31, d("randperm", 5000, "int64"), d("randn", 1))
    # The kept half of a normal pair survives draws of every other kind, and block-wise normals.
    yield program(32, d("randn", 1), d("rand", 2), d("randn", 16), d("randperm", 4, "int64"), d("bernoulli", 3, p=0.5), d("randn", 2, "float64"), d("random_range", 3, "int64", **{"from": 0, "to": 9}), d("randn", 1), d("log_normal", 1, mean=0, std=1))


def main():
    assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
    capability = torch.backends.cpu.get_cpu_capability()
    assert capability in ("AVX2", "AVX512"), capability
    torch.manual_seed(32)
    torch.randn(1)
    state = torch.get_rng_state().numpy().tobytes()
    fixture = {
        "torch": "2.13.0",
        "script": "test/parity/random_fixture.py",
        "newGeneratorSeed": torch.Generator().initial_seed(),
        "state": {"seed": 32, "bytes": len(state), "fnv1a": fnv1a(state)},
        "programs": list(programs()),
    }
    lines = ",\n".join(json.dumps(p, separators=(",", ":")) for p in fixture.pop("programs"))
    head = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in fixture.items())
    OUT.write_text("{\n" + head + ',\n"programs": [\n' + lines + "\n]\n}\n")


if __name__ == "__main__":
    main()
