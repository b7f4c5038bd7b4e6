#!/usr/bin/env python3
"""Coefficients of src/special/inc_gamma/tables.rs (--constants) and the table special_inc_gamma_edges.csv (mpmath).

With mu = ln(x/a), both expansions hold uniformly around the mean (Temme 1979; DLMF 8.12).

SLOPE    a dln x/da at fixed P = sum h_k(mu) a^-k:  h_0 = mu/(e^mu - 1), h_k = (h_{k-1}' + d_k)/(e^mu - 1) with d_1 = 1/2,
         d_k = B_k/k for even k, 0 for odd k. The numerator's constant term is 0.
NORMAL   P = Phi(Y), Y = sqrt(a) sum e_k(mu) a^-k:  e_0 = eta = mu sqrt(2 (e^mu - 1 - mu)/mu^2), and
         eta e_k = L_{k-1} + g_{k-1} - (1/2) sum_{i=1}^{k-1} e_i e_{k-i}, where ln sum e_k' a^-k = sum L_j a^-j and
         ln Gamma*(a) = sum g_j a^-j, g_j = B_{j+1}/(j (j+1)) for odd j.
Row k ends where its coefficients times 16^-k fall below 1e-18.
"""
import argparse
import os
import random

from mpmath import bernoulli, factorial, fsum, log, loggamma, mp, mpf, sqrt

HERE = os.path.dirname(os.path.abspath(__file__))
DEGREE = 64
ORDERS = 16


def mul(a, b):
    n = min(len(a), len(b))
    return [fsum(a[j] * b[i - j] for j in range(i + 1)) for i in range(n)]


def inverse(a):
    r = [1 / a[0]]
    for n in range(1, len(a)):
        r.append(-fsum(a[j] * r[n - j] for j in range(1, n + 1)) / a[0])
    return r


def logarithm(a):
    r = [log(a[0])]
    for n in range(1, len(a)):
        r.append((a[n] - fsum(j * r[j] * a[n - j] for j in range(1, n)) / n) / a[0])
    return r


def root(a):
    r = [sqrt(a[0])]
    for n in range(1, len(a)):
        r.append((a[n] - fsum(r[j] * r[n - j] for j in range(1, n))) / (2 * r[0]))
    return r


def derivative(a):
    return [(n + 1) * a[n + 1] for n in range(len(a) - 1)]


def slope_rows():
    b = [bernoulli(n) / factorial(n) for n in range(DEGREE + 6)]  # mu/(e^mu - 1)
    h = [b]
    for k in range(1, ORDERS + 6):
        d = mpf(1) / 2 if k == 1 else bernoulli(k) / k if k % 2 == 0 else mpf(0)
        numerator = derivative(h[-1])
        assert abs(numerator[0] + d) < mpf(10) ** -30
        h.append(mul(numerator[1:], b))
    return h


def normal_rows():
    s = root([2 / factorial(n + 2) for n in range(DEGREE + 1)])
    e = [[mpf(0)] + s]
    slopes = [derivative(e[0])]
    inverse_slope, inverse_eta = inverse(slopes[0]), inverse(s)
    logs = [logarithm(slopes[0])]
    for k in range(1, ORDERS + 1):
        r = logs[k - 1][:]
        if k > 1 and (k - 1) % 2 == 1:
            r[0] += bernoulli(k) / ((k - 1) * k)
        for i in range(1, k):
            r = [x - y / 2 for x, y in zip(r, mul(e[i], e[k - i]))]
        assert abs(r[0]) < mpf(10) ** -30
        e.append(mul(r[1:], inverse_eta))
        slopes.append(derivative(e[k]))
        t = slopes[k]
        for j in range(1, k):
            t = [x - mpf(j) / k * y for x, y in zip(t, mul(logs[j], slopes[k - j]))]
        logs.append(mul(t, inverse_slope))
    return e


