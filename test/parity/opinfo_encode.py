"""Spells calls and their results so that any language can read them back.

A tensor is {"shape", "dtype", "data"} with its elements in row-major order, "strides" where they are not
row-major, "grad" where it requires grad. Numbers stand as they are; Python floats that are whole numbers are
{"float": 2}, since JavaScript could not tell them from ints; nan and inf are strings.
"""

import math

import torch

DTYPES = {torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool}


class Unspeakable(Exception):
    """A value that the fixture has no spelling for (complex numbers, generators, other devices …)."""


def dtype_name(dtype):
    if dtype not in DTYPES:
        raise Unspeakable(str(dtype))
    return str(dtype).removeprefix("torch.")


def element(x, digits):
    if isinstance(x, bool):
        return int(x)
    if isinstance(x, int):
        return x if abs(x) < 2**53 else str(x)
    if math.isnan(x):
        return "nan"
    if math.isinf(x):
        return "inf" if x > 0 else "-inf"
    if x == 0:
        return "-0" if math.copysign(1, x) < 0 else 0
    text = float(f"{x:.{digits}g}")
    return int(text) if text == int(text) and abs(text) < 1e15 else text


def contiguous_strides(shape):
    strides, step = [], 1
    for n in reversed(shape):
        strides.insert(0, step)
        step *= max(n, 1)
    return strides


def tensor(t, exact):
    """`exact` keeps every bit (inputs); results keep what their tolerance can see."""
    if t.layout != torch.strided or t.device.type != "cpu" or t.is_quantized:
        raise Unspeakable("layout")
    if type(t) not in (torch.Tensor, torch.nn.Parameter):
        raise Unspeakable(type(t).__name__)
    if t._is_zerotensor():  # PyTorch's zero gradient without memory
        t = torch.zeros(t.shape, dtype=t.dtype)
    name = dtype_name(t.dtype)
    digits = (9 if exact else 8) if t.dtype is torch.float32 else (17 if exact else 11)
    values = t.detach().reshape(-1).tolist()
    out = {"shape": list(t.shape), "dtype": name, "data": [shortest(v, t.dtype, digits, exact) for v in values]}
    if not t.is_contiguous():
        out["strides"] = list(t.stride())
    if exact and t.requires_grad:
        out["grad"] = True
    return out


def shortest(v, dtype, digits, exact):
    if exact and isinstance(v, float) and math.isfinite(v):
        for d in range(1, digits):
            text = float(f"{v:.{d}g}")
            same = text == v if dtype is torch.float64 else torch.tensor(text).item() == v
            if same:
                return element(v, d)
    return element(v, digits)


def value(v, exact=True):
    if isinstance(v, torch.Tensor):
        return tensor(v, exact)
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, int):
        return v if abs(v) < 2**53 else {"int": str(v)}
    if isinstance(v, float):
        if not math.isfinite(v):
            return {"float": element(v, 17)}
        return {"float": int(v)} if v == int(v) and abs(v) < 2**53 else v
    if isinstance(v, torch.dtype):
        return {"dtype": dtype_name(v)}
    if isinstance(v, torch.device) and v.type == "cpu":
        return "cpu"
    if v is torch.strided:
        return {"layout": "strided"}
    if isinstance(v, slice):
        return {"slice": [v.start, v.stop, v.step]}
    if v is Ellipsis:
        return {"ellipsis": True}
    if isinstance(v, (list, tuple)):
        return [value(x, exact) for x in v]
    raise Unspeakable(type(v).__name__)


def tensors_in(v):
    """The tensors of a call, or of a result, in order."""
    if isinstance(v, torch.Tensor):
        return [v]
    if isinstance(v, (list, tuple)):
        return [t for x in v for t in tensors_in(x)]
    if isinstance(v, dict):
        return [t for x in v.values() for t in tensors_in(x)]
    return []


def graph(fn, output_nr, leaves, seen):
    """The graph behind a result as nested names: `$1` is the sink of leaf 1, `^2` a node named before."""
    if fn is None:
        return "null"
    suffix = f"#{output_nr}" if output_nr else ""
    if fn in seen:
        return f"^{seen[fn]}{suffix}"
    if hasattr(fn, "variable"):
        at = [i for i, leaf in enumerate(leaves) if leaf is fn.variable]
        return f"${at[0]}" if at else "AccumulateGrad"
    seen[fn] = len(seen)
    inner = ", ".join(graph(f, i, leaves, seen) for f, i in fn.next_functions)
    name = type(fn).__name__.removeprefix("torch::autograd::")
    return f"{name}({inner}){suffix}"


def text(v, indent=0):
    """JSON with a line for each member, down to a depth where lines stay readable."""
    import json

    pad = " " * (indent + 1)
    if isinstance(v, dict) and v and indent < 4 and "data" not in v:
        return "{\n" + ",\n".join(f"{pad}{json.dumps(k)}: {text(x, indent + 1)}" for k, x in v.items()) + "\n" + " " * indent + "}"
    if isinstance(v, list) and v and isinstance(v[0], dict) and indent < 3 and "data" not in v[0]:
        return "[\n" + ",\n".join(pad + text(x, indent + 1) for x in v) + "\n" + " " * indent + "]"
    return json.dumps(v, separators=(", ", ": "))
