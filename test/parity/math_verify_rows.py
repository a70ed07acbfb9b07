"""Math-Verify over labelled pairs: JSON lines {id, gold, pred, float_rounding?} in; out a line with
the versions, then a line a pass with the verdict and the milliseconds of every pair.

The second pass finds warm what the first left behind: SymPy's caches, compiled regexes.
Options are the library's own but for `float_rounding`.
"""

import json
import sys
from importlib.metadata import version
from time import perf_counter

from math_verify import parse, verify

PACKAGES = ["math-verify", "latex2sympy2_extended", "sympy", "antlr4-python3-runtime"]


def grade(row):
    started = perf_counter()
    options = {"float_rounding": row["float_rounding"]} if "float_rounding" in row else {}
    verdict = verify(parse(row["gold"]), parse(row["pred"]), **options)
    return row["id"], int(verdict), (perf_counter() - started) * 1000


def main():
    versions = [f"{name} {version(name)}" for name in PACKAGES]
    python = f"Python {sys.version.split()[0]}"
    print(json.dumps({"versions": ", ".join([*versions, python])}), flush=True)
    rows = [json.loads(line) for line in sys.stdin]
    for name in ["first", "second"]:
        started = perf_counter()
        graded = [grade(row) for row in rows]
        seconds = perf_counter() - started
        print(json.dumps({"pass": name, "seconds": seconds, "rows": graded}), flush=True)


main()
