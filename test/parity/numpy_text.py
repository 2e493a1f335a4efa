"""Writes test/examples/fixtures/numpy.json: float32 vectors as NumPy prints them, for examples/python.ts.

    python test/parity/numpy_text.py > test/examples/fixtures/numpy.json
"""

import json

import numpy as np

rng = np.random.default_rng(0)
cases = [[1, -0.5, 0.3], [1, 2], [0.1], [-1.5, 22.25, 100], [1 / 3, 2 / 3, -1 / 7]]
cases += [rng.normal(size=n) for n in (1, 2, 3, 4, 5, 5, 5)]
cases += [rng.normal(size=3) * 10 for _ in range(4)]
vectors = [np.array(case, dtype=np.float32) for case in cases]
rows = [{"values": [float(v) for v in vector], "text": str(vector)} for vector in vectors]
print(json.dumps({"numpy": np.__version__, "script": "test/parity/numpy_text.py", "cases": rows}, indent=1))
