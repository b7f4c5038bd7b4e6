#!/usr/bin/env python3
"""Tables of laws that are compositions of gamma, beta, t and normal variables, of the horseshoe and the Bates law (mpmath): the columns of
make_reference.py. `--constants` prints the numbers in their unit tests.

    make_composed.py [--seed N] [--rows K] [--only NAME,...] [--out DIR] [--constants]
"""
import argparse
import os
import random
from fractions import Fraction
from math import comb, factorial

import make_reference as ref
from make_reference import M, HALF, Phi, beta_i, family, gamma_p, gamma_q, lnorm, lu, mp

FORWARD, BACKWARD = (gamma_p, gamma_q), (gamma_q, gamma_p)


def of_gamma(name, params, shape, at, ln_slope, draw, extremes, falling=False):
    """the law of a monotone function of G: G = at(x, ...), with shape(...), ln_slope = ln |dG/dx|"""
    low, high = BACKWARD if falling else FORWARD

    def logpdf(x, *th):
        a, g = shape(*th), at(x, *th)
        return (a - 1) * mp.log(g) - g - mp.loggamma(a) + ln_slope(x, *th)

    family(name, params, lambda x, *th: low(shape(*th), at(x, *th)), lambda x, *th: high(shape(*th), at(x, *th)), logpdf, draw,
           extremes, (0, mp.inf))


of_gamma("chi", ["df"], lambda k: k / 2, lambda x, k: x * x / 2, lambda x, k: mp.log(x), lambda r: [lu(r, .1, 500)],
         [[1], [2], [100], [400]])
of_gamma("inverse_chi_squared", ["df"], lambda k: k / 2, lambda x, k: 1 / (2 * x), lambda x, k: -mp.log(2 * x * x),
         lambda r: [lu(r, .3, 1e3)], [[1], [2], [100]], True)
of_gamma("scaled_inverse_chi_squared", ["df", "scale"], lambda k, s: k / 2, lambda x, k, s: k * s / (2 * x),
         lambda x, k, s: mp.log(k * s / (2 * x * x)), lambda r: [lu(r, .3, 1e3), lu(r, .1, 10)], [[1, 1], [5, 2], [1e4, 1]], True)
of_gamma("erlang", ["shape", "rate"], lambda k, b: mp.nint(k), lambda x, k, b: b * x, lambda x, k, b: mp.log(b),
         lambda r: [mp.nint(lu(r, 1, 200)), lu(r, .1, 10)], [[1, 1], [7, 2]])
of_gamma("nakagami", ["m", "omega"], lambda m, o: m, lambda x, m, o: m * x * x / o, lambda x, m, o: mp.log(2 * m * x / o),
         lambda r: [lu(r, .1, 200), lu(r, .1, 10)], [[.5, 1], [1, 1], [15.9, 1], [16, 2], [300, 1]])
of_gamma("generalized_gamma", ["scale", "d", "p"], lambda a, d, p: d / p, lambda x, a, d, p: (x / a) ** p,
         lambda x, a, d, p: mp.log(p / a) + (p - 1) * mp.log(x / a), lambda r: [lu(r, .1, 10), lu(r, .2, 30), lu(r, .3, 10)],
         [[1, 1, 1], [2, 3, 3], [1, .1, 4], [1, 200, 2]])


def gn(x, m, a, b):
    return abs(x - m) / a, b


family("generalized_normal", ["location", "scale", "shape"],
       lambda x, m, a, b: gamma_q(1 / b, ((m - x) / a) ** b) / 2 if x < m else 1 - gamma_q(1 / b, ((x - m) / a) ** b) / 2,
       lambda x, m, a, b: gamma_q(1 / b, ((x - m) / a) ** b) / 2 if x > m else 1 - gamma_q(1 / b, ((m - x) / a) ** b) / 2,
       lambda x, m, a, b: -(((x - m) if x > m else (m - x)) / a) ** b - mp.log(2 * a) - mp.loggamma(1 + 1 / b),
       lambda r: [r.gauss(0, 2), lu(r, .1, 10), lu(r, .3, 30)], [[0, 1, 1], [0, 1, 2], [1, 2, .4], [0, 1, 100]])


def pert_shapes(a, b, c, k):
    return 1 + k * (c - a) / (b - a), 1 + k * (b - c) / (b - a)


family("pert", ["lower", "upper", "mode", "shape"],
       lambda x, a, b, c, k: beta_i(*pert_shapes(a, b, c, k), (x - a) / (b - a)),
       lambda x, a, b, c, k: beta_i(*pert_shapes(a, b, c, k)[::-1], (b - x) / (b - a)),
       lambda x, a, b, c, k: (lambda p, q: (p - 1) * mp.log((x - a) / (b - a)) + (q - 1) * mp.log((b - x) / (b - a)) - mp.log(b - a)
                              - mp.log(mp.beta(p, q)))(*pert_shapes(a, b, c, k)),
       lambda r: (lambda a, w, t: [a, a + w, a + w * t, lu(r, .5, 50)])(r.gauss(0, 2), lu(r, .2, 10), r.uniform(.05, .95)),
       [[0, 1, .5, 4], [0, 1, 0, 4], [1, 3, 3, 2]], lambda th: (th[0], th[1]))
