"""Writes discrete_*.csv: ln of mass, cdf and survival function of discrete laws with their first and second derivatives in the real
parameters, by mpmath at 75 digits from the masses as textbooks have them; tails are sums of masses. `nan` where a sum would be too
long. Parameters are exact doubles.
Arguments name the laws to write; without, all.

Columns: integers, parameters, k, then for each of lnpmf, lncdf, lnsf the value, the first derivatives and the second ones (upper
triangle by rows)."""

import functools
import itertools
import os
import sys

import mpmath as mp

mp.mp.dps = 75
HERE = os.path.dirname(os.path.abspath(__file__))


def ln_choose(n, k):
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def binomial(k, n, p):
    return ln_choose(n, k) + (k * mp.log(p) if k else 0) + ((n - k) * mp.log1p(-p) if n - k else 0)


def poisson(k, rate):
    return k * mp.log(rate) - rate - mp.loggamma(k + 1)


def negative_binomial(k, r, p):
    return mp.loggamma(k + r) - mp.loggamma(r) - mp.loggamma(k + 1) + r * mp.log(p) + (k * mp.log1p(-p) if k else 0)


def gamma_poisson(k, a, b):
    return mp.loggamma(k + a) - mp.loggamma(a) - mp.loggamma(k + 1) + a * mp.log(b) - (a + k) * mp.log(1 + b)


def ln_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def beta_binomial(k, n, a, b):
    return ln_choose(n, k) + ln_beta(k + a, n - k + b) - ln_beta(a, b)


def hypergeometric(k, all_, good, draws):
    return ln_choose(good, k) + ln_choose(all_ - good, draws - k) - ln_choose(all_, draws)


def skellam(k, m1, m2):
    i = mp.besseli(abs(k), 2 * mp.sqrt(m1 * m2))
    return -(m1 + m2) + mp.mpf(k) / 2 * mp.log(m1 / m2) + mp.log(i)


@functools.lru_cache(maxsize=None)
def ln_power_sum_at(n, s, _prec):
    if n <= 1000:
        return mp.log(mp.fsum(mp.mpf(k) ** -s for k in range(1, n + 1)))
    return mp.log(mp.zeta(s) - (mp.zeta(s, n + 1) if n < mp.inf else 0))


def ln_power_sum(n, s):
    # differences raise the precision: a number of a lower one is another number
    return ln_power_sum_at(n, s, mp.mp.prec)


def zipf(k, n, s):
    return -s * mp.log(k) - ln_power_sum(n, s)


def zeta(k, s):
    return -s * mp.log(k) - ln_power_sum(mp.inf, s)


# the law, its columns, the lowest outcome, the highest of integers and parameters, and rows (integers, parameters, k, with tails or not)
INF = mp.inf
LAWS = {
    "binomial": (binomial, ["trials", "p"], lambda *a: 0, lambda n, p: n, [
        ([10], [0.3], k, True) for k in (0, 2, 9)] + [
        ([60], [0.02], 5, True), ([60], [0.97], 40, True), ([200], [0.5], 30, True), ([200], [1e-5], 3, True),
        ([5], [1e-300], 2, False), ([5], [1e-300], 0, False), ([1000], [0.25], 251, True), ([100000], [0.25], 25010, False),
        ([10**12], [0.25], 250000000017, False), ([10**12], [0.3], 299999000000, False), ([10**12], [4e-12], 7, False),
        ([10**15], [0.999], 998999999999000, False), ([10**15], [0.5], 400000000000000, False)]),
    "poisson": (poisson, ["rate"], lambda *a: 0, lambda *a: INF, [
        ([], [0.5], 0, True), ([], [0.5], 7, True), ([], [9.0], 8, True), ([], [20.0], 3, True), ([], [20.0], 60, True),
        ([], [1e-300], 1, False), ([], [300.0], 290, True), ([], [1e5], 100200, False), ([], [1e10], 5, False),
        ([], [1e12], 1000000000000, False), ([], [1e15], 1000000010000000, False), ([], [1e15], 999999900000000, False),
        ([], [1e3], 10**7, False)]),
    "geometric": (lambda k, p: mp.log(p) + k * mp.log1p(-p), ["p"], lambda *a: 0, lambda *a: INF, [
        ([], [0.5], 3, True), ([], [0.875], 0, True), ([], [0.125], 100, True), ([], [1e-12], 3 * 10**12, False),
        ([], [1e-300], 5, False)]),
    "negative_binomial": (negative_binomial, ["r", "p"], lambda *a: 0, lambda *a: INF, [
        ([], [2.5, 0.5], 0, True), ([], [2.5, 0.5], 3, True), ([], [0.01, 0.125], 2, True), ([], [20.0, 0.75], 30, True),
        ([], [20.0, 0.75], 1, True), ([], [1e-4, 0.5], 4, True), ([], [200.0, 0.5], 190, True), ([], [1e3, 0.999], 2, True),
        ([], [1e9, 0.5], 1000010000, False), ([], [1e12, 0.25], 3000000000000, False), ([], [1e15, 0.5], 1000000100000000, False),
        ([], [3.0, 1e-9], 2000000000, False), ([], [1e12, 0.999999999999], 3, False), ([], [0.5, 1e-12], 10**12, False)]),
    "gamma_poisson": (gamma_poisson, ["shape", "rate"], lambda *a: 0, lambda *a: INF, [
        ([], [2.5, 1.0], 3, True), ([], [0.125, 3.0], 2, True), ([], [40.0, 1e3], 1, True), ([], [30.0, 0.5], 40, True),
        ([], [1e6, 1e20], 2, False), ([], [1e9, 1e3], 1000100, False), ([], [1e12, 1e-2], 100000001000000, False)]),
    "beta_binomial": (beta_binomial, ["trials", "alpha", "beta"], lambda *a: 0, lambda n, a, b: n, [
        ([10], [2.0, 3.0], 4, True), ([10], [0.25, 0.5], 0, True), ([10], [1e3, 2e3], 9, True), ([100], [30.0, 50.0], 20, True),
        ([100], [1e-3, 1e-2], 50, True), ([1], [0.5, 1e4], 0, True), ([300], [1e5, 1e5], 140, True),
        ([10**9], [3e3, 2e4], 130434000, False), ([10**12], [0.5, 0.25], 10**11, False), ([10**6], [1e9, 1e9], 500100, False)]),
    "hypergeometric": (hypergeometric, ["population", "successes", "draws"], lambda a, g, d: max(0, g + d - a),
                       lambda a, g, d: min(g, d), [
        ([10, 4, 3], [], 1, True), ([200, 80, 70], [], 40, True), ([200, 180, 100], [], 82, True), ([1000, 300, 400], [], 90, True),
        ([10**12, 4 * 10**11, 1000], [], 417, False), ([10**12, 4 * 10**11, 5 * 10**11], [], 200000100000, False),
        ([10**15, 3, 10**14], [], 2, False), ([10**15, 10**14, 10**14], [], 10000000000000, False)]),
    "skellam": (skellam, ["first", "second"], lambda *a: -INF, lambda *a: INF, [
        ([], [2.0, 1.0], 0, True), ([], [2.0, 1.0], -6, True), ([], [0.125, 3.0], 2, True), ([], [40.0, 30.0], 50, True),
        ([], [1e-3, 20.0], -15, True), ([], [500.0, 400.0], 130, False), ([], [1e4, 1e4], 7, False), ([], [0.5, 1e4], -9900, False)]),
    "zipf": (zipf, ["n", "s"], lambda *a: 1, lambda n, s: n, [
        ([10], [1.5], 3, True), ([10], [0.25], 9, True), ([100], [3.0], 40, True), ([100], [20.0], 2, True),
        ([1000], [0.875], 900, True), ([10**9], [1.25], 10**6, False), ([10**15], [0.5], 10**14, False)]),
    "zeta": (zeta, ["s"], lambda *a: 1, lambda *a: INF, [
        ([], [2.0], 3, False), ([], [1.125], 1, False), ([], [1.5], 10**6, False), ([], [25.0], 2, False), ([], [200.0], 1, False)]),
}


