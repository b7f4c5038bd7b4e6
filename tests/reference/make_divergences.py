"""Prints the divergences between laws of different families that tests/laws/divergences.rs and
tests/multivariate/divergences.rs compare with: integrals over densities, and determinants, by mpmath."""

from mpmath import (
    besseli, coth, det, diff, euler, exp, expm1, log, loggamma, matrix, mp, mpf, nstr, pi, quad, sin, sinh, sqrt,
)

mp.dps = 30
POINTS = [0, 0.01, 0.1, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256]


def ln_gamma(shape, rate):
    return lambda x: shape * log(rate) + (shape - 1) * log(x) - rate * x - loggamma(shape)


def ln_normal(mean, std_dev):
    return lambda x: -(((x - mean) / std_dev) ** 2) / 2 - log(std_dev * sqrt(2 * pi))


def divergence(p, q, points):
    return quad(lambda x: exp(p(x)) * (p(x) - q(x)), points)


def show(what, value):
    print(what, nstr(value, 17))


gammas = {
    "Gamma(2.5, 1.5)": ln_gamma(mpf("2.5"), mpf("1.5")),
    "Exponential(0.7)": ln_gamma(mpf(1), mpf("0.7")),
    "Erlang(3, 1.1)": ln_gamma(mpf(3), mpf("1.1")),
    "ChiSquared(3.2)": ln_gamma(mpf("1.6"), mpf("0.5")),
    # the laws of 1/X
    "InverseGamma(2.5, 1.5)": ln_gamma(mpf("2.5"), mpf("1.5")),
    "InverseChiSquared(3.2)": ln_gamma(mpf("1.6"), mpf("0.5")),
    "ScaledInverseChiSquared(5, 0.8)": ln_gamma(mpf("2.5"), mpf(2)),
}
for name, p in gammas.items():
    for other, q in gammas.items():
        if name != other and ("Inverse" in name) == ("Inverse" in other):
            show(f"{name} from {other}", divergence(p, q, POINTS))

z = lambda x: (x - mpf("0.3")) / 2
show("Gumbel(0.3, 2) from Normal(1, 3)",
     divergence(lambda x: -z(x) - exp(-z(x)) - log(2), ln_normal(1, 3), [-12, -8, -5, -2, 0, 2, 5, 10, 20, 40, 80, 160]))
far = [1, 3, 10, 30, 100, 1000, mp.inf]
show("StudentT(0, 1, 5) from Normal(1, 3)",
     divergence(lambda x: loggamma(3) - loggamma(mpf("2.5")) - log(5 * pi) / 2 - 3 * log(1 + x * x / 5),
                ln_normal(1, 3), [-x for x in reversed(far)] + [0] + far))
show("Weibull(2, 1.5) from Exponential(0.4)",
     divergence(lambda x: log(mpf("0.75")) + log(x / 2) / 2 - (x / 2) ** mpf("1.5"),
                lambda x: log(mpf("0.4")) - mpf("0.4") * x, POINTS))

factor, diagonal = matrix([[1, 0.5], [-0.3, 2], [0.7, 0.1]]), matrix([0.5, 1.5, 0.25])
low = factor * factor.T
for i in range(3):
    low[i, i] += diagonal[i]
normals = {
    "full": (matrix([1, -2, 0.5]), matrix([[4, 1, -0.5], [1, 2, 0.3], [-0.5, 0.3, 1]])),
    "low rank": (matrix([0, 0.3, -0.2]), low),
    "independent": (matrix([0.5, -1, 0]), matrix([[1.44, 0, 0], [0, 0.49, 0], [0, 0, 4]])),
}
for name, (m, s) in normals.items():
    for other, (n, t) in normals.items():
        if name != other:
            inverse, r = t**-1, m - n
            trace = sum((inverse * s)[i, i] for i in range(3))
            show(f"{name} from {other}", (trace - 3 + (r.T * inverse * r)[0] + log(det(t)) - log(det(s))) / 2)

# close laws, with the derivatives in the parameters of both
mp.dps = 90


def moyal(m1, s1, m2, s2):
    r, c = s1 / s2, euler + log(2)
    b = r * log(2) + loggamma(r + mpf(1) / 2) - log(pi) / 2
    y = b - (m1 - m2) / s2
    return (expm1(y) - y + c * (r - 1) + b) / 2 - log(r)


def von_mises(m1, k1, m2, k2):
    mean = besseli(1, k1) / besseli(0, k1)
    return log(besseli(0, k2) / besseli(0, k1)) - (k2 - k1) * mean + 2 * k2 * mean * sin((m1 - m2) / 2) ** 2


for f, cases in [
    (moyal, [(3.200242310736489, 6.284428549606046, 3.200242354810143, 6.284428549606046),
             (3.8837834845606953, 0.3095554040722542, 3.883783483665758, 0.3095554041296466),
             (0, 1, 0, 1.0000001), (0, 1, 0.05, 1.09), (0, 1, -0.5, 0.92)]),
    (von_mises, [(0, 0, 0, 1e-7), (1, 4, 1, 4.0000001), (0, 1e5, 1e-9, 1.0001e5), (0.5, 30, 0.6, 32.9), (0, 1e9, 0, 1.05e9)]),
]:
    for case in cases:
        p = [mpf(x) for x in case]
        slopes = [diff(lambda t: f(*p[:i], t, *p[i + 1 :]), p[i], h=mpf(10) ** -30 * (1 + abs(p[i]))) for i in range(4)]
        show(f"{f.__name__} {case}", f(*p))
        show("  slopes", " ".join(nstr(x, 17) for x in slopes))
mean = lambda k: coth(k) - 1 / k
a, b = mpf(2), mpf(2.0 + 1e-6)
show("von Mises-Fisher in space", log(sinh(b) / b) - log(sinh(a) / a) - (b - a) * mean(a))

# normal laws that are far apart: sums over the coordinates
one = lambda m, s, n, t: log(mpf(t) / mpf(s)) + ((mpf(s) / mpf(t)) ** 2 + ((mpf(m) - mpf(n)) / mpf(t)) ** 2 - 1) / 2
show("MultivariateNormal, scale 1e20", one(1, 1, 0, 1e20) + one(1, 2, 0, 3))
show("MultivariateNormal, scales 1e-8 and 1e9", one(2, 1e-8, 0, 1) + one(-1, 2, 0, 1e9))
