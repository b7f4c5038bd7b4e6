#!/usr/bin/env python3
"""Values of the functions that the crate `special` has too, over wide ranges: special_oracle.csv (mpmath, 40 digits).

    make_special_oracle.py --seed N --out DIR [--rows K]

Columns: function, up to three arguments as exact doubles (0 where there is none), value.
"""
import argparse, csv, os, random
from make_reference import exact, out
from mpmath import mp

M = mp.mpf


def wide(r, low, high):
    """log-uniform, a double"""
    return float(mp.exp(r.uniform(float(mp.log(low)), float(mp.log(high)))))


def around(r, a, spread):
    """a double within a few spreads of a"""
    return float(max(a + r.gauss(0, 1) * spread, a * 1e-3))


def inc_gamma_point(r):
    a = wide(r, 1e-3, 1e4)
    return a, around(r, a, 2 * a ** .5) if r.random() < .7 else wide(r, 1e-6, 3 * a)


def inc_beta_point(r):
    a, b = wide(r, 1e-2, 3e3), wide(r, 1e-2, 3e3)
    mean, spread = a / (a + b), (a * b / (a + b) ** 2 / (a + b + 1)) ** .5
    x = mean + 2 * r.gauss(0, 1) * spread
    return a, b, x if 0 < x < 1 else r.random()


def rising(ratio):
    """1 + r(1) + r(1) r(2) + ... of positive terms that fall in the end"""
    total, term, n = M(1), M(1), 0
    while term > total * mp.eps / 100 or ratio(n + 1) > 1:
        n += 1
        term *= ratio(n)
        total += term
    return total


def lower_gamma(a, x):
    """x^a e^-x/Gamma(a + 1) times the sum of x^n/((a + 1) ... (a + n))"""
    return mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * rising(lambda n: x / (a + n))


def lower_beta(a, b, x):
    """x^a (1 - x)^b/(a B(a, b)) times the sum of (a + b) ... (a + b + n - 1) x^n/((a + 1) ... (a + n)), or the mirrored one"""
    if x > (a + 1) / (a + b + 2):
        with mp.workdps(mp.dps + 40):
            return 1 - lower_beta(b, a, 1 - x)
    front = a * mp.log(x) + b * mp.log1p(-x) - mp.log(a) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)
    return mp.exp(front) * rising(lambda n: x * (a + b + n - 1) / (a + n))


def inv_inc_beta(a, b, p):
    """the x with I_x(a, b) = p: by bisection in t = ln(x/(1 - x)) to nine digits, and Newton's steps on ln I"""
    low, high = M(-800), M(40)
    with mp.workdps(15):
        while high - low > 1e-9:
            t = (low + high) / 2
            low, high = (low, t) if lower_beta(a, b, 1 / (1 + mp.exp(-t))) > p else (t, high)
    for _ in range(4):
        x, y = 1 / (1 + mp.exp(-low)), 1 / (1 + mp.exp(low))
        found = lower_beta(a, b, x)
        slope = mp.exp(a * mp.log(x) + b * mp.log(y) + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)) / found
        low -= mp.log(found / p) / slope
    return 1 / (1 + mp.exp(-low))


CASES = {
    "ln_gamma": (lambda r: (wide(r, 1e-10, 1e10),), lambda x: mp.loggamma(x)),
    "gamma": (lambda r: (wide(r, 1e-10, 170),), lambda x: mp.gamma(x)),
    "digamma": (lambda r: (wide(r, 1e-10, 1e10),), lambda x: mp.digamma(x)),
    "trigamma": (lambda r: (wide(r, 1e-10, 1e10),), lambda x: mp.polygamma(1, x)),
    "erf": (lambda r: (wide(r, 1e-10, 6),), lambda x: mp.erf(x)),
    "erfc": (lambda r: (wide(r, 1e-2, 26),), lambda x: mp.erfc(x)),
    "erf_inv": (lambda r: (r.choice([wide(r, 1e-10, .5), 1 - wide(r, 1e-15, .5)]),), lambda p: mp.erfinv(p)),
    "inc_gamma": (inc_gamma_point, lower_gamma),
    "inc_beta": (inc_beta_point, lower_beta),
    "inc_beta_inv": (lambda r: (wide(r, .05, 300), wide(r, .05, 300), r.choice([r.random(), wide(r, 1e-10, .1)])), inv_inc_beta),
    "ln_beta": (lambda r: (wide(r, 1e-3, 1e15), wide(r, 1e-3, 1e8)), lambda a, b: mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)),
    "lambert_w0": (lambda r: (r.choice([wide(r, 1e-10, 1e10), -float(mp.exp(-1)) + wide(r, 1e-12, .3)]),), lambda x: mp.lambertw(x).real),
    "lambert_wm1": (lambda r: (r.choice([-wide(r, 1e-100, .1), -float(mp.exp(-1)) + wide(r, 1e-12, .3)]),), lambda x: mp.lambertw(x, -1).real),
}

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--rows", type=int, default=60)
    a = ap.parse_args()
    mp.dps = 40
    with open(os.path.join(a.out, "special_oracle.csv"), "w", newline="") as fh:
        w = csv.writer(fh, lineterminator="\n")
        w.writerow(["function", "x", "y", "z", "value"])
        for name, (draw, value) in CASES.items():
            r = random.Random(f"{a.seed}-{name}")
            for _ in range(a.rows):
                point = draw(r)
                found = value(*map(M, point))
                w.writerow([name] + ([exact(M(x)) for x in point] + [0, 0])[:3] + [out(found)])
            print(name, flush=True)
