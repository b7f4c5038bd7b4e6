#!/usr/bin/env python3
"""Prints the series in `src/distr/continuous/student_t/flow.rs`: Student's t at fixed probability for many degrees of freedom.

y = asinh(t/√ν) has the density C cosh^-ν y. With dy/dν = (1/ν) Σ h_k(y) ν^-k at a fixed probability, the derivative of the distribution function gives
h_0 = -ln cosh y/tanh y and h_k = (h_(k-1)' + c_k)/tanh y with d ln C/dν = Σ c_k ν^-k, c_1 = 1/2, c_k = (2^k - 1) B_k/k. The h_k are odd; E_0 = sinh y +
2 cosh y h_0 is printed as one series. Kept are the terms above 3e-19 for ν = 40 and y = 0.55.
"""
from fractions import Fraction as F
from math import factorial

D = 64


def bernoulli(n, memo=[F(1)]):
    from math import comb
    while len(memo) <= n:
        m = len(memo)
        memo.append(-sum(comb(m + 1, j) * memo[j] for j in range(m)) / (m + 1))
    return memo[n]


def times(a, b):
    n = min(len(a), len(b))
    return [sum(a[j] * b[i - j] for j in range(i + 1) if a[j] and b[i - j]) for i in range(n)]


Y_COTH = [F(2) ** n * bernoulli(n) / factorial(n) if n % 2 == 0 else F(0) for n in range(D)]
TANH = [F(2) ** (n + 1) * (F(2) ** (n + 1) - 1) * bernoulli(n + 1) / factorial(n + 1) if n % 2 else F(0) for n in range(D)]
LN_COSH = [F(0)] + [c / (n + 1) for n, c in enumerate(TANH[:-1])]
SINH = [F(1, factorial(n)) if n % 2 else F(0) for n in range(D)]
COSH = [F(0) if n % 2 else F(1, factorial(n)) for n in range(D)]


def over_tanh(s):
    return times(s[1:], Y_COTH)


def c(k):
    return F(1, 2) if k == 1 else (F(2) ** k - 1) * bernoulli(k) / k if k % 2 == 0 else F(0)


def kept(series, k):
    odd = series[1::2]
    last = max((i for i, x in enumerate(odd) if abs(x) * F(55, 100) ** (2 * i) * F(40) ** -k > 3e-19), default=-1)
    return odd[:last + 1]


h = [-x for x in over_tanh(LN_COSH)]
print("E0", [float(x) for x in kept([a + 2 * b for a, b in zip(SINH, times(COSH, h))], 0)])
for k in range(1, 25):
    slope = [(n + 1) * h[n + 1] for n in range(len(h) - 1)]
    slope[0] += c(k)
    h = over_tanh(slope)
    row = kept(h, k)
    if not row:
        break
    print(k, [float(x) for x in row])


def at_probability(nu, p):
    """dt/dν of the p-quantile by quadrature of the density and of its derivative in ν"""
    import mpmath as mp
    mp.mp.dps = 40
    nu, p = mp.mpf(nu), mp.mpf(p)
    ln_c = mp.loggamma((nu + 1) / 2) - mp.loggamma(nu / 2) - mp.log(nu * mp.pi) / 2
    d_ln_c = (mp.psi(0, (nu + 1) / 2) - mp.psi(0, nu / 2) - 1 / nu) / 2
    f = lambda t: mp.exp(ln_c - (nu + 1) / 2 * mp.log1p(t * t / nu))
    d_ln_f = lambda t: d_ln_c - mp.log1p(t * t / nu) / 2 + (nu + 1) / 2 * t * t / (nu * (nu + t * t))
    F = lambda t: mp.quad(f, [0, t / 2, t]) - (p - mp.mpf(1) / 2)
    t = mp.findroot(F, mp.sqrt(2) * mp.erfinv(2 * p - 1))
    return float(t), float(-mp.quad(lambda x: f(x) * d_ln_f(x), [0, t / 2, t]) / f(t))


print("quantiles in the unit test")
for nu in [41.0, 1e3, 1e5, 1e7]:
    for p in [0.50001, 0.6, 0.9, 0.9999]:
        print((nu, p, *at_probability(nu, p)))