family("beta_proportion", ["mean", "concentration"],
       lambda x, m, k: beta_i(m * k, (1 - m) * k, x), lambda x, m, k: beta_i((1 - m) * k, m * k, 1 - x),
       lambda x, m, k: (m * k - 1) * mp.log(x) + ((1 - m) * k - 1) * mp.log1p(-x) - mp.log(mp.beta(m * k, (1 - m) * k)),
       lambda r: [r.uniform(.03, .97), lu(r, .1, 400)], [[.5, 2], [.25, 1], [.9, 100]], (0, 1))


def half_t(x, n, s):
    u = (x / s) ** 2 / n
    return u / (1 + u), 1 / (1 + u)


family("half_student_t", ["scale", "df"], lambda x, s, n: beta_i(HALF, n / 2, half_t(x, n, s)[0]),
       lambda x, s, n: beta_i(n / 2, HALF, half_t(x, n, s)[1]),
       lambda x, s, n: mp.log(2 / s) - (n + 1) / 2 * mp.log1p((x / s) ** 2 / n) - mp.log(n) / 2 - mp.log(mp.beta(n / 2, HALF)),
       lambda r: (lambda n, s: [s, n])(lu(r, .4, 200), lu(r, .1, 10)), [[1, 1], [2, 5], [1, .5]], (0, mp.inf))
family("two_piece_normal", ["location", "left", "right"],
       lambda x, m, a, b: 2 * a / (a + b) * Phi((x - m) / a) if x < m else 1 - 2 * b / (a + b) * Phi((m - x) / b),
       lambda x, m, a, b: 2 * b / (a + b) * Phi((m - x) / b) if x > m else 1 - 2 * a / (a + b) * Phi((x - m) / a),
       lambda x, m, a, b: lnorm((x - m) / (a if x < m else b)) - mp.log((a + b) / 2),
       lambda r: [r.gauss(0, 2), lu(r, .1, 10), lu(r, .1, 10)], [[0, 1, 1], [0, 1, 3], [1, 20, .1]])


def horseshoe_outside(z):
    """P(|X| > z) = 4/π^(3/2) ∫ e^(-r²) atan(r sqrt 2/z) dr over r > 0"""
    k = mp.sqrt(2) / z
    return 4 / mp.pi ** 1.5 * mp.quad(lambda r: mp.exp(-r * r) * mp.atan(r * k), [0, min(M(1), 1 / k) / 2, 1, 2, 4, 8, 13])


def horseshoe_inside(z):
    """the same, 1 - atan"""
    k = mp.sqrt(2) / z
    return 4 / mp.pi ** 1.5 * mp.quad(lambda r: mp.exp(-r * r) * mp.atan(1 / (r * k)), [0, min(M(1), 1 / k) / 2, 1, 2, 4, 8, 13])


def exp_e1(w):
    return mp.exp(w) * mp.e1(w) if w < 1000 else mp.hyperu(1, 1, w)


def write_horseshoe(rnd, folder):
    """at chosen z, not at chosen probabilities: nothing has to be inverted; the law has a scale only, so that dz/ds = z/s"""
    made = 0
    with open(os.path.join(folder, "horseshoe.csv"), "w") as fh:
        fh.write("scale,z,logcdf,logsf,logpdf,dlogpdf_z,dlogpdf_scale,dz_scale,d2z_scale_scale\n")
        for size in [1e-12, 1e-6, 1e-3, .03, .2, .5, 1, 1.9, 2.1, 4, 8.9, 9, 20, 1e3, 1e5, 1e12]:
            for sign in [-1, 1]:
                s = M(float(lu(rnd, .1, 10)))
                z = M(float(sign * size * s * rnd.uniform(.97, 1.03)))
                t = abs(z) / s
                w = t * t / 2
                tail, y = horseshoe_outside(t) / 2, exp_e1(w)
                other = HALF + horseshoe_inside(t) / 2
                # d ln y/dt = t (y - 1/w)/y
                slope = sign * t * (1 - 1 / (w * y)) / s
                logs = [mp.log(tail), mp.log(other)]
                row = [z, *(logs if sign < 0 else logs[::-1]), mp.log(y) - mp.log(s * mp.sqrt(2 * mp.pi ** 3)), slope, -(1 + z * slope) / s, z / s, M(0)]
                fh.write(",".join([ref.exact(s), ref.exact(z)] + [ref.out(v) for v in row[1:]]) + "\n")
                made += 1
    return made, 0


def bates_cdf(x, n, a, b):
    n = int(mp.nint(n))
    s = n * (x - a) / (b - a)
    return sum((-1) ** k * comb(n, k) * (s - k) ** n for k in range(n + 1) if s > k) / mp.factorial(n)


