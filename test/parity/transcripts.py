"""Writes test/examples/transcripts/*.txt: what the programs of the examples print under PyTorch.

    python test/parity/transcripts.py [FOLDER]

The programs in notebooks/ are the five public notebooks that examples/1-… to 5-… retell, cell by cell. A
transcript has one section a cell, headed by the number that the notebook shows for it and by how the cell
stands to what the notebook printed:

    as printed     the text is the notebook's own (addresses aside)
                   (cut off after: the published text ends within the cell)
    prints nothing the cell defines things only
    seeded         the notebook drew unseeded numbers; these come from our seed
    not run        the notebook holds no output of the cell (it was never run, or has a typo)
    omitted: …     what the cell prints, and why we can't
    by PyTorch     no notebook: the program of an example of our own, in examples/*.py

Lines of a section that begin with "! " are warnings. With FOLDER, the texts of the notebooks, every cell
that claims to be as printed is looked up there.
"""

import contextlib
import io
import pathlib
import re
import sys
import warnings

import torch

CUT = ", cut off after: "
HERE = pathlib.Path(__file__).parent
OUT = HERE.parent / "examples" / "transcripts"


def cells(path):
    parts = re.split(r"^# %% (In \[\w+\])(?: (.*))?\n", path.read_text(), flags=re.MULTILINE)
    assert parts[0] == "", path
    return zip(parts[1::3], parts[2::3], parts[3::3])


def run(source, scope):
    out = io.StringIO()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(out):
        warnings.simplefilter("always")
        exec(source, scope)
    said = [re.sub(r" \(Triggered internally at .*\)$", "", str(w.message).strip()) for w in caught]
    return re.sub(r"0x[0-9a-f]+", "0x…", out.getvalue()), said


def compare(cell, printed, status, published):
    _, _, last = status.partition(CUT)
    text = printed.partition(last)[0] + last if last else printed
    assert text.strip("\n") in published, f"{cell}: the notebook printed something else than\n{text}"


def transcript(path, published):
    scope = {}
    text = [f"# {path.name} under PyTorch {torch.__version__.split('+')[0]}, by test/parity/transcripts.py\n"]
    for number, status, source in cells(path):
        printed, said = run(source, scope)
        if status is None:
            status = "as printed" if printed else "prints nothing"
        if published and status.startswith("as printed"):
            compare(f"{path.name} {number}", printed, status, published)
        text.append(f"\n=== {number} · {status}\n{printed}")
        text += [f"! {line}\n" for line in said]
    return "".join(text)


def main(folder=None):
    OUT.mkdir(parents=True, exist_ok=True)
    texts = sorted(pathlib.Path(folder).glob("*.txt")) if folder else []
    for i, path in enumerate(sorted((HERE / "notebooks").glob("*.py"))):
        published = re.sub(r"0x[0-9a-f]+", "0x…", texts[i].read_text()) if texts else None
        write(path, published)
    for path in sorted((HERE / "examples").glob("*.py")):
        write(path, None)


def write(path, published):
    (OUT / f"{path.stem.replace('_', '-')}.txt").write_text(transcript(path, published))


main(*sys.argv[1:])
