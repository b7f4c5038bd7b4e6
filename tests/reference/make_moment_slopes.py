"""moment_slopes.csv, for tests/laws/hardly_matter.rs: means, variances, entropies and modes with their first and second derivatives in one parameter (`of`,
counted from 0), at parameters where the parts of a formula move by far more than their sum. Closed forms of mpmath by central differences.

    python3 tests/reference/make_moment_slopes.py > tests/reference/moment_slopes.csv
"""

from mpmath import besseli, besselk, digamma, e, e1, erf, erfc, euler, exp, hyper, loggamma, log, mp, mpf, nstr, pi, sin, sqrt

mp.dps = 250


def ln_beta(a, b):
    return loggamma(a) + loggamma(b) - loggamma(a + b)


def beta_mean(a, b):
    return a / (a + b)


def beta_entropy(a, b):
    return ln_beta(a, b) - (a - 1) * digamma(a) - (b - 1) * digamma(b) + (a + b - 2) * digamma(a + b)


def beta_proportion_entropy(mean, concentration):
    return beta_entropy(mean * concentration, (1 - mean) * concentration)


def beta_prime_entropy(a, b):
    return gamma_gamma_entropy(a, b, mpf(1))


def gamma_gamma_entropy(a, b, c):
    return (
        log(c) + ln_beta(a, b) - (a - 1) * (digamma(a) - digamma(b)) + (a + b) * (digamma(a + b) - digamma(b))
    )


def fisher_f_mean(d1, d2):
    return d2 / (d2 - 2)


def fisher_f_variance(d1, d2):
    return 2 * d2**2 * (d1 + d2 - 2) / (d1 * (d2 - 2) ** 2 * (d2 - 4))


def gompertz_mean(shape, rate):
    return exp(shape) * e1(shape) / rate


def gompertz_entropy(shape, rate):
    return 1 - log(rate * shape) - exp(shape) * e1(shape)


def gompertz_variance(shape, rate):
    # E[Y²] after Lenart (2014), The moments of the Gompertz distribution
    series = hyper([1, 1, 1], [2, 2, 2], -shape)
    square = exp(shape) * (pi**2 / 6 + (euler + log(shape)) ** 2 - 2 * shape * series)
    return square / rate**2 - gompertz_mean(shape, rate) ** 2


def inverse_gaussian_entropy(mu, shape):
    z = 2 * shape / mu
    return log(2 * pi * e * mu**3 / shape) / 2 - 3 * exp(z) * e1(z) / 2


def log_logistic_mean(scale, shape):
    b = pi / shape
    return scale * b / sin(b)


def log_logistic_variance(scale, shape):
    b = pi / shape
    return scale**2 * (2 * b / sin(2 * b) - (b / sin(b)) ** 2)


def pareto_mean(scale, shape):
    return scale * shape / (shape - 1)


def pareto_variance(scale, shape):
    return scale**2 * shape / ((shape - 1) ** 2 * (shape - 2))


lomax_variance = pareto_variance


def student_t_entropy(location, scale, df):
    half = mpf(1) / 2
    return log(scale) + (df + 1) / 2 * (digamma((df + 1) / 2) - digamma(df / 2)) + log(df) / 2 + ln_beta(df / 2, half)


def student_t_variance(location, scale, df):
    return scale**2 * df / (df - 2)


def mean_over_chi(df):
    return sqrt(df / 2) * exp(loggamma((df - 1) / 2) - loggamma(df / 2))


def half_student_t_mean(scale, df):
    return scale * sqrt(2 / pi) * mean_over_chi(df)


def half_student_t_variance(scale, df):
    return scale**2 * df / (df - 2) - half_student_t_mean(scale, df) ** 2


def half_student_t_entropy(scale, df):
    return student_t_entropy(0, scale, df) - log(2)


def folded_normal_variance(mu, sigma):
    t = mu / sigma
    mean = sigma * sqrt(2 / pi) * exp(-(t**2) / 2) + mu * erf(t / sqrt(2))
    return mu**2 + sigma**2 - mean**2


