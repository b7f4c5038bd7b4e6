#!/usr/bin/env python3
"""Reference values of laws whose quantile has no closed form, in the format of make_reference.py.

    make_implicit_families.py --seed N --out DIR [--rows K] [--only NAME,...]

exponentially_modified_gaussian: mu + sigma N + E/rate.
"""
import argparse, os, random
from make_reference import *

# a median where a derivative crosses zero tests the rounding of u and nothing else
US[US.index(.5)] = .47


def emg_sf(x, m, s, r):
    y, k = (x - m) / s, s * r
    return Phi(-y) + mp.exp(k * (k / 2 - y)) * Phi(y - k)


def emg_cdf(x, m, s, r):
    y, k = (x - m) / s, s * r
    return Phi(y) - mp.exp(k * (k / 2 - y)) * Phi(y - k)


family("exponentially_modified_gaussian", ["mu", "sigma", "rate"], emg_cdf, emg_sf,
       lambda x, m, s, r: mp.log(r) + s * r * (s * r / 2 - (x - m) / s) + mp.log(Phi((x - m) / s - s * r)),
       lambda r: [r.gauss(0, 2), lu(r, .05, 5), lu(r, .05, 20)], [[0, 1, 1], [1, .01, 2], [0, 3, 30]])

NAMES = ["exponentially_modified_gaussian"]

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--rows", type=int, default=30)
    ap.add_argument("--only", default=",".join(NAMES))
    a = ap.parse_args()
    for name in a.only.split(","):
        print(name, write_family(name, a.rows, random.Random(f"{a.seed}-{name}"), a.out, False), flush=True)
