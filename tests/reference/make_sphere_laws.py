#!/usr/bin/env python3
"""Prints the numbers of the tests of the laws on the sphere (mpmath, 40 digits)."""
import mpmath as mp

mp.mp.dps = 40
M = mp.mpf


def show(name, *values):
    print(name, *[mp.nstr(x, 18) for x in values])


def ratio(p, k):
    return mp.besseli(M(p) / 2, k) / mp.besseli(M(p) / 2 - 1, k)


def vmf_ln_norm(p, k):
    nu = M(p) / 2 - 1
    return nu * mp.log(k) - M(p) / 2 * mp.log(2 * mp.pi) - mp.log(mp.besseli(nu, k))


def vmf_entropy(p, k):
    return -vmf_ln_norm(p, k) - k * ratio(p, k)


# von Mises-Fisher: A and three derivatives in R^5 at kappa = 2
show("A in R^5 at 2:", *[mp.diff(lambda k: ratio(5, k), 2, n) for n in range(4)])
# ln density at mu.x = 0.6, entropy
for p, k in [(2, "0.5"), (3, 2), (5, 40), (10, 1000), (1000, 300)]:
    k = M(k)
    show(f"vMF p={p} kappa={k}: ln f at 0.6, entropy, A, A'", vmf_ln_norm(p, k) + k * M("0.6"), vmf_entropy(p, k), ratio(p, k),
         1 - ratio(p, k) ** 2 - (p - 1) * ratio(p, k) / k)
# divergence of (mu1, 2) from (mu2, 7) in R^3, mu1.mu2 = 0.8
show("vMF KL:", vmf_ln_norm(3, 2) + 2 * ratio(3, 2) - vmf_ln_norm(3, 7) - 7 * M("0.8") * ratio(3, 2))

# power spherical: ln density at mu.x = 0.6, entropy by quadrature of the cosine's density, E[w], d E[w]/dkappa
for p, k in [(3, 2), (5, 40)]:
    g = lambda w, k: (1 + w) ** k * (1 - w * w) ** (M(p - 3) / 2)
    z = lambda k: mp.quad(lambda w: g(w, k), mp.linspace(-1, 1, 9))
    area = lambda n: 2 * mp.pi ** (M(n) / 2) / mp.gamma(M(n) / 2)
    ln_n = mp.log(z(k) * area(p - 1))
    entropy = ln_n - k * mp.quad(lambda w: g(w, k) * mp.log(1 + w), mp.linspace(-1, 1, 9)) / z(k)
    mean = lambda k: mp.quad(lambda w: w * g(w, k), mp.linspace(-1, 1, 9)) / z(k)
    square = mp.quad(lambda w: w * w * g(w, k), mp.linspace(-1, 1, 9)) / z(k)
    show(f"power spherical p={p} kappa={k}: ln f at 0.6, entropy, E w, Var w, dE w", k * mp.log(M("1.6")) - ln_n, entropy, mean(k),
         square - mean(k) ** 2, mp.diff(mean, k))


# projected normal: the integral over the length of y at x
def projected(x, m, s):
    p = len(x)
    s, x, m = mp.matrix(s), mp.matrix(x), mp.matrix(m)
    inverse, det = s ** -1, mp.det(s)
    f = lambda r: r ** (p - 1) * mp.exp(-((r * x - m).T * inverse * (r * x - m))[0] / 2)
    return mp.log(mp.quad(f, [0, .5, 1, 2, 4, 8, 16, 40]) / mp.sqrt((2 * mp.pi) ** p * det))


c, s = M("0.6"), M("0.8")
show("projected 2:", projected([c, s], [1, -2], [[2, M("0.5")], [M("0.5"), 1]]), projected([c, s], [-3, -4], [[1, 0], [0, 1]]),
     projected([c, s], [0, 0], [[1, 0], [0, 1]]))
show("projected 4:", projected([c, 0, s, 0], [1, 2, M("0.5"), 0], [[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 1, 0], [0, 0, 0, 3]]))
