"""Values of tests/discrete/faults.rs, by the plain formulas with enough digits."""

from mpmath import diff, exp, expm1, fsum, hyp0f1, log, log1p, loggamma, mp, mpf, zeta

mp.dps = 60


def show(name, value):
    print(f"{name}: {mp.nstr(value, 17)}")


def skellam(first, second, k):
    """ln of the mass at k >= 0."""
    first, second, k = mpf(first), mpf(second), mpf(k)
    return -(first + second) + k * log(first) - loggamma(k + 1) + log(hyp0f1(k + 1, first * second))


def skellam_slope(first, second, k):
    """In the second rate: p(k + 1)/p(k) - 1."""
    first, second, k = mpf(first), mpf(second), mpf(k)
    product = first * second
    return first / (k + 1) * hyp0f1(k + 2, product) / hyp0f1(k + 1, product) - 1


for first, second, k in [(1, 1e5, 2**63 - 1), (1, 1e5, 2**60), (3, 2e9, 2**55), (1e10, 1e12, 2**62 + 1)]:
    show(f"skellam {first:g} {second:g} {k}", skellam(first, second, k))
    show("  slope", skellam_slope(first, second, k))


def skellam_tail(first, second, k):
    """ln of the probability of k >= 0 or more."""
    top = skellam(first, second, k)
    return top + log(fsum(exp(skellam(first, second, k + m) - top) for m in range(30)))


mp.dps = 120
for first, second, k in [(1, 1e5, 2**60), (1e10, 1e12, 2**62 + 1), (1e8, 1e8, 10**12)]:
    show(f"skellam tail {first:g} {second:g} {k}", skellam_tail(first, second, k))
mp.dps = 60


def sigmoid(x):
    return 1 / (1 + exp(-x))


def bernoulli_entropy(logit):
    p, q = sigmoid(logit), sigmoid(-logit)
    return -(p * log(p) + q * log(q))


def multinomial_entropy(logit):
    """Of three trials and two cells."""
    p, q = sigmoid(logit), sigmoid(-logit)
    masses = [p**3, 3 * p**2 * q, 3 * p * q**2, q**3]
    return -fsum(m * log(m) for m in masses)


for logit in [400, 300, 40]:
    mp.dps = 500
    logit = mpf(logit)
    show(f"-p q at {logit}", -sigmoid(logit) * sigmoid(-logit))
    show("  entropy of a trial''", diff(bernoulli_entropy, logit, 2))
    show("  entropy of three trials''", diff(multinomial_entropy, logit, 2))

mp.dps = 60


def trial(p, other):
    p, other = mpf(p), mpf(other)
    return p * log(p / other) + (1 - p) * log((1 - p) / (1 - other))


def trial_logit(logit, other):
    return trial(sigmoid(mpf(logit)), sigmoid(mpf(other)))


show("trial .3", trial(0.3, 0.3 + 1e-9))
show("trial .9", trial(0.9, 0.9 - 1e-12))
show("trial 1e-8", trial(1e-8, 2e-8))
show("geometric .3", trial(0.3, 0.3 + 1e-9) / mpf(0.3))
show("logits .3", trial_logit(0.3, 0.3 + 1e-9))
show("logits 40", trial_logit(40, 40 + 1e-6))
show("poisson 1e8", mpf(1e8) * (mpf(1e-8) - log1p(mpf(1e-8))))
show("poisson 2.5", mpf(2.5) * ((mpf(2.5 + 1e-9) / 2.5 - 1) - log(mpf(2.5 + 1e-9) / 2.5)))


def zipf(n, s, m, t):
    s, t = mpf(s), mpf(t)
    z, y = (fsum(mpf(k) ** -x for k in range(1, count + 1)) for x, count in [(s, n), (t, m)])
    return fsum(mpf(k) ** -s / z * (log(mpf(k)) * (t - s) + log(y) - log(z)) for k in range(1, n + 1))