def partials(f, x):
    """The value, first and second derivatives by mpmath's differences at high precision."""
    n = len(x)
    yield f(*x)
    orders = [tuple(int(i == j) for j in range(n)) for i in range(n)]
    pairs = list(itertools.combinations_with_replacement(range(n), 2))
    orders += [tuple((i == a) + (i == b) for i in range(n)) for a, b in pairs]
    for order in orders:
        # relative steps: parameters are of any size
        scaled = lambda *t: f(*[xi * (1 + ti) for xi, ti in zip(x, t)])
        d = mp.diff(scaled, tuple([mp.mpf(0)] * n), order) if n > 1 else mp.diff(scaled, mp.mpf(0), order[0])
        yield d / mp.fprod(xi**o for xi, o in zip(x, order))


def tail_sum(law, integers, theta, start, end, step):
    # a tail next to 1 has a logarithm that is the other tail: finite sums are whole
    total, k, small = mp.mpf(0), start, mp.mpf(10) ** (-32 if abs(end) == mp.inf else -70)
    while (end - k) * step >= 0:
        term = mp.exp(law(k, *integers, *theta))
        total += term
        if term < total * small and abs(k - start) > 3:
            break
        k += step
    return total


for name, (law, columns, low, high, rows) in LAWS.items():
    if len(sys.argv) > 1 and name not in sys.argv[1:]:
        continue
    n = len(rows[0][1])
    params = columns[len(columns) - n:] if n else []
    header = list(columns) + ["k"]
    for f in ("lnpmf", "lncdf", "lnsf"):
        header.append(f)
        header += [f"d{f}_{p}" for p in params]
        header += [f"d2{f}_{a}_{b}" for a, b in itertools.combinations_with_replacement(params, 2)]
    with open(os.path.join(HERE, f"discrete_{name}.csv"), "w") as out:
        out.write(",".join(header) + "\n")
        for integers, theta, k, tails in rows:
            x = [mp.mpf(t) for t in theta]
            lo, hi = low(*integers, *theta), high(*integers, *theta)
            numbers = list(partials(lambda *t: law(k, *integers, *t), x))
            count = len(numbers)
            if tails:
                numbers += partials(lambda *t: mp.log(tail_sum(law, integers, t, k, lo, -1)), x)
                if k == hi:
                    numbers += [mp.mpf("-inf")] + [mp.mpf(0)] * (count - 1)
                else:
                    numbers += partials(lambda *t: mp.log(tail_sum(law, integers, t, k + 1, hi, 1)), x)
            else:
                numbers += [mp.nan] * (2 * count)
            row = [str(i) for i in integers] + [repr(t) for t in theta] + [str(k)]
            row += [mp.nstr(v, 22) for v in numbers]
            out.write(",".join(row).replace("+inf", "inf") + "\n")
    print(name, len(rows))