def skew_normal_mean(location, scale, shape):
    return location + scale * shape / sqrt(1 + shape**2) * sqrt(2 / pi)


def skew_normal_variance(location, scale, shape):
    return scale**2 * (1 - 2 / pi * shape**2 / (1 + shape**2))


def skew_t_mean(location, scale, shape, df):
    return location + scale * shape / sqrt(1 + shape**2) * sqrt(2 / pi) * mean_over_chi(df)


def noncentral_t_mean(df, noncentrality):
    return noncentrality * mean_over_chi(df)


def normal_inverse_gaussian_variance(location, scale, alpha, beta):
    return scale * alpha**2 / sqrt(alpha**2 - beta**2) ** 3


def von_mises_entropy(location, kappa):
    return log(2 * pi * besseli(0, kappa)) - kappa * besseli(1, kappa) / besseli(0, kappa)


def truncated_power_law_mean(exponent, lower, upper):
    integral = lambda k: (upper ** (k + 1 - exponent) - lower ** (k + 1 - exponent)) / (k + 1 - exponent)
    return integral(1) / integral(0)


def truncated_normal(mu, sigma, lower, upper):
    a, b = (lower - mu) / sigma, (upper - mu) / sigma
    density = lambda x: exp(-x * x / 2) / sqrt(2 * pi)
    mass = (erfc(a / sqrt(2)) - erfc(b / sqrt(2))) / 2
    f, g = density(a) / mass, density(b) / mass
    return mu + sigma * (f - g), sigma**2 * (1 + a * f - b * g - (f - g) ** 2)


def truncated_normal_mean(*p):
    return truncated_normal(*p)[0]


def truncated_normal_variance(*p):
    return truncated_normal(*p)[1]


def generalized_inverse_gaussian(p, a, b):
    omega, root = sqrt(a * b), sqrt(b / a)
    first, second = [besselk(p + k, omega) / besselk(p, omega) for k in [1, 2]]
    return root * first, root**2 * (second - first**2)


def generalized_inverse_gaussian_mean(*p):
    return generalized_inverse_gaussian(*p)[0]


def generalized_inverse_gaussian_variance(*p):
    return generalized_inverse_gaussian(*p)[1]


def beta_mode(a, b):
    return (a - 1) / (a + b - 2)


def fisher_f_mode(d1, d2):
    return (d1 - 2) / d1 * d2 / (d2 + 2)


def inverse_gaussian_mode(mu, shape):
    c = 3 * mu / (2 * shape)
    return mu * (sqrt(1 + c**2) - c)


def nakagami_mode(m, omega):
    return sqrt(omega * (2 * m - 1) / (2 * m))


