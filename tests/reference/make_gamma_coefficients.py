#!/usr/bin/env python3
"""Prints the rational approximations of src/special/ln_gamma.rs and src/special/digamma.rs.

    ln_gamma_1p: ln Gamma(1 + x) / (x (x - 1))     on [-0.5, 1.5]
    digamma:     psi(x) / (x - root)               on [1, 3]

Linearized least squares on Chebyshev nodes, reweighted by the denominator before (Sanathanan and Koerner 1963), in 60
digits; the last line of each is the largest relative error of the fit with its coefficients rounded to double.
"""
from mpmath import mp, mpf, cos, pi, matrix, qr_solve, loggamma, psi, findroot, euler

mp.dps = 60


def fit(f, lo, hi, center, p_degree, q_degree, nodes=70, rounds=5):
    xs = [(lo + hi) / 2 + (hi - lo) / 2 * cos(pi * (k + mpf(1) / 2) / nodes) for k in range(nodes)]
    fs = [f(x) for x in xs]
    weights = [1 / abs(v) for v in fs]
    for _ in range(rounds):
        a = matrix(nodes, p_degree + 1 + q_degree)
        b = matrix(nodes, 1)
        for i, (x, v, w) in enumerate(zip(xs, fs, weights)):
            t = x - center
            for j in range(p_degree + 1):
                a[i, j] = w * t**j
            for j in range(1, q_degree + 1):
                a[i, p_degree + j] = -w * v * t**j
            b[i] = w * v
        c, _residual = qr_solve(a, b)
        p = [c[j] for j in range(p_degree + 1)]
        q = [mpf(1)] + [c[p_degree + j] for j in range(1, q_degree + 1)]
        weights = [1 / abs(v * mp.polyval(q[::-1], x - center)) for x, v in zip(xs, fs)]
    p = [mpf(float(c)) for c in p]
    q = [mpf(float(c)) for c in q]
    worst = 0
    for k in range(997):
        x = lo + (hi - lo) * (k + mpf(1) / 3) / 997
        r = mp.polyval(p[::-1], x - center) / mp.polyval(q[::-1], x - center)
        worst = max(worst, abs(r / f(x) - 1))
    return p, q, worst


def show(name, fitted):
    p, q, worst = fitted
    print(name)
    print("  numerator  ", ", ".join(repr(float(c)) for c in p))
    print("  denominator", ", ".join(repr(float(c)) for c in q))
    print("  error      ", mp.nstr(worst, 3))


def ln_gamma_1p(x):
    if x == 0:
        return euler
    if x == 1:
        return 1 - euler
    return loggamma(1 + x) / (x * (x - 1))


root = findroot(lambda x: psi(0, x), mpf("1.4616321449683623412626595423257"))


def digamma(x):
    return psi(1, x) if x == root else psi(0, x) / (x - root)


if __name__ == "__main__":
    high = mpf(float(root))
    print("root of digamma", repr(float(high)), "+", repr(float(root - high)))
    show("ln_gamma_1p, in powers of x + 1/2", fit(ln_gamma_1p, mpf(-1) / 2, mpf(3) / 2, mpf(-1) / 2, 8, 8))
    show("digamma, in powers of x - 1", fit(digamma, mpf(1), mpf(3), mpf(1), 6, 6))
