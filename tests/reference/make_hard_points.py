"""Prints the numbers of tests/laws/hard_points.rs: points at which other libraries have been wrong, with mpmath at 60 digits."""

from mpmath import *

mp.dps = 60


def show(name, *values):
    print(name, " ".join(nstr(v, 17) for v in values))


show("dP/da (3, 50)", -diff(lambda a: gammainc(a, 50, regularized=True), 3))


def inc_beta(a, b, x):
    """DLMF 8.17.8"""
    term = total = mpf(1)
    n = 0
    while abs(term) > eps * total or (a + b + n) * x > a + 1 + n:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    return exp(a * log(x) + b * log(1 - x) + loggamma(a + b) - loggamma(a + 1) - loggamma(b)) * total


for a, b, x in [(1, 1, ".5"), (2, 3, ".25"), (10, 1, ".5"), (2500, 2, ".999")]:
    # the double nearest to x
    a, b, x = mpf(a), mpf(b), mpf(float(x))
    show(f"dI/da dI/db ({nstr(a, 9)}, {nstr(b, 9)}, {nstr(x, 17)})", diff(lambda t: inc_beta(t, b, x), a), diff(lambda t: inc_beta(a, t, x), b))

# derivatives of order 3 and 4 of the logit of the beta law's quantile in its shapes; `diff` raises the precision for its steps
with workdps(22):
    for a, b, u in [(2, 3, ".3"), (".3", ".2", ".4"), (5, 40, ".6"), (20, 30, ".1"), (90, 70, ".3"), (600, 900, ".4"), (2000, 150, ".95")]:
        a, b, u = mpf(float(a)), mpf(float(b)), mpf(float(u))
        of_logit = lambda t, a, b: inc_beta(a, b, 1 / (1 + exp(-t))) - u
        middle = log(a / b)
        root = findroot(lambda t: of_logit(t, a, b), (middle - 0.3, middle + 0.3), solver="anderson")
        at = lambda a, b: findroot(lambda t: of_logit(t, a, b), root, tol=eps**2 * 2**40)
        for orders in [[(3, 0), (2, 1), (1, 2), (0, 3)], [(4, 0), (2, 2), (0, 4)]]:
            show(f"logit Beta({nstr(a, 9)}, {nstr(b, 9)}) at {nstr(u, 17)}, {orders}", *[diff(at, (a, b), order) for order in orders])


def moved(cdf, pdf, z, parameters):
    """dz/dparameter at a fixed value of the distribution function."""
    slopes = []
    for i, p in enumerate(parameters):
        at = lambda t: cdf(z, *(parameters[:i] + [t] + parameters[i + 1 :]))
        slopes.append(-diff(at, p) / pdf(z, *parameters))
    return slopes


def beta_pdf(x, a, b):
    return x ** (a - 1) * (1 - x) ** (b - 1) * gamma(a + b) / gamma(a) / gamma(b)


# in y = 1 - x, where the series converges
a, b, u = mpf(66575), mpf(float("1.5")), mpf(float("0.3"))
upper = lambda y, a, b: inc_beta(b, a, y)
y = findroot(lambda y: upper(y, a, b) - (1 - u), (mpf("1e-5"), mpf("4e-5")), solver="anderson")
show("Beta(66575, 1.5) at .3", 1 - y, *[-m for m in moved(upper, lambda y, a, b: beta_pdf(y, b, a), y, [a, b])])

# I_x(a, b) = x^a / (a B(a, b)) to 60 digits where x is of the order of e^-500
a = b = mpf(float("1e-3"))
ln_cdf = lambda w, a, b: a * w - log(a) - (log(gamma(a)) + log(gamma(b)) - log(gamma(a + b)))
w = findroot(lambda w: ln_cdf(w, a, b) - log(u), mpf(-500))
show("logit Beta(1e-3, 1e-3) at .3", w, -diff(lambda t: ln_cdf(w, t, b), a) / a, -diff(lambda t: ln_cdf(w, a, t), b) / a)