CASES = [
    (beta_mode, [(1e8, 3), (1.5, 2.5)], 0),
    (fisher_f_mode, [(1e7, 5), (3, 5)], 0),
    (fisher_f_mode, [(5, 1e7)], 1),
    (inverse_gaussian_mode, [(472, 2e-2), (1e9, 1e-9), (2, 3)], 0),
    (inverse_gaussian_mode, [(472, 2e-2), (2, 3)], 1),
    (nakagami_mode, [(1e9, 2), (0.75, 2)], 0),
    (beta_mean, [(1e8, 3), (7e2, 1.3e-3), (1e20, 1e4)], 0),
    (beta_proportion_entropy, [(1e-9, 2e8), (1e-20, 5e15)], 1),
    (beta_prime_entropy, [(1.8e-23, 1.8e-23), (2.0, 3.0)], 0),
    (gamma_gamma_entropy, [(1.7e-9, 1.7e-9, 2.0), (2.5e-5, 2.5e-5, 1e-4)], 0),
    (fisher_f_mean, [(5, 1e7), (5, 1e14)], 1),
    (fisher_f_variance, [(5, 1e7), (1e-3, 4e5), (1e-9, 1e22)], 1),
    (gompertz_mean, [(5e-9, 3), (1e-19, 0.5), (4, 1)], 0),
    (gompertz_variance, [(5e-9, 3), (1e-19, 0.5), (1e-150, 1), (0.099, 1), (0.11, 1), (4, 1)], 0),
    (gompertz_entropy, [(5e-9, 3), (1e-19, 0.5), (0.9, 1), (4, 1)], 0),
    (inverse_gaussian_entropy, [(7e2, 1.3e-3), (1e6, 1e-6), (3, 2)], 0),
    (inverse_gaussian_entropy, [(7e2, 1.3e-3), (3, 2), (2, 1e5)], 1),
    (log_logistic_mean, [(2, 1e3), (2, 1e9), (2, 2.5)], 1),
    (log_logistic_variance, [(2, 1e3)], 1),
    (pareto_mean, [(2, 1e9)], 1),
    (pareto_variance, [(2, 1e9)], 1),
    (lomax_variance, [(2, 1e9)], 1),
    (student_t_entropy, [(0, 1, 50), (0, 1, 1e6), (0, 1, 1e15)], 2),
    (student_t_variance, [(0, 1, 1e6), (0, 1, 1e15)], 2),
    (half_student_t_mean, [(2, 1e6), (2, 1e15)], 1),
    (half_student_t_variance, [(2, 1e6)], 1),
    (half_student_t_entropy, [(2, 1e6)], 1),
    (folded_normal_variance, [(1e-9, 2), (0.5, 2), (3, 2)], 0),
    (skew_normal_mean, [(0.5, 2, 1e3), (0.5, 2, 1e9), (0.5, 2, -1e3)], 2),
    (skew_normal_variance, [(0.5, 2, 1e3), (0.5, 2, 1e9)], 2),
    (skew_t_mean, [(0.5, 2, 1e4, 5)], 2),
    (skew_t_mean, [(0.5, 2, 3, 1e7)], 3),
    (noncentral_t_mean, [(8e5, 1e-7)], 0),
    (normal_inverse_gaussian_variance, [(0, 1, 250, 1e-3), (0, 1, 2, 1e-8)], 3),
    (von_mises_entropy, [(0, 1e-9), (0, 0.5), (0, 3)], 1),
    (truncated_power_law_mean, [(3e-12, 5e-20, 9e29), (0.4, 1e-9, 1e9), (1.6, 1e-9, 1e9), (2.5, 1, 3)], 1),
    (truncated_power_law_mean, [(5.5, 1e-7, 10), (2.5, 1, 3), (1.6, 1e-9, 1e9)], 2),
    (truncated_normal_mean, [(0, 6.6e7, 0, 4.4e-7), (1.8e-3, 232, 0, 2.5), (0.2, 1, -0.3, 0.4)], 0),
    (truncated_normal_variance, [(1, 20, 0, 2.5), (0.2, 1, -0.3, 0.4)], 0),
    (generalized_inverse_gaussian_mean, [(0, 2e-7, 1e-8), (0.5, 2, 3)], 0),
    (generalized_inverse_gaussian_variance, [(0, 2e-7, 1e-8), (1e-2, 2e-2, 7e-2), (0.5, 2, 3)], 0),
]

# whose second derivatives are left of larger ones, or nothing but rounding
FIRST_ONLY = [
    (beta_proportion_entropy, (1e-9, 2e8)),
    (beta_proportion_entropy, (1e-20, 5e15)),
    (truncated_power_law_mean, (3e-12, 5e-20, 9e29)),
    (truncated_normal_mean, (0, 6.6e7, 0, 4.4e-7)),
]

print("moment,p0,p1,p2,p3,of,value,first,second")
for moment, points, k in CASES:
    for point in points:
        p = [mpf(value) for value in point]
        h = (abs(p[k]) or 1) * mpf(10) ** -40
        below, at, above = [moment(*(x + times * h * (i == k) for i, x in enumerate(p))) for times in [-1, 0, 1]]
        numbers = [at, (above - below) / (2 * h)]
        if (moment, point) not in FIRST_ONLY:
            numbers.append((above - 2 * at + below) / h**2)
        fields = [moment.__name__, *(repr(float(value)) for value in point), *[""] * (4 - len(point)), str(k)]
        fields += [nstr(n, 20) for n in numbers]
        print(",".join(fields + [""] * (9 - len(fields))), flush=True)
