#!/usr/bin/env python3
"""Tables of laws that are quotients of gamma variables (mpmath): the columns of make_reference.py.

    make_quotients.py [--seed N] [--rows K] [--out DIR]
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

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, default=20271)
    ap.add_argument("--rows", type=int, default=24)
    ap.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)))
    a = ap.parse_args()
    for name in ["gamma_gamma"]:
        made, skipped = ref.write_family(name, a.rows, random.Random(f"{a.seed} {name}"), a.out, True)
        print(f"{name}: {made} rows, {skipped} skipped", flush=True)
