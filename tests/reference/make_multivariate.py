"""Numbers of the tests of multivariate laws, by mpmath at 50 digits: `python3 make_multivariate.py`."""

from mpmath import mp, mpf, matrix, log, pi, det, lu_solve, loggamma, psi, beta, diff, quad, diag

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


def ln_beta(alpha):
    return sum(loggamma(a) for a in alpha) - loggamma(sum(alpha))


def dirichlet():
    alpha, beta, x = vector(0.3, 2, 5.5), vector(1, 1, 2), vector(0.125, 0.25, 0.625)
    show("dirichlet ln pdf", sum((alpha[i] - 1) * log(x[i]) for i in range(3)) - ln_beta(alpha))
    total = sum(alpha)
    gap = [psi(0, total) - psi(0, a) for a in alpha]
    show("dirichlet entropy", ln_beta(alpha) + sum((alpha[i] - 1) * gap[i] for i in range(3)))
    show("dirichlet kl", ln_beta(beta) - ln_beta(alpha) - sum((alpha[i] - beta[i]) * gap[i] for i in range(3)))
    large = vector(1e6, 2e6, 5e6)
    show("dirichlet large ln pdf", sum((large[i] - 1) * log(x[i]) for i in range(3)) - ln_beta(large))


def log_dirichlet():
    """E[y_1] = psi(a_1) - psi(sum), its gradient and Hessian, at concentrations in powers of two of which one is tiny."""
    alpha = vector(0.0009765625, 0.5, 2)
    total = sum(alpha)
    show("log-dirichlet value", psi(0, alpha[0]) - psi(0, total))
    for n, name in ((1, "slopes"), (2, "curvatures")):
        show(f"log-dirichlet {name}, own", psi(n, alpha[0]) - psi(n, total))
        show(f"log-dirichlet {name}, other", -psi(n, total))


def student_t():
    df, d = mpf(3.5), 3
    constant = loggamma((df + d) / 2) - loggamma(df / 2) - d * log(df * pi) / 2 - log(det(SIGMA)) / 2

    def ln_pdf(x):
        return constant - (df + d) / 2 * log(1 + form(SIGMA, x - MU) / df)

    show("student ln pdf", ln_pdf(vector(0.3, -1, 2)))
    show("student far ln pdf", ln_pdf(vector(1e200, 1e200, 1e200)))
    show("student entropy", (df + d) / 2 * (psi(0, (df + d) / 2) - psi(0, df / 2)) - constant)


def ln_multigamma(a, d):
    return mpf(d * (d - 1)) / 4 * log(pi) + sum(loggamma(a - mpf(i) / 2) for i in range(d))


def multidigamma(a, d):
    return sum(psi(0, a - mpf(i) / 2) for i in range(d))


def wishart():
    df, d = mpf(4.5), 3
    constant = df * d / 2 * log(2) + ln_multigamma(df / 2, d)
    ln = (df - d - 1) / 2 * log(det(OTHER)) - trace(SIGMA**-1 * OTHER) / 2
    show("wishart ln pdf", ln - df / 2 * log(det(SIGMA)) - constant)
    # -E ln f, with E ln det X = psi_d(df/2) + d ln 2 + ln det V and E X = df V
    ln_det = multidigamma(df / 2, d) + d * log(2) + log(det(SIGMA))
    show("wishart entropy", constant + df / 2 * log(det(SIGMA)) - (df - d - 1) / 2 * ln_det + df * d / 2)
    df2 = mpf(6)
    constant2 = df2 * d / 2 * log(2) + ln_multigamma(df2 / 2, d)
    cross = constant2 + df2 / 2 * log(det(OTHER)) - (df2 - d - 1) / 2 * ln_det + df / 2 * trace(OTHER**-1 * SIGMA)
    own = constant + df / 2 * log(det(SIGMA)) - (df - d - 1) / 2 * ln_det + df * d / 2
    show("wishart kl", cross - own)
    ln = -(df + d + 1) / 2 * log(det(OTHER)) - trace(SIGMA * OTHER**-1) / 2
    show("inverse wishart ln pdf", ln + df / 2 * log(det(SIGMA)) - constant)
    ln_det = log(det(SIGMA)) - multidigamma(df / 2, d) - d * log(2)
    own = constant - df / 2 * log(det(SIGMA)) + (df + d + 1) / 2 * ln_det + df * d / 2
    show("inverse wishart entropy", own)
    # E X^-1 = df Psi^-1
    cross = constant2 - df2 / 2 * log(det(OTHER)) + (df2 + d + 1) / 2 * ln_det + df / 2 * trace(OTHER * SIGMA**-1)
    show("inverse wishart kl", cross - own)


def lkj():
    """By the normalizing constant of Lewandowski, Kurowicka & Joe 2009, eq. 16: E ln det C is its logarithmic derivative."""

    def ln_z(eta, d):
        power = sum((2 * eta - 2 + d - k) * (d - k) for k in range(1, d))
        shapes = [(eta + mpf(d - k - 1) / 2, d - k) for k in range(1, d)]
        return power * log(2) + sum(n * log(beta(a, a)) for a, n in shapes)

    for d in (2, 4):
        one, two = mpf("1.4"), mpf(3)
        kl = (one - two) * diff(lambda eta: ln_z(eta, d), one) - ln_z(one, d) + ln_z(two, d)
        show(f"lkj kl, size {d}", kl)


def gaussian_kl(difference, sigma, other):
    n = sigma.rows
    return (trace(other**-1 * sigma) - n + form(other, difference) + log(det(other) / det(sigma))) / 2


def low_rank():
    w1, w2 = square([1, 0.5], [-0.3, 2], [0.7, 0.1]), square([0.4], [1], [-2])
    sigma = w1 * w1.T + diag([mpf("0.5"), mpf("1.5"), mpf("0.25")])
    other = w2 * w2.T + diag([mpf(1), mpf(2), mpf("0.5")])
    show("low-rank kl", gaussian_kl(MU, sigma, other))


def kronecker(a, b):
    n = b.rows
    return matrix([[a[i // n, j // n] * b[i % n, j % n] for j in range(a.cols * n)] for i in range(a.rows * n)])


def matrix_normal():
    """Columns one below the other have the covariance (B B^T) x (A A^T)."""
    a1, b1 = square([1.5, 0], [0.6, 0.8]), square([0.7, 0, 0], [-0.5, 1, 0], [0.3, 0.7, 1])
    a2, b2 = square([1, 0], [-0.4, 1.2]), square([1, 0, 0], [0.2, 0.9, 0], [0, 0.1, 1.1])
    sigma, other = kronecker(b1 * b1.T, a1 * a1.T), kronecker(b2 * b2.T, a2 * a2.T)
    show("matrix normal kl", gaussian_kl(vector(1, 4, 2, 5, 3, 6), sigma, other))


def power_spherical():
    """By quadrature of the cosine's law in R^5, density proportional to (1 + w)^kappa (1 - w^2)."""

    def density(kappa):
        z = quad(lambda w: (1 + w) ** kappa * (1 - w * w), [-1, 0, 1])
        return lambda w: (1 + w) ** kappa * (1 - w * w) / z

    one, two = density(mpf("3.5")), density(mpf(1))
    show("power spherical kl", quad(lambda w: one(w) * log(one(w) / two(w)), [-1, 0, 1]))


if __name__ == "__main__":
    normal()
    dirichlet()
    log_dirichlet()
    student_t()
    wishart()
    lkj()
    low_rank()
    matrix_normal()
    power_spherical()