def print_rows(name, rows):
    print(name)
    for k, row in enumerate(rows):
        last = max((n for n, c in enumerate(row) if abs(c) * mpf(16) ** -k > mpf("1e-18")), default=-1)
        if last < 0:
            break
        print("&[" + ", ".join(repr(float(c) if abs(c) > mpf("1e-40") else 0.0) for c in row[: last + 1]) + "],")


def tails(a, x):
    """P and Q, each from its own expansion, and ln of both."""
    if x < a + 1:
        # x^a e^-x / Gamma(1 + a) sum x^n / (a + 1)_n
        term, total, n = mpf(1), mpf(1), 0
        while abs(term) > abs(total) * mpf(10) ** (-mp.dps - 5):
            n += 1
            term *= x / (a + n)
            total += term
        p = mp.exp(a * log(x) - x - loggamma(1 + a)) * total
        return p, 1 - p
    q = fraction(a, x)
    return 1 - q, q


def fraction(a, x):
    """Legendre's continued fraction of Q (DLMF 8.9.2), twice as deep as it needs to be."""
    def at(depth):
        v = x + 2 * depth + 1 - a
        for n in range(depth, 0, -1):
            v = x + 2 * n - 1 - a - n * (n - a) / v
        return 1 / v
    depth = 64
    while True:
        c, d = at(depth), at(2 * depth)
        if abs(c / d - 1) < mpf(10) ** (-mp.dps + 8):
            return mp.exp(a * log(x) - x - loggamma(a)) * d
        depth *= 2


def stencil(a, x):
    """ln P, ln Q and the derivatives of the smaller tail's logarithm in a (first, second) and x (first), by central differences."""
    h = mpf(10) ** (-mp.dps // 4) * a
    p, q = tails(a, x)
    small = 0 if p < q else 1
    # the larger tail's logarithm from the smaller one's value
    logs = (log(p), mp.log1p(-p)) if small == 0 else (mp.log1p(-q), log(q))
    values = [log(tails(a + i * h, x)[small]) for i in (-2, -1, 0, 1, 2)]
    d1 = (8 * (values[3] - values[1]) - (values[4] - values[0])) / (12 * h)
    d2 = (16 * (values[3] + values[1]) - (values[4] + values[0]) - 30 * values[2]) / (12 * h * h)
    density = mp.exp((a - 1) * log(x) - x - loggamma(a))
    dx = density / p if small == 0 else -density / q
    return *logs, d1, d2, dx


def table(rows, seed):
    r = random.Random(seed)
    with open(os.path.join(HERE, "special_inc_gamma_edges.csv"), "w") as f:
        f.write("a,x,log_p,log_q,dlog_da,d2log_da2,dlog_dx\n")
        made = 0
        while made < rows:
            a = 10 ** r.uniform(-4, 7) if made % 4 else 10 ** r.uniform(-4, 1.2)
            spread = a ** 0.5 if a > 1 else a
            kind = r.random()
            if kind < 0.6:
                x = a + spread * r.gauss(0, 2) if a > 1 else 10 ** r.uniform(-8, 1)
            elif kind < 0.8:
                x = a * 10 ** r.uniform(-4, 0)
            else:
                x = a + r.expovariate(1) * (20 + 6 * spread)
            if not 1e-300 < x < 1e300:
                continue
            a, x = mpf(float(a)), mpf(float(x))
            row = stencil(a, x)
            if min(row[0], row[1]) < -800:
                continue
            f.write(",".join([repr(float(a)), repr(float(x))] + [mp.nstr(v, 25) for v in row]) + "\n")
            made += 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--constants", action="store_true")
    parser.add_argument("--seed", type=int, default=20264)
    parser.add_argument("--rows", type=int, default=300)
    arguments = parser.parse_args()
    if arguments.constants:
        mp.dps = 70
        print_rows("SLOPE", slope_rows())
        print_rows("NORMAL", normal_rows())
    else:
        mp.dps = 120
        table(arguments.rows, arguments.seed)
