#!/usr/bin/env python3
"""Print special_erf_edges.csv: the error functions and their derivatives, at exact doubles (mpmath): where the
formulas change, in both tails, at the ends of the range of a double, and at random between.

    python3 make_special_erf_edges.py > special_erf_edges.csv        (minutes; or name the functions wanted)

Columns: function, x, the value, derivatives 1 to 4 and the scale of derivatives 2 and 4 (the sum of the absolute values
of the terms of their formula, which is what a rounding error is measured by where the derivative crosses zero). Numbers
are printed to 25 digits; an overflow of f64 is printed as it is, for the reader of the table to turn into inf.

Derivatives are closed forms in phi/Phi, erfc and the inverse's value, at 60 digits and more: nothing is differenced.
"""
import random
import sys

from mpmath import erfc, exp, log, mp, mpf, nstr, pi, sqrt

mp.dps = 60
sys.set_int_max_str_digits(0)


def precisely(f, x):
    """Evaluate with enough digits for the cancellation in `f`: until two precisions agree to 30 digits.

    The start depends on x: the hazard's 4th derivative is z^-6 of its value, and two zeros would agree too.
    """
    decades = abs(log(abs(x), 10)) if x != 0 else 0
    digits = int(60 + (9 if abs(x) > 1 else 2) * decades)
    last = None
    while True:
        with mp.workdps(digits):
            now = f()
        if last is not None and all(abs(a - b) <= mpf(10) ** -30 * abs(b) for a, b in zip(last, now)):
            return now
        last = now
        digits = digits * 2 + 20


def hermite(x, a, n):
    """h_k with (d/dx)^k e^(-a x^2) = h_k e^(-a x^2), and the sums of absolute values."""
    # h_{k+1} = h_k' - 2 a x h_k, polynomials as coefficient lists
    p = [mpf(1)]
    out, size = [], []
    for _ in range(n + 1):
        out.append(sum(c * x**i for i, c in enumerate(p)))
        size.append(sum(abs(c * x**i) for i, c in enumerate(p)))
        d = [c * i for i, c in enumerate(p)][1:] + [mpf(0), mpf(0)]
        q = [mpf(0)] + [-2 * a * c for c in p]
        p = [(d[i] if i < len(d) else 0) + q[i] for i in range(len(q))]
    return out, size


def bell(value, x, scale, a):
    h, s = hermite(x, a, 3)
    g = scale * exp(-a * x * x)
    return [value] + [g * h[k] for k in range(4)] + [abs(g) * s[1], abs(g) * s[3]]


def ratio(z):
    """phi/Q at z, by the continued fraction far out."""
    if z > 1000:
        k = mpf(0)
        for j in range(80, 0, -1):
            k = j / (z + k)
        return z + k
    return sqrt(2 / pi) * exp(-z * z / 2) / erfc(z / sqrt(mpf(2)))


def hazard_derivatives(z, h):
    """h, h', ... of h' = h (h - z) by the tower K' = K (K - L), exact at any precision."""
    k = h - z
    # polynomials in h and z: h' = h^2 - z h
    h1 = h * k
    k1 = h1 - 1
    h2 = h1 * k + h * k1
    h3 = h2 * k + 2 * h1 * k1 + h * h2
    h4 = h3 * k + 3 * h2 * k1 + 3 * h1 * h2 + h * h3
    return [h, h1, h2, h3, h4]


def scales_of(d):
    return [abs(d[2]), abs(d[4])]


def cross(d, h, z):
    """Scales of h'' and h'''': sums of terms for z < 0; for z >= 0 h'''' has zeros, beside which h''' is the measure."""
    if z >= 0:
        return [abs(d[2]), max(abs(d[4]), abs(d[3]) / (1 + z))]
    return [h * (z * z + 1), h * (z**4 + 6 * z * z + 3)]


def f_erf(x):
    value = mp.erf(x)
    return bell(value, x, 2 / sqrt(pi), mpf(1))


def f_erfc(x):
    return bell(erfc(x), x, -2 / sqrt(pi), mpf(1))


def f_cdf(x):
    return bell(erfc(-x / sqrt(mpf(2))) / 2, x, 1 / sqrt(2 * pi), mpf(1) / 2)


def f_sf(x):
    return bell(erfc(x / sqrt(mpf(2))) / 2, x, -1 / sqrt(2 * pi), mpf(1) / 2)


def f_pdf(x):
    h, s = hermite(x, mpf(1) / 2, 4)
    g = exp(-x * x / 2) / sqrt(2 * pi)
    return [g * h[k] for k in range(5)] + [g * s[2], g * s[4]]


def f_erfcx(x):
    if x > 1000:
        z = sqrt(mpf(2)) * x
        d, k = [1 / ratio(z) * sqrt(2 / pi)], mpf(0)
        tower = {}
        for j in range(80, 0, -1):
            k = j / (z + k)
            tower[j] = k
        for j in range(1, 5):
            d.append(-sqrt(mpf(2)) * tower[j] * d[-1])
    else:
        y = exp(x * x) * erfc(x)
        d = [y, 2 * x * y - 2 / sqrt(pi)]
        for k in range(1, 4):
            d.append(2 * x * d[k] + 2 * k * d[k - 1])
    return d + scales_of(d)


