#!/usr/bin/env python3
"""Prints the positive nodes and the weights of the 16-, 8- and 28-point Gauss-Legendre rules on [-1, 1] (mpmath, 40 digits)."""
import mpmath as mp

mp.mp.dps = 40
for n in [16, 8, 28]:
    print(n, "points")
    P = lambda x: mp.legendre(n, x)
    nodes = mp.polyroots(mp.taylor(P, 0, n)[::-1], maxsteps=200, extraprec=200)
    for x in sorted(mp.re(x) for x in nodes if mp.re(x) > 0):
        slope = n * (x * P(x) - mp.legendre(n - 1, x)) / (x * x - 1)
        print(f"    ({float(x)!r}, {float(2 / ((1 - x * x) * slope ** 2))!r}),")
