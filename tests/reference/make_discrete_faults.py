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
