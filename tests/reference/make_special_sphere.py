#!/usr/bin/env python3
"""special_sphere.csv: the law of the cosine w = 1 - 2S of a von Mises-Fisher vector in R^p to its mean direction (mpmath, 30 digits).

    make_special_sphere.py > special_sphere.csv

S has the density e^(-2 kappa S) (S (1 - S))^((p - 3)/2) up to a factor. Columns: p, kappa, S (exact doubles);
ln_z = ln E[e^(kappa (w - 1))] for w under the uniform law, b = 1 - A = E[1 - w] and its first two derivatives in kappa; at a fixed
value of the distribution function dS/dkappa and d2S/dkappa2; the smaller tail of S.
"""
import mpmath as mp

mp.mp.dps = 30
M = mp.mpf


def pieces(low, high, inner):
    return [low] + sorted(x for x in inner if low < x < high) + [high]


def moments(p, k):
    """In the angle phi, S = sin(phi)^2: the density is e^(-2 k S) (sin phi cos phi)^(p-2)."""
    nu = M(p) / 2 - 1
    scaled = lambda n: mp.besseli(n, k) * mp.exp(-k)
    mp.mp.dps += 30
    ln_z = mp.log(mp.gamma(nu + 1) * (2 / k) ** nu * scaled(nu))
    a = mp.besseli(nu + 1, k) / mp.besseli(nu, k)
    a1 = 1 - a * a - (p - 1) * a / k
    a2 = -2 * a * a1 - (p - 1) * (a1 / k - a / k ** 2)
    mp.mp.dps -= 30
    return +ln_z, 1 - a, -a1, -a2


def motion(p, k, s, b, b1):
    """dS/dkappa and d2S/dkappa2 by integrals of the density relative to that at S, over the smaller tail."""
    e = (M(p) - 3) / 2
    c = 1 - s
    ln_w = lambda t: -2 * k * (t - s) + e * (mp.log(t / s) + mp.log((1 - t) / c))
    mean, sd = b / 2, mp.sqrt(-b1) / 2
    upper = s > mean
    # in the angle, cut where the integrand is below e^-80
    phi = lambda t: mp.asin(mp.sqrt(t))
    inner = [phi(min(max(s + x * sd, M(0)), M(1))) for x in [-30, -16, -8, -4, -2, -1, -.5, .5, 1, 2, 4, 8, 16, 30]]
    inner += [phi(x) for x in [M(10) ** -6, M(10) ** -3, M("0.1"), M("0.9"), M("0.999")]]
    ends = pieces(phi(s), mp.pi / 2, inner) if upper else pieces(M(0), phi(s), inner)

    def integral(g):
        def f(x):
            t = mp.sin(x) ** 2
            if t <= 0 or t >= 1:
                return M(0)
            return mp.exp(ln_w(t)) * g(t) * 2 * mp.sin(x) * mp.cos(x)
        return mp.quad(f, ends) * (1 if upper else -1)

    # the score is b - 2 t; u = int f; at fixed u  S' = Q = int w (b - 2t),  d ln w/dkappa = -2 (t - s)
    q = integral(lambda t: b - 2 * t)
    q_kappa = integral(lambda t: -2 * (t - s) * (b - 2 * t) + b1)
    slope = -2 * k + e * (1 / s - 1 / c)
    q_s = -q * slope - (b - 2 * s)
    tail = abs(integral(lambda t: 1))
    return q, q_kappa + q * q_s, tail


def main():
    print("p,kappa,s,ln_z,b,b_kappa,b_kappa_kappa,ds_kappa,d2s_kappa_kappa,tail_over_density")
    for p in [2, 3, 4, 5, 8, 17, 50, 300]:
        for kappa in [1e-8, 1e-2, 1, 2, 5, 10, 25, 60, 300, 1e4, 1e6]:
            k = M(kappa)
            ln_z, b, b1, b2 = moments(p, k)
            mean, sd = b / 2, mp.sqrt(-b1) / 2
            points = {float(mean + x * sd) for x in [-3, -1.5, -.8, -.2, .3, 1, 1.9, 2.1, 3, 5, 8]} | {float(mean * x) for x in [1e-9, 1e-3, .1]}
            for s in sorted(x for x in points if 0 < x < 1):
                q, q2, tail = motion(p, k, M(s), b, b1)
                values = [ln_z, b, b1, b2, q, q2, tail]
                print(",".join([str(p), repr(kappa), repr(s)] + [mp.nstr(x, 22) for x in values]), flush=True)


main()
