#!/usr/bin/env python3
"""Print the coefficients of src/special/hazard.rs (mpmath).

K_1(z) = phi(z)/Q(z) - z and K_(j+1) = j/K_j - z are, for z >= 0, K_j(z) = j P(t)/(z + c) with t = (z - k)/(z + k). P is
the Chebyshev interpolant in 44 nodes, cut where its coefficients fall below 2e-17 and rewritten in powers of t (the sum
of the absolute values of the coefficients is about twice the value, so nothing is lost by that).
"""
from mpmath import cos, erfc, exp, mp, mpf, pi, sqrt

mp.dps = 40
NODES = 44


def tail(j, z):
    """K_j(z), downward from a far tail for large z, upward from K_1 in many digits for small z."""
    if z > 12:
        k = mpf(0)
        for i in range(300, j - 1, -1):
            k = i / (z + k)
        return k
    with mp.workdps(120):
        k = sqrt(2 / pi) * exp(-z * z / 2) / erfc(z / sqrt(mpf(2))) - z
        for i in range(1, j):
            k = i / k - z
        return k


def chebyshev(f):
    nodes = [cos(pi * (i + mpf(1) / 2) / NODES) for i in range(NODES)]
    values = [f(x) for x in nodes]
    c = [2 * sum(v * cos(pi * j * (i + mpf(1) / 2) / NODES) for i, v in enumerate(values)) / NODES for j in range(NODES)]
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


for name, j, k, c in [("EXCESS", 1, 4, 1), ("LAST_TAIL", 18, 10, 4)]:
    series = chebyshev(lambda t: (k * (1 + t) / (1 - t) + c) * tail(j, k * (1 + t) / (1 - t)) / j)
    degree = max(i for i in range(NODES) if abs(series[i]) > 2e-17)
    print(f"const {name}: [f64; {degree + 1}] = [")
    for a in powers(series[: degree + 1]):
        print(f"    {float(a)!r},")
    print("];")
