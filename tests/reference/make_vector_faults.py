"""Values of tests/multivariate/faults.rs and tests/special/faults.rs, by the plain formulas with enough digits."""

from mpmath import diff, digamma, exp, gammainc, log, log1p, loggamma, mp, mpf, ncdf, pi, psi, sqrt

mp.dps = 400


def show(name, value):
    print(f"{name}: {mp.nstr(value, 17)}")


def ln_beta(a):
    return sum(loggamma(x) for x in a) - loggamma(sum(a))


def dirichlet_kl(a, b):
    total = sum(a)
    return ln_beta(b) - ln_beta(a) + sum((x - y) * (digamma(x) - digamma(total)) for x, y in zip(a, b))


def dirichlet_entropy(a, less):
    total = sum(a)
    return ln_beta(a) + sum((x - less) * (digamma(total) - digamma(x)) for x in a)


def gamma_kl(a, r, a2, r2):
    return (a - a2) * digamma(a) - loggamma(a) + loggamma(a2) - a2 * log(r2 / r) + a * (r2 / r - 1)


def ln_gamma_d(d, x):
    return mpf(d) * (d - 1) / 4 * log(pi) + sum(loggamma(x - mpf(i) / 2) for i in range(d))


def psi_d(d, x):
    return sum(digamma(x - mpf(i) / 2) for i in range(d))


def wishart_kl_scaled(d, n1, n2, c):
    """From scale c I to scale I."""
    trace, ln_det = d * c, d * log(c) / 2
    return (ln_gamma_d(d, n2 / 2) - ln_gamma_d(d, n1 / 2) + (n1 - n2) / 2 * psi_d(d, n1 / 2)
            + n1 * (trace - d) / 2 - n2 * ln_det)


def wishart_entropy(d, n):
    return (mpf(d) * (d + 1) / 2 * log(2) + ln_gamma_d(d, n / 2) - (n - d - 1) / 2 * psi_d(d, n / 2) + n * d / 2)


def inverse_wishart_entropy(d, n):
    return (-mpf(d) * (d + 1) / 2 * log(2) + ln_gamma_d(d, n / 2) - (n + d + 1) / 2 * psi_d(d, n / 2) + n * d / 2)


def lkj_variance(a, b):
    """Of the square root of a beta variable of shapes b and a."""
    mean = exp(loggamma(b + mpf(1) / 2) + loggamma(a + b) - loggamma(b) - loggamma(a + b + mpf(1) / 2))
    return b / (a + b) - mean * mean


def m(*x):
    return [mpf(x) for x in x]


show("dirichlet kl 1000", dirichlet_kl(m(1000, 2000, 3000), m(1000 + 1e-3, 2000, 3000)))
show("dirichlet kl 10", dirichlet_kl(m(10, 20, 30), m(10, 20 + 1e-5, 30)))
show("dirichlet kl double", dirichlet_kl(m(1e8, 2e8, 3e8), m(2e8, 4e8, 6e8)))
show("dirichlet kl small", dirichlet_kl(m(0.3, 2, 5.5), m(0.3 + 1e-9, 2, 5.5)))
show("dirichlet kl far", dirichlet_kl(m(1e-5, 2, 1e6), m(3, 1e4, 1e-2)))
show("beta kl 1e3", dirichlet_kl(m(1e3, 1e3), m(1e3 + 1e-6, 1e3)))
show("gamma kl 1e8", gamma_kl(*m(1e8, 1, 1e8 + 1, 1)))
show("gamma kl 100", gamma_kl(*m(100, 1, 100 + 1e-6, 1)))
show("gamma kl same mean", gamma_kl(*m(1e8, 1, 2e8, 2)))
show("gamma kl far", gamma_kl(*m(1e-3, 2, 30, 1e-5)))
show("gamma kl rates 1e16 apart", gamma_kl(*m(1, 1e8, 1, 1e-8)))
show("gamma kl rates 1e300 apart", gamma_kl(*m(1, 1e150, 1e9, 1e-150)))
show("gamma kl shapes 1e70 apart", gamma_kl(*m(3, 1e100, 1e70, 1e-100)))
show("wishart kl scales 1e20 apart", wishart_kl_scaled(3, *m(50, 50, 1e-20)))
show("wishart kl 50", wishart_kl_scaled(3, *m(50, 50.001, 1)))
show("wishart kl 1e8", wishart_kl_scaled(3, *m(1e8, 1e8 + 1, 1)))
show("wishart kl same mean", wishart_kl_scaled(3, *m(1e8, 4e8, 4)))
show("wishart kl scale", wishart_kl_scaled(2, *m(3.5, 3.5, (1 + 2.0**-20) ** 2)))
for a in [1e9, 1e15, 1e20]:
    show(f"beta entropy {a}", dirichlet_entropy(m(a, 2 * a), 1))