def zeta_kl(s, t):
    s, t = mpf(s), mpf(t)
    return log(zeta(t)) - log(zeta(s)) - (t - s) * zeta(s, 1, 1) / zeta(s)


show("zipf 100 1.5", zipf(100, 1.5, 100, 1.5 + 1e-9))
show("zipf 100 0", zipf(100, 0, 100, 1e-9))
show("zipf 100 1 to 200", zipf(100, 1, 200, 1 + 1e-7))
show("zipf 100 1.5 to 3", zipf(100, 1.5, 100, 3))
mp.dps = 400
show("zeta 2.5", zeta_kl(2.5, 2.5 + 1e-9))
show("zeta 1.001", zeta_kl(1.001, 1.0010001))
show("zeta 1000", zeta_kl(1000, 1001))
show("zeta 3", zeta_kl(3, 4))


def divergence(p, q, counts):
    """By the logarithms of the masses."""
    return fsum(exp(p(k)) * (p(k) - q(k)) for k in counts)


def negative_binomial(r, p):
    r, p = mpf(r), mpf(p)
    return lambda k: loggamma(k + r) - loggamma(k + 1) - loggamma(r) + r * log(p) + k * log1p(-p)


def gamma_poisson(shape, rate):
    return negative_binomial(shape, mpf(rate) / (1 + mpf(rate)))


def dirichlet_multinomial(n, a):
    a = [mpf(x) for x in a]
    base = loggamma(n + 1) + loggamma(sum(a)) - loggamma(n + sum(a))
    return lambda k: base + fsum(loggamma(i + x) - loggamma(i + 1) - loggamma(x) for i, x in zip(k, a))


mp.dps = 60
for [a, b, most] in [
    [(10, 0.3), (10 + 1e-7, 0.3), 700],
    [(10, 0.3), (10, 0.3 + 1e-9), 700],
    [(0.5, 0.9), (0.5 - 1e-10, 0.9 + 1e-10), 200],
]:
    show(f"negative binomial {a}", divergence(negative_binomial(*a), negative_binomial(*b), range(most)))
show("negative binomial 1e4", divergence(negative_binomial(1e4, 0.3), negative_binomial(1e4 + 1e-3, 0.3), range(19000, 28000)))
show("gamma-poisson", divergence(gamma_poisson(10, 0.3), gamma_poisson(10 + 1e-7, 0.3), range(1500)))
show("gamma-poisson rate", divergence(gamma_poisson(2, 4), gamma_poisson(2, 4 + 1e-8), range(300)))
two = [(k, 20 - k) for k in range(21)]
for a, b in [((1e3, 1e3), (1e3 + 1e-6, 1e3)), ((2, 3), (2 + 1e-9, 3)), ((0.5, 40), (0.5, 40 - 1e-7))]:
    show(f"beta-binomial {a}", divergence(dirichlet_multinomial(20, a), dirichlet_multinomial(20, b), two))
three = [(i, j, 6 - i - j) for i in range(7) for j in range(7 - i)]
for a, b in [((2, 3, 5), (2 + 1e-8, 3, 5)), ((0.1, 1, 100), (0.1, 1 - 1e-9, 100 + 1e-6))]:
    show(f"dirichlet-multinomial {a}", divergence(dirichlet_multinomial(6, a), dirichlet_multinomial(6, b), three))


def cells(a, i, j, n=10):
    """The covariance of the counts of cells i and j of a Dirichlet-multinomial law, and the mean of the first."""
    total = sum(a)
    return n * a[i] / total * ((i == j) - a[j] / total) * (n + total) / (1 + total), n * a[i] / total


mp.dps = 60
a = [mpf(1e9), mpf(1e-9), mpf(2e-9)]
of_first = lambda k: lambda x: cells([x, *a[1:]], 0, 0)[k]
show("nearly certain cell: variance", cells(a, 0, 0)[0])
show("  its slope", diff(of_first(0), a[0]))
show("  covariance", cells(a, 0, 1)[0])
show("  slope of the mean", diff(of_first(1), a[0]))
