#!/usr/bin/env python3
"""Laws on an interval, with mpmath: reference tables and the constants of their source files and unit tests.

    make_intervals.py --out DIR     uniform.csv, arcsine.csv, continuous_bernoulli.csv
    make_intervals.py --constants   prints the constants
"""
import argparse, random
import make_reference as ref
import mpmath as mp

M = mp.mpf


def kumaraswamy_moments(a, b):
    a, b = M(a), M(b)
    raw = lambda n: mp.exp(mp.log(b) + mp.loggamma(1 + n / a) + mp.loggamma(b) - mp.loggamma(1 + n / a + b))
    return raw(1), raw(2) - raw(1) ** 2, 1 - 1 / b + (1 - 1 / a) * (mp.psi(0, b + 1) + mp.euler) - mp.log(a * b)


def cb_log_mass(t):
    """ln of the integral of e^(t x) over [0, 1]"""
    return mp.log(mp.expm1(t) / t) if t else M(0)


def cb_moments(t):
    """mean, variance, entropy by quadrature"""
    t = M(t)
    f = lambda x: mp.exp(t * x - cb_log_mass(t))
    width = 1 / max(abs(t), 1)
    points = sorted({M(0), M(1), *[(k * width if t <= 0 else 1 - k * width) for k in (1, 5, 20, 60) if k * width < 1]})
    q = lambda g: mp.quad(g, points)
    mean = q(lambda x: x * f(x))
    return mean, q(lambda x: (x - mean) ** 2 * f(x)), -q(lambda x: f(x) * mp.log(f(x)))


def cb_divergence(t1, t2):
    t1, t2 = M(t1), M(t2)
    return (t1 - t2) * cb_moments(t1)[0] - cb_log_mass(t1) + cb_log_mass(t2)


ref.family("uniform", ["lower", "upper"], lambda x, a, b: (x - a) / (b - a), lambda x, a, b: (b - x) / (b - a),
           lambda x, a, b: -mp.log(b - a), lambda r: [(m := r.gauss(0, 2)), m + ref.lu(r, 1e-3, 1e3)],
           [[0, 1], [-1, 1e-20], [1e6, 1e6 + 1]], support="ends")
ref.family("arcsine", ["lower", "upper"],
           lambda x, a, b: 2 / mp.pi * mp.asin(mp.sqrt((x - a) / (b - a))),
           lambda x, a, b: 2 / mp.pi * mp.asin(mp.sqrt((b - x) / (b - a))),
           lambda x, a, b: -mp.log(mp.pi) - mp.log((x - a) * (b - x)) / 2,
           lambda r: [(m := r.gauss(0, 2)), m + ref.lu(r, 1e-3, 1e3)], [[0, 1], [-1, 1e-20]], support="ends")


def cb_cdf(x, p):
    t = mp.log(p / (1 - p))
    return mp.expm1(t * x) / mp.expm1(t) if p != M(1) / 2 else x + t * x * (x - 1) / 2 + t * t * x * (x - 1) * (2 * x - 1) / 12


def cb_sf(x, p):
    return cb_cdf(1 - x, 1 - p)


def cb_ln_pdf(x, p):
    t = mp.log(p / (1 - p))
    return t * x - cb_log_mass(t)


ref.family("continuous_bernoulli", ["p"], cb_cdf, cb_sf, cb_ln_pdf,
           lambda r: [r.choice([r.uniform(.05, .95), ref.lu(r, 1e-9, .5), 1 - ref.lu(r, 1e-4, .5)])],
           [[.3], [.499], [.50001], [1e-12], [1e-300], [1 - 1e-9]], (0, 1))

_support_of = ref.support_of
ref.support_of = lambda fam, th: (th[0], th[1]) if fam["support"] == "ends" else _support_of(fam, th)

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--out")
    ap.add_argument("--constants", action="store_true")
    args = ap.parse_args()
    if args.out:
        mp.mp.dps = 120  # second derivatives that are zero exactly, at 1e-24 from an end
        for name in ["uniform", "arcsine", "continuous_bernoulli"]:
            print(name, ref.write_family(name, 24, random.Random(name), args.out, False))
    if args.constants:
        print("Kumaraswamy: a, b, mean, variance, entropy")
        for a, b in [(2.0, 3.0), (0.3, 0.7), (1e6, 2.0), (40.0, 1e-3), (1e-2, 5.0)]:
            print("           ", (a, b, *map(float, kumaraswamy_moments(a, b))), ",", sep="")
        print("ln(sinh(x/2) / (x/2)): coefficients of x^2, x^4, ...")
        for k in range(1, 25):
            print(f"    {float((-1) ** (k + 1) * mp.zeta(2 * k) / (k * (2 * mp.pi) ** (2 * k)))!r},")
        print("continuous Bernoulli: logit, mean, variance, entropy")
        for t in [1e-8, 0.3, -2.4, 2.6, -30.0, 1e3]:
            print("           ", (t, *map(float, cb_moments(t))), ",", sep="")
        print("divergences: logit, logit, KL")
        for s, t in [(0.3, 0.30001), (-2.0, -2.5), (1.0, -4.0), (-20.0, -20.5), (1e3, -1e3), (-100.0, -101.0)]:
            print("           ", (s, t, float(cb_divergence(s, t))), ",", sep="")
