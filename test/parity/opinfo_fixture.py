"""Writes fixtures/opinfo/*.json: cases of PyTorch's own operator tests (OpInfo), one file for each entry.

    python test/parity/opinfo_fixture.py [--into DIR] [--all | ENTRY ...]

Without entries it writes those that opinfo_ops.txt lists. Needs PyTorch 2.13 and expecttest. OpInfo's sample
functions are run with their standard sizes made smaller (5, 10 and 20 become 3, 4 and 5) where they can live
with that, which keeps every kind of sample while the files stay small enough to read.
"""

import argparse
import itertools
import pathlib
import random
import sys
import warnings

import numpy
import torch
from torch.testing._internal.common_methods_invocations import op_db

from opinfo_encode import Unspeakable, dtype_name, graph, tensors_in, text, value

HERE = pathlib.Path(__file__).parent
STANDARD = {"XS": 3, "S": 5, "M": 10, "L": 20}
SMALL = {"XS": 2, "S": 3, "M": 4, "L": 5}
# Sizes to draw with, elements an input may have and elements a result may have: the first that gives cases.
SCALES = [(SMALL, 75, 160), (STANDARD, 75, 160), (SMALL, 400, 400)]
MAX_CASES = {torch.float32: 9, torch.float64: 4}
MAX_INTEGER_CASES = {torch.int64: 6, torch.bool: 3}  # for entries that have no floating-point form
MAX_ERRORS = 12
# Python's reflected operators: functions whose second argument is the first here …
REFLECTED = {"__rdiv__": "div", "__rmatmul__": "matmul", "__rmod__": "remainder", "__rpow__": "pow"}
# … and those that commute, or have a function of their own.
COMMUTING = {
    "__radd__": "add", "__rmul__": "mul", "__rsub__": "rsub", "__rand__": "bitwise_and", "__ror__": "bitwise_or",
    "__rxor__": "bitwise_xor",
}  # fmt: skip


def use(sizes):
    for name, module in list(sys.modules.items()):
        if name.startswith("torch.testing._internal"):
            for size, n in sizes.items():
                if isinstance(getattr(module, size, None), int):
                    setattr(module, size, n)


def seed():
    random.seed(0)
    numpy.random.seed(0)
    torch.manual_seed(0)


def cotangent(t, phase):
    """A vector for gradients that any language can make: sixteenths that follow a fixed pattern."""
    k = torch.arange(t.numel(), dtype=torch.float64)
    return (((7 * k + phase) % 11 - 5) / 8 + 0.0625).reshape(t.shape).to(t.dtype)


def entry_name(op):
    return op.name + ("." + op.variant_test_name if op.variant_test_name else "")


def resolve(path):
    target = torch
    for part in path.split("."):
        target = getattr(target, part, None)
    return target if callable(target) else None


class Call:
    """How an entry is called: a function's path, or a method (`Tensor.name`) of the first argument."""

    def __init__(self, op):
        self.swap = op.name in REFLECTED
        self.index = op.name == "__getitem__"
        self.second_first = op.name in ("einsum", "where")
        if self.swap:
            self.path, self.run = "torch." + REFLECTED[op.name], op.op
        elif op.name in COMMUTING:
            self.path, self.run = "torch." + COMMUTING[op.name], op.op
        elif self.index:
            self.path, self.run = "Tensor.index", op.op
        elif self.second_first or "polygamma" in op.name:
            self.path, self.run = "torch." + op.name, op.op
        elif (fn := resolve(op.name)) is not None and not isinstance(fn, type):
            self.path, self.run = "torch." + op.name, fn
        elif hasattr(torch.Tensor, op.name):
            self.path, self.run = "Tensor." + op.name, op.op
        else:
            raise Unspeakable(op.name)
        method = getattr(torch.Tensor, op.name, None)
        own = op.method_variant is not None and callable(method) and self.path not in ("torch.where", "torch.einsum")
        own = own and not (self.swap or self.index or op.name in COMMUTING or "polygamma" in op.name)
        self.method = op.name if own and self.path.startswith("torch.") else None
        self.inplace = None
        inplace = op.inplace_variant
        name = getattr(inplace, "__name__", "<lambda>")
        if inplace is not None and getattr(torch.Tensor, name, None) is not None and not (self.swap or self.second_first or "polygamma" in name):
            self.inplace, self.run_inplace = name, inplace

    def arguments(self, sample):
        if self.swap:
            return [*sample.args, sample.input]
        if self.index:
            index = sample.args[0]
            return [sample.input, list(index) if isinstance(index, tuple) else [index]]
        if self.second_first:
            return [sample.args[0], sample.input, *sample.args[1:]]
        if "polygamma" in self.path:
            return [sample.kwargs.get("n", *sample.args), sample.input]
        return [sample.input, *sample.args]

    def keywords(self, sample):
        return {} if "polygamma" in self.path else sample.kwargs


