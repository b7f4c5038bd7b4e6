#!/usr/bin/env python3
"""Reference values of stable laws (S0) in the format of make_reference.py: stable.csv.

    make_stable.py --seed N --out DIR [--rows K]

Fourier's inversion of the characteristic function, along a ray t = e^(rho - i omega) of constant angle, by the trapezoidal rule in
rho, which converges geometrically; all partial derivatives of first and second order by differentiation under the integral sign. Each row is
computed with two steps on two rays, which must agree to 1e-24.
"""
import argparse, csv, os, random
import mpmath as mp

mp.mp.dps = 40
M = mp.mpf
I = mp.mpc(0, 1)


def out(x):
    return mp.nstr(x, 25, min_fixed=-3, max_fixed=3)


class Law:
    """Of the standard law: ln phi(t) = -t - eps q t + i beta tau q t for t = e^w, with the derivatives of q and tau in alpha."""

    def __init__(self, alpha, beta):
        self.beta, self.eps = M(beta), M(alpha) - 1
        tau = lambda e: -e * mp.cot(mp.pi * e / 2) if e != 0 else -2 / mp.pi
        # through the removable singularity by Taylor's series: -e cot(pi e/2) = -(2/pi) (1 - z^2/3 - ...), z = pi e/2
        if abs(self.eps) < M(10) ** -8:
            z = lambda e: mp.pi * e / 2
            tau = lambda e: -2 / mp.pi * (1 - z(e) ** 2 / 3 - z(e) ** 4 / 45 - 2 * z(e) ** 6 / 945)
            e = self.eps
            k = mp.pi / 2
            self.tau = [tau(e), -2 / mp.pi * (-2 * k * z(e) / 3 - 4 * k * z(e) ** 3 / 45), -2 / mp.pi * (-2 * k * k / 3 - 12 * k * k * z(e) ** 2 / 45)]
        else:
            z, k = mp.pi * self.eps / 2, mp.pi / 2
            c, s2 = mp.cot(z), 1 / mp.sin(z) ** 2
            self.tau = [-self.eps * c, -c + self.eps * k * s2, 2 * k * s2 - 2 * self.eps * k * k * s2 * c]

    def q(self, w):
        """q = (e^(eps w) - 1)/eps and two derivatives in eps"""
        e = self.eps
        if abs(e * w) < M("1e-3"):
            terms = []
            for k in range(3):
                total, term = mp.mpc(0), w ** (k + 1)
                for j in range(14):
                    total += term / (k + 1 + j)
                    term = term * (e * w) / (j + 1)
                terms.append(total)
            return terms
        # ten digits are lost at most
        with mp.workdps(52):
            p = mp.exp(e * w)
            a = (p - 1) / e
            b = (w * p - a) / e
            return [a, b, (w * w * p - 2 * b) / e]


def integrate(law, x, omega, h, what):
    """(1/pi) of the sums of exp(E) times what(E's derivatives, t), for w = rho - i omega"""
    alpha = 1 + law.eps
    lowest = -M(72) / min(alpha, 1) - mp.log(1 + abs(x))
    total, rho, negligible = None, lowest, 0
    while True:
        w = mp.mpc(rho, -omega)
        t = mp.exp(w)
        q = law.q(w)
        b, e, tau = law.beta, law.eps, law.tau
        value = -t * (1 + I * x + (e - I * b * tau[0]) * q[0])
        size = mp.exp(value)
        s = what(t, [
            -I * t,
            -t * ((1 - I * b * tau[1]) * q[0] + (e - I * b * tau[0]) * q[1]),
            I * t * tau[0] * q[0],
            -t * (-I * b * tau[2] * q[0] + 2 * (1 - I * b * tau[1]) * q[1] + (e - I * b * tau[0]) * q[2]),
            I * t * (tau[1] * q[0] + tau[0] * q[1])])
        s = [mp.im(size * v) for v in s]
        total = s if total is None else [a + c for a, c in zip(total, s)]
        rho += h
        # beyond the last of the sum
        negligible = negligible + 1 if mp.re(value) < -85 else 0
        if negligible > 3 or rho > 80:
            break
    return [v * h / mp.pi for v in total]


def ray(law, x):
    """an angle at which the integrand falls fast and turns little, for x >= 0 or below"""
    best = None
    for i in range(-14, 15):
        omega = M(i) / 15 * mp.pi / 2
        worst, turned = M(0), M(0)
        reached = False
        for k in range(-40, 200):
            w = mp.mpc(M(k) / 4 - mp.log(1 + abs(x)), -omega)
            value = -mp.exp(w) * (1 + I * x + (law.eps - I * law.beta * law.tau[0]) * law.q(w)[0])
            worst = max(worst, mp.re(value))
            if mp.re(value) < -40:
                reached = True
                break
            turned = max(turned, abs(mp.im(value)))
        if reached and (best is None or worst * 20 + turned < best[0]):
            best = (worst * 20 + turned, omega)
    return best[1]