# the same in closed form, for shapes beside which 1 is infinite: value, gradient and the Hessian's three entries
with workdps(300):
    for a, b in [("1e-6", "3e-7"), ("1e-17", "1e-17"), ("1e-60", "2e-60"), ("1e-80", "2e-80")]:
        a, b = mpf(float(a)), mpf(float(b))
        quantile = lambda a, b: (log(mpf(float(".2"))) + loggamma(1 + a) + loggamma(b) - loggamma(a + b)) / a
        orders = [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
        show(f"logit Beta({nstr(a, 9)}, {nstr(b, 9)}) at .2", quantile(a, b), *[diff(quantile, (a, b), order, relative=True) for order in orders])
        show("  its mean", psi(0, a) - psi(0, b))
for a, b in [("1e-12", 3), ("1e-6", 1)]:
    show(f"mean of logit Beta({a}, {b})", psi(0, mpf(float(a))) - psi(0, mpf(b)))


def truncated_cdf(z, shape, rate, lo, hi):
    q = lambda x: gammainc(shape, rate * x)
    return (q(lo) - q(z)) / (q(lo) - q(hi))


def truncated_pdf(z, shape, rate, lo, hi):
    q = lambda x: gammainc(shape, rate * x)
    return rate * (rate * z) ** (shape - 1) * exp(-rate * z) / (q(lo) - q(hi))


p = [mpf(2), mpf(1), mpf(30), mpf(40)]
z = findroot(lambda z: truncated_cdf(z, *p) - u, mpf("30.3"))
show("Gamma(2, 1) on [30, 40] at .3", z, *moved(truncated_cdf, truncated_pdf, z, p))

# far tails, and logarithms of probabilities beyond the doubles or next to 0
show("1 - F of Gamma(10, 1) at 740", gammainc(10, 740, inf, regularized=True))
far = lambda l: findroot(lambda x: -x + log(1 + x + x * x / 2) - l, -l + 2 * log(-l))
show("Gamma(3, 1) at ln(1 - F) = -1e10, -1e100", far(mpf(-(10**10))), far(mpf(-(10**100))))
l = mpf(-(10**100))
show("Maxwell(1) at ln(1 - F) = -1e100", findroot(lambda z: log(sqrt(2 / pi)) + log(z) - z * z / 2 - l, sqrt(-2 * l)))
p = mpf(float("0.1"))
eta = log(p / (1 - p))
show("ContinuousBernoulli(.1) at ln(1 - F) = -1e-16", log1p(-expm1(-mpf(float("1e-16"))) * expm1(eta)) / eta)
show("Triangular(0, 1, 0) at ln(1 - F) = -1e-8", -expm1(-mpf(float("1e-8")) / 2))

# P(T > e^w) = I_x(nu/2, 1/2)/2 at x = nu/(nu + e^2w)
nu = mpf(float("1e-6"))
sf = lambda w: betainc(nu / 2, mpf("0.5"), 0, nu / (nu + exp(2 * w)), regularized=True) / 2
at = lambda p: exp(findroot(lambda w: sf(w) - (1 - p), (mpf(20), mpf(90)), solver="anderson"))
show("StudentT(1e-6) at .50005", at(mpf("0.50005")))
show("HalfStudentT(1e-6) at 1e-4", at((1 + mpf(float("1e-4"))) / 2))

y = findroot(lambda y: log(erfc(-y / sqrt(2)) / 2) + 10000, mpf(-141))
for a in (mpf(10) ** 20, mpf(10) ** 34):
    r = sqrt(a)
    show("Gamma(%s, 1) below its mean at ln F = -1e4" % nstr(a, 3), -(r * y + (y * y - 1) / 3 + (y**3 - 7 * y) / (36 * r)))

# the beta quotient at both ends of the range of doubles
a, b, c, d = mpf(2), mpf(3), mpf("1.5"), mpf("0.7")
moment = lambda p, q, k: gamma(p + k) * gamma(p + q) / gamma(p) / gamma(p + q + k)
for z in (mpf(5e-324), mpf(1e-310)):
    ln_cdf = a * log(z) + log(moment(c, d, a) / a / beta(a, b))
    show("BetaQuotient ln F, ln f at %s" % nstr(z, 5), ln_cdf, ln_cdf + log(a / z))
ln_sf = lambda z, c: -c * log(z) + log(moment(a, b, c) / c / beta(c, d))
for z in (mpf(1e300), mpf(1.7976931348623157e308)):
    show("BetaQuotient ln(1 - F), ln f at %s" % nstr(z, 5), ln_sf(z, c), ln_sf(z, c) + log(c / z))
show("d/dc, d2/dc2 at 1e300", *[diff(lambda c: ln_sf(mpf(1e300), c), c, k) for k in (1, 2)])

show("ln f of NoncentralChiSquared(2, 3) at 0", -mpf(3) / 2 - log(2))

# Kumaraswamy laws with a small b: their moments and the derivatives of the variance
ln_moment = lambda r, b: loggamma(1 + b) + loggamma(1 + r) - loggamma(1 + r + b)
variance = lambda a, b: exp(ln_moment(2 / a, b)) - exp(2 * ln_moment(1 / a, b))
mp.dps = 100
for a, b in [(0.03, 4e-15), (6.37815733224362e-5, 0.0004929610899938223), (3.0, 1e-10), (1e4, 1e-6)]:
    a, b = mpf(a), mpf(b)
    slopes = [diff(variance, (a, b), n, h=mpf(10) ** -40) for n in ((1, 0), (0, 1))]
    show("Kumaraswamy(%s, %s)" % (nstr(a, 5), nstr(b, 5)), exp(ln_moment(1 / a, b)), variance(a, b), *slopes)
