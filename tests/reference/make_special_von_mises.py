#!/usr/bin/env python3
"""special_von_mises.csv: the upper tail G(kappa, theta) of the von Mises law and its derivatives (mpmath, 30 digits).

    make_special_von_mises.py > special_von_mises.csv
    make_special_von_mises.py moments       (for the tests of the law)

Columns: kappa, theta (exact doubles), ln_sf = ln G, ln_pdf = ln f, hazard = f/G, d ln G/dkappa, d2 ln G/dkappa2, and at fixed G q = dtheta/dkappa
and d2theta/dkappa2. All follow from integrals of powers of cos t - A over [theta, pi], A = I1/I0, f as their weight:
    R = int w,  w = e^(kappa (cos t - cos theta)),  q = int w (cos t - A),  G = f R,  G_kappa = f q,
    G_kappakappa = f int w ((cos t - A)^2 - A'),
    q_kappa = int w ((cos t - cos theta)(cos t - A) - A'),  q_theta = kappa sin theta q - (cos theta - A).
"""
import sys

import mpmath as mp

mp.mp.dps = 30
M = mp.mpf


def row(kappa, theta):
    k, x = M(kappa), M(theta)
    i0 = mp.besseli(0, k) * mp.exp(-k)
    a = mp.besseli(1, k) * mp.exp(-k) / i0
    a1 = 1 - a * a - a / k
    cx = mp.cos(x)
    # cos t - cos theta without cancellation
    drop = lambda t: -2 * mp.sin((t - x) / 2) * mp.sin((t + x) / 2)
    step = min(mp.pi - x, 1 / (k * mp.sin(x) + mp.sqrt(k) + 1))
    ends, t = [x], step
    while x + t < mp.pi and -k * drop(x + t) < 85:
        ends.append(x + t)
        t *= M(1.6)
    ends.append(min(x + t, mp.pi))
    integral = lambda g: mp.quad(lambda t: mp.exp(k * drop(t)) * g(drop(t)), ends)
    r = integral(lambda d: 1)
    q = integral(lambda d: d + cx - a)
    s = integral(lambda d: (d + cx - a) ** 2 - a1)
    q_kappa = integral(lambda d: d * (d + cx - a) - a1)
    q_theta = k * mp.sin(x) * q - (cx - a)
    ln_f = -2 * k * mp.sin(x / 2) ** 2 - mp.log(2 * mp.pi * i0)
    return [ln_f + mp.log(r), ln_f, 1 / r, q / r, s / r - (q / r) ** 2, q, q_kappa + q * q_theta]


def main():
    print("kappa,theta,ln_sf,ln_pdf,hazard,dlnsf_kappa,d2lnsf_kappa_kappa,dtheta_kappa,d2theta_kappa_kappa")
    kappas = [1e-8, 1e-3, .1, .5, 1, 1.5, 2, 2.6, 3.3, 4, 5, 7, 10, 10.5, 11, 15, 19, 21, 30, 50, 120, 900, 1e4, 1e5, 1e7]
    for kappa in kappas:
        thetas = {float(f * mp.pi) for f in [.03, .2, .45, .55, .75, .9, .97]} | {3.1415, 3.141592653}
        for z in [.01, .5, 1, 1.5, 2, 2.6, 4, 6, 10, 16, 24, 33]:
            sine = z / (2 * mp.sqrt(kappa))
            if sine < 1:
                thetas.add(float(2 * mp.asin(sine)))
        for theta in sorted(thetas):
            if 2 * kappa * mp.sin(theta / 2) ** 2 < 2e4:
                print(",".join([repr(float(kappa)), repr(theta)] + [mp.nstr(x, 22) for x in row(kappa, theta)]))


def moments():
    """kappa, the variance of the angle, the entropy and A, as entries of an array."""
    for kappa in [1e-8, 0.3, 1.0, 10.5, 200.0, 1e7]:
        k = M(kappa)
        i0 = mp.besseli(0, k) * mp.exp(-k)
        a = mp.besseli(1, k) * mp.exp(-k) / i0
        ends = [0] + [min(mp.pi, 2 ** j / mp.sqrt(k)) for j in range(5) if 2 ** j / mp.sqrt(k) < mp.pi] + [mp.pi]
        weight = lambda t: mp.exp(-2 * k * mp.sin(t / 2) ** 2)
        variance = mp.quad(lambda t: t * t * weight(t), ends) / mp.pi / i0
        entropy = k * (1 - a) + mp.log(2 * mp.pi * i0)
        print(f"        ({kappa!r}, {float(variance)!r}, {float(entropy)!r}, {float(a)!r}),")
    # the divergence of the law (0.5, 2) from (2, 7)
    ln_f = lambda t, mu, k: k * mp.cos(t - mu) - mp.log(2 * mp.pi * mp.besseli(0, k))
    g = lambda t: mp.exp(ln_f(t, .5, 2)) * (ln_f(t, .5, 2) - ln_f(t, 2, 7))
    print("        divergence", float(mp.quad(g, mp.linspace(-mp.pi, mp.pi, 9))))


moments() if sys.argv[1:] == ["moments"] else main()