def f_hazard(z):
    d = hazard_derivatives(z, ratio(z))
    return d + cross(d, d[0], z)


def f_excess(z):
    d = hazard_derivatives(z, ratio(z))
    scales = cross(d, d[0], z)
    d[0] -= z
    d[1] -= 1
    return d + scales


def f_ln_sf(x):
    h = ratio(x)
    d = hazard_derivatives(x, h)
    if x > 1000:
        value = -(x * x / 2 + log(sqrt(2 * pi) * h))
    elif x < 0:
        value = mp.log1p(-erfc(-x / sqrt(mpf(2))) / 2)
    else:
        value = log(erfc(x / sqrt(mpf(2))) / 2)
    out = [value] + [-v for v in d[:4]]
    # orders 2 and 4 are -h' and -h'''
    if x >= 0:
        return out + [abs(out[2]), max(abs(out[4]), abs(out[3]) / (1 + x))]
    return out + [abs(out[2]), h * (abs(x) ** 3 + 3 * abs(x) + 1)]


def f_ln_cdf(x):
    d = f_ln_sf(-x)
    return [d[0], -d[1], d[2], -d[3], d[4], d[5], d[6]]


def f_ln_erfc(x):
    z = sqrt(mpf(2)) * x
    d = f_ln_sf(z)
    value = log(erfc(x)) if x <= 1000 else d[0] + log(mpf(2))
    if abs(x) < 0.5:
        value = mp.log1p(-mp.erf(x))
    r = sqrt(mpf(2))
    return [value] + [d[k] * r**k for k in range(1, 5)] + [d[5] * 2, d[6] * 4]


def f_ln_pdf(x):
    return [-x * x / 2 - log(2 * pi) / 2, -x, mpf(-1), mpf(0), mpf(0), mpf(1), mpf(1)]


def ln_q(z):
    return -(z * z / 2 + log(sqrt(2 * pi) * ratio(z)))


def solve(e):
    """The z with ln Q(z) = -e, e >= ln 2."""
    z = mpf(1) / 2 if e < 3 else sqrt(2 * (e - log(sqrt(4 * pi * e))))
    if e < mpf(10) ** 60:
        for _ in range(100):
            step = (ln_q(z) + e) / ratio(z)
            z += step
            if abs(step) <= mpf(10) ** (8 - mp.dps) * max(abs(z), mpf(10) ** -30):
                break
    return z


def centre(q):
    """The z with Phi(z) = 1/2 + q for small q."""
    return sqrt(mpf(2)) * mp.erfinv(2 * q)


def inverse(y, slope, c):
    """y' = s, y'' = c y s^2 and so on."""
    s = slope
    d2 = c * y * s**2
    d3 = c * s**3 + 2 * c * y * s * d2
    d4 = 5 * c * s**2 * d2 + 2 * c * y * (d2 * d2 + s * d3)
    return [y, s, d2, d3, d4, abs(d2), abs(d4)]


def z_of(p):
    if p < 0.4:
        return -solve(-log(p))
    if p > 0.6:
        return solve(-log(1 - p))
    return centre(p - mpf(1) / 2)


def density(z):
    return exp(-z * z / 2) / sqrt(2 * pi)


def f_quantile(p):
    z = z_of(p)
    return inverse(z, 1 / density(z), 1)


def f_isf(q):
    d = f_quantile(q)
    return [-v for v in d[:5]] + d[5:]


def f_erf_inv(y):
    if abs(y) < 0.5:
        x = mp.erfinv(y)
    else:
        x = mp.sign(y) * solve(-log((1 - abs(y)) / 2)) / sqrt(mpf(2))
    return inverse(x, sqrt(pi) / 2 * exp(x * x), 2)


def f_erfc_inv(y):
    if abs(y - 1) < 0.5:
        x = mp.erfinv(1 - y)
    else:
        x = mp.sign(1 - y) * solve(-log(min(y, 2 - y) / 2)) / sqrt(mpf(2))
    return inverse(x, -sqrt(pi) / 2 * exp(x * x), 2)


def f_quantile_ln(l):
    if l < -0.9:
        z = -solve(-l)
    elif l > -0.5:
        z = solve(-log(-mp.expm1(l)))
    else:
        z = centre(exp(l) - mpf(1) / 2)
    # f = ln Phi: f' = r, f'' = -h', ... of the hazard at -z
    h = hazard_derivatives(-z, ratio(-z))
    a1, a2, a3, a4 = h[0], -h[1], h[2], -h[3]
    d1 = 1 / a1
    d2 = -a2 / a1**3
    d3 = (3 * a2**2 - a1 * a3) / a1**5
    d4 = (-15 * a2**3 + 10 * a1 * a2 * a3 - a1**2 * a4) / a1**7
    return [z, d1, d2, d3, d4, abs(d2), abs(d4)]


