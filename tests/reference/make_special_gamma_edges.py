#!/usr/bin/env python3
"""Prints tests/reference/special_gamma_edges.csv: gamma, beta, Lambert W and Bessel functions and their derivatives.

One row per derivative: `function,x,y,i,j,value` is the derivative of order i in x and j in y at exact doubles (y is 0 for
a function of one argument; for polygamma it is the order n). Nothing here shares a formula with the crate where mpmath has
the function: derivatives are polygammas, the closed derivatives of Lambert's W (DLMF 4.13), or Taylor series of the
defining differential equation in as many digits as its cancellation needs.
"""
import random

from mpmath import mp, mpf, psi, loggamma, lambertw, besseli, log, exp, gamma, pi, sqrt, zeta, factorial, e

ORDERS = [0, 1, 2, 4]
mp.dps = 90


def emit(name, x, y, i, j, value):
    value = mpf(value)
    if abs(value) > mpf(2) ** 1024:
        text = "inf" if value > 0 else "-inf"
    else:
        text = mp.nstr(value, 25)
    print(f"{name},{x!r},{y!r},{i},{j},{text}")


def polygamma(n, x):
    """psi^(n)(x), by the sum that dominates beside 0 where mpmath would shift for long."""
    if n == 0 and x > 10**30:
        return log(x) - 1 / (2 * x) - 1 / (12 * x * x)
    if n > 0 and x > 10**30:
        return (-1) ** (n + 1) * factorial(n - 1) / x**n * (1 + mpf(n) / (2 * x) + mpf(n) * (n + 1) / (12 * x * x))
    if abs(x) < mpf("1e-30"):
        constant = psi(0, mpf(1)) if n == 0 else (-1) ** (n + 1) * factorial(n) * zeta(n + 1)
        slope = (-1) ** n * factorial(n + 1) * zeta(n + 2)
        return -((-1) ** n) * factorial(n) / x ** (n + 1) + constant + slope * x
    return psi(n, x)


def ln_gamma(x):
    if x > 10**30:
        return (x - mpf(1) / 2) * log(x) - x + log(2 * pi) / 2 + 1 / (12 * x)
    if x < 0:
        return log(abs(gamma(x)))
    return loggamma(x)


def difference(n, x, d):
    """psi^(n)(x + d) - psi^(n)(x), where n = -1 stands for ln Gamma; by Taylor's series where x + d would need long numbers."""
    f = lambda k, t: ln_gamma(t) if k < 0 else polygamma(k, t)
    if abs(d) < mpf("1e-20") * x:
        return sum(d**k / factorial(k) * f(n + k, x) for k in range(1, 5))
    return f(n, x + d) - f(n, x)


def gamma_derivative(n, x):
    """From Gamma' = psi Gamma by Leibniz' rule."""
    values = [gamma(x)]
    for k in range(n):
        values.append(sum(mp.binomial(k, i) * polygamma(i, x) * values[k - i] for i in range(k + 1)))
    return values[n]


POSITIVE = [5e-324, 1e-300, 1e-100, 1e-16, 1e-8, 0.01, 0.1, 0.5, 0.9, 1 - 2**-53, 1.0, 1 + 2**-52, 1.25, 1.4616321449683623,
            1.4616321449683622, 1.46, 1.5, 1.9, 2 - 2**-52, 2.0, 2 + 2**-51, 2.4999, 2.5, 2.9999, 3.0, 4.5, 7.3, 9.999, 10.0,
            12.0, 12.5, 15.99, 33.3, 100.0, 171.5, 1e3, 1e5, 1e8, 1e16, 1e100, 1e300, 1.7e308]
NEGATIVE = [-1e-300, -1e-8, -0.1, -0.3, -0.5, -0.7, -0.999, -1.001, -1.5, -2.3, -3.7, -10.25, -33.6, -100.4, -1000.5,
            -123456.75]


random.seed(20261)
RANDOM = [random.uniform(0.3, 12) for _ in range(40)] + [10 ** random.uniform(-5, 6) for _ in range(20)]


