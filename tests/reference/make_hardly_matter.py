"""hardly_matter.csv, for tests/laws/hardly_matter.rs: quantiles x at a probability u, their first and second derivatives in a parameter on which the
law hardly depends (`of`, counted from 0), and the first derivatives of ln F, ln(1 - F) and ln f at x. With mpmath by central differences.

    python3 tests/reference/make_hardly_matter.py > tests/reference/hardly_matter.csv
"""

from mpmath import exp, gamma, log, loggamma, mp, mpf, nstr, sqrt

mp.dps = 80


def lower_beta(a, b, u):
    """I_u(a, b) by the series of positive terms (DLMF 8.17.8), which mpmath's own do not sum where a shape is large."""
    if u > 0.5:
        return 1 - lower_beta(b, a, 1 - u)
    term, total, n = mpf(1), mpf(1), 0
    while term > total * mpf(10) ** -mp.dps or (a + b + n) * u > a + 1 + n:
        term *= (a + b + n) / (a + 1 + n) * u
        total += term
        n += 1
    return exp(a * log(u) + b * log(1 - u) - log(a) - ln_beta(a, b)) * total


def ln_beta(a, b):
    return loggamma(a) + loggamma(b) - loggamma(a + b)


def fisher_f(p, x):
    d1, d2 = p
    return lower_beta(d1 / 2, d2 / 2, d1 * x / (d1 * x + d2))


def fisher_f_ln_pdf(p, x):
    d1, d2 = p
    r = d1 / d2
    return d1 / 2 * log(r) + (d1 / 2 - 1) * log(x) - (d1 + d2) / 2 * log(1 + r * x) - ln_beta(d1 / 2, d2 / 2)


def truncated_logistic(p, x):
    location, scale, lower, upper = p
    cdf = lambda x: 1 / (1 + exp(-(x - location) / scale))
    return (cdf(x) - cdf(lower)) / (cdf(upper) - cdf(lower))


def truncated_logistic_ln_pdf(p, x):
    location, scale, lower, upper = p
    cdf = lambda x: 1 / (1 + exp(-(x - location) / scale))
    return log(cdf(x) * (1 - cdf(x)) / scale / (cdf(upper) - cdf(lower)))


def generalized_gamma(p, x):
    scale, d, power = p
    exponent, z = d * log(x / scale), exp(power * log(x / scale))
    if z > 250:
        return mpf(1)
    # z^a e^-z/Γ(1 + a) Σ z^n/(a + 1)_n (DLMF 8.7.1), a = d/power
    term, total, n = mpf(1), mpf(1), 0
    while term > total * mpf(10) ** -mp.dps:
        n += 1
        term *= z / (d / power + n)
        total += term
    return exp(exponent - z) / gamma(1 + d / power) * total


def generalized_gamma_ln_pdf(p, x):
    scale, d, power = p
    return log(power / scale / gamma(d / power)) + (d - 1) * log(x / scale) - (x / scale) ** power


def half_student_t(p, x):
    scale, df = p
    t = x / scale
    return lower_beta(mpf(1) / 2, df / 2, t * t / (df + t * t))


def half_student_t_ln_pdf(p, x):
    scale, df = p
    t = x / scale
    return log(2 / scale / sqrt(df)) - ln_beta(df / 2, mpf(1) / 2) - (df + 1) / 2 * log(1 + t * t / df)


def size_of_generalized_normal(p, x):
    scale, shape = p
    return generalized_gamma((scale, mpf(1), shape), x)


def size_of_generalized_normal_ln_pdf(p, x):
    scale, shape = p
    return generalized_gamma_ln_pdf((scale, mpf(1), shape), x)


CASES = [
    (fisher_f, fisher_f_ln_pdf, [(16, 1e5), (5, 1e7), (0.5, 1e12), (40, 3e3)], 1),
    (fisher_f, fisher_f_ln_pdf, [(1e6, 7)], 0),
    (fisher_f, fisher_f_ln_pdf, [(2e4, 9e4), (300, 2e4)], 1),
    (truncated_logistic, truncated_logistic_ln_pdf, [(0.3, 1e4, -1, 2), (0.3, 1e6, -1, 2)], 1),
    (size_of_generalized_normal, size_of_generalized_normal_ln_pdf, [(1.25, 30), (1.25, 1e5), (1.25, 1e12)], 1),
    (generalized_gamma, generalized_gamma_ln_pdf, [(2, 3, 1e7), (0.5, 0.2, 40)], 2),
    (half_student_t, half_student_t_ln_pdf, [(2, 1e5), (2, 1e12)], 1),
]


def quantile(cdf, p, u):
    """By bisection in a logarithm, then Newton's method."""
    low, high = mpf(-14), mpf(4)
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (middle, high) if cdf(p, exp(middle)) < u else (low, middle)
    x = exp((low + high) / 2)
    for _ in range(4):
        h = x * mpf(10) ** -30
        x -= (cdf(p, x) - u) / ((cdf(p, x + h) - cdf(p, x - h)) / (2 * h))
    return x


def quantile_of_truncated_logistic(p, u):
    location, scale, lower, upper = p
    cdf = lambda x: 1 / (1 + exp(-(x - location) / scale))
    level = cdf(lower) + u * (cdf(upper) - cdf(lower))
    return location + scale * log(level / (1 - level))


print("law,p0,p1,p2,p3,of,u,x,dx,d2x,dlogcdf,dlogsf,dlogpdf")
for cdf, ln_pdf, points, k in CASES:
    for point in points:
        for u in [0.125, 0.75]:
            p = [mpf(value) for value in point]
            if cdf is truncated_logistic:
                at = lambda p: quantile_of_truncated_logistic(p, mpf(u))
            else:
                at = lambda p: quantile(cdf, p, mpf(u))
            h = p[k] * mpf(10) ** -14

            def moved(times):
                return [value + times * h * (i == k) for i, value in enumerate(p)]

            def slope(f):
                return (f(moved(1)) - f(moved(-1))) / (2 * h)

            x = at(p)
            # F and f where x is a double
            double = mpf(float(x))
            second = (at(moved(1)) - 2 * x + at(moved(-1))) / h**2
            numbers = [x, slope(at), second]
            numbers += [slope(lambda p: log(cdf(p, double))), slope(lambda p: log(1 - cdf(p, double)))]
            numbers += [slope(lambda p: ln_pdf(p, double))]
            fields = [cdf.__name__, *(repr(float(value)) for value in point), *[""] * (4 - len(point)), str(k), str(u)]
            print(",".join(fields + [nstr(n, 20) for n in numbers]), flush=True)
