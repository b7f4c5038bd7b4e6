#!/usr/bin/env python3
"""Prints the nodes 2 sin^2(theta/2), theta = (2i + 1) pi / 64, of src/special/bessel.rs."""
from mpmath import mp, sin, pi

mp.dps = 40
for i in range(32):
    print(f"    {float(2 * sin((2 * i + 1) * pi / 128) ** 2)!r},")
