"""Prints special_inc_beta_wide.csv: ln I_x(a, b), ln(1 - I) and the derivatives of I for shapes from 1e-4 to 1e7.

From the series DLMF 8.17.8 in 45 digits or more, differentiated term by term, from the nearer end of the interval; checked against mpmath's betainc at a few of the points. `python3 make_special_inc_beta.py > special_inc_beta_wide.csv`
"""

import random

import mpmath as mp

mp.mp.dps = 45


def lower(a, b, x):
    """(I, I_a, I_b, I_aa, I_ab, I_bb) for exact mpf a, b, x with x below the mean or thereabouts."""
    y = 1 - x
    # N = sum t, with h and k the logarithmic derivatives of t in a and b
    t, h, k, hh, hk, kk = mp.mpf(1), 0, 0, 0, 0, 0
    s = [mp.mpf(1)] + [mp.mpf(0)] * 5
    n = 0
    while True:
        u, v = 1 / (a + b + n), 1 / (a + 1 + n)
        t *= x * v / u
        h += u - v
        k += u
        hh += v * v - u * u
        kk -= u * u
        n += 1
        terms = (1, h, k, h * h + hh, h * k + kk, k * k + kk)
        for i, c in enumerate(terms):
            s[i] += t * c
        ratio = x * (a + b + n) / (a + 1 + n)
        if ratio < 1 and t * k * k < mp.mpf(10) ** (10 - mp.mp.dps) * (1 - ratio) * s[0] * min(1, s[5] / s[0]):
            break
    c = a * mp.log(x) + b * mp.log(y) + mp.loggamma(a + b) - mp.loggamma(1 + a) - mp.loggamma(b)
    value = mp.exp(c) * s[0]
    la = mp.log(x) + mp.psi(0, a + b) - mp.psi(0, 1 + a) + s[1] / s[0]
    lb = mp.log(y) + mp.psi(0, a + b) - mp.psi(0, b) + s[2] / s[0]
    laa = mp.psi(1, a + b) - mp.psi(1, 1 + a) + s[3] / s[0] - (s[1] / s[0]) ** 2
    lab = mp.psi(1, a + b) + s[4] / s[0] - s[1] * s[2] / s[0] ** 2
    lbb = mp.psi(1, a + b) - mp.psi(1, b) + s[5] / s[0] - (s[2] / s[0]) ** 2
    return [value, value * la, value * lb, value * (laa + la * la), value * (lab + la * lb), value * (lbb + lb * lb)]


def row(a, b, x):
    A, B, X = mp.mpf(a), mp.mpf(b), mp.mpf(x)
    # from the nearer end; beyond the mean the other tail may be as small as 1e-300
    if X < 0.5:
        with mp.workdps(45 if X <= A / (A + B) else 345):
            i, *d = lower(A, B, X)
            ic = 1 - i
    else:
        with mp.workdps(45 if X >= A / (A + B) else 345):
            ic, db, da, dbb, dab, daa = lower(B, A, 1 - X)
            i = 1 - ic
            d = [-da, -db, -daa, -dab, -dbb]
    if not (0 < i < 1 and i > mp.mpf(10) ** -300 and ic > mp.mpf(10) ** -300):
        return None
    if max(a, b) < 100 and random.random() < 0.03:
        assert abs(mp.betainc(A, B, 0, X, regularized=True) / i - 1) < mp.mpf(10) ** -25, (a, b, x)
    numbers = [mp.log(i) if i < 0.5 else mp.log1p(-ic), mp.log(ic) if ic < 0.5 else mp.log1p(-i)] + d
    return ",".join([repr(a), repr(b), repr(x)] + [mp.nstr(v, 22) for v in numbers])


def main():
    random.seed(7)
    print("a,b,x,log_i,log_ic,di_da,di_db,d2i_da2,d2i_dadb,d2i_db2")
    shapes = [1e-4, 1e-3, 0.02, 0.3, 0.5, 1.0, 1.5, 2.0, 5.0, 12.0, 16.0, 40.0, 150.0, 1e3, 2e4, 1e6, 1e7]
    pairs = [(a, b) for a in shapes[:10] for b in shapes]
    large = [(16.0, 16.0), (16.0, 2e4), (2e4, 16.0), (40.0, 40.0), (150.0, 1e3), (1e3, 2.0), (2e4, 0.5), (2e4, 2e4)]
    large += [(1e6, 20.0), (1e6, 3e5), (1e7, 1e-4), (1e7, 100.0), (1e7, 1e6)]
    for a, b in large + pairs:
        p = a / (a + b)
        sd = (p * (1 - p) / (a + b + 1)) ** 0.5
        points = {p + k * sd for k in (-30, -9, -3, -1, -0.01, 0.4, 2, 6, 15)}
        points |= {p * 10 ** -random.uniform(0, 40 / a + 0.1) if a < 100 else p, random.random()}
        for x in random.sample(sorted(points), 2):
            x = float(x)
            # the number of terms
            if 1e-290 < x < 1 and (a + b) * min(x, 1 - x) < (5e3 if (a, b) in pairs else 3e5):
                line = row(a, b, x)
                if line:
                    print(line, flush=True)
    for a, b, x in [(2.0, 3.0, 0.25), (10.0, 1.0, 0.5), (2500.0, 2.0, 0.999), (66575.0, 1.5, 0.99997), (1.0, 1.0, 0.5)]:
        print(row(a, b, x))


main()
