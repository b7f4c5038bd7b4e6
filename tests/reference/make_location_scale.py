#!/usr/bin/env python3
"""Tables of further location-scale families, in the format of make_reference.py (mpmath, 60 digits).

    make_location_scale.py [--seed N] [--rows K] [--out DIR]

Quantiles are closed forms here, so that z may lie far out in either tail: u goes down to 1e-36 and 1 - u to 2^-40.
"""
import argparse, os, random
import mpmath as mp
import make_reference as ref
from make_reference import M, family, lnorm, ls, lu

SQRT2 = mp.sqrt(2)
QUANTILE = {}


def location_scale(name, params, cdf, sf, logpdf, quantile, draw=ls, extremes=((0, 1), (1e6, 1e-3))):
    """a standard law of z and shape parameters, put in its place; quantile takes the lower and the upper probability"""
    family(name, params,
           lambda x, m, s, *k: cdf((x - m) / s, *k), lambda x, m, s, *k: sf((x - m) / s, *k),
           lambda x, m, s, *k: logpdf((x - m) / s, *k) - mp.log(s), draw, [list(e) for e in extremes])
    QUANTILE[name] = lambda m, s, *rest: m + s * quantile(*rest)


# decay length k below 0, 1/k above; the share k^2/(1 + k^2) of the probability is below
def al_below(k):
    return k * k / (1 + k * k)


location_scale(
    "asymmetric_laplace", ["location", "scale", "asymmetry"],
    lambda z, k: al_below(k) * mp.exp(z / k) if z < 0 else 1 - mp.exp(-k * z) / (1 + k * k),
    lambda z, k: 1 - al_below(k) * mp.exp(z / k) if z < 0 else mp.exp(-k * z) / (1 + k * k),
    lambda z, k: (z / k if z < 0 else -k * z) - mp.log(k + 1 / k),
    lambda k, p, q: k * mp.log(p / al_below(k)) if p < al_below(k) else -mp.log(q * (1 + k * k)) / k,
    draw=lambda r: ls(r) + [lu(r, 1e-3, 1e3)],
    extremes=((0, 1, 2), (1, 2, 1e-5), (-3, .01, 1e4)))
location_scale(
    "soft_laplace", ["location", "scale"],
    lambda z: 2 / mp.pi * mp.atan(mp.exp(z)), lambda z: 2 / mp.pi * mp.atan(mp.exp(-z)),
    lambda z: mp.log(2 / mp.pi) - mp.log(mp.exp(z) + mp.exp(-z)),
    lambda p, q: mp.log(mp.tan(mp.pi * p / 2)) if p < q else -mp.log(mp.tan(mp.pi * q / 2)))
location_scale(
    "hyperbolic_secant", ["location", "scale"],
    lambda z: 2 / mp.pi * mp.atan(mp.exp(mp.pi * z / 2)), lambda z: 2 / mp.pi * mp.atan(mp.exp(-mp.pi * z / 2)),
    lambda z: -mp.log(2 * mp.cosh(mp.pi * z / 2)),
    lambda p, q: 2 / mp.pi * mp.log(mp.tan(mp.pi * p / 2)) if p < q else -2 / mp.pi * mp.log(mp.tan(mp.pi * q / 2)))


def half_normal(p, q):
    """w with P(|N| <= w) = p, P(|N| > w) = q"""
    if p < q:
        return SQRT2 * mp.erfinv(p)
    return mp.findroot(lambda w: mp.log(mp.erfc(w / SQRT2)) - mp.log(q), mp.sqrt(max(-2 * mp.log(q) - 1, .5)))


location_scale(
    "moyal", ["location", "scale"],
    lambda z: mp.erfc(mp.exp(-z / 2) / SQRT2), lambda z: mp.erf(mp.exp(-z / 2) / SQRT2),
    lambda z: -(z + mp.exp(-z)) / 2 - mp.log(2 * mp.pi) / 2,
    lambda p, q: -2 * mp.log(half_normal(q, p)))
location_scale(
    "levy", ["location", "scale"],
    lambda z: mp.erfc(1 / mp.sqrt(2 * z)), lambda z: mp.erf(1 / mp.sqrt(2 * z)),
    lambda z: -1.5 * mp.log(z) - 1 / (2 * z) - mp.log(2 * mp.pi) / 2,
    lambda p, q: half_normal(q, p) ** -2, extremes=((0, 1), (1e3, 1e-3)))


def find_quantile(fam, th, tail, upper=False):
    p, q = (1 - tail, tail) if upper else (tail, 1 - tail)
    name = next(n for n in QUANTILE if ref.FAM[n] is fam)
    return float(QUANTILE[name](*th, p, q))


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, default=20262)
    ap.add_argument("--rows", type=int, default=30)
    ap.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)))
    a = ap.parse_args()
    ref.find_quantile = find_quantile
    ref.US = [1e-36, 1e-18] + ref.US + [1 - 2. ** -40, 1 - 2. ** -20]
    for name in QUANTILE:
        made, skipped = ref.write_family(name, a.rows, random.Random(f"{a.seed} {name}"), a.out, False)
        print(f"{name}: {made} rows, {skipped} skipped")
