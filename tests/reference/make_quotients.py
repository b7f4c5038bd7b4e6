#!/usr/bin/env python3
"""Tables of laws that are quotients of gamma variables (mpmath): the columns of make_reference.py.

    make_quotients.py [--seed N] [--rows K] [--out DIR] [FAMILY ...]
"""
import argparse
import os
import random

import make_reference as ref
from make_reference import beta_i, family, lu, mp


family("gamma_gamma", ["shape", "mixing_shape", "mixing_rate"],
       lambda x, a, b, c: beta_i(a, b, x / (x + c)), lambda x, a, b, c: beta_i(b, a, c / (x + c)),
       lambda x, a, b, c: (a - 1) * mp.log(x / c) - (a + b) * mp.log1p(x / c) - mp.log(c) - mp.log(mp.beta(a, b)),
       lambda r: [lu(r, .1, 300), lu(r, .3, 300), lu(r, 1e-2, 1e2)],
       [[1, 1, 1], [2, 3, .5], [.2, 100, 1e6], [200, .5, 1e-6]], (0, mp.inf))


EDGE = mp.mpf("0.98")


def below(z, a, b, c, d):
    """P(X/Y <= z) for z <= EDGE"""
    return mp.beta(a + c, d) / (mp.beta(a, b) * mp.beta(c, d)) * z ** a / a * mp.hyp3f2(a, a + c, 1 - b, a + 1, a + c + d, z)


def tail(z, upper, *shapes):
    """F or 1 - F. Beside 1 the series takes too long: there a line leads the search past, and ln_density stops rows that end on it."""
    if z >= 1 / EDGE:
        other = below(1 / z, *shapes[2:], *shapes[:2])
        return other if upper else 1 - other
    if z > EDGE:
        one, other = tail(EDGE, upper, *shapes), tail(1 / EDGE, upper, *shapes)
        return one + (other - one) * (z - EDGE) / (1 / EDGE - EDGE)
    return 1 - below(z, *shapes) if upper else below(z, *shapes)


def ln_density(z, a, b, c, d):
    if EDGE <= z <= 1 / EDGE:
        raise ValueError("beside 1")
    if z > 1:
        return ln_density(1 / z, c, d, a, b) - 2 * mp.log(z)
    return mp.log(mp.beta(a + c, d) / (mp.beta(a, b) * mp.beta(c, d))) + (a - 1) * mp.log(z) + mp.log(mp.hyp2f1(a + c, 1 - b, a + c + d, z))


family("beta_quotient", ["numerator_alpha", "numerator_beta", "denominator_alpha", "denominator_beta"],
       lambda z, *shapes: tail(z, False, *shapes), lambda z, *shapes: tail(z, True, *shapes),
       ln_density,
       lambda r: [lu(r, .1, 30), lu(r, .1, 30), lu(r, .1, 30), lu(r, .1, 30)],
       [[1, 1, 1, 1], [2, 3, 4, 5], [.5, .25, .5, .25], [.1, 20, 30, .2], [40, 40, 2, .5]], (0, mp.inf))

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, default=20271)
    ap.add_argument("--rows", type=int, default=24)
    ap.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)))
    ap.add_argument("only", nargs="*")
    a = ap.parse_args()
    for name in a.only or ["gamma_gamma", "beta_quotient"]:
        made, skipped = ref.write_family(name, a.rows, random.Random(f"{a.seed} {name}"), a.out, True)
        print(f"{name}: {made} rows, {skipped} skipped", flush=True)
