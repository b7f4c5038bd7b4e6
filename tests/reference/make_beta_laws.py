"""Prints the numbers in the unit tests of the beta laws and Student's t: entropies and divergences by quadrature in logit x."""

import mpmath as mp

mp.mp.dps = 30


def over_logit(a, b, g):
    """E[g(theta)] for the law of the logit of a beta variable."""
    a, b = mp.mpf(a), mp.mpf(b)
    f = lambda t: mp.exp(-a * mp.log1p(mp.exp(-t)) - b * mp.log1p(mp.exp(t))) / mp.beta(a, b)
    m, w = mp.log(a / b), mp.sqrt(1 / a + 1 / b)
    points = [m - 80 * w - 80 / a, m - 20 * w - 10 / a, m - 6 * w, m - 2 * w, m, m + 2 * w, m + 6 * w]
    points += [m + 20 * w + 10 / b, m + 80 * w + 80 / b]
    return mp.quad(lambda t: f(t) * g(t), points)


def ln_x(t):
    return -mp.log1p(mp.exp(-t))


def ln_y(t):
    return -mp.log1p(mp.exp(t))


def ln_logit(a, b, t):
    return a * ln_x(t) + b * ln_y(t) - mp.log(mp.beta(a, b))


def show(name, v):
    print(name, mp.nstr(v, 17))


for a, b in [("2", "3"), ("0.3", "40"), ("0.001", "0.001")]:
    a, b = mp.mpf(a), mp.mpf(b)
    show(f"logit_beta entropy {a} {b}", over_logit(a, b, lambda t: -ln_logit(a, b, t)))
    show(f"beta entropy {a} {b}", over_logit(a, b, lambda t: -ln_logit(a, b, t) + ln_x(t) + ln_y(t)))
    show(f"beta_prime entropy {a} {b}", over_logit(a, b, lambda t: -ln_logit(a, b, t) + t))
show("fisher_f entropy 5 8", over_logit(2.5, 4, lambda t: -ln_logit(2.5, 4, t) + t + mp.log(mp.mpf(8) / 5)))
for c, d in [("0.7", "5"), ("3", "1.5")]:
    c, d = mp.mpf(c), mp.mpf(d)
    show(f"kl beta(2, 3) beta({c}, {d})", over_logit(2, 3, lambda t: ln_logit(2, 3, t) - ln_logit(c, d, t)))
for nu in ["5", "0.5", "40"]:
    nu = mp.mpf(nu)
    c = mp.log(mp.sqrt(nu) * mp.beta(nu / 2, mp.mpf(1) / 2))
    ln_f = lambda t: -(nu + 1) / 2 * mp.log1p(t * t / nu) - c
    # t = sinh(s): the tails are then exponential
    g = lambda s: -mp.exp(ln_f(mp.sinh(s))) * ln_f(mp.sinh(s)) * mp.cosh(s)
    show(f"student_t entropy {nu}", 2 * mp.quad(g, [0, 1, 3, 8, 20, 60, 200]))
