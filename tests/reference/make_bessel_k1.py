#!/usr/bin/env python3
"""Print the coefficients of src/special/bessel_k1.rs and the values in its test (mpmath).

For x >= 1, sqrt(x) e^x K_1(x) is a polynomial in t = (x - 3)/(x + 1): the Chebyshev interpolant in 48 nodes, cut where its
coefficients fall below 2e-17 and rewritten in powers of t.
"""
from mpmath import besselk, cos, exp, factorial, log, mp, mpf, pi, psi, sqrt

mp.dps = 40
NODES = 48


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


def scaled(t):
    x = (3 + t) / (1 - t)
    return sqrt(x) * exp(x) * besselk(1, x)


series = chebyshev(scaled)
degree = max(i for i in range(NODES) if abs(series[i]) > 2e-17)
print(f"const FAR: [f64; {degree + 1}] = [")
for a in powers(series[: degree + 1]):
    print(f"    {float(a)!r},")
print("];")
for k in range(9):
    a = 1 / (factorial(k) * factorial(k + 1))
    print(float(a), float((psi(0, k + 1) + psi(0, k + 2)) * a))
for x in [1e-100, 1e-5, .3, .99, 1.01, 2.7, 20, 1e4]:
    x = mpf(x)
    k0, k1 = besselk(0, x), besselk(1, x)
    value = log(x * k1) + x
    # (x K_1)' = -x K_0
    print(f"({float(x)!r}, {float(value)!r}, {float(1 - k0 / k1)!r}),")