show("log dirichlet entropy", dirichlet_entropy(m(1e15, 2e15, 5e15), 0))
for n in [1e9, 1e15, 1e20]:
    show(f"wishart entropy {n}", wishart_entropy(3, mpf(n)))
    show(f"inverse wishart entropy {n}", inverse_wishart_entropy(3, mpf(n)))
for eta in [1e7, 1e3, 40, 1.5, 1e-3]:
    b = mpf(eta)
    show(f"lkj variance {eta}", lkj_variance(mpf(1) / 2, b + mpf(1) / 2))
    show(f"lkj variance last {eta}", lkj_variance(mpf(1), b))


def ln_prefix(a, b, x):
    a, b, x = m(a, b, x)
    return a * log(x) + b * log1p(-x) - ln_beta([a, b]) - log(abs(a * (1 - x) - b * x))


show("ln I(1e110, 1e108, .9)", ln_prefix(1e110, 1e108, 0.9))
show("ln Q(1e108, 1e110, .1)", ln_prefix(1e108, 1e110, 0.1))
show("ln I(1e200, 3, .5)", ln_prefix(1e200, 3, 0.5))
show("ln I(1.5e308, 1.5e308, .4)", ln_prefix(1.5e308, 1.5e308, 0.4))
mp.dps = 40
show("gamma limit P(3, 1)", gammainc(3, 0, 1, regularized=True))

mp.dps = 80
for alpha in [m(1e12, 1, 2.5), m(1e17, 1e-3, 3), m(5.4e7, 5.8e-7, 8.75e-6), m(1.01e14, 0.0195, 7.45e12)]:
    for i, a in enumerate(alpha):
        others = alpha[:i], alpha[i + 1 :]
        show("log dirichlet variance", psi(1, a) - psi(1, sum(alpha)))
        show("mode", log(a / sum(alpha)))
        show("slope of entropy", diff(lambda a: dirichlet_entropy([*others[0], a, *others[1]], 0), a, h=a / 10**25))
    show("entropy of logs", dirichlet_entropy(alpha, 0))
    show("dirichlet entropy", dirichlet_entropy(alpha, 1))


def projected_normal(x, p):
    """In the plane, for D > 30."""
    (m0, m1, s0, s1), length = p, sqrt(x[0] ** 2 + x[1] ** 2)
    u = [x[0] / length / s0, x[1] / length / s1]
    a = sqrt(u[0] ** 2 + u[1] ** 2)
    d = (u[0] * m0 / s0 + u[1] * m1 / s1) / a
    radial = (exp(-d * d / 2) + d * sqrt(2 * pi) * ncdf(d)) / a**2
    return log(radial / (2 * pi * s0 * s1)) - ((m0 / s0) ** 2 + (m1 / s1) ** 2 - d * d) / 2


mp.dps = 150
for p, x in [
    ((-75125851.78012022, 31756.867611820562, 1.1074706733586867e-6, 2528.3888051789127), (-0.9999999036953076, 0.0004388728466033299)),
    ((-45113.035535168754, -2.575360929961492, 31784515.30372148, 4.210656981165809e-8), (-0.999999999999962, -2.753888984238671e-7)),
    ((-898.2992320547492, 48.7740840075315, 0.005842847994165683, 18.882802337750878), (-0.997933524891038, 0.06425480447832457)),
]:
    p, x = m(*p), m(*x)
    show("projected normal", projected_normal(x, p))
    for i in range(4):
        at = lambda t: projected_normal(x, [t if k == i else p[k] for k in range(4)])
        show(f"  slope {i}", diff(at, p[i], h=abs(p[i]) / 10**25))
