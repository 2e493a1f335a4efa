"""Writes fixtures/print.json: what PyTorch prints, for test/parity/print.test.ts.

Run with a Python that has torch 2.13: python test/parity/print_fixture.py
"""

import itertools
import json
import math
import pathlib
import random

import torch

OUT = pathlib.Path(__file__).parent / "fixtures" / "print.json"
FLOATS = [torch.float32, torch.float64]
INTS = [torch.int64, torch.int32, torch.uint8]
rng = random.Random(20)


def number(value):
    """JSON has no nan, infinity, negative zero or integers past 2**53: those are strings."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == 0 and math.copysign(1, value) < 0:
        return "-0"
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def dtype_name(dtype):
    return str(dtype).removeprefix("torch.")


def storage_of(tensor):
    """The elements the view can reach, as one flat list."""
    size = len(tensor.untyped_storage()) // tensor.element_size()
    return torch.as_strided(tensor.detach(), (size,), (1,), 0).tolist()


def describe(tensor, data=None):
    case = {
        "dtype": dtype_name(tensor.dtype),
        "shape": list(tensor.shape),
        "data": data if data is not None else [number(v) for v in storage_of(tensor)],
    }
    if not tensor.is_contiguous() or tensor.storage_offset():
        case["strides"] = list(tensor.stride())
        case["offset"] = tensor.storage_offset()
    if tensor.grad_fn is not None:
        case["gradFn"] = type(tensor.grad_fn).__name__
    elif tensor.requires_grad:
        case["requiresGrad"] = True
    case["text"] = repr(tensor)
    return case


def sequence(start, step, count, shape, dtype):
    """Long tensors are stored as an arithmetic sequence, computed in float64 and then cast."""
    data = [start + step * i for i in range(count)]
    tensor = torch.tensor(data, dtype=torch.float64).to(dtype).reshape(shape)
    return describe(tensor, {"start": start, "step": step, "count": count})


def values():
    """One row of elements each, chosen for what it makes the notation do."""
    inf, nan = math.inf, math.nan
    yield from [
        [0.0], [-0.0], [1.0], [-1.0], [nan], [inf], [-inf], [0.0, -0.0], [nan, inf, -inf, 0.0],
        [1.0, nan], [1.0, -inf, 20.0], [100.0, nan, 1.0], [0.5, nan, -inf], [1e-5, nan, inf],
        [2.0, 4.0, 6.0], [1.0, 10.0, 100.0], [1.0, 1000.0], [1.0, 1001.0], [0.5, 500.0], [0.5, 501.0],
        [1e8], [100000008.0], [1e8, 2e8], [123456789.0, 1.0], [1e9], [1e10, 1.5], [1e21], [1e22, 3.0],
        [1e-4], [9.9e-5], [1e-4, 0.05], [1e-5], [1e-10, 1.0], [1.5e-7, -2.5e-7], [1e-40], [1e38, 1e-38],
        [3.141592653589793], [-3.141592653589793, 2.718281828459045], [0.1, 0.2, 0.3], [-0.00005, 1.0],
        [0.00005], [0.5, 1.5, 2.5], [0.03125, 0.09375], [0.00390625, 1.0], [1.00048828125], [0.99995, 0.99994],
        [0.15625, 2.71875, 12.03125], [1234.5678, 8765.4321], [99999.99999], [16777216.0, 1.0],
        [0.333333343, -12.25, 7.0], [12345.0], [12345.0, 0.1], [-999.5, 0.5], [1e5, 1e6], [1.0, -1e3, 0.0],
        [65504.0, 0.0, 0.25], [1e15, 1e16], [4.9e-324], [1.7976931348623157e308], [5e-5, 6e-5], [0.12345, 0.0],
    ]
    for _ in range(24):
        spread = rng.choice([0, 1, 2, 3, 4, 8])
        yield [
            round(rng.uniform(-10, 10), rng.randint(0, 6)) * 10 ** rng.randint(-spread, spread)
            for _ in range(rng.randint(1, 7))
        ]


def notation_cases():
    for dtype in FLOATS:
        for row in values():
            yield describe(torch.tensor(row, dtype=dtype))
        for row in [[0.0], [7.0], [-0.25], [1e-5], [1e9], [math.nan], [math.inf], [0.1], [123.456]]:
            yield describe(torch.tensor(row[0], dtype=dtype))
    for dtype in INTS:
        rows = [[0], [1, 2, 3], [5, 100, 7], [255, 0, 128]]
        if dtype != torch.uint8:
            rows += [[-1, 1], [2**31 - 1, -(2**31)], [-100, 0, 5]]
        if dtype == torch.int64:
            rows += [[2**63 - 1, -(2**63)], [2**53 + 1, 0]]
        for row in rows:
            yield describe(torch.tensor(row, dtype=dtype))
        yield describe(torch.tensor(42, dtype=dtype))
    for row in [[True], [False, True], [True, True, True], [[True, False], [False, True]], True, False]:
        yield describe(torch.tensor(row))


def shape_cases():
    shapes = [(1,), (1, 1), (2, 3), (3, 2), (1, 5), (5, 1), (2, 2, 2), (1, 1, 1), (2, 1, 3), (1, 2, 1, 2), (2, 2, 2, 2), (1, 1, 1, 1, 2)]
    for shape, dtype in itertools.product(shapes, [torch.float32, torch.float64, torch.int64]):
        count = math.prod(shape)
        yield sequence(-1.5 if dtype != torch.int64 else -2, 0.75 if dtype != torch.int64 else 3, count, shape, dtype)
    for count in [9, 10, 11, 19, 20, 21, 40, 100]:
        yield sequence(0, 1, count, (count,), torch.int64)
        yield sequence(0, 1, count, (count,), torch.float32)
        yield sequence(0.25, 0.5, count, (count,), torch.float32)
    for shape in [(2, 12), (3, 30), (2, 2, 14), (1, 26), (1, 27), (30, 1)]:
        yield sequence(-7.125, 0.375, math.prod(shape), shape, torch.float32)
    yield sequence(0, 1, 60, (60,), torch.uint8)
    yield describe(torch.arange(50) % 3 == 0)
    yield describe((torch.arange(36) % 5 == 0).reshape(2, 18))


def summary_cases():
    for shape in [(1000,), (1001,), (2000,), (50, 50), (7, 200), (6, 200), (200, 6), (200, 7), (11, 10, 10), (2, 3, 400), (400, 3, 2), (1001, 1), (1, 1001)]:
        count = math.prod(shape)
        if count <= 1000:
            shape_dtypes = [torch.int64]
        else:
            shape_dtypes = [torch.float32, torch.int64]
        for dtype in shape_dtypes:
            yield sequence(0, 1 if dtype == torch.int64 else 0.5, count, shape, dtype)
    yield sequence(0, 1, 7 * 2 * 2 * 50, (7, 2, 2, 50), torch.int64)
    yield sequence(1e-6, 1e-3, 3000, (3000,), torch.float64)
    yield sequence(0, 1, 40000, (100, 400), torch.float32)
    # The largest element hides in the part that is left out.
    hidden = torch.zeros(1200)
    hidden[600] = 1e9
    yield {**describe(hidden, {"start": 0, "step": 0, "count": 1200}), "patch": [[600, 1e9]]}
    long = torch.arange(1200.0).expand(3, 1200)
    yield describe(long, {"start": 0, "step": 1, "count": 1200})
    yield describe(torch.arange(1200.0)[100:1150], {"start": 0, "step": 1, "count": 1200})
    yield describe((torch.arange(2500) % 2 == 0).reshape(50, 50), {"start": 0, "step": 1, "count": 2500, "modulo": 2})


def empty_cases():
    for dtype in [*FLOATS, *INTS, torch.bool]:
        for shape in [(0,), (0, 3), (3, 0), (1, 0, 2), (0, 0)]:
            yield describe(torch.empty(shape, dtype=dtype))
    yield describe(torch.empty(0, 3, requires_grad=True))
    yield describe(torch.empty(2, 0, requires_grad=True).clone())


def view_cases():
    base = torch.arange(12.0)
    yield describe(base.reshape(3, 4).T)
    yield describe(base.reshape(3, 4)[1:, ::2])
    yield describe(base[5])
    yield describe(base[::5])
    yield describe(base[:3].expand(2, 3))
    yield describe(base.reshape(2, 3, 2).permute(2, 0, 1))
    yield describe(torch.arange(10)[3:7])
    yield describe(torch.tensor([1.5]).expand(2, 2))
    yield describe(torch.arange(24.0, dtype=torch.float64).reshape(2, 3, 4)[:, 1])


def suffix_cases():
    yield describe(torch.tensor(2.0, requires_grad=True))
    yield describe(torch.tensor([0.5], requires_grad=True))
    yield describe(torch.tensor([0.5], dtype=torch.float64, requires_grad=True))
    for dtype in FLOATS:
        leaf = torch.arange(6, dtype=dtype).reshape(2, 3).requires_grad_()
        for result in [leaf.clone(), leaf.mul(2), leaf.mean(), leaf.sum(1), leaf.T, leaf[0], leaf.exp(), leaf.view(-1), leaf.pow(2)]:
            yield describe(result)
    # Every length of the last line around the width at which the suffix moves to a line of its own.
    for count in range(4, 13):
        row = torch.full((count,), 0.5, requires_grad=True)
        yield describe(row)
        yield describe(row.clone())
        yield describe(row.double())
        yield describe(row.unsqueeze(0).squeeze(0))
        yield describe(torch.full((2, count), -1.25, dtype=torch.float64, requires_grad=True))
    yield describe(torch.nn.functional.binary_cross_entropy_with_logits(torch.zeros(2, requires_grad=True), torch.ones(2)))
    yield describe(torch.zeros(3, 4, requires_grad=True).unsqueeze(0).repeat(2, 1, 1))


def option_cases():
    """[options, cases]: the options are set before each group and the defaults restored after it."""
    rows = [[0.1, 12.5, 100.0], [1.0, 2.0], [1e-9, 1.0], [0.5, 2.5, 1.5], [1e10], [math.nan, 0.25], [1e21, 0.5], [0.0]]
    groups = [
        {"precision": p} for p in [0, 1, 2, 6, 8, 10, 17, 30]
    ] + [
        {"precision": 110}, {"sci_mode": True}, {"sci_mode": False}, {"precision": 0, "sci_mode": True},
        {"precision": 2, "sci_mode": True}, {"precision": 12, "sci_mode": False}, {"profile": "short"},
        {"profile": "full"}, {"profile": "default", "precision": 3}, {"profile": "short", "edgeitems": 5, "linewidth": 40},
    ]
    for options in groups:
        torch.set_printoptions(**options)
        cases = [describe(torch.tensor(row)) for row in rows]
        cases.append(describe(torch.tensor([2**40, -3])))
        cases.append(sequence(0, 0.125, 24, (2, 12), torch.float32))
        if options.get("precision", 0) < 20:
            full = options.get("profile") == "full"
            count = 1010 if full else 1100
            cases.append(sequence(1 if full else -4, 0 if full else 0.5, count, (count,), torch.float64))
        torch.set_printoptions(profile="default")
        yield options, cases
    shapes = [(5,), (20,), (3, 9), (9, 3), (2, 3, 4), (12, 12)]
    for options in [
        {"threshold": 5}, {"threshold": 0}, {"threshold": 5, "edgeitems": 1}, {"threshold": 5, "edgeitems": 2},
        {"threshold": 5, "edgeitems": 0}, {"edgeitems": 0, "threshold": 30}, {"linewidth": 20}, {"linewidth": 10}, {"linewidth": 1},
        {"linewidth": 120}, {"linewidth": 1000}, {"threshold": 100, "edgeitems": 4, "linewidth": 30},
        {"threshold": math.inf},
    ]:
        torch.set_printoptions(**options)
        cases = [sequence(-3, 1.5, math.prod(s), s, d) for s in shapes for d in [torch.float32, torch.int32]]
        if "linewidth" in options:
            cases = cases[:8]
        cases.append(describe(torch.ones(3, requires_grad=True).clone()))
        cases.append(describe(torch.ones(2, 2, dtype=torch.float64, requires_grad=True).clone()))
        torch.set_printoptions(profile="default")
        yield {k: number(v) if isinstance(v, float) else v for k, v in options.items()}, cases


def format_cases():
    floats = [
        0.0, -0.0, 1.0, -7.0, 0.1, 1e-5, 1e-4, 0.00012345, 0.001, 1e15, 1e16, 1e17, 123456789012345680.0, 9999999999999998.0,
        1e21, 1e22, 1.5e300, 5e-324, 2.5e-7, math.pi, -math.e, 100000.0, 1 / 3, 2**53, math.nan, math.inf, -math.inf, 0.5, 1e100,
    ]
    for dtype in FLOATS:
        for value in floats:
            tensor = torch.tensor(value, dtype=dtype)
            yield {"dtype": dtype_name(dtype), "value": number(tensor.item()), "text": f"{tensor}"}
    for dtype, values in [(torch.int64, [0, -3, 2**63 - 1]), (torch.int32, [7, -8]), (torch.uint8, [255]), (torch.bool, [True, False])]:
        for value in values:
            yield {"dtype": dtype_name(dtype), "value": number(value), "text": f"{torch.tensor(value, dtype=dtype)}"}


def decimal_cases():
    """Python's own %f and %e, which round the exact value half to even: ties, limits, long precisions."""
    ties = [0.5, 1.5, 2.5, 0.25, 0.75, 0.125, 0.375, 2.675, 1.005, 0.045, 1.45, 8.345, 12345.0, 125.0, 1250.0, 9.5, 99.5, 0.03125]
    wide = [1e21, 1e22, 123456789e15, 2.0**70, 1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 9.999999e22, 0.1, 0.0, 3.0]
    picks = [(v, p) for v in ties for p in [0, 1, 2, 3]] + [(v, p) for v in wide for p in [0, 1, 4, 20]]
    picks += [(0.1, 99), (0.1, 100), (0.1, 120), (2.0**-60, 110), (1e300, 101)]
    picks += [(rng.uniform(0, 1) * 10 ** rng.randint(-12, 12), rng.randint(0, 12)) for _ in range(40)]
    for value, precision in picks:
        signed = value if rng.random() < 0.7 else -value
        yield {
            "value": number(signed),
            "precision": precision,
            "fixed": f"{signed:.{precision}f}" if value < 1e100 or precision == 0 else None,
            "exponent": f"{signed:.{precision}e}",
        }


