"""Writes far_divergences.csv: divergences between laws of one family whose scales or shapes are far apart, with the first
derivatives in the parameters of both and the second derivative in each; closed forms by mpmath at 200 digits."""

from pathlib import Path

from mpmath import besseli, diff, digamma, e1, erfc, euler, exp, expm1, gamma, log, loggamma, mp, mpf, nstr, pi, sin, sqrt

mp.dps = 200


def normal(m1, s1, m2, s2):
    return log(s2 / s1) + ((s1 / s2) ** 2 + ((m1 - m2) / s2) ** 2 - 1) / 2


def half_normal(s1, s2):
    return log(s2 / s1) + ((s1 / s2) ** 2 - 1) / 2


def rayleigh(s1, s2):
    return 2 * half_normal(s1, s2)


def maxwell(s1, s2):
    return 3 * half_normal(s1, s2)


def exponential(r1, r2):
    return log(r1 / r2) + r2 / r1 - 1


def laplace(m1, s1, m2, s2):
    # the difference of the locations is not 0 in the cases below, and its sign that of the values
    d = abs(m1 - m2)
    return log(s2 / s1) - 1 + d / s2 + s1 / s2 * exp(-d / s1)


def asymmetric_laplace(m1, s1, k1, m2, s2, k2):
    # density 1/c exp(-x/a) and 1/c exp(x/b) about the mode, c = a + b; the second mode is above the first
    a1, b1, a2, b2 = s1 / k1, s1 * k1, s2 / k2, s2 * k2
    c1, d = a1 + b1, m2 - m1
    # E[(m2 - X); X < m2] and E[(X - m2); X > m2]
    above = a1**2 / c1 * exp(-d / a1)
    below = above + d - (a1 - b1)
    return log((a2 + b2) / c1) - 1 + above / a2 + below / b2


def inverse_gaussian(m1, l1, m2, l2):
    # E[X] = μ, E[1/X] = 1/μ + 1/λ
    return (log(l1 / l2) - 1 + l2 * (m1 / m2**2 - 2 / m2 + 1 / m1 + 1 / l1)) / 2


def pareto(s1, a1, s2, a2):
    return log(a1 / a2) + a2 * log(s1 / s2) + a2 / a1 - 1


def gumbel(m1, s1, m2, s2):
    r = s1 / s2
    return log(s2 / s1) + euler * (r - 1) - 1 + exp((m2 - m1) / s2) * gamma(1 + r) + (m1 - m2) / s2


def frechet(s1, a1, s2, a2):
    # ln X of Gumbel's law
    return gumbel(log(s1), 1 / a1, log(s2), 1 / a2)


def weibull(s1, k1, s2, k2):
    # -ln X of Gumbel's law
    return gumbel(-log(s1), 1 / k1, -log(s2), 1 / k2)


def moyal(m1, s1, m2, s2):
    # ln densities -(z + e^-z)/2; E[z] = γ + ln 2, E[e^-z] = 1, E[e^(-r z)] = 2^r Γ(r + 1/2)/sqrt(π)
    r, d = s1 / s2, (m1 - m2) / s2
    mean = euler + log(2)
    return log(s2 / s1) + (d + r * mean + exp(-d) * 2**r * gamma(r + mpf(1) / 2) / sqrt(pi)) / 2 - (mean + 1) / 2


def gamma_(a1, b1, a2, b2):
    return (a1 - a2) * digamma(a1) - loggamma(a1) + loggamma(a2) - a2 * log(b2 / b1) + a1 * (b2 / b1 - 1)


def inverse_gamma(a1, b1, a2, b2):
    return gamma_(a1, b1, a2, b2)


def beta(a1, b1, a2, b2):
    ln_beta = lambda a, b: loggamma(a) + loggamma(b) - loggamma(a + b)
    a, b = a1 - a2, b1 - b2
    return ln_beta(a2, b2) - ln_beta(a1, b1) + a * digamma(a1) + b * digamma(b1) - (a + b) * digamma(a1 + b1)


def generalized_gamma(s1, d1, p1, s2, d2, p2):
    a1, a2 = d1 / p1, d2 / p2
    moment = exp(p2 * log(s1 / s2) + loggamma((d1 + p2) / p1) - loggamma(a1))
    logs = log(p1) - d1 * log(s1) - loggamma(a1) - log(p2) + d2 * log(s2) + loggamma(a2)
    return logs + (d1 - d2) * (log(s1) + digamma(a1) / p1) - a1 + moment


def two_piece_normal(m1, l1, r1, m2, l2, r2):
    # the second mode d is above the first
    d, c = m2 - m1, 2 / (l1 + r1) / sqrt(2 * pi)
    a = d / r1
    # ∫ (t - a)² e^(-t²/2) dt over t > a, and over t > 0
    beyond = sqrt(pi / 2) * erfc(a / sqrt(2)) * (1 + a * a) - a * exp(-a * a / 2)
    right = sqrt(pi / 2) * (1 + a * a) - 2 * a
    b = d / l1
    left = sqrt(pi / 2) * (1 + b * b) + 2 * b
    square = c * (l1**3 * left / l2**2 + r1**3 * ((right - beyond) / l2**2 + beyond / r2**2))
    return log((l2 + r2) / (l1 + r1)) + (square - 1) / 2


