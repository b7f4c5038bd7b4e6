#!/usr/bin/env python3
"""Elementary functions and their derivatives up to the fourth, with mpmath: make_scalar.py > scalar.csv

Columns: function, x, y (empty for one argument), f, then the derivatives
    one argument:   f', f'', f''', f''''
    two arguments:  x, y, xx, xy, yy, xxx, xxy, xyy, yyy, xxxx, xxxy, xxyy, xyyy, yyyy
Arguments are exact doubles. Values beyond the range of doubles are printed as they are. Derivatives come from central
differences at 900 digits, with a step 1e-60 of the length on which the function is smooth. Points where a value or
derivative crosses zero are left out: errors are small there only beside the terms.
"""
import mpmath as mp

mp.mp.dps = 900
M = mp.mpf
ONE = M(1)
LN2 = mp.log(2)

ORDINARY = [0.3, 1.0, 1.7, 2.5, 7.25, 0.01, 30.0]
SMALL = [1e-3, 1e-8, 1e-20, 1e-150, 1e-300, 5e-324]
LARGE = [1e3, 1e8, 1e100, 1e200]
NEAR_ONE = [1 - 1e-10, 1 - 1e-3, 1 + 1e-10, 1 + 1e-3, 1 - 2.0 ** -53]


def both(points):
    return sorted({s * p for p in points for s in (1, -1)})


EXP = both(ORDINARY + SMALL + [100.0, 600.0, 740.0])
LOG = ORDINARY + SMALL[:-1] + LARGE + [1e300] + NEAR_ONE
UNIT = both([0.3, 0.5, 0.01, 0.9] + SMALL) + [1 - 1e-10, 1 - 1e-3, -1 + 1e-10, 1 - 2.0 ** -53]

ratio1 = lambda x: mp.expm1(x) / x if x else ONE
ratio2 = lambda x: mp.log1p(x) / x if x else ONE

# name: (function, points)
ONE_ARGUMENT = {
    "exp": (mp.exp, EXP), "exp_m1": (mp.expm1, EXP),
    "ln": (mp.log, LOG), "log2": (lambda x: mp.log(x) / LN2, LOG), "log10": (lambda x: mp.log(x) / mp.log(10), LOG),
    "ln_1p": (mp.log1p, both(SMALL + [0.3, 0.9, 0.01]) + LARGE + [1.0, 7.25, -1 + 1e-10, -1 + 1e-3]),
    "sqrt": (mp.sqrt, LOG), "cbrt": (lambda x: mp.sign(x) * mp.cbrt(abs(x)), both(ORDINARY + SMALL[:-2] + LARGE)),
    "recip": (lambda x: 1 / x, both(ORDINARY + SMALL[:3] + LARGE)),
    "powi_3": (lambda x: x ** 3, both(ORDINARY + SMALL + LARGE[:3])),
    "powi_7": (lambda x: x ** 7, both(ORDINARY + SMALL[:3])),
    "powi_-2": (lambda x: x ** -2, both(ORDINARY + SMALL[:3] + LARGE[:3])),
    "powi_-5": (lambda x: x ** -5, both(ORDINARY)),
    "powf_0.3": (lambda x: mp.exp(M(0.3) * mp.log(x)), LOG), "powf_2.5": (lambda x: mp.exp(M(2.5) * mp.log(x)), LOG[:-8] + NEAR_ONE),
    "powf_-1.5": (lambda x: mp.exp(M(-1.5) * mp.log(x)), ORDINARY + NEAR_ONE + LARGE),
    "sin": (mp.sin, both(ORDINARY + SMALL + [3.141592653589793, 1e3, 1e8])),
    "cos": (mp.cos, both(ORDINARY + SMALL + [1.5707963267948966, 1e3, 1e8])),
    "tan": (mp.tan, both(ORDINARY[:5] + SMALL + [1.57, 1.5707, 3.141592653589793])),
    "asin": (mp.asin, UNIT), "acos": (mp.acos, UNIT),
    "atan": (mp.atan, both(ORDINARY + SMALL + LARGE)),
    "sinh": (mp.sinh, EXP[:]), "cosh": (mp.cosh, EXP), "tanh": (mp.tanh, both(ORDINARY + SMALL + [18.0, 20.0, 100.0, 350.0])),
    "asinh": (mp.asinh, both(ORDINARY + SMALL + LARGE)),
    "acosh": (mp.acosh, [1 + 1e-10, 1 + 1e-3, 1.7, 2.5, 7.25, 30.0] + LARGE),
    "atanh": (mp.atanh, UNIT),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), EXP),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), EXP),
    "logit": (lambda x: mp.log(x / (1 - x)), [0.3, 0.5, 0.01, 0.9, 1e-3, 1e-8, 1e-20, 0.4, 0.75, 1 - 1e-10, 1 - 1e-3]),
    "ln_1m_exp": (lambda x: mp.log(-mp.expm1(x)), [-x for x in ORDINARY + SMALL[:3] + [0.6, 0.693, 100.0, 600.0, 740.0]]),
    "ln_exp_m1": (lambda x: mp.log(mp.expm1(x)), ORDINARY + SMALL[:3] + [0.6, 0.9, 100.0, 600.0, 1e5]),
    "exp_m1_ratio": (ratio1, both(ORDINARY + SMALL + [15.9, 16.1, 100.0, 600.0])),
    "ln_1p_ratio": (ratio2, both(SMALL + [0.3, 0.49, 0.51, 0.9]) + [1.0, 1.01, 2.5, 30.0, 1e3, 1e8, -1 + 1e-10, -1 + 1e-3]),
}
PAIRS = [(0.3, 0.7), (2.0, 1.5), (1.0, 3.0), (5.0, -2.0), (1e-3, 2.0), (40.0, 1e-8), (0.9999, 50.0)]
PLANE = [(a * s, b * t) for a, b in [(0.3, 0.7), (3.0, 4.0), (1e-10, 2.0), (2.0, 1e-10), (1e60, 3e60), (1e-60, 3e-60)]
         for s in (1, -1) for t in (1, -1)]
