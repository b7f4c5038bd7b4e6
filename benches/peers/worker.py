"""What the sides of other libraries share: a loop that answers the orders of `race.py`, as `src/main.rs` does.

A case is a function of a size (a number of draws, paths or samples at once) that returns a function to be called and
the number of units that a call makes. The size is the one of SIZES that is fastest.
"""

import sys
import time

import numpy

SIZES = [1_000, 10_000, 100_000]


class Case:
    def __init__(self, make, sizes=None, draws=None, units=None):
        self.make, self.sizes, self.draws, self.units = make, sizes or SIZES, draws, units
        self.call = None

    def ready(self):
        """The call of the fastest size, compiled and warm."""
        if self.call is None:
            found = []
            for size in self.sizes:
                self.call = self.make(size)
                self.call[0]()
                self.call[0]()
                found.append((min(self.time(0.02) for _ in range(3)), size, self.call))
                # what takes this long is no faster in larger portions
                if found[-1][0] * self.call[1] > 5e7:
                    break
            _, self.size, self.call = min(found, key=lambda f: f[0])
        return self

    def time(self, seconds):
        """Nanoseconds of processor time a unit, of all threads, over at least so many seconds."""
        call, units = self.call
        start, calls = time.process_time(), 0
        while True:
            call()
            calls += 1
            past = time.process_time() - start
            if past >= seconds:
                return past * 1e9 / (calls * units)


def words(numbers):
    return " ".join(f"{float(x):.17e}" for x in numbers)


def lines(draws):
    """Draws with their partials: a row each."""
    return "\t".join(words(row) for row in draws)


def figures(values, errors):
    return words(values) + "\t" + words(errors)


def repeated(gradient):
    """Means and standard errors of gradients that are computed twenty times."""
    rows = numpy.array([gradient() for _ in range(20)])
    return figures(rows.mean(0), rows.std(0, ddof=1) / 20**0.5)


def serve(cases):
    out, sys.stdout = sys.stdout, sys.stderr
    print("\t".join(cases), file=out, flush=True)
    for line in sys.stdin:
        order, name, *rest = line.rstrip("\n").split("\t")
        case = cases[name]
        if order == "time":
            answer = case.ready().time(float(rest[0]))
        elif order == "draws":
            answer = case.draws() if case.draws else ""
        else:
            answer = case.units() if case.units else 1.0
        print(answer, file=out, flush=True)
