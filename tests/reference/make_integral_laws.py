#!/usr/bin/env python3
"""Reference values of laws whose tails are integrals, in the format of make_reference.py.

    make_integral_laws.py --seed N --out DIR [--rows K] [--only NAME,...]

rice: the length of (nu + sigma N, sigma N'), by its noncentral chi-squared sum.  generalized_inverse_gaussian: integrals of the density
over ln x by the double exponential rule.  noncentral_t: (N + noncentrality)/sqrt(V/df), by its sums of incomplete beta functions.
skew_t: by an integral over the shape of elementary functions, and Student's tails.  tweedie: sums over the number of gamma variables.
"""
import argparse, os, random
from make_implicit_families import drop_unresolved, ncx2_sum
import make_reference as ref
from make_reference import *
from make_reference import _exp

family("rice", ["nu", "sigma"], lambda x, n, s: ncx2_sum((x / s) ** 2, M(2), (n / s) ** 2, False), lambda x, n, s: ncx2_sum((x / s) ** 2, M(2), (n / s) ** 2, True),
       lambda x, n, s: mp.log(x / s ** 2) - (x * x + n * n) / (2 * s * s) + mp.log(mp.besseli(0, x * n / s ** 2)),
       lambda r: (lambda s: [s * lu(r, .02, 40), s])(lu(r, .1, 10)), [[1, 1], [1e-3, 1], [6, 1], [100, 2]], (0, mp.inf))

def half_line(f, scale, finer=1):
    """integral of f over (0, inf) by the double exponential rule t = scale exp(u - exp(-u)), its step by the precision at hand, and
    finer where f has poles off the line"""
    h = M(5) / (2 * mp.mp.dps * finer)
    total, end = M(0), M(10) ** -(mp.mp.dps + 4)
    for sign in (1, -1):
        k = 0 if sign == 1 else -1
        while True:
            u = k * h
            e = mp.exp(-u)
            t = scale * mp.exp(u - e)
            term = (1 + e) * t * f(t)
            total += term
            if abs(k) > 20 and term < total * end:
                break
            k += sign
    return total * h


def gig_tail(x, p, a, b, upper):
    v, w = mp.log(x), mp.sqrt(a * b)
    side = 1 if upper else -1
    c = mp.log((mp.sqrt(p * p + a * b) + p) / a)
    # from ln x outward, away from the mode
    if (v - c) * side < 0:
        return 1 - gig_tail(x, p, a, b, not upper)
    g = lambda s: mp.exp(p * s - (a * _exp(s) + b * _exp(-s)) / 2 - p * c + (a * _exp(c) + b * _exp(-c)) / 2)
    slope = abs(p - (a * _exp(v) - b * _exp(-v)) / 2)
    tail = half_line(lambda t: g(v + side * t), 1 / (slope + mp.sqrt(mp.sqrt(p * p + a * b))))
    norm = 2 * mp.besselk(p, w) * mp.exp(p * mp.log(b / a) / 2 - p * c + (a * _exp(c) + b * _exp(-c)) / 2)
    return tail / norm


family("generalized_inverse_gaussian", ["p", "a", "b"], lambda x, *th: gig_tail(x, *th, False), lambda x, *th: gig_tail(x, *th, True),
       lambda x, p, a, b: p / 2 * mp.log(a / b) - mp.log(2 * mp.besselk(p, mp.sqrt(a * b))) + (p - 1) * mp.log(x) - (a * x + b / x) / 2,
       lambda r: [r.gauss(0, 3), lu(r, .1, 10), lu(r, .1, 10)], [[M(-1) / 2, 1, 4], [40, 3, 2]], (0, mp.inf))

def nct_tail(t, n, d, upper):
    """Lenth 1989, AS 243, for t > 0; mirrored for t < 0; with digits for a tail that is small beside 1 and for terms of both signs"""
    if t < 0:
        return nct_tail(-t, n, -d, not upper)
    with mp.workdps(mp.mp.dps + 40 + int(d * d / 4)):
        x, y, b, half = t * t / (n + t * t), n / (n + t * t), n / 2, d * d / 2
        odd, even = beta_i(HALF, b, x), beta_i(M(1), b, x)
        down = lambda a: x ** a * y ** b / (a * mp.beta(a, b))
        odd_step, even_step = down(HALF), down(M(1))
        p, q = mp.exp(-half), d / mp.sqrt(2) * mp.exp(-half) / mp.gamma(M(3) / 2)
        total, j = M(0), 0
        while True:
            term = p * odd + q * even
            total += term
            if j > half and abs(p) + abs(q) < M(10) ** -(mp.mp.dps + 5):
                break
            odd -= odd_step
            odd_step *= x * (HALF + j + b) / (HALF + j + 1)
            even -= even_step
            even_step *= x * (1 + j + b) / (2 + j)
            j += 1
            p *= half / j
            q *= half / (j + HALF)
        cdf = Phi(-d) + total / 2
        return 1 - cdf if upper else cdf


def nct_logpdf(t, n, d):
    a, square = (n + 1) / 2, n + t * t
    z = d * d * t * t / (2 * square)
    series = mp.gamma(a) * mp.hyp1f1(a, HALF, z) + d * t * mp.sqrt(2 / square) * mp.gamma(a + HALF) * mp.hyp1f1(a + HALF, M(3) / 2, z)
    return n / 2 * mp.log(n) - mp.log(mp.pi) / 2 - mp.loggamma(n / 2) - a * mp.log(square) - d * d / 2 + mp.log(series)


