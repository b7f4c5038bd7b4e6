#!/usr/bin/env python3
"""Table of a mixture of two normal laws with weights w and 1 - w, second derivatives included, in the format of
make_reference.py (mpmath, 60 digits).

    make_mixture.py [--seed N] [--rows K] [--out DIR]
"""
import argparse, os, random
import mpmath as mp
import make_reference as ref
from make_reference import Phi, family, lnorm, lu


def mix(fn, w, m1, s1, m2, s2):
    return w * fn(m1, s1) + (1 - w) * fn(m2, s2)


family("normal_mixture2", ["w", "m1", "s1", "m2", "s2"],
       lambda x, *a: mix(lambda m, s: Phi((x - m) / s), *a), lambda x, *a: mix(lambda m, s: Phi((m - x) / s), *a),
       lambda x, *a: mp.log(mix(lambda m, s: mp.exp(lnorm((x - m) / s)) / s, *a)),
       lambda r: [lu(r, 1e-3, .99), r.gauss(0, 2), lu(r, .1, 3), r.gauss(0, 2), lu(r, .1, 3)],
       [[.3, -1, 1, 2, .5], [.5, -1, .05, 1, .05], [1e-6, 0, 1, 0, 1e-2]])

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, default=20263)
    ap.add_argument("--rows", type=int, default=36)
    ap.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)))
    a = ap.parse_args()
    made, skipped = ref.write_family("normal_mixture2", a.rows, random.Random(a.seed), a.out, False)
    print(f"normal_mixture2: {made} rows, {skipped} skipped")