def partials(t, d):
    """in F: value, x, a, b, xx, xa, xb, aa, ab, bb of Im exp(E)"""
    x, a, b, aa, ab = d
    return [mp.mpc(1), x, a, b, x * x, x * a, x * b, a * a + aa, a * b + ab, b * b]


def F_partials(alpha, beta, x, omega=None, h=M("0.05"), check=True):
    law = Law(alpha, beta)
    omega = ray(law, x) if omega is None else omega
    v = integrate(law, x, omega, h, partials)
    g = [-a for a in v]
    g[0] += M(1) / 2 + omega / mp.pi
    if check:
        other = F_partials(alpha, beta, x, omega * M("0.97") + M("0.004"), h * M("0.83"), False)
        scale = max(abs(a) for a in g[1:])
        if max(abs(a - c) for a, c in zip(g, other)) > M(10) ** -24 * (1 + scale):
            return None
    return g


def row(th, z):
    m, s, alpha, beta = map(M, th)
    y = (M(z) - m) / s
    g = F_partials(alpha, beta, y)
    if g is None:
        return None
    F, fx, fa, fb, fxx, fxa, fxb, faa, fab, fbb = g
    if not (M(10) ** -12 < F < 1 - M(10) ** -12):
        return None
    first = {"a": -fa / fx, "b": -fb / fx}
    f2 = {"aa": faa, "ab": fab, "bb": fbb}
    fy = {"a": fxa, "b": fxb}
    y2 = {p: -(f2[p] + fy[p[0]] * first[p[1]] + fy[p[1]] * first[p[0]] + fxx * first[p[0]] * first[p[1]]) / fx for p in f2}
    slope = fxx / fx
    vals = [mp.log(F), mp.log1p(-F), mp.log(fx / s), slope / s, -slope / s, -1 / s - slope * y / s, fxa / fx, fxb / fx,
            M(1), y, s * first["a"], s * first["b"],
            M(0), M(0), M(0), M(0), M(0), first["a"], first["b"], s * y2["aa"], s * y2["ab"], s * y2["bb"]]
    # beside the location z, and with it dz_scale, is nothing but the rounding of u
    if abs(y) < M("1e-3"):
        return None
    return [repr(float(t)) for t in th] + [repr(float(z))] + [out(v) for v in vals]


def draw(r, alpha, beta):
    """near a draw, of Chambers, Mallows and Stuck"""
    import math
    a = alpha if abs(alpha - 1) > 1e-6 else 1.0 + 1e-5
    u, w = math.pi * (r.random() - .5), r.expovariate(1)
    zeta = -beta * math.tan(math.pi * a / 2)
    xi = math.atan(-zeta) / a
    x = (1 + zeta ** 2) ** (.5 / a) * math.sin(a * (u + xi)) / math.cos(u) ** (1 / a) * (math.cos(u - a * (u + xi)) / w) ** ((1 - a) / a)
    return x + zeta


SETS = [(2, 0), (2, .5), (1, 0), (1, .5), (1, -1), (1, 1), (.5, 1), (.5, -1), (1.5, 0), (1.5, 1), (1.5, -1), (.7, .3), (1.0000001, .9), (.999, -.4), (1.95, .9),
        (.25, 0), (.25, .5), (.3, 1), (.4, -.7), (1.01, 1), (.9, 1), (1.9, -1)]

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--rows", type=int, default=70)
    a = ap.parse_args()
    r = random.Random(f"{a.seed}-stable")
    P = ["location", "scale", "alpha", "beta"]
    header = P + ["z", "logcdf", "logsf", "logpdf", "dlogpdf_z"] + [f"dlogpdf_{p}" for p in P] + [f"dz_{p}" for p in P]
    header += [f"d2z_{P[i]}_{P[j]}" for i in range(4) for j in range(i, 4)]
    with open(os.path.join(a.out, "stable.csv"), "w", newline="") as fh:
        w = csv.writer(fh, lineterminator="\n")
        w.writerow(header)
        for i in range(a.rows):
            alpha, beta = SETS[i % len(SETS)] if i < 2 * len(SETS) else (r.uniform(.3, 2), r.uniform(-1, 1))
            s, m = (1.0, 0.0) if i % 2 == 0 else (2.0 ** r.randint(-3, 3), float(r.randint(-4, 4)))
            x = draw(r, alpha, beta)
            z = m + s * x
            made = row((m, s, alpha, beta), z)
            print(i, alpha, beta, s, m, z, "ok" if made else "skipped", flush=True)
            if made:
                w.writerow(made)
                fh.flush()
