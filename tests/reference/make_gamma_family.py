#!/usr/bin/env python3
"""Tables of the laws made of a gamma variable that make_reference.py does not have (mpmath): the same columns.

    make_gamma_family.py [--seed N] [--rows K] [--out DIR]
"""
import argparse
import os
import random

import make_reference as ref
from make_reference import M, family, gamma_p, gamma_q, lu, mp


def ln_quantile(a, tail, upper):
    """ln x with P or Q of the tail, by bisection: the functions are monotone in ln x."""
    f = (lambda w: gamma_q(a, mp.exp(w)) < tail) if upper else (lambda w: gamma_p(a, mp.exp(w)) > tail)
    low, high = (mp.log(tail) + mp.loggamma(1 + a)) / a - 1 if not upper else M(-200) / min(a, 1), mp.log(a + 900)
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (low, middle) if f(middle) else (middle, high)
    return low


QUANTILE = {
    "log_gamma": lambda tail, upper, a, b: ln_quantile(a, tail, upper) - mp.log(b),
}

family("log_gamma", ["shape", "rate"],
       lambda w, a, b: gamma_p(a, b * mp.exp(w)), lambda w, a, b: gamma_q(a, b * mp.exp(w)),
       lambda w, a, b: a * (w + mp.log(b)) - b * mp.exp(w) - mp.loggamma(a),
       lambda r: [lu(r, 1e-3, 300), lu(r, .1, 10)], [[1e-3, 1], [1, 1], [15.9, 1], [16, 1], [300, 2]])


def find_quantile(fam, th, tail, upper=False):
    name = next(n for n in QUANTILE if ref.FAM[n] is fam)
    return float(QUANTILE[name](M(tail), upper, *th))


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, default=20265)
    ap.add_argument("--rows", type=int, default=30)
    ap.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)))
    a = ap.parse_args()
    ref.find_quantile = find_quantile
    for name in QUANTILE:
        made, skipped = ref.write_family(name, a.rows, random.Random(f"{a.seed} {name}"), a.out, True)
        print(f"{name}: {made} rows, {skipped} skipped")