def von_mises(m1, k1, m2, k2):
    mean = besseli(1, k1) / besseli(0, k1)
    return log(besseli(0, k2) / besseli(0, k1)) - (k2 - k1) * mean + 2 * k2 * mean * sin((m1 - m2) / 2) ** 2


def gompertz(n1, b1, n2, b2):
    # t = e^(b1 x) - 1 has density n1 e^(-n1 t)
    r = b2 / b1
    moment = exp(n1) * n1**-r * mp.gammainc(r + 1, n1)
    of_ln = exp(n1) * e1(n1)
    return log(b1 * n1 / (b2 * n2)) + (1 - r) * of_ln - 1 + n2 * (moment - 1)


CASES = {
    normal: [(0, 1e8, 3, 1), (1, 1, 0, 1e20), (2, 1e-3, 5, 1e3), (0, 1e-9, 1e-3, 1e-9)],
    half_normal: [(1e8, 3), (1, 1e20)],
    rayleigh: [(1e8, 3), (1, 1e20)],
    maxwell: [(1e8, 3), (1, 1e20)],
    exponential: [(1e-9, 2), (1e20, 1), (3, 1e-12)],
    laplace: [(0, 1, 1, 1e9), (0, 1e9, 3, 1), (0, 1e-6, 1e3, 2)],
    asymmetric_laplace: [(0, 1, 2, 1, 1e-7, 1e7), (0, 1e9, 0.5, 3, 1, 2), (0, 1e-9, 1, 2, 5, 1), (0, 0.01, 100, 0.01, 3e-19, 3e18)],
    inverse_gaussian: [(1, 1, 1e6, 1e8), (1e6, 1, 2, 1e-9), (3, 1e12, 5, 1e-3)],
    pareto: [(2, 1e8, 1, 3), (2, 3, 1, 1e-8), (1e12, 1e-6, 1e-12, 2)],
    gumbel: [(0, 1, 1, 1e9), (0, 5, 0.5, 0.1), (0, 1e-9, 3, 1)],
    frechet: [(1, 1e-9, 2, 1e-10), (1, 0.1, 2, 5), (3, 1e9, 2, 1)],
    weibull: [(1, 1e-9, 2, 1e-10), (1, 0.1, 2, 5), (3, 1e9, 2, 1)],
    moyal: [(0, 1, 1, 1e9), (0, 12, 3, 0.5), (0, 1e-9, 3, 1)],
    gamma_: [(1e6, 1, 1e-6, 1e-6), (1e-6, 1, 1e6, 1e-6), (1e9, 1, 1e-9, 1e-3), (9.88267373845585e18, 1, 4.60051627516044e-30, 2.6619364510924057e-29)],
    inverse_gamma: [(75809907.29271677, 0.21193926040140237, 454, 8.80459624472348e-6)],
    beta: [(8.282881736449403e-25, 1.5938303344717917, 3.51523576905469e-25, 4.3989015222659194e23), (1e-6, 1, 1e-6, 1e3), (1e3, 1e-6, 10, 1e-6), (1e-3, 20, 2e-3, 1e5), (1e10, 1, 2e8, 1)],
    generalized_gamma: [(1, 2, 3, 1e-3, 40, 0.01), (2, 1e6, 1, 1, 1e-3, 1), (1e3, 0.5, 4, 0.1, 2, 1)],
    two_piece_normal: [(36, 0.020933810069141464, 1396.4875662282768, 9957.05858078542, 957.6285415715439, 0.05796164396081859), (0, 1, 1e6, 2, 1e3, 1e-3)],
    von_mises: [(0, 1e-6, 0.5, 1e3), (0, 1e4, 0.5, 2), (0, 1e5, 1, 1e-5), (0, 1e18, 1, 3e18), (1, 1e40, 1, 1e30)],
    gompertz: [(1e-3, 1, 5, 2), (3, 1e-6, 1e3, 1e-9), (1e6, 1, 1e-6, 1)],
}

rows = ["law,first,second,value,slopes,curvatures"]
for f, cases in CASES.items():
    for case in cases:
        p = [mpf(float(x)) for x in case]
        step = lambda i: mpf(10) ** -40 * (abs(p[i]) or 1)
        derivatives = [[diff(lambda t: f(*p[:i], t, *p[i + 1 :]), p[i], n, h=step(i)) for i in range(len(p))] for n in (1, 2)]
        half = len(p) // 2
        words = lambda xs, digits: " ".join(nstr(x, digits) for x in xs)
        name = f.__name__.rstrip("_")
        rows.append(",".join([name, words(p[:half], 17), words(p[half:], 17), nstr(f(*p), 20), *(words(x, 20) for x in derivatives)]))
Path(__file__).with_name("far_divergences.csv").write_text("\n".join(rows) + "\n")