def gamma_rows():
    for x in POSITIVE + NEGATIVE + RANDOM:
        m = mpf(x)
        for k in ORDERS:
            emit("ln_gamma", x, 0, k, 0, ln_gamma(m) if k == 0 else polygamma(k - 1, m))
            emit("digamma", x, 0, k, 0, polygamma(k, m))
            emit("trigamma", x, 0, k, 0, polygamma(k + 1, m))
            if -170 < x < 200:
                emit("gamma", x, 0, k, 0, gamma_derivative(k, m))
            for n in [2, 5, 12, 25, 80]:
                if (x > 0 or n + k <= 16) and abs(x) < 1e16:
                    emit("polygamma", x, n, k, 0, polygamma(n + k, m))
    for x in [s * v for v in POSITIVE[:24] for s in (1, -1)] + RANDOM + [3.0, 1e3, 1e8, 1e16, 1e300, -3.5, -100.25]:
        m = 1 + mpf(x)
        if m == int(m) and m <= 0:
            continue
        for k in ORDERS:
            value = difference(-1, mpf(1), mpf(x)) if abs(x) < 0.1 else ln_gamma(m)
            emit("ln_gamma_1p", x, 0, k, 0, value if k == 0 else polygamma(k - 1, m))


PAIR_ORDERS = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (2, 2), (4, 0), (0, 4)]


def pair_rows():
    grid = [1e-300, 1e-8, 0.1, 1.0, 2.5, 9.5, 30.0, 1e4, 1e8, 1e300]
    pairs = [(x, y) for x in grid for y in grid]
    pairs += [(10 ** random.uniform(-3, 4), 10 ** random.uniform(-3, 4)) for _ in range(40)]
    pairs += [(random.uniform(0, 14), random.uniform(0, 14)) for _ in range(40)]
    for x, y in pairs:
        a, b = mpf(x), mpf(y)
        for i, j in PAIR_ORDERS:
            if i > 0 and j > 0:
                value = -polygamma(i + j - 1, a + b)
            elif j > 0:
                value = -difference(j - 1, b, a)
            elif i > 0:
                value = -difference(i - 1, a, b)
            else:
                value = ln_gamma(min(a, b)) - difference(-1, max(a, b), min(a, b))
            emit("ln_beta", x, y, i, j, value)
            emit("digamma_difference", x, y, i, j, difference(i, a, b) if j == 0 else polygamma(i + j, a + b))
    for x, y in [(5.0, -1e-12), (5.0, -4.5), (1e8, -1.0), (1e-3, 1e-20), (1.4616, 1e-4), (1e5, 1e-9)]:
        a, b = mpf(x), mpf(y)
        for i, j in PAIR_ORDERS:
            emit("digamma_difference", x, y, i, j, difference(i, a, b) if j == 0 else polygamma(i + j, a + b))


def lambert_derivative(n, x, w):
    """DLMF 4.13: e^(-n w) p_n(w) / (1 + w)^(2 n - 1), p_(n+1) = -(n w + 3 n - 1) p_n + (1 + w) p_n'."""
    if n == 0:
        return w
    p = [mpf(1)]
    for k in range(1, n):
        slope = [i * c for i, c in enumerate(p)][1:]
        following = [mpf(0)] * (len(p) + 1)
        for i, c in enumerate(p):
            following[i] -= (3 * k - 1) * c
            following[i + 1] -= k * c
        for i, c in enumerate(slope):
            following[i] += c
            following[i + 1] += c
        p = following
    return exp(-n * w) * mp.polyval(p[::-1], w) / (1 + w) ** (2 * n - 1)