TWO_ARGUMENTS = {
    "powd": (lambda x, y: mp.exp(y * mp.log(x)), PAIRS),
    "hypot": (lambda x, y: mp.sqrt(x * x + y * y), PLANE),
    "atan2": (lambda y, x: mp.atan2(y, x), [p for p in PLANE]),
    "over": (lambda x, y: x / y, PLANE + [(0.0, 3.0)]),
    "ln_sum_exp": (lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), [(0.3, 0.7), (-2.0, 5.0), (600.0, 601.0), (-1e3, -1001.0), (0.0, 30.0)]),
    "softmax": (lambda x, y: 1 / (1 + mp.exp(y - x)), [(0.3, 0.7), (-2.0, 5.0), (600.0, 601.0), (5.0, -2.0), (0.0, 30.0)]),
}


def derivatives(f, x, scale, order):
    """f^(k)(x), k = 0..order, by central differences: f is smooth on the scale"""
    h = scale * M(10) ** -60
    values = [f(x + j * h) for j in range(-6, 7)]
    out = [f(x)]
    for k in range(1, order + 1):
        out.append(sum(w * v for w, v in zip(WEIGHTS[k], values)) / h ** k)
    return out


def weights(points, order):
    """Fornberg's weights for derivatives at 0"""
    n = len(points)
    c = [[M(0)] * n for _ in range(order + 1)]
    c[0][0] = M(1)
    c1 = M(1)
    for i in range(1, n):
        c2 = M(1)
        for j in range(i):
            c3 = M(points[i] - points[j])
            c2 *= c3
            for k in range(min(i, order), -1, -1):
                if j == i - 1:
                    before = c[k - 1][i - 1] * k if k else M(0)
                    c[k][i] = c1 * (before - points[i - 1] * c[k][i - 1]) / c2
            for k in range(min(i, order), -1, -1):
                before = c[k - 1][j] * k if k else M(0)
                c[k][j] = (points[i] * c[k][j] - before) / c3
        c1 = c2
    return c


GRID = list(range(-6, 7))
WEIGHTS = weights(GRID, 4)


def length_of(name, x):
    """a length on which the function is smooth around x"""
    if name in SINGULAR:
        return min(abs(x - M(s)) for s in SINGULAR[name])
    return max(M(1), abs(x)) if name in ("atan", "asinh") else abs(x) if name.startswith("powi") else M(1)


SINGULAR = {
    "ln": [0], "log2": [0], "log10": [0], "sqrt": [0], "cbrt": [0], "recip": [0], "powi_-2": [0], "powi_-5": [0],
    "powf_0.3": [0], "powf_2.5": [0], "powf_-1.5": [0], "ln_1p": [-1], "asin": [1, -1], "acos": [1, -1], "acosh": [1, -1],
    "atanh": [1, -1], "logit": [0, 1], "ln_1m_exp": [0], "ln_exp_m1": [0], "ln_1p_ratio": [-1],
}
MIXED = [(i, k - i) for k in range(5) for i in range(k, -1, -1)]


def show(v):
    if abs(v) < M(10) ** -330:
        return "0"
    return mp.nstr(v, 22, min_fixed=-3, max_fixed=3)


if __name__ == "__main__":
    print("function,x,y,derivatives")
    for name, (f, points) in ONE_ARGUMENT.items():
        for x in points:
            exact = M(x)
            length = length_of(name, exact)
            d = derivatives(f, exact, length, 4)
            # what is zero exactly comes out as dust
            size = max(abs(v) * length ** k for k, v in enumerate(d))
            d = [v if name != "powi_3" or abs(v) * length ** k > size * M(10) ** -80 else M(0) for k, v in enumerate(d)]
            print(f"{name},{x!r},,{' '.join(map(show, d))}")
    for name, (f, points) in TWO_ARGUMENTS.items():
        for x, y in points:
            a, b = M(x), M(y)
            length = M(1) if name in ("ln_sum_exp", "softmax") else min(abs(v) for v in (a, b) if v)
            if name == "hypot" or name == "atan2":
                length = mp.sqrt(a * a + b * b)
            h = length * M(10) ** -60
            grid = [[f(a + i * h, b + j * h) for j in GRID] for i in GRID]
            d = []
            for i, j in MIXED:
                if (i, j) == (0, 0):
                    d.append(f(a, b))
                    continue
                d.append(sum(WEIGHTS[i][r] * WEIGHTS[j][c] * grid[r][c] for r in range(13) for c in range(13)) / h ** (i + j))
            size = max(abs(v) * length ** (i + j) for (i, j), v in zip(MIXED, d))
            d = [v if abs(v) * length ** (i + j) > size * M(10) ** -80 else M(0) for (i, j), v in zip(MIXED, d)]
            print(f"{name},{x!r},{y!r},{' '.join(map(show, d))}")
