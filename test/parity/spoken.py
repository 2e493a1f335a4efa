"""Asks PyTorch what the programs of spoken/*.txt say; writes fixtures/spoken.json.

    python test/parity/spoken.py

A file holds programs in two languages: a line `=== title`, Python, a line `---`, TypeScript. Both tell what
they see with say(); what stops a program is said last.
"""
import json
import pathlib
import re
import textwrap
import warnings

import torch
import torch.nn.functional as F
from torch import nn

HERE = pathlib.Path(__file__).parent


def spoken(v):
    if isinstance(v, dict):
        return "{" + ", ".join(f"{k}: {spoken(x)}" for k, x in v.items()) + "}"
    if isinstance(v, (list, tuple)) and not isinstance(v, torch.Size):
        return "[" + ", ".join(spoken(x) for x in v) + "]"
    if isinstance(v, float) and v == int(v):
        return str(int(v))
    if isinstance(v, str):
        return v
    return re.sub(r"<(\w+) object at 0x\w+>", r"<\1>", repr(v))


def run(source):
    said = []

    def say(*values):
        said.append(" ".join(spoken(v) for v in values))

    def attempt(fn):
        try:
            say(fn())
        except Exception as error:
            say(f"{type(error).__name__}: {str(error)}")

    torch.manual_seed(0)
    try:
        exec(source, {**globals(), "say": say, "attempt": attempt})
    except Exception as error:
        said.append(f"{type(error).__name__}: {str(error)}")
    return said


def programs(path):
    for block in re.split(r"^=== ", path.read_text(), flags=re.M)[1:]:
        title, rest = block.split("\n", 1)
        python, typescript = rest.split("\n---\n")
        yield title, textwrap.dedent(python), typescript.rstrip("\n")


def main():
    warnings.simplefilter("ignore")
    data = {"torch": torch.__version__.split("+")[0], "script": "test/parity/spoken.py"}
    for path in sorted((HERE / "spoken").glob("*.txt")):
        data[path.stem] = [{"title": t, "ts": ts.split("\n"), "said": run(py)} for t, py, ts in programs(path)]
    (HERE / "fixtures" / "spoken.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")


main()
