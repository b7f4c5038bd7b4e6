"""Numbers of the tests of multivariate laws, by mpmath at 50 digits: `python3 make_multivariate.py`."""

from mpmath import mp, mpf, matrix, log, pi, det, lu_solve

mp.dps = 50


def show(name, x):
    print(name, mp.nstr(x, 20))


def vector(*x):
    return matrix([mpf(str(v)) for v in x])


def square(*rows):
    return matrix([[mpf(str(v)) for v in row] for row in rows])


def form(sigma, r):
    return (r.T * lu_solve(sigma, r))[0]


def normal_ln_pdf(x, mu, sigma):
    n = len(mu)
    return -(form(sigma, x - mu) + n * log(2 * pi) + log(det(sigma))) / 2


def trace(a):
    return sum(a[i, i] for i in range(a.rows))


SIGMA = square([4, 1, -0.5], [1, 2, 0.3], [-0.5, 0.3, 1])
OTHER = square([1, 0.2, 0.1], [0.2, 1.5, -0.4], [0.1, -0.4, 0.7])
MU = vector(1, -2, 0.5)


def normal():
    show("normal ln pdf", normal_ln_pdf(vector(0.3, -1, 2), MU, SIGMA))
    show("normal entropy", (3 * (1 + log(2 * pi)) + log(det(SIGMA))) / 2)
    kl = (trace(OTHER**-1 * SIGMA) - 3 + form(OTHER, MU) + log(det(OTHER) / det(SIGMA))) / 2
    show("normal kl", kl)


if __name__ == "__main__":
    normal()
