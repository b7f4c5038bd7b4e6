#!/usr/bin/env python3
"""Reference values of laws whose quantile has no closed form, in the format of make_reference.py.

    make_implicit_families.py --seed N --out DIR [--rows K] [--only NAME,...]

exponentially_modified_gaussian: mu + sigma N + E/rate.  skew_normal: location + scale Y, density of Y 2 phi(y) Phi(shape y).
noncentral_chi_squared: Poisson-weighted sums of incomplete gamma functions.
normal_inverse_gaussian: `--only check_nig` compares the tails with integrals of the density.
`--only owen` prints the values in the test of src/special/owen.rs.
"""
import argparse, os, random
from make_reference import *
from make_reference import _exp

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



# v = exp(t - exp(-t)) and dv at the nodes of the double exponential rule, whose error is 1e-50 at this step
NODES = []
for i in range(-137, 3400):
    t = i * M("0.035")
    e = _exp(-t)
    v = _exp(t - e)
    NODES.append((v, M("0.035") * (1 + e) * v))


def owen_parts(h, a):
    """x and c in 2 (T(h, inf) - T(h, a)) = exp(x) c"""
    scale = 1 / (h * h * a + h + 1 / (1 + a))
    total = M(0)
    for i, (v, w) in enumerate(NODES):
        v, w = scale * v, scale * w
        term = w * mp.exp(-h * h * (a + v / 2) * v) / (1 + (a + v) ** 2)
        total += term
        if i > 160 and term < total * M(10) ** -55:
            break
    return -h * h * (1 + a * a) / 2, total / mp.pi


def owen_tail(h, a):
    """2 (T(h, inf) - T(h, a))"""
    exponent, rest = owen_parts(h, a)
    return mp.exp(exponent) * rest


def skew_cdf(x, m, s, al):
    y = (x - m) / s
    if al < 0:
        return skew_sf(2 * m - x, m, s, -al)
    return owen_tail(-y, al) if y <= 0 else mp.erf(y / mp.sqrt(2)) + owen_tail(y, al)


def skew_sf(x, m, s, al):
    y = (x - m) / s
    if al < 0:
        return skew_cdf(2 * m - x, m, s, -al)
    return 1 - owen_tail(-y, al) if y <= 0 else 2 * Phi(-y) - owen_tail(y, al)


family("skew_normal", ["location", "scale", "shape"], skew_cdf, skew_sf,
       lambda x, m, s, al: mp.log(2 / s) + lnorm((x - m) / s) + mp.log(Phi(al * (x - m) / s)),
       lambda r: [r.gauss(0, 2), lu(r, .1, 10), r.choice([-1, 1]) * lu(r, .1, 20)], [[0, 1, 1], [1, 2, -5], [0, 1, 100]])


def nig_logpdf(x, m, s, a, b):
    y = (x - m) / s
    w = mp.sqrt(1 + y * y)
    return mp.log(a / mp.pi / w * mp.besselk(1, a * s * w)) + s * mp.sqrt(a * a - b * b) + b * (x - m)


def nig_beyond(v, a, b, g, c):
    """P(V > v), V = asinh((X - location)/scale), for v >= c = atanh(b/a), from the moment generating function along its path of
    steepest descent; with so small a step that no digit is missing. `check_nig` compares it with integrals of the density."""
    large = a * mp.cosh(v)
    h = M("0.1") / mp.sqrt(large + 2)
    sigma, kappa = mp.sinh(v - c) / mp.cosh(v), mp.cosh(v - c) / mp.cosh(v)
    total, k = M(0), 0
    while True:
        q = 2 * mp.sinh((k + HALF) * h / 2) ** 2
        if large * q > M("2.4") * mp.mp.dps + 10:
            break
        cq = mp.cosh(c) * q
        total += (sigma - mp.sinh(c) * q) / (sigma ** 2 + 2 * kappa * cq + cq ** 2) * mp.exp(-large * q)
        k += 1
    total *= mp.cosh(c) / mp.cosh(v) * h / mp.pi
    exponent = -2 * g * mp.sinh((v - c) / 2) ** 2
    angle = 2 * mp.atan(mp.tanh(v / 2)), 2 * mp.atan(mp.tanh(c / 2))
    reach = min(M(4), 2 * mp.pi / (large * h))
    for eta, weight, sign in [(angle[0] - angle[1], 0, 1), (mp.pi - sum(angle), 2 * g, -1), (mp.pi + sum(angle), 2 * g, 1)]:
        if eta < reach:
            total += sign * mp.exp(weight - exponent) / (1 + mp.exp(2 * mp.pi * eta / h))
    return mp.exp(exponent) * total