def bates_pdf(x, n, a, b):
    n = int(mp.nint(n))
    s = n * (x - a) / (b - a)
    if 2 * s > n:
        s = n - s
    return n / (b - a) * sum((-1) ** k * comb(n, k) * (s - k) ** (n - 1) for k in range(n + 1) if s > k) / mp.factorial(n - 1)


family("bates", ["n", "lower", "upper"], bates_cdf, lambda x, n, a, b: bates_cdf(a + b - x, n, a, b),
       lambda x, n, a, b: mp.log(bates_pdf(x, n, a, b)),
       lambda r: (lambda a, w: [mp.nint(lu(r, 1, 30)), a, a + w])(r.gauss(0, 2), lu(r, .2, 10)), [[1, 0, 1], [4, 0, 1], [3, -1, 1]],
       lambda th: (th[1], th[2]))

NAMES = ["chi", "inverse_chi_squared", "scaled_inverse_chi_squared", "erlang", "nakagami", "generalized_gamma", "generalized_normal",
         "pert", "beta_proportion", "half_student_t", "two_piece_normal", "horseshoe", "bates"]
support_of = ref.support_of


def constants():
    show = lambda x: repr(float(x))
    for x in [1e-5, 0.3, 0.99999, 1.0, 1.7, 5.0, 40.0, 1e6]:
        print("exp_e1", x, [show((-1) ** k * mp.factorial(k) * M(x) ** -k * mp.hyperu(1, 1 - k, M(x))) for k in range(4)])
    f = lambda x: exp_e1(x * x / 2) / mp.sqrt(2 * mp.pi ** 3)
    print("horseshoe entropy", show(-2 * mp.quad(lambda v: f(mp.exp(v)) * mp.log(f(mp.exp(v))) * mp.exp(v), list(range(-150, 151, 3)))))
    print("horseshoe inside 2", show(horseshoe_inside(M(2))))
    for n, x in [(3, .4), (20, .01), (20, .3), (50, .21), (100, .45), (100, .003), (256, .49), (256, .2), (256, .01)]:
        s = Fraction(x) * n
        total = lambda m: sum((-1) ** k * comb(n, k) * (s - k) ** m for k in range(n + 1) if s > k)
        F, B = total(n) / factorial(n), total(n - 1) / factorial(n - 1)
        ln = lambda q: mp.log(M(q.numerator) / M(q.denominator))
        print(f"bates ({n}, {x!r}, {show(ln(F))}, {show(ln(B) + mp.log(n))})")
    mp.mp.dps = 40
    for n in [3, 7, 12, 29, 30, 45]:
        g = lambda x: (lambda p: -p * mp.log(p) if p > 0 else M(0))(bates_pdf(x, n, M(0), M(1)))
        print(f"bates entropy ({n}, {show(2 * mp.quad(g, [M(i) / n for i in range((n + 1) // 2)] + [HALF]))})")
    for m in [M(10) ** 4, M(10) ** 6]:
        z = M(float(1 - 1 / mp.sqrt(8 * m)))
        F = lambda z, m: gamma_p(m, m * z * z)
        slope = -mp.diff(F, (z, m), (0, 1), h=M(10) ** -12) / mp.diff(F, (z, m), (1, 0), h=M(10) ** -12)
        print(f"nakagami ({float(m)!r}, {float(z)!r}, {show(F(z, m))}, {show(slope)})")
    law = lambda a, d, p: lambda x: mp.log(p / a) + (d - 1) * mp.log(x / a) - (x / a) ** p - mp.loggamma(d / p)
    for one, two in [((M(2), M("1.5"), M(3)), (M(1), M(2), M("0.5"))), ((M(1), M(5), M(1)), (M(3), M(4), M("1.5")))]:
        g, h = law(*one), law(*two)
        kl = mp.quad(lambda v: mp.exp(g(mp.exp(v)) + v) * (g(mp.exp(v)) - h(mp.exp(v))), [-80, -40, -20, -10, -5, -2, 0, 1, 2, 3, 4, 5])
        print("generalized_gamma kl", [float(t) for t in one + two], show(kl))


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, default=20266)
    ap.add_argument("--rows", type=int, default=20)
    ap.add_argument("--only", default="")
    ap.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)))
    ap.add_argument("--constants", action="store_true")
    a = ap.parse_args()
    ref.support_of = lambda fam, th: fam["support"](th) if callable(fam["support"]) else support_of(fam, th)
    if a.constants:
        constants()
    for name in NAMES if not a.constants else []:
        if not a.only or name in a.only.split(","):
            rnd = random.Random(f"{a.seed} {name}")
            jitter = name not in ("erlang", "bates", "pert")
            made, skipped = write_horseshoe(rnd, a.out) if name == "horseshoe" else ref.write_family(name, a.rows, rnd, a.out, jitter)
            print(f"{name}: {made} rows, {skipped} skipped", flush=True)