def main():
    assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
    sections = {
        "notation": notation_cases, "shape": shape_cases, "summary": summary_cases,
        "empty": empty_cases, "view": view_cases, "suffix": suffix_cases,
    }
    fixture = {"torch": "2.13.0", "script": "test/parity/print_fixture.py"}
    fixture["repr"] = {name: list(cases()) for name, cases in sections.items()}
    fixture["options"] = [{"options": options, "cases": cases} for options, cases in option_cases()]
    fixture["parameter"] = describe(torch.nn.Parameter(torch.tensor([[0.5, -1.0]])))
    torch.set_default_dtype(torch.float64)
    fixture["defaultFloat64"] = [
        describe(torch.tensor([1.5], dtype=dtype)) for dtype in [torch.float32, torch.float64, torch.int64, torch.int32]
    ] + [describe(torch.empty(0, dtype=dtype)) for dtype in FLOATS]
    torch.set_default_dtype(torch.float32)
    fixture["format"] = list(format_cases())
    fixture["decimal"] = list(decimal_cases())
    fixture["size"] = [[list(s), str(torch.Size(s))] for s in [(), (3,), (2, 3), (0,), (1, 2, 3, 4)]]
    OUT.write_text(dump(fixture))


def dump(value, depth=0):
    """JSON with one line a case, so that a change shows as a change of lines."""
    if isinstance(value, dict) and depth < 3 and "text" not in value:
        inner = ",\n".join(f"{json.dumps(k)}: {dump(v, depth + 1)}" for k, v in value.items())
        return "{\n" + inner + "\n}" + ("\n" if depth == 0 else "")
    if isinstance(value, list) and depth < 4 and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(dump(v, depth + 1) if "cases" in v else json.dumps(v) for v in value) + "\n]"
    return json.dumps(value)


if __name__ == "__main__":
    main()