def lambert_rows():
    branch = -0.36787944117144233
    near = [branch + 2**-54 * k for k in (1, 2, 5, 100, 10**6, 10**12)]
    negative = near + [-0.3678, -0.365, -0.35, -0.3, -0.27, -0.26, -0.25, -0.24, -0.2, -0.1, -0.01, -1e-8, -1e-300, -5e-324]
    positive = [5e-324, 1e-300, 1e-16, 1e-8, 0.01, 0.3, 0.7, 1.0, 2.0, float(e), 10.0, 100.0, 1e4, 1e10, 1e100, 1e308]
    negative += [-random.uniform(0.0, 0.3678) for _ in range(20)]
    positive += [10 ** random.uniform(-3, 6) for _ in range(20)]
    for x in negative + positive:
        w = lambertw(mpf(x), 0)
        for k in ORDERS:
            emit("lambert_w0", x, 0, k, 0, lambert_derivative(k, mpf(x), w.real))
    for x in negative:
        w = lambertw(mpf(x), -1)
        for k in ORDERS:
            emit("lambert_wm1", x, 0, k, 0, lambert_derivative(k, mpf(x), w.real))


def hankel(nu, x):
    """sqrt(2 pi x) e^-x I_nu(x) for large x (DLMF 10.40.1)."""
    term = total = mpf(1)
    for k in range(1, 400):
        term *= -(4 * mpf(nu) ** 2 - (2 * k - 1) ** 2) / (8 * k * x)
        total += term
        if abs(term) < mpf(10) ** (-mp.dps):
            break
    return total


def bessel_derivatives(x, n):
    """The derivatives of A = I1/I0 from A' = 1 - A^2 - A/x, in digits that outlast its cancellation."""
    if x > 1e4:
        mp.dps = 80 + int(12 * mp.log10(x)) if x > 1e30 else 150
        m = mpf(x)
        s0, s1 = hankel(0, m), hankel(1, m)
        ln_i0 = m - log(2 * pi * m) / 2 + log(s0)
        ratio = s1 / s0
    else:
        mp.dps = 120 + int(12 * abs(mp.log10(x)))
        m = mpf(x)
        i0 = besseli(0, m)
        ratio = besseli(1, m) / i0
        ln_i0 = log(i0)
    a = [ratio]
    # x A' = x - x A^2 - A in Taylor coefficients
    for k in range(n):
        square = lambda i: sum(a[j] * a[i - j] for j in range(i + 1)) if i >= 0 else 0
        following = (m if k == 0 else 1 if k == 1 else 0) - m * square(k) - square(k - 1) - a[k] - k * a[k]
        a.append(following / (m * (k + 1)))
    return m, ln_i0, a


def bessel_rows():
    for x in [1e-300, 1e-100, 1e-8, 1e-3, 0.1, 0.5, 0.9, 0.999, 1.0, 1.001, 1.5, 1.59, 2.0, 3.0, 4.0, 6.0, 7.99, 8.0, 8.01, 10.0, 15.0,
              20.0, 25.0, 29.99, 30.0, 30.01, 50.0, 100.0, 700.0, 1e4, 1e8, 1e16, 1e100, 1e308] + [random.uniform(0, 32) for _ in range(40)]:
        m, ln_i0, a = bessel_derivatives(x, 5)
        ln_a = [log(a[0])]
        for k in range(1, 5):
            ln_a.append((a[k] - sum(j * ln_a[j] * a[k - j] for j in range(1, k)) / mpf(k)) / a[0])
        for k in ORDERS:
            f = factorial(k)
            emit("bessel_i_ratio", x, 0, k, 0, a[k] * f)
            emit("bessel_i_ratio", -x, 0, k, 0, a[k] * f * (-1) ** (k + 1))
            emit("bessel_i_ratio_complement", x, 0, k, 0, (1 if k == 0 else 0) - a[k] * f)
            emit("bessel_i_ratio_complement", -x, 0, k, 0, (1 if k == 0 else 0) + a[k] * f * (-1) ** k)
            ln_i0_k = ln_i0 if k == 0 else a[k - 1] * factorial(k - 1)
            emit("ln_bessel_i0", x, 0, k, 0, ln_i0_k)
            emit("ln_bessel_i0", -x, 0, k, 0, ln_i0_k * (-1) ** k)
            emit("ln_bessel_i1", x, 0, k, 0, ln_i0_k + ln_a[k] * f)


if __name__ == "__main__":
    print("function,x,y,i,j,value")
    gamma_rows()
    pair_rows()
    lambert_rows()
    bessel_rows()
