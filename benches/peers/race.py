"""Asks all sides for the same cases in turn, and writes the tables into docs/speed.md: see `run.sh`.

race.py ROUNDS ONLY NAME=COMMAND...    (ONLY: cases whose names contain it; the tables are written if it is empty)
"""

import os
import random
import statistics
import subprocess
import sys
from pathlib import Path

import truth

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "speed.md"
BEGIN, END = "<!-- benches/peers/run.sh writes from here -->\n", "<!-- to here -->\n"
# seconds of processor time of a turn, and of the first, which finds who is far behind
TURN, FIRST = 0.05, 0.02

MEANING = {
    "plain": "plain",
    "sum": "gradient of the sum",
    "each": "all partials of each",
}
LANES = "a logarithm and an exponential each, which XLA computes in lanes of AVX2 and the C library one by one"
UNIFORM = (
    "theirs are drawn by the quantile function and know their probability, of which the slopes in the bounds are made; "
    "ours are drawn by rejection (the plain row) and compute it"
)
# why a row is not ahead
WHY = {
    "Gumbel-softmax (20), plain": LANES,
    "Gumbel-softmax (20), sum": LANES,
    "truncated normal (-1, 2), sum": UNIFORM,
    "truncated normal (-1, 2), each": UNIFORM,
    "logistic regression, 2000 parameters, a step": "two matrix products, by Eigen's kernels there and by matrixmultiply's "
    "here, where a run's first sample, of 24 draws out of 192, is made twice",
}


class Side:
    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(command.split(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.cases = self.answer().split("\t")

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} has ended: its message is above")
        return line.rstrip("\n")

    def ask(self, *words):
        print("\t".join(map(str, words)), file=self.process.stdin, flush=True)
        return self.answer()


class Way:
    """One way of one side to do a case."""

    def __init__(self, side, case, way):
        self.side, self.case, self.way = side, case, way
        self.name = f"{case}/{way}"
        self.first = float(side.ask("time", self.name, FIRST))
        self.units = float(side.ask("units", self.name))
        self.turns = []

    def turn(self):
        self.turns.append(float(self.side.ask("time", self.name, TURN)))

    def cost(self):
        return self.units * (statistics.median(self.turns) if self.turns else self.first)


def shown(ns):
    for size, unit in [(1e9, "s"), (1e6, "ms"), (1e3, "µs")]:
        if ns >= size:
            return f"{ns / size:.3g} {unit}"
    return f"{ns:.1f} ns"


def race(case, sides, rounds):
    """The row of a case, or None if the others have no such thing."""
    ways = [Way(s, case, n.partition("/")[2]) for s in sides for n in s.cases if n.partition("/")[0] == case]
    ours, theirs = ([w for w in ways if (w.side is sides[0]) == mine] for mine in (True, False))
    if not theirs:
        return None
    agree(case, ways)
    fastest = {id(group): min(w.cost() for w in group) for group in (ours, theirs)}
    racing = [w for group in (ours, theirs) for w in group if w.cost() < 3 * fastest[id(group)]]
    for _ in range(rounds):
        random.shuffle(racing)
        for way in racing:
            way.turn()
    best, rival = (min((w for w in group if w.turns), key=Way.cost) for group in (ours, theirs))
    ratio = statistics.median(a / b for a, b in zip(best.turns, rival.turns)) * best.units / rival.units
    others = ", ".join(
        f"{'ours by ' if w in ours else ''}{w.way} {shown(w.cost())}" for w in ways if w not in (best, rival)
    )
    if ratio > 1:
        others = " ".join(["**Behind**: " + WHY.get(case, "why is not known") + ".", others])
    print(f"{case}: {ratio:.2f}", file=sys.stderr)
    return f"{shown(best.cost())} | {best.way} | {shown(rival.cost())} | {rival.way} | {ratio:.2f} | {others} |"


def agree(case, ways):
    """Estimates of one thing by all ways agree to six standard errors: so they do the same job."""
    found = []
    for way in ways:
        answer = way.side.ask("draws", way.name)
        if answer and "each" not in case:
            found.append((way, [[float(x) for x in part.split()] for part in answer.split("\t")]))
    for way, (values, errors) in found[1:]:
        first, (expected, first_errors) = found[0]
        for a, b, s, t in zip(values, expected, errors, first_errors):
            if abs(a - b) > 6 * (s * s + t * t) ** 0.5 + 1e-12 * abs(b):
                sys.exit(f"{case}: {way.way} has {values} ± {errors}, {first.way} {expected} ± {first_errors}")


def accuracy(sides, only):
    """Rows of the largest relative errors of partials over draws of each side's own."""
    rows = []
    for law in truth.LAWS:
        case = f"{law}, each"
        if only not in case:
            continue
        cells = []
        for side in sides:
            ways = [n for n in side.cases if n.partition("/")[0] == case]
            if not ways:
                cells.append("-")
                continue
            # a law's table has the coupling of a fixed probability where the law has another one
            name = next((n for n in ways if law == "Student t 5" and n.endswith("a table")), ways[-1])
            if (side.name, law) in truth.OTHERWISE:
                cells.append("coupled otherwise")
                continue
            draws = [[float(x) for x in row.split()] for row in side.ask("draws", name).split("\t")]
            cells.append(f"{truth.worst(law, draws[:40]):.1e}")
        rows.append(f"| {law} | {' | '.join(cells)} |")
        print(rows[-1], file=sys.stderr)
    return rows


def main():
    rounds, only = int(sys.argv[1]), sys.argv[2]
    # one processor for all: no library has more than the others
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    sides = [Side(*side.split("=", 1)) for side in sys.argv[3:]]
    before = os.getloadavg()
    names = dict.fromkeys(n.partition("/")[0] for side in sides[1:] for n in side.cases)
    names = [n for n in names if any(n == m.partition("/")[0] for m in sides[0].cases) and only in n]
    head = "| {} | ours | by | best rival | by | ratio | others |\n|---|---|---|---|---|---|---|"
    tables = {"draw": [], "job": []}
    for name in names:
        law, _, what = name.rpartition(", ")
        row = race(name, sides, rounds)
        if row and what in MEANING:
            tables["draw"].append(((law, list(MEANING).index(what)), f"| {law}, {MEANING[what]} | {row}"))
        elif row:
            tables["job"].append(((), f"| {name} | {row}"))
    laws = list(dict.fromkeys(key[0] for key, _ in tables["draw"]))
    tables["draw"].sort(key=lambda row: (laws.index(row[0][0]), row[0][1]))
    after = os.getloadavg()
    text = [f"{rounds} rounds; load averages over a minute {before[0]:.1f} before, {after[0]:.1f} after.\n"]
    for what, rows in tables.items():
        title = "a draw, or a component of one" if what == "draw" else "a job"
        text += [head.format(title), *(row for _, row in rows), ""]
    text += ["| largest relative error of a partial | " + " | ".join(s.name for s in sides) + " |"]
    text += ["|---|" + "---|" * len(sides), *accuracy(sides, only), ""]
    text = "\n".join(text)
    print(text)
    if not only:
        document = DOCUMENT.read_text()
        start, _, rest = document.partition(BEGIN)
        end = rest.partition(END)[2]
        DOCUMENT.write_text(start + BEGIN + "\n" + text + "\n" + END + end)


if __name__ == "__main__":
    main()
