"""Quantiles, their derivatives in a parameter on which the law hardly depends, at a fixed probability, and those of F: for
`derivatives_in_parameters_that_hardly_matter` in tests/laws/deep.rs. With mpmath at 60 digits: dx/dp = -F_p/f by central differences.

    python3 tests/reference/make_hardly_matter.py
"""

from mpmath import betainc, exp, findroot, gammainc, mp, mpf, nstr

mp.dps = 60


def fisher_f(p, x):
    d1, d2 = p
    return betainc(d1 / 2, d2 / 2, 0, d1 * x / (d1 * x + d2), regularized=True)


def truncated_logistic(p, x):
    location, scale, lower, upper = p
    cdf = lambda x: 1 / (1 + exp(-(x - location) / scale))
    return (cdf(x) - cdf(lower)) / (cdf(upper) - cdf(lower))


def size_of_generalized_normal(p, x):
    scale, shape = p
    return gammainc(1 / shape, 0, (x / scale) ** shape, regularized=True)


def quantile_and_slopes(cdf, p, k, u, start):
    p = [mpf(value) for value in p]
    x = findroot(lambda x: cdf(p, x) - mpf(u), start, tol=1e-40, maxsteps=100)

    def moved(step):
        return [value + step * (i == k) for i, value in enumerate(p)]

    h, hx = p[k] * mpf(10) ** -14, x * mpf(10) ** -20
    by_parameter = (cdf(moved(h), x) - cdf(moved(-h), x)) / (2 * h)
    density = (cdf(p, x + hx) - cdf(p, x - hx)) / (2 * hx)
    return x, -by_parameter / density, by_parameter


CASES = [
    (fisher_f, [(16, 1e5), (5, 1e7)], 1, [(0.4, 0.7), (1.1, 1.6)]),
    (truncated_logistic, [(0.3, 1e4, -1, 2), (0.3, 1e6, -1, 2)], 1, [(-0.8, -0.5), (1.1, 1.6)]),
    (size_of_generalized_normal, [(1.25, 1e5), (1.25, 1e7)], 1, [(0.1, 0.2), (0.9, 0.95)]),
]

for cdf, points, k, starts in CASES:
    for point in points:
        for u, start in zip([0.125, 0.75], starts):
            x, slope, of_cdf = quantile_and_slopes(cdf, point, k, u, start)
            print(cdf.__name__, point, u, nstr(x, 17), nstr(slope, 17), nstr(of_cdf, 17))