def quantise(t):
    """Rounds inputs to four decimals, for short files; tiny and special values stay."""
    if t.is_floating_point() and t.dtype in (torch.float32, torch.float64):
        with torch.no_grad():
            rounded = torch.round(t.double() * 1e4) / 1e4
            kept = torch.where((rounded.abs() >= 0.01) & torch.isfinite(t), rounded, t.double()).to(t.dtype)
            if 0 not in t.stride():
                t.detach().copy_(kept)


def features(sample):
    found = set()
    for i, t in enumerate(tensors_in([sample.input, sample.args, sample.kwargs])):
        found.add((i, t.dim(), t.dtype))
        found.add((i, "empty" if t.numel() == 0 else "some", "dense" if t.is_contiguous() else "strided"))
        found.add((i, 1 in t.shape))
    shapes = [tuple(t.shape) for t in tensors_in([sample.input, sample.args])]
    found.add(("broadcast", len(set(shapes)) > 1))
    plain = [a for a in sample.args if not isinstance(a, torch.Tensor)]
    found.add(("args", repr([a if not tensors_in(a) else len(a) for a in plain])[:80]))
    for k, v in sample.kwargs.items():
        found.add((k, type(v).__name__ if isinstance(v, torch.Tensor) else repr(v)[:60]))
    found.add(("kwargs", *sorted(sample.kwargs)))
    return found


def candidates(op, dtype, limit):
    seed()
    stream = op.sample_inputs("cpu", dtype, requires_grad=op.supports_autograd, small_inputs_only=True)
    for sample in itertools.islice(stream, 400):
        # Python itself turns `tensor / tensor` into the plain division.
        if op.name == "__rdiv__" and tensors_in(sample.args):
            continue
        sizes = [t.numel() for t in tensors_in([sample.input, sample.args, sample.kwargs])]
        if all(n <= limit for n in sizes) and sum(sizes) <= 2 * limit:
            for t in tensors_in([sample.input, sample.args, sample.kwargs]):
                quantise(t)
            yield sample


