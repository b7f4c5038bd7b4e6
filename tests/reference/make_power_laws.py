#!/usr/bin/env python3
"""Reference values of power laws and lifetimes, in the format of make_reference.py.

    make_power_laws.py --seed N --out DIR [--rows K] [--only NAME,...]

dagum: F = (1 + (x/scale)^-a)^-p.  gompertz: 1 - F = exp(-shape (e^(rate x) - 1)).  log_uniform: ln x uniform.
truncated_power_law: density x^-exponent on [lower, upper].  lomax: 1 - F = (1 + x/scale)^-shape.  burr_xii: 1 - F = (1 + (x/scale)^c)^-k.
birnbaum_saunders: F = Phi((sqrt(x/scale) - sqrt(scale/x))/shape).
"""
import argparse, random
import make_reference
from make_reference import *

family("dagum", ["scale", "a", "p"], lambda x, b, a, p: mp.exp(-p * mp.log1p((x / b) ** -a)),
       lambda x, b, a, p: -mp.expm1(-p * mp.log1p((x / b) ** -a)),
       lambda x, b, a, p: mp.log(a * p / x) + a * p * mp.log(x / b) - (p + 1) * mp.log1p((x / b) ** a),
       lambda r: (lambda p, a, b: [b, a, p])(lu(r, .1, 20), lu(r, .3, 20), lu(r, .1, 10)), [[1, 1, 1], [1, 30, .01], [3, 2, 500]], (0, mp.inf))
family("gompertz", ["shape", "rate"], lambda x, e, b: -mp.expm1(-e * mp.expm1(b * x)), lambda x, e, b: mp.exp(-e * mp.expm1(b * x)),
       lambda x, e, b: mp.log(e * b) + b * x - e * mp.expm1(b * x),
       lambda r: [lu(r, 1e-4, 1e2), lu(r, .01, 1e2)], [[1, 1], [1e-6, 1], [1e4, 2]], (0, mp.inf))
family("lomax", ["scale", "shape"], lambda x, s, a: -mp.expm1(-a * mp.log1p(x / s)), lambda x, s, a: mp.exp(-a * mp.log1p(x / s)),
       lambda x, s, a: mp.log(a / s) - (a + 1) * mp.log1p(x / s),
       lambda r: [lu(r, .01, 1e2), lu(r, .1, 1e2)], [[1, 1], [1e-3, .2], [3, 1e6]], (0, mp.inf))
family("burr_xii", ["scale", "c", "k"], lambda x, s, c, k: -mp.expm1(-k * mp.log1p((x / s) ** c)), lambda x, s, c, k: mp.exp(-k * mp.log1p((x / s) ** c)),
       lambda x, s, c, k: mp.log(c * k / x) + c * mp.log(x / s) - (k + 1) * mp.log1p((x / s) ** c),
       lambda r: [lu(r, .1, 10), lu(r, .3, 20), lu(r, .1, 20)], [[1, 1, 1], [1, 30, .01], [3, 2, 500]], (0, mp.inf))
family("birnbaum_saunders", ["scale", "shape"], lambda x, b, a: Phi((mp.sqrt(x / b) - mp.sqrt(b / x)) / a), lambda x, b, a: Phi((mp.sqrt(b / x) - mp.sqrt(x / b)) / a),
       lambda x, b, a: lnorm((mp.sqrt(x / b) - mp.sqrt(b / x)) / a) + mp.log((1 + b / x) / (2 * a * mp.sqrt(b * x))),
       lambda r: [lu(r, .01, 1e2), lu(r, .03, 30)], [[1, 1], [2, .5], [1e3, 1e-4], [1, 200]], (0, mp.inf))


def power(c, ratio):
    """(ratio^c - 1)/c"""
    v = c * mp.log(ratio)
    return mp.log(ratio) * (mp.expm1(v) / v if abs(v) > mp.mpf(10) ** -25 else 1 + v / 2 + v * v / 6)


family("log_uniform", ["lower", "upper"], lambda x, a, b: mp.log(x / a) / mp.log(b / a), lambda x, a, b: mp.log(b / x) / mp.log(b / a),
       lambda x, a, b: -mp.log(x) - mp.log(mp.log(b / a)),
       lambda r: (lambda a: [a, a * (1 + lu(r, .01, 1e6))])(lu(r, 1e-2, 1e2)), [[1, 16], [1e-9, 1e9]], "ab01")
family("truncated_power_law", ["exponent", "lower", "upper"], lambda x, e, a, b: power(1 - e, x / a) / power(1 - e, b / a),
       lambda x, e, a, b: (x / a) ** (1 - e) * power(1 - e, b / x) / power(1 - e, b / a),
       lambda x, e, a, b: -e * mp.log(x / a) - mp.log(a) - mp.log(power(1 - e, b / a)),
       lambda r: (lambda a: [r.gauss(1, 3), a, a * (1 + lu(r, .01, 1e4))])(lu(r, 1e-2, 1e2)),
       [[1, 1, 16], [1.0000001, .5, 3], [40, 1, 10], [-300, 2, 5]], "ab12")

support = make_reference.support_of
make_reference.support_of = lambda fam, th: (
    (th[0], th[1]) if fam["support"] == "ab01" else (th[1], th[2]) if fam["support"] == "ab12" else support(fam, th))

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--rows", type=int, default=24)
    ap.add_argument("--only", default="dagum,gompertz,log_uniform,truncated_power_law,lomax,burr_xii,birnbaum_saunders")
    a = ap.parse_args()
    for name in a.only.split(","):
        print(name, write_family(name, a.rows, random.Random(f"{a.seed}-{name}"), a.out, False), flush=True)