def nig_tail(x, m, s, a, b, upper):
    v, g, c = mp.asinh((x - m) / s), s * mp.sqrt((a - b) * (a + b)), mp.atanh(b / a)
    p = nig_beyond(v, s * a, s * b, g, c) if v >= c else nig_beyond(-v, s * a, -s * b, g, -c)
    return p if (v >= c) == upper else 1 - p


def check_nig():
    for x, m, s, a, b in [(1, 0, 1, 2, 1), (-2, 1, M("1.5"), 1, M("-.9")), (4, 0, M(".3"), M(".3"), M(".2")), (0, 0, 1, 5, M("4.9"))]:
        f = lambda v: mp.exp(nig_logpdf(m + s * mp.sinh(v), m, s, a, b)) * s * mp.cosh(v)
        v0 = mp.asinh(M(x - m) / s)
        with mp.workdps(20):
            integral = mp.quad(f, [v0 + M(i) / 2 for i in range(20)])
        print(mp.nstr(nig_tail(M(x), M(m), s, M(a), b, True) / integral - 1, 3))


def print_owen():
    for h, a in [(0, 0), (0, 3), (1e-6, .2), (.001, 1), (.3, 0), (.3, 100), (1, 1), (2.5, .01), (3, 10), (10, .001), (40, 0), (1000, .5), (30, 1000), (1e4, 2e-5), (1e6, .5),
                 (1e9, 4e-4)]:
        h, a = M(h), M(a)
        exponent, rest = owen_parts(h, a)
        of_h, of_a = -2 * _exp(lnorm(h) - exponent) * Phi(-a * h) / rest, -1 / (1 + a * a) / mp.pi / rest
        print(f"({exact(h)}, {exact(a)}, {exact(exponent + mp.log(rest))}, {exact(of_h)}, {exact(of_a)}),")


def drop_unresolved(path):
    """rows all of whose second derivatives are below what numerical differentiation resolves"""
    with open(path) as fh:
        lines = fh.read().splitlines()
    first = lines[0].split(",").index(next(c for c in lines[0].split(",") if c.startswith("d2z")))
    kept = [line for line in lines if any(c not in ("0.0", "0") for c in line.split(",")[first:])]
    with open(path, "w") as fh:
        fh.write("\n".join(kept) + "\n")


family("normal_inverse_gaussian", ["location", "scale", "alpha", "beta"], lambda x, *a: nig_tail(x, *a, False), lambda x, *a: nig_tail(x, *a, True),
       nig_logpdf, lambda r: (lambda a, b, m, s: [m, s, a, a * b])(lu(r, .3, 5), r.uniform(-.8, .8), r.gauss(0, 2), lu(r, .3, 3)), [[0, 1, 2, 1]])


def ncx2_sum(x, df, nc, upper):
    """sum of Poisson weights times P or Q, each from the one before (down for P, up for Q), at twice the digits"""
    a, l, y = df / 2, nc / 2, x / 2
    if y > 2000 + 10 * (a + l):  # only the search for quantiles comes here
        return M(0) if upper else M(1)
    top = int(l + y + 40 * mp.sqrt(l + y + 1) + 200)
    weights = [mp.exp(-l)]
    for k in range(top):
        weights.append(weights[-1] * l / (k + 1))
    terms = [mp.exp(a * mp.log(y) - y - mp.loggamma(a + 1))]
    for k in range(top):
        terms.append(terms[-1] * y / (a + k + 1))
    if upper:
        q, total = gamma_q(a, y), M(0)
        for k in range(top):
            total += weights[k] * q
            q += terms[k]
        return total
    p, total = gamma_p(a + top, y), M(0)
    for k in reversed(range(top)):
        p += terms[k]
        total += weights[k] * p
    return total


def ncx2_logpdf(x, df, nc):
    a, w = df / 2, mp.sqrt(nc * x)
    return -LN2 - (x + nc) / 2 + (a - 1) / 2 * mp.log(x / nc) + mp.log(mp.besseli(a - 1, w))


LN2 = mp.log(2)
family("noncentral_chi_squared", ["df", "noncentrality"], lambda x, n, l: ncx2_sum(x, n, l, False), lambda x, n, l: ncx2_sum(x, n, l, True),
       ncx2_logpdf, lambda r: [lu(r, .1, 40), lu(r, .01, 60)], [[3, 2], [1, .5]], (0, mp.inf))

NAMES = ["exponentially_modified_gaussian", "skew_normal", "normal_inverse_gaussian", "noncentral_chi_squared"]

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--rows", type=int, default=30)
    ap.add_argument("--only", default=",".join(NAMES))
    a = ap.parse_args()
    for name in a.only.split(","):
        if name == "owen":
            print_owen()
            continue
        if name == "check_nig":
            check_nig()
            continue
        print(name, write_family(name, a.rows, random.Random(f"{a.seed}-{name}"), a.out, False), flush=True)
        drop_unresolved(os.path.join(a.out, name + ".csv"))
