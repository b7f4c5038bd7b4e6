"""Partials of draws at a fixed probability, by mpmath: dz/dθ = -(∂F/∂θ)/f at the draw."""

import mpmath
from mpmath import mp, mpf

mp.dps = 30


def implicit(cdf, pdf, theta, z):
    partials = []
    for k in range(len(theta)):
        slope = mpmath.diff(lambda t: cdf(z, *theta[:k], t, *theta[k + 1 :]), theta[k])
        partials.append(-slope / pdf(z, *theta))
    return partials


def gamma_cdf(z, shape, rate):
    return mpmath.gammainc(shape, 0, rate * z, regularized=True)


def gamma_pdf(z, shape, rate):
    return rate * mpmath.exp((shape - 1) * mpmath.log(rate * z) - rate * z - mpmath.loggamma(shape))


def beta_cdf(z, a, b):
    return mpmath.betainc(a, b, 0, z, regularized=True)


def beta_pdf(z, a, b):
    return z ** (a - 1) * (1 - z) ** (b - 1) / mpmath.beta(a, b)


def student_cdf(z, location, scale, df):
    t = (z - location) / scale
    tail = mpmath.betainc(df / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
    return tail if t < 0 else 1 - tail


def student_pdf(z, location, scale, df):
    t = (z - location) / scale
    return (1 + t * t / df) ** (-(df + 1) / 2) / (mpmath.sqrt(df) * mpmath.beta(df / 2, mpf(1) / 2) * scale)


def von_mises_pdf(z, location, kappa):
    return mpmath.exp(kappa * mpmath.cos(z - location)) / (2 * mp.pi * mpmath.besseli(0, kappa))


def von_mises_cdf(z, location, kappa):
    # from the middle, which moves with the location alone
    x = z - location
    x -= 2 * mp.pi * mpmath.nint(x / (2 * mp.pi))
    return mpmath.quad(lambda t: mpmath.exp(kappa * mpmath.cos(t)), [0, x]) / (2 * mp.pi * mpmath.besseli(0, kappa))


def truncated_cdf(z, mean, deviation, lower, upper):
    a, b, x = (mpmath.ncdf((t - mean) / deviation) for t in (lower, upper, z))
    return (x - a) / (b - a)


def truncated_pdf(z, mean, deviation, lower, upper):
    a, b = (mpmath.ncdf((t - mean) / deviation) for t in (lower, upper))
    return mpmath.npdf((z - mean) / deviation) / (deviation * (b - a))


def number(text):
    return mpf(float(text))


LAWS = {
    "normal": (lambda z, m, s: mpmath.ncdf((z - m) / s), lambda z, m, s: mpmath.npdf((z - m) / s) / s, [0.3, 1.2]),
    "gamma 2.5": (gamma_cdf, gamma_pdf, [2.5, 2.0]),
    "gamma 0.3": (gamma_cdf, gamma_pdf, [0.3, 2.0]),
    "beta (2, 3)": (beta_cdf, beta_pdf, [2.0, 3.0]),
    "Student t 5": (student_cdf, student_pdf, [0.3, 1.2, 5.0]),
    "von Mises 3": (von_mises_cdf, von_mises_pdf, [0.3, 3.0]),
    "truncated normal (-1, 2)": (truncated_cdf, truncated_pdf, [0.0, 1.0, -1.0, 2.0]),
}

# who draws from which law by gamma and normal variables, each at its own fixed probability: other partials of one draw,
# the same derivatives of means
OTHERWISE = {("torch", "Student t 5")} | {
    (side, law) for side in ("numpyro", "tfp") for law in ("Student t 5", "beta (2, 3)")
}


def worst(law, draws):
    """The largest relative error of the partials of draws: rows of a draw and its partials."""
    cdf, pdf, theta = LAWS[law]
    theta = [number(t) for t in theta]
    largest = 0.0
    for z, *partials in draws:
        exact = implicit(cdf, pdf, theta, number(z))
        largest = max(largest, *(abs(float(p / e - 1)) for p, e in zip(partials, exact)))
    return largest
