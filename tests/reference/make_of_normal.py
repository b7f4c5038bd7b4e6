#!/usr/bin/env python3
"""Reference values of laws made from the normal one, in the format of make_reference.py.

    make_of_normal.py --seed N --out DIR [--rows K] [--only NAME,...]

logit_normal: sigmoid(mu + sigma N).  folded_normal: |mu + sigma N|.  maxwell: sigma times the length of a normal vector
in three dimensions.  johnson_su: location + scale sinh((N - gamma)/delta).
sinh_arcsinh: location + scale sinh((asinh(N) + skewness)/tail).
"""
import argparse, os, random
from make_reference import *

# a median where a derivative crosses zero tests the rounding of u and nothing else
US[US.index(.5)] = .47

family("logit_normal", ["mu", "sigma"], lambda x, m, s: Phi((mp.log(x / (1 - x)) - m) / s),
       lambda x, m, s: Phi((m - mp.log(x / (1 - x))) / s),
       lambda x, m, s: lnorm((mp.log(x / (1 - x)) - m) / s) - mp.log(s) - mp.log(x) - mp.log1p(-x),
       lambda r: [r.gauss(0, 2), lu(r, .05, 4)], [[0, 1], [-30, 2]], (0, 1))
family("folded_normal", ["mu", "sigma"],
       lambda x, m, s: (mp.erf((x - m) / s / mp.sqrt(2)) + mp.erf((x + m) / s / mp.sqrt(2))) / 2,
       lambda x, m, s: Phi((m - x) / s) + Phi((-m - x) / s),
       lambda x, m, s: lnorm((x - m) / s) - mp.log(s) + mp.log1p(mp.exp(-2 * x * m / s ** 2)),
       lambda r: (lambda s: [s * r.gauss(0, 1), s])(lu(r, 1e-1, 1e1)), [[1, 1], [-2, 1], [1e-3, 5], [.1, 1]], (0, mp.inf))
family("maxwell", ["sigma"], lambda x, s: gamma_p(M(3) / 2, (x / s) ** 2 / 2), lambda x, s: gamma_q(M(3) / 2, (x / s) ** 2 / 2),
       lambda x, s: mp.log(2 / mp.pi) / 2 + 2 * mp.log(x) - 3 * mp.log(s) - (x / s) ** 2 / 2,
       lambda r: [lu(r, 1e-2, 1e2)], [[1]], (0, mp.inf))


def su_z(x, m, s, g, d):
    return g + d * mp.asinh((x - m) / s)


family("johnson_su", ["location", "scale", "gamma", "delta"], lambda x, *a: Phi(su_z(x, *a)), lambda x, *a: Phi(-su_z(x, *a)),
       lambda x, m, s, g, d: lnorm(su_z(x, m, s, g, d)) + mp.log(d / s) - mp.log1p(((x - m) / s) ** 2) / 2,
       lambda r: (lambda g, d, m, s: [m, s, g, d])(r.gauss(0, 2), lu(r, .3, 10), r.gauss(0, 2), lu(r, .1, 10)), [[0, 1, 0, 1], [1, 3, 5, 2]])


def sas_z(x, m, s, e, d):
    return mp.sinh(d * mp.asinh((x - m) / s) - e)


family("sinh_arcsinh", ["location", "scale", "skewness", "tail"], lambda x, *a: Phi(sas_z(x, *a)), lambda x, *a: Phi(-sas_z(x, *a)),
       lambda x, m, s, e, d: lnorm(sas_z(x, m, s, e, d)) + mp.log(d / s) + mp.log(mp.cosh(d * mp.asinh((x - m) / s) - e))
       - mp.log1p(((x - m) / s) ** 2) / 2,
       lambda r: [r.gauss(0, 2), lu(r, .1, 10), r.gauss(0, 1), lu(r, .3, 5)], [[0, 1, 0, 1], [1, 2, 1.5, .5]])

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--rows", type=int, default=30)
    ap.add_argument("--only", default="logit_normal,folded_normal,maxwell,johnson_su,sinh_arcsinh")
    a = ap.parse_args()
    for name in a.only.split(","):
        print(name, write_family(name, a.rows, random.Random(f"{a.seed}-{name}"), a.out, False), flush=True)