family("noncentral_t", ["df", "noncentrality"], lambda x, *th: nct_tail(x, *th, False), lambda x, *th: nct_tail(x, *th, True),
       nct_logpdf, lambda r: [lu(r, .4, 60), r.choice([-1, 1]) * lu(r, .05, 8)], [[5, 1], [20, M("2.5")], [1, -3]])


def skew_thin(y, al, n):
    """(1/pi) times the integral over s > al of (1 + y^2 (1 + s^2)/n)^(-n/2)/(1 + s^2), in asinh s"""
    k, start = y * y / n, mp.asinh(al)
    rate = n * k * al * mp.cosh(start) / (1 + k * mp.cosh(start) ** 2) + 1
    return half_line(lambda e: (1 + k * mp.cosh(start + e) ** 2) ** (-n / 2) / mp.cosh(start + e), 1 / rate, 2) / mp.pi


def skew_t_tail(x, m, s, al, n, upper):
    y = (x - m) / s
    if al < 0:
        y, al, upper = -y, -al, not upper
    thin = skew_thin(abs(y), al, n)
    if y <= 0:
        return 1 - thin if upper else thin
    return 2 * t_sf(y, n) - thin if upper else 1 - 2 * t_sf(y, n) + thin


def t_logpdf(y, n):
    return mp.loggamma((n + 1) / 2) - mp.loggamma(n / 2) - mp.log(n * mp.pi) / 2 - (n + 1) / 2 * mp.log1p(y * y / n)


def skew_t_logpdf(x, m, s, al, n):
    y = (x - m) / s
    return LN2 - mp.log(s) + t_logpdf(y, n) + mp.log(t_cdf(al * y * mp.sqrt((n + 1) / (n + y * y)), n + 1))


LN2 = mp.log(2)
family("skew_t", ["location", "scale", "shape", "df"], lambda x, *th: skew_t_tail(x, *th, False), lambda x, *th: skew_t_tail(x, *th, True),
       skew_t_logpdf, lambda r: [r.gauss(0, 2), lu(r, .3, 3), r.choice([-1, 1]) * lu(r, .1, 20), lu(r, .5, 50)], [[0, 1, 1, 5]])

def tweedie_sum(x, mu, phi, p, term, start=0):
    """start e^-rate, and term(shape, y) of n gamma variables times the Poisson weight of n"""
    rate, a, s = mu ** (2 - p) / (phi * (2 - p)), (2 - p) / (p - 1), phi * (p - 1) * mu ** (p - 1)
    weight, n = mp.exp(-rate), 0
    total = start * weight
    while True:
        n += 1
        weight *= rate / n
        more = weight * term(n * a, x / s)
        total += more
        if n > 2 * rate and abs(more) + weight * M(10) ** -20 < M(10) ** -(mp.mp.dps + 5) * total:
            return total


def tweedie_logpdf(x, mu, phi, p):
    s = phi * (p - 1) * mu ** (p - 1)
    return mp.log(tweedie_sum(x, mu, phi, p, lambda a, y: mp.exp((a - 1) * mp.log(y) - y - mp.loggamma(a))) / s)


family("tweedie", ["mu", "phi", "power"], lambda x, *th: tweedie_sum(x, *th, gamma_p, 1), lambda x, *th: tweedie_sum(x, *th, gamma_q),
       tweedie_logpdf, lambda r: [lu(r, .3, 3), lu(r, .3, 3), r.uniform(1.2, 1.8)], [[1, 1, 1.5]], (0, mp.inf))

plain_quantile = ref.find_quantile


def find_quantile(fam, th, u, upper=False):
    """by bisection in asinh x on the line, where the first parameters are no location and scale; in ln x on the half-line, over a range that
    leaves integrals and sums their digits, at the level u of what is positive where 0 has a mass"""
    if fam is FAM["noncentral_t"]:
        to, a, b = mp.sinh, M(-60), M(60)
    elif fam is FAM["generalized_inverse_gaussian"]:
        to, a, b = mp.exp, M(-12), M(8)
    elif fam is FAM["tweedie"]:
        to, a, b = mp.exp, M(-60), M(8)
        # next to the mass the rounding of u moves the quantile by more than that is
        u = u if upper else fam["cdf"](M(0), *th) + max(u, M("0.05")) * fam["sf"](M(0), *th)
    else:
        return plain_quantile(fam, th, u, upper)
    with mp.workdps(30):
        for _ in range(60):
            m = (a + b) / 2
            right = fam["sf"](to(m), *th) < u if upper else fam["cdf"](to(m), *th) > u
            a, b = (a, m) if right else (m, b)
        return float(to((a + b) / 2))


ref.find_quantile = find_quantile
# so many digits less where each evaluation is an integral
DPS = {"generalized_inverse_gaussian": 36, "tweedie": 36, "skew_t": 40}
NAMES = ["rice", "generalized_inverse_gaussian", "noncentral_t", "skew_t", "tweedie"]

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--rows", type=int, default=24)
    ap.add_argument("--only", default=",".join(NAMES))
    a = ap.parse_args()
    for name in a.only.split(","):
        mp.mp.dps = DPS.get(name, 60)
        print(name, write_family(name, a.rows, random.Random(f"{a.seed}-{name}"), a.out, False), flush=True)
        drop_unresolved(os.path.join(a.out, name + ".csv"))
