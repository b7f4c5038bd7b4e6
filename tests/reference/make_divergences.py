"""Prints the divergences between laws of different families that tests/laws/divergences.rs and
tests/multivariate/divergences.rs compare with: integrals over densities, and determinants, by mpmath."""

from mpmath import det, exp, log, loggamma, matrix, mp, mpf, nstr, pi, quad, sqrt

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