def choose(samples, count):
    """Greedily the sample that shows most of what was not seen yet; a strided form of the largest one."""
    pool = [(s, features(s)) for s in samples]
    chosen, seen = [], set()
    while pool and len(chosen) < count:
        best = max(pool, key=lambda p: len(p[1] - seen))
        if chosen and not best[1] - seen:
            break
        pool = [p for p in pool if p is not best]
        chosen.append(best[0])
        seen |= best[1]
    largest = max(chosen, key=lambda s: sum(t.numel() for t in tensors_in([s.input])), default=None)
    if largest is not None and all(t.is_contiguous() for s in chosen for t in tensors_in([s.input, s.args])):
        try:
            return [*chosen[: count // 2], largest.noncontiguous(), *chosen[count // 2 :]]
        except RuntimeError:  # the op's samples depend on their layout
            pass
    return chosen


def views(out, inputs):
    return [t._is_view() for t in tensors_in(out)]


def backward(out, inputs, case, twice):
    outs = [t for t in tensors_in(out) if t.requires_grad]
    if not outs:
        return
    seen = {}
    case["names"] = [graph(t.grad_fn, t.output_nr, inputs, seen) for t in outs]
    vectors = [cotangent(t, 3 + i).requires_grad_(twice) for i, t in enumerate(outs)]
    try:
        grads = torch.autograd.grad(outs, inputs, vectors, create_graph=twice, allow_unused=True)
    except RuntimeError as error:
        case["backward_error"] = [type(error).__name__, str(error)]
        return
    case["grads"] = [None if g is None else value(g, exact=False) for g in grads]
    again = [g for g in grads if g is not None and g.requires_grad]
    if not twice or not again:
        return
    seconds = [cotangent(g, 8 + i) for i, g in enumerate(again)]
    try:
        doubled = torch.autograd.grad(again, [*inputs, *vectors], seconds, allow_unused=True)
    except RuntimeError as error:
        case["double_error"] = [type(error).__name__, str(error)]
        return
    case["doubled"] = [None if g is None else value(g, exact=False) for g in doubled]


def fresh(v):
    """Leaves of a case's own, with the same memory layout."""
    if isinstance(v, torch.Tensor):
        copy = torch.empty_strided(v.shape, v.stride(), dtype=v.dtype)
        if 0 in v.stride() and v.numel() > 0:
            copy = v.detach().clone(memory_format=torch.preserve_format)
        else:
            copy.copy_(v.detach())
        return copy.requires_grad_(v.requires_grad)
    if isinstance(v, (list, tuple)):
        return type(v)([fresh(x) for x in v]) if type(v) in (list, tuple) else v
    if isinstance(v, dict):
        return {k: fresh(x) for k, x in v.items()}
    return v


def run_case(op, call, sample, limit):
    sample = type(sample)(fresh(sample.input), args=fresh(tuple(sample.args)), kwargs=fresh(sample.kwargs))
    args = call.arguments(sample)
    inputs = [t for t in tensors_in([args, sample.kwargs]) if t.requires_grad]
    case = {"args": value(args)}
    if kwargs := call.keywords(sample):
        case["kwargs"] = {k: value(v) for k, v in kwargs.items()}
    torch.manual_seed(0)
    out = call.run(sample.input, *sample.args, **sample.kwargs)
    if sum(t.numel() for t in tensors_in(out)) > limit:
        raise Unspeakable("large result")
    case["out"] = value(out, exact=False)
    if any(views(out, inputs)):
        case["views"] = views(out, inputs)
    if inputs:
        backward(out, inputs, case, op.supports_gradgrad)
    if call.inplace:
        case["inplace"] = run_inplace(call, sample, case)
    return case


def run_inplace(call, sample, case):
    """The in-place form on a copy of the input; what equals the out-of-place form is left out."""
    args = [sample.input, *sample.args]
    inputs = [t for t in tensors_in([args, sample.kwargs]) if t.requires_grad]
    torch.manual_seed(0)
    try:
        out = call.run_inplace(sample.input.clone(), *sample.args, **sample.kwargs)
    except Exception as error:
        return {"error": [type(error).__name__, str(error)]}
    got = {"out": value(out, exact=False)}
    if inputs:
        backward(out, inputs, got, False)
    return {k: v for k, v in got.items() if k == "names" or case.get(k) != v}


def errors(op, call):
    found = []
    if op.error_inputs_func is None or op.name in REFLECTED or op.name in COMMUTING:
        return found
    seed()
    for item in op.error_inputs("cpu"):
        sample = item.sample_input
        if "out" in sample.kwargs:  # results are always new tensors here
            continue
        try:
            entry = {"args": value(call.arguments(sample))}
            if kwargs := call.keywords(sample):
                entry["kwargs"] = {k: value(v) for k, v in kwargs.items()}
            if sum(t.numel() for t in tensors_in([sample.input, sample.args])) > 300:
                continue
        except Unspeakable:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                call.run(sample.input, *sample.args, **sample.kwargs)
        except Exception as error:
            entry["error"] = [type(error).__name__, str(error)]
            if entry not in found and len(found) < MAX_ERRORS:
                found.append(entry)
    return found


def draw(op, call, sizes, max_input, max_result):
    """Cases of both types, or None where the sample function cannot live with these sizes."""
    use(sizes)
    cases = []
    try:
        floating = op.supports_dtype(torch.float32, "cpu")
        for dtype, count in (MAX_CASES if floating else MAX_INTEGER_CASES).items():
            if op.supports_dtype(dtype, "cpu"):
                cases += itertools.islice(speakable(op, call, dtype, count, max_input, max_result), count)
    except Exception as error:
        print("  ", entry_name(op), "redrawn:", type(error).__name__, str(error)[:90], file=sys.stderr)
        return None
    return cases


def speakable(op, call, dtype, count, max_input, max_result):
    for sample in choose(candidates(op, dtype, max_input), 2 * count):
        try:
            yield run_case(op, call, sample, max_result)
        except Unspeakable:
            continue
        except RuntimeError:
            if all(t.is_contiguous() for t in tensors_in([sample.input, sample.args])):
                raise


def family(op):
    call = Call(op)
    result = {"torch": torch.__version__.split("+")[0], "entry": entry_name(op), "call": call.path}
    if call.method:
        result["method"] = call.method
    if call.inplace:
        result["inplace"] = call.inplace
    cases = next(filter(None, (draw(op, call, *scale) for scale in SCALES)), None)
    if not cases:
        raise Unspeakable("no sample")
    result["cases"] = cases
    if wrong := errors(op, call):
        result["errors"] = wrong
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=pathlib.Path, default=HERE / "fixtures" / "opinfo")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("entries", nargs="*")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    listed = (HERE / "opinfo_ops.txt").read_text().split() if not options.entries and not options.all else options.entries
    options.into.mkdir(parents=True, exist_ok=True)
    known = {}
    for op in op_db:
        known.setdefault(entry_name(op), op)
    for name, op in sorted(known.items()):
        if not options.all and name not in listed:
            continue
        try:
            (options.into / f"{name}.json").write_text(text(family(op)) + "\n")
        except Exception as reason:
            print(name, type(reason).__name__, str(reason)[:120], file=sys.stderr)


if __name__ == "__main__":
    main()
