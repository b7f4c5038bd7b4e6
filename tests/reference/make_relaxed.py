"""Tables of the relaxed one-hot (K = 3) and relaxed Bernoulli laws: logarithms of densities with first derivatives.

Writes relaxed_one_hot.csv and relaxed_bernoulli.csv beside itself. Points and parameters are exact doubles.
"""
import csv
import math
import pathlib
import random

from mpmath import diff, exp, log, mp, mpf, nstr

mp.dps = 60
HERE = pathlib.Path(__file__).parent
rng = random.Random(20261)


def one_hot(t, l0, l1, l2, y0, y1, y2):
    l, y = (l0, l1, l2), (y0, y1, y2)
    w = [exp(a) * b ** (-t) for a, b in zip(l, y)]
    p = mpf(1)
    for a, b in zip(w, y):
        p *= a / b
    return log(2 * t**2 * p / sum(w) ** 3)


def bernoulli(t, l, y):
    w = t * log(y / (1 - y)) - l
    return log(t / (y * (1 - y))) - w - 2 * log(1 + exp(-w))


def bernoulli_cdf(t, l, y):
    return 1 / (1 + exp(l - t * log(y / (1 - y))))


def row(f, x):
    x = [mpf(v) for v in x]
    n = len(x)
    partials = [diff(f, tuple(x), tuple(int(i == j) for j in range(n))) for i in range(n)]
    return [f(*x)] + partials


def write(name, columns, rows):
    with open(HERE / name, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for exact, computed in rows:
            writer.writerow([repr(v) for v in exact] + [nstr(v, 25) for v in computed])


rows = []
for i in range(24):
    t = math.exp(rng.uniform(-3, 2))
    spread = [1, 5, 100, 1e4][i % 4]
    l = [rng.uniform(-1, 1) * spread for _ in range(3)]
    e = [math.exp(rng.gauss(0, 1) * [1, 4][i // 4 % 2]) for _ in range(3)]
    y = [v / sum(e) for v in e]
    rows.append(([t, *l, *y], row(one_hot, [t, *l, *y])))
names = ["temperature", "l0", "l1", "l2", "y0", "y1", "y2"]
write("relaxed_one_hot.csv", names + ["logpdf"] + ["d_" + n for n in names], rows)

rows = []
for i in range(24):
    t = math.exp(rng.uniform(-3, 2))
    l = rng.uniform(-1, 1) * [1, 5, 30, 200][i % 4]
    y = 1 / (1 + math.exp(-rng.gauss(0, 1) * [1, 10][i // 4 % 2]))
    computed = row(bernoulli, [t, l, y])
    rows.append(([t, l, y], computed + [bernoulli_cdf(mpf(t), mpf(l), mpf(y))]))
names = ["temperature", "logit", "y"]
write("relaxed_bernoulli.csv", names + ["logpdf"] + ["d_" + n for n in names] + ["cdf"], rows)
