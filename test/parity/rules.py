"""What the originals of packages/verifiers/math/rules say of pairs and of mutations of them.

    pip install pylatexenc==2.10 sympy
    python rules.py ORIGINALS COUNT SEED math-*.jsonl.gz > verdicts.jsonl
    node rules.ts verdicts.jsonl

ORIGINALS holds what is nowhere in this repository: `grading/grader.py` and `math_normalize.py` of
openai/prm800k, `math_equivalence.py` of hendrycks/math, and `math_reward.py`, `gsm8k.py` and
`math_dapo.py` of verl 0.7. Without them, or without pylatexenc, it says so and compares nothing.
"""

import contextlib
import functools
import gzip
import io
import json
import logging
import random
import re
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
originals, count, seed, *files = sys.argv[1:]
sys.path.insert(0, originals)
try:
    import gsm8k
    import math_dapo
    import math_equivalence
    import math_reward
    from grading import grader
    from pylatexenc import latex2text, latexwalker
except ImportError as missing:
    sys.exit(f"skipped: {missing}")

# It builds its tables anew for every answer.
for module in latex2text, latexwalker:
    module.get_default_latex_context_db = functools.lru_cache(module.get_default_latex_context_db)

# Algebra is not what is compared: it says yes to all, or no to all, once the guards let it.
grader._sympy_parse = lambda expr: expr


def prm800k(gold, read, algebra):
    grader.sympy.simplify = lambda _: 0 if algebra else 1
    return int(grader.grade_answer(read, gold))


def attempt(work):
    try:
        return work()
    except Exception:
        return None


def last_box(response):
    box = math_reward.last_boxed_only_string(response)
    return None if box is None else math_reward.remove_boxed(box)


def verdicts(gold, response):
    box = attempt(lambda: last_box(response))
    latex = response.replace("$", "").replace("%", "")
    with contextlib.redirect_stdout(io.StringIO()):
        return {
            "gold": gold,
            "response": response,
            "scores": {
                "prm800k": 0 if box is None else prm800k(gold, box, False),
                "prm800k, algebra": 0 if box is None else prm800k(gold, box, True),
                "hendrycks": int(math_reward.compute_score(response, gold)),
                "gsm8k": int(gsm8k.compute_score(response, gold)),
                "gsm8k-flexible": int(gsm8k.compute_score(response, gold, method="flexible")),
                "dapo": int(math_dapo.compute_score(response, gold)["acc"]),
                "dapo-box": int(math_dapo.compute_score(response, gold, strict_box_verify=True)["acc"]),
            },
            # The whole response as the answer: far more of it differs.
            "whole": {
                "prm800k": prm800k(gold, response, False),
                "prm800k, algebra": prm800k(gold, response, True),
                "hendrycks": int(math_equivalence.is_equiv(gold, response)),
                "dapo": int(
                    math_dapo.normalize_final_answer(gold) == math_dapo.normalize_final_answer(response)
                ),
            },
            "read": {
                "prm800k": box,
                "gsm8k": gsm8k.extract_solution(response, "strict"),
                "gsm8k-flexible": gsm8k.extract_solution(response, "flexible"),
            },
            "stripped": attempt(lambda: math_equivalence._strip_string(response)),
            "text": attempt(lambda: latex2text.LatexNodes2Text().latex_to_text(latex)),
        }


PIECES = r"""\frac \frac{ \dfrac12 \tfrac \sqrt \sqrt[3] \sqrt{ \text{ \text{and} \text{ m} \mathbf{ \mathbb{R} \left( \right) \boxed{ \boxed \fbox{ \pi \infty \cup
\cdot \times \circ ^\circ ^{\circ} ^{ ^( ^12 ^2 _ { } { } [ ] ( ) , ,\! \! \, \; \  \\ \\[ \\* \( \) \[ \] \begin{pmatrix} \end{pmatrix} \begin{align} \end{align}
\begin{array}{cc} \end{array} \begin \end \begin{foo} & ~ `` -- --- !` \hat \bar{ \vec{ \' \item \overline{ \mbox{ \textbf{ \textsf{ \$ \% % $ = x= 1,000 1,000,000 1,000,000,000
(1,2) 0.5 .5 1/2 3/4 -1/2 1 0 10 7.0 1e5 1_000 inf nan ½ ² ٣ Ａ 😀 \u00e9 \n \n\n \t \x1c \x85 \u2028 \ufeff million billion cm degrees meters^2 hours or and a an
#### ####  Answer: answer: ANSWER  :\n Anſwer: square ways dollars \ldots \dots \mathrm{th} {,} - + - * / : . .$ frac sqrt \$18 18 18. \leq \alpha \varnothing \quad \braket{a}{b}
\textcolor{red}{ \verb \color \footnote{a} \fcolorbox \ensuremath{2} \hspace{1} \mathrm{ \operatorname{ \ ] ) } } ) sin ^3^ a/b x y z \tan \text \begin{verbatim} \end{verbatim} \end{foo} \begin{tabular}{cc} \begin{center} \end{center} \begin{array}[ \\item[ \item \hline \url{a} \not= \dot \=a \r{ \backslash \prime \Lambda ( ) ( ) \( \[ 1,2,3 -- \text{yes} }\n""".split()
ESCAPED = re.compile(r"(\\(n|t|x..|u....))+")
PIECES = [p.encode().decode("unicode_escape") if ESCAPED.fullmatch(p) else p for p in PIECES]
PIECES += [" ", "  ", ":\n"]


def mutate(text, golds):
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(6)
        if kind <= 2:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif kind == 3:
            text = text[:at] + text[at + rng.choice((1, 1, 2, 5)) :]
        elif kind == 4:
            other = rng.choice(golds)
            start = rng.randrange(len(other) + 1)
            text = text[:at] + other[start : start + rng.randrange(1, 12)] + text[at:]
        else:
            text = text[:at] + text[at : at + 3][::-1] + text[at + 3 :]
    return text


def mutation(gold, response, golds):
    kind = rng.randrange(10)
    if kind == 0:
        response = mutate(response[-200:], golds)
    elif kind == 1:
        response = mutate("#### " + gold, golds)
    elif kind == 2:
        response = mutate("so Answer: " + gold, golds)
    elif kind <= 5:
        response = "so \\boxed{" + mutate(gold, golds) + "}"
    elif kind == 6:
        response = mutate("so \\boxed{" + gold + "}.", golds)
    elif kind == 7:
        response = "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 9)))
    else:
        response = mutate(gold, golds)
    return mutate(gold, golds) if rng.random() < 0.2 else gold, response


rng = random.Random(int(seed))
pairs = []
for file in files:
    for row in map(json.loads, gzip.open(file, "rt")):
        answers = row["gold"] if isinstance(row.get("gold"), list) else [row.get("gold")]
        pairs += [
            (gold, row["pred"])
            for gold in answers
            if isinstance(gold, str) and isinstance(row.get("pred"), str)
        ]
golds = [gold for gold, _ in pairs]
for pair in pairs:
    print(json.dumps(verdicts(*pair)))
for _ in range(int(count)):
    print(json.dumps(verdicts(*mutation(*rng.choice(pairs), golds))))
