#!/usr/bin/env python3
"""Print the coefficients of src/special/hazard.rs (mpmath, 40 digits).

K1(z) = phi(z)/Q(z) - z for z >= 0 is P(t)/(z + 1) with t = (z - 4)/(z + 4); P is the Chebyshev interpolant of
(z + 1) K1(z) in 40 nodes, cut where its coefficients fall below 2e-17 and rewritten in powers of t (the sum of the
absolute values of the coefficients is 1.7 times the value, so nothing is lost by that).
"""
from mpmath import cos, erfc, exp, mp, mpf, pi, sqrt

mp.dps = 40


def excess(z):
    if z > 60:
        k = mpf(0)
        for j in range(60, 0, -1):
            k = j / (z + k)
        return k
    return exp(-z * z / 2) * sqrt(2 / pi) / erfc(z / sqrt(mpf(2))) - z


def scaled(t):
    z = 4 * (1 + t) / (1 - t)
    return (z + 1) * excess(z)


def chebyshev(f, n):
    nodes = [cos(pi * (k + mpf(1) / 2) / n) for k in range(n)]
    values = [f(x) for x in nodes]
    c = [2 / mpf(n) * sum(v * cos(pi * j * (k + mpf(1) / 2) / n) for k, v in enumerate(values)) for j in range(n)]
    c[0] /= 2
    return c


def powers(c):
    out = [mpf(0)] * len(c)
    t0, t1 = [mpf(1)], [mpf(0), mpf(1)]
    for c_j in c:
        for i, a in enumerate(t0):
            out[i] += c_j * a
        t2 = [mpf(0)] + [2 * a for a in t1]
        for i, a in enumerate(t0):
            t2[i] -= a
        t0, t1 = t1, t2
    return out


c = chebyshev(scaled, 40)
degree = max(j for j in range(40) if abs(c[j]) > 2e-17)
for a in powers(c[: degree + 1]):
    print(f"    {float(a)!r},")