def f_isf_ln(l):
    d = f_quantile_ln(l)
    return [-v for v in d[:5]] + d[5:]


LINE = """5e-324 1e-300 1e-150 1e-20 1e-8 1e-3 0.1 0.3 0.4999 0.5 0.6 0.75 0.84375 1 1.05 1.0607 1.0606 1.25 1.4999 1.5 1.7 2 2.2
2.5 2.85 3 3.5 4 4.5 5 5.5 6 6.5 7 8 8.99 9.01 10 12 15 17 20 23 25.5 26 26.5 26.55 26.6 26.64 27 27.2 28 30 35 37.5 37.6 38 38.4
38.5 39 45 60 61 100 1e3 1e5 1e8 1e10 1e16 1e17 1e100 1e150 1e153 1e155 1e200 1e300 1e307 1e308""".split()
UNIT = """1e-310 1e-308 1e-300 1e-250 1e-200 1e-100 1e-50 1e-20 1e-15 1e-11 1.4e-11 1e-10 1e-8 1e-5 1e-3 0.01 0.02 0.05 0.074 0.076 0.1 0.2
0.25 0.3 0.4 0.45 0.49 0.4999 0.49999999""".split()
LOGS = """-5e-324 -1e-310 -1e-300 -1e-100 -1e-20 -1e-16 -1e-10 -1e-5 -1e-3 -0.01 -0.05 -0.07 -0.0779 -0.0781 -0.1 -0.2 -0.4 -0.6 -0.69
-0.6931 -0.6932 -0.7 -0.8 -1 -1.5 -2 -2.5 -2.58 -2.6 -3 -5 -8 -12 -20 -24.9 -25.1 -40 -100 -300 -700 -728 -730 -745 -800 -1e3 -1e4 -1e6 -1e10
-1e15 -1e20 -1e39 -1e41 -1e100 -1e200 -1e300 -1.7e308""".split()


R = random.Random(20261)
LINE += [repr(R.uniform(-w, w)) for w in (3, 12, 38.4) for _ in range(15)] + [repr(10 ** R.uniform(-6, 6)) for _ in range(10)]
UNIT += [repr(R.uniform(0, 0.5)) for _ in range(20)] + [repr(10 ** R.uniform(-d, 0) / 2) for d in (15, 307) for _ in range(10)]
LOGS += [repr(-R.uniform(0, w)) for w in (3, 740) for _ in range(20)] + [repr(-(10 ** R.uniform(-20, 20))) for _ in range(20)]


def doubles(texts):
    return [float(t) for t in texts]


real_line = sorted({s * x for x in doubles(LINE) for s in (1, -1)} | {0.0})
unit = sorted({5e-324} | set(doubles(UNIT)) | {1 - x for x in doubles(UNIT) if x > 1e-16} | {0.5, 0.9999999999999999})
both = sorted({5e-324, 1e-300} | {2 * x for x in unit} | {1 - x for x in (1e-15, 1e-10, 1e-5, 0.1, -1e-15, -1e-8, -0.1)})
symmetric = sorted({s * (2 * x - 1 if x > 0.5 else x) for x in unit for s in (1, -1)} | {0.0} - {1.0, -1.0})
symmetric = [x for x in symmetric if abs(x) < 1]
logs = sorted(doubles(LOGS))

# where a table needs no more than a narrower range
tail = lambda limit: [x for x in real_line if abs(x) <= limit]

FUNCTIONS = [
    ("erf", f_erf, tail(61)), ("erfc", f_erfc, tail(61)), ("erfcx", f_erfcx, [x for x in real_line if x > -26.7]),
    ("ln_erfc", f_ln_erfc, [x for x in real_line if -61 <= x]),
    ("erf_inv", f_erf_inv, symmetric), ("erfc_inv", f_erfc_inv, [x for x in both if 0 < x < 2]),
    ("normal_cdf", f_cdf, tail(61)), ("normal_sf", f_sf, tail(61)),
    ("normal_ln_cdf", f_ln_cdf, [x for x in real_line if x <= 61]),
    ("normal_ln_sf", f_ln_sf, [x for x in real_line if -61 <= x]),
    ("normal_pdf", f_pdf, tail(61)), ("normal_ln_pdf", f_ln_pdf, real_line),
    ("normal_quantile", f_quantile, unit), ("normal_isf", f_isf, unit),
    ("normal_quantile_ln", f_quantile_ln, logs), ("normal_isf_ln", f_isf_ln, logs),
    ("normal_hazard", f_hazard, [x for x in real_line if -61 <= x]),
    ("normal_hazard_excess", f_excess, [x for x in real_line if -61 <= x]),
]

print("function,x,d0,d1,d2,d3,d4,scale2,scale4")
for name, f, points in FUNCTIONS:
    for x in points if not sys.argv[1:] or name in sys.argv[1:] else []:
        row = precisely(lambda: f(mpf(x)), mpf(x))
        with mp.workdps(40):
            row = [nstr(+v, 25, min_fixed=0, max_fixed=0) for v in row]
        print(",".join([name, repr(x)] + row))
