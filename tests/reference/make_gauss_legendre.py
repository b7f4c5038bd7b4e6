#!/usr/bin/env python3
"""Prints the positive nodes and the weights of the 16-point Gauss-Legendre rule on [-1, 1] (mpmath, 40 digits)."""
import mpmath as mp

mp.mp.dps = 40
N = 16
P = lambda x: mp.legendre(N, x)
nodes = mp.polyroots(mp.taylor(P, 0, N)[::-1], maxsteps=200, extraprec=200)
for x in sorted(mp.re(x) for x in nodes if mp.re(x) > 0):
    slope = N * (x * P(x) - mp.legendre(N - 1, x)) / (x * x - 1)
    print(f"    ({float(x)!r}, {float(2 / ((1 - x * x) * slope ** 2))!r}),")
