"""Incomplete gamma and beta functions and the von Mises law's, beyond the shapes of their own tables: special_beyond.csv.

    python3 make_special_beyond.py > special_beyond.csv

Each row: function, first parameter, second, argument, ln of the smaller tail, which tail, and the derivative of that
logarithm in the first parameter. Integrals of the density and of its score by mpmath's quadrature, at 40 digits.
"""

from mpmath import mp, mpf

mp.dps = 40
def tail(ln_density, score, centre, breadth, at, upper, decay=1):
    """ln of the integral of exp(ln_density) beyond `at`, and the integral of the score times the density over it."""
    # the density is largest at the centre: from there or from `at`, whichever is further out
    start = max(at, centre) if upper else min(at, centre)
    sign = 1 if upper else -1
    ends = {at, start} | {start + sign * breadth * k for k in (mpf(1) / 4, 1, 2, 4, 8, 15, 25, 45)}
    # far out it falls by e in 1/decay
    ends |= {start + sign * k / mpf(decay) for k in (1, 4, 12, 30, 60, 100)}
    # where `at` is out in a tail the integrand falls in less than a breadth
    fall = breadth * breadth / max(abs(start - centre), breadth)
    ends |= {start + sign * fall * k for k in (mpf(1) / 4, 1, 3, 8, 20, 50)}
    ends = sorted(ends) if upper else sorted(ends, reverse=True)
    top = ln_density(start)
    mass = sign * mp.quad(lambda t: mp.exp(ln_density(t) - top), ends)
    first = sign * mp.quad(lambda t: score(t) * mp.exp(ln_density(t) - top), ends)
    return mp.log(mass) + top, first / mass


def row(name, a, b, x, upper, ln_tail, slope):
    print(",".join([name, repr(a), repr(b), repr(x), "upper" if upper else "lower", mp.nstr(ln_tail, 17), mp.nstr(slope, 17)]))


def gamma(a, sigmas):
    """In t = ln(x/a): ln density a (t - e^t) + a ln a - ln Γ(a)."""
    big = mpf(a)
    x = float(big * mp.exp(mpf(sigmas) / mp.sqrt(big)))
    at = mp.log(mpf(x) / big)
    whole = big * mp.log(big) - mp.loggamma(big)
    upper = sigmas > 0
    result = tail(
        lambda t: big * (t - mp.exp(t)) + whole,
        lambda t: t + mp.log(big) - mp.digamma(big),
        mpf(0), 1 / mp.sqrt(big), at, upper, decay=mp.sqrt(big),
    )
    row("inc_gamma", a, 0.0, x, upper, *result)


def beta(a, b, sigmas):
    """In θ = logit x: ln density a ln σ(θ) + b ln σ(-θ) - ln B(a, b)."""
    a_, b_ = mpf(a), mpf(b)
    centre, breadth = mp.log(a_ / b_), mp.sqrt(1 / a_ + 1 / b_)
    theta = centre + sigmas * breadth
    x = float(1 / (1 + mp.exp(-theta)))
    at = mp.log(mpf(x) / (1 - mpf(x)))
    whole = mp.loggamma(a_ + b_) - mp.loggamma(a_) - mp.loggamma(b_)
    upper = sigmas > 0
    ln_sigma = lambda t: -mp.log1p(mp.exp(-t))
    result = tail(
        lambda t: a_ * ln_sigma(t) + b_ * ln_sigma(-t) + whole,
        lambda t: ln_sigma(t) - mp.digamma(a_) + mp.digamma(a_ + b_),
        centre, breadth, at, upper, decay=min(a, b),
    )
    row("inc_beta", a, b, x, upper, *result)


def small_beta(a, b, x):
    """Shapes far below 1: the lower tail is x^a F(a, 1 - b; 1 + a; x)/(a B(a, b))."""
    def ln_lower(a):
        return mp.log(mp.betainc(a, mpf(b), 0, mpf(x), regularized=True))
    row("inc_beta", a, b, x, False, ln_lower(mpf(a)), mp.diff(ln_lower, mpf(a), h=mpf(a) * mpf(10) ** -12))


def small_gamma(a, x):
    """Shapes far below 1: the upper tail is Γ(a, x)/Γ(a)."""
    def ln_upper(a):
        return mp.log(mp.gammainc(a, mpf(x), regularized=True))
    row("inc_gamma", a, 0.0, x, True, ln_upper(mpf(a)), mp.diff(ln_upper, mpf(a), h=mpf(a) * mpf(10) ** -12))


def von_mises(kappa, sigmas):
    """Density exp(κ (cos θ - 1)) / (2π e^-κ I0(κ))."""
    k = mpf(kappa)
    theta = float(mpf(sigmas) / mp.sqrt(k))
    # Hankel's asymptotic series, whose terms shrink to e^-2κ at these concentrations
    def scaled_bessel(n):
        total, term, m = mpf(0), mpf(1), 0
        while abs(term) > mpf(10) ** -60:
            total += term
            m += 1
            term *= -(mpf(4 * n * n) - (2 * m - 1) ** 2) / (m * 8 * k)
        return total / mp.sqrt(2 * mp.pi * k)
    whole = -mp.log(2 * mp.pi * scaled_bessel(0))
    # 1 - A(κ) without cancellation of what matters at 60 digits
    with mp.workdps(80):
        short = 1 - scaled_bessel(1) / scaled_bessel(0)
    result = tail(
        lambda t: -2 * k * mp.sin(t / 2) ** 2 + whole,
        lambda t: -2 * mp.sin(t / 2) ** 2 + short,
        mpf(0), 1 / mp.sqrt(k), mpf(theta), True, decay=mp.sqrt(k),
    )
    row("von_mises", kappa, 0.0, theta, True, *result)


if __name__ == "__main__":
    print("function,a,b,x,tail,ln_tail,d_ln_tail")
    for a in [1e-12, 1e-9, 1e-6, 3e-5]:
        for x in [1e-5, 0.3, 4.0, 30.0]:
            small_gamma(a, x)
    for a in [3e7, 1e8, 1e9, 1e10, 1e12, 1e14]:
        for sigmas in [-8, -2.5, -0.5, 0.1, 1, 6, 20]:
            gamma(a, sigmas)
    for a, b in [(1e-9, 3.0), (1e-6, 0.7), (3e-5, 50.0)]:
        for x in [1e-10, 0.1, 0.6]:
            small_beta(a, b, x)
    for a, b in [(1e8, 1e8), (3e7, 2.0), (1e9, 0.5), (1e9, 1e7), (1e10, 3e10), (1e12, 1e12), (1e12, 40.0), (1e14, 1e14)]:
        for sigmas in [-6, -1.5, 0.2, 2.5]:
                beta(a, b, sigmas)
    for kappa in [1e8, 1e9, 1e10, 1e12, 1e15]:
        for sigmas in [0.05, 0.7, 2, 6, 20]:
            von_mises(kappa, sigmas)
