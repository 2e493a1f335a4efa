"""Writes test/session/fixtures/tensor_text.json: tensors as PyTorch prints them, for the session's own printer.

    python test/parity/tensor_text.py > test/session/fixtures/tensor_text.json
"""

import json
import math

import torch

torch.manual_seed(0)
nan, inf = math.nan, math.inf
cases = [
    torch.tensor(2.0),
    torch.tensor(0.1),
    torch.tensor(-0.0),
    torch.tensor(nan),
    torch.tensor(7),
    torch.tensor(True),
    torch.tensor([]),
    torch.zeros(0, 3),
    torch.zeros(0, dtype=torch.int64),
    torch.zeros(2, 0, dtype=torch.bool),
    torch.zeros(40),
    torch.zeros(3, 3, dtype=torch.float64),
    torch.tensor([1.0, 2.0, 3.0]),
    torch.tensor([1.0, nan, inf]),
    torch.tensor([0.5, nan, -inf]),
    torch.tensor([nan, inf, -inf]),
    torch.tensor([0.1, 1.0, 1e-4]),
    torch.tensor([1e-5, 1.0]),
    torch.tensor([51.2, 512.0, 5.12e-2]),
    torch.tensor([1e9, 2e9]),
    torch.tensor([100000000.0, 1.0, nan]),
    # Exact halves, which Python rounds to even.
    torch.tensor([0.03125, 0.09375, 0.15625, -0.21875]),
    torch.tensor([100005.0, 100015.0, 1e-9], dtype=torch.float64),
    torch.tensor([2.0**-1, 1.00005, 3e8, 1.5e-300], dtype=torch.float64),
    torch.arange(60),
    torch.arange(24, dtype=torch.int32).reshape(2, 3, 4),
    torch.tensor([[-1, 200], [3, 4]], dtype=torch.int64),
    torch.tensor([0, 255], dtype=torch.uint8),
    torch.tensor([[True, False], [False, True]]),
    torch.randn(5, 3),
    torch.randn(2, 3, 4),
    torch.randn(2, 2, 2, 2) * 1000,
    torch.randn(33),
    torch.randn(7, dtype=torch.float64) * 1e-6,
    torch.randn(100) * 3,
]
suffixes = ["grad_fn=<MulBackward0>", "requires_grad=True"]
out = []
for i, tensor in enumerate(cases):
    suffix = None
    if tensor.is_floating_point() and i % 3 > 0:
        tensor = tensor.clone().requires_grad_()
        suffix = suffixes[1]
        if i % 3 == 2:
            tensor = tensor * 1
            suffix = suffixes[0]
    data = [str(v) if isinstance(v, float) and not math.isfinite(v) else v for v in tensor.detach().reshape(-1).double().tolist()]
    names = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    out.append(
        {
            "shape": list(tensor.shape),
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "data": [names.get(v, v) for v in data],
            "suffix": suffix,
            "text": repr(tensor),
        }
    )
print(json.dumps({"torch": torch.__version__.split("+")[0], "script": "test/parity/tensor_text.py", "cases": out}, indent=None, separators=(",", ":")).replace('{"shape"', '\n{"shape"'))
