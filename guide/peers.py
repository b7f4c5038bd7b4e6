"""What other libraries report of derivatives of draws, held against closed forms and mpmath. `guide/peers.sh` installs
them and prints the guide's tables.

python peers.py SECTION...    of means, torch, jax, numpyro, tfp
"""

import sys

import mpmath

mpmath.mp.dps = 30


def gamma_slope(shape, z):
    """dz/dshape of a gamma draw at a fixed probability: -(dF/dshape) / f."""
    cdf = mpmath.diff(lambda a: mpmath.gammainc(a, 0, z, regularized=True), shape)
    return -cdf / mpmath.exp((shape - 1) * mpmath.log(z) - z - mpmath.loggamma(shape))


def beta_cdf_slope(a, b, x):
    return mpmath.diff(lambda t: mpmath.betainc(t, b, 0, x, regularized=True), a)


def beta_slope(a, b, x):
    """dx/da of a beta draw at a fixed probability."""
    density = mpmath.exp((a - 1) * mpmath.log(x) + (b - 1) * mpmath.log1p(-x)) / mpmath.beta(a, b)
    return -beta_cdf_slope(a, b, x) / density


PROBABILITIES = [0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999]


def worst_gamma(slope):
    from scipy.stats import gamma

    draws = [(a, float(gamma.ppf(u, a))) for a in [0.1, 0.5, 1.0, 2.5, 5.0, 8.5, 20.0, 100.0] for u in PROBABILITIES]
    return max(abs(slope(a, z) / float(gamma_slope(a, z)) - 1) for a, z in draws)


def worst_beta(slope):
    from scipy.stats import beta

    shapes = [(1.0, 1.0), (2.0, 3.0), (2.5, 3.5), (6.0, 6.0), (10.0, 2.0), (20.0, 30.0)]
    draws = [(a, b, float(beta.ppf(u, a, b))) for a, b in shapes for u in PROBABILITIES]
    return max(abs(slope(a, b, x) / float(beta_slope(a, b, x)) - 1) for a, b, x in draws)


def report(library, what, attempt, truth):
    try:
        found = attempt()
        found = f"{found:.5f}" if isinstance(found, float) and abs(found) > 5e-3 else f"{found:.1e}"
    except Exception as refused:
        found = f"refused: `{type(refused).__name__}`"
    truth = truth if isinstance(truth, str) else f"{float(truth):.5f}"
    print(f"| {library} | {what} | {found} | {truth} |")


def torch_rows():
    import torch

    torch.set_default_dtype(torch.float64)
    name = f"torch {torch.__version__.split('+')[0]}"
    number = torch.tensor

    def gamma(a, z):
        return float(torch._standard_gamma_grad(number(a), number(z)))

    def beta(a, b, x):
        total = number([a + b, a + b])
        return float(torch._dirichlet_grad(number([x, 1 - x]), number([a, b]), total)[0]) * (1 - x)

    def second(law):
        a = number(2.5, requires_grad=True)
        z = law(a).rsample((100,)).sum()
        (slope,) = torch.autograd.grad(z, a, create_graph=True)
        return float(torch.autograd.grad(slope, a)[0])

    one = number(1.0)
    laws = torch.distributions
    report(name, "derivative of a gamma draw in its shape, largest relative error", lambda: worst_gamma(gamma), "0")
    report(name, "derivative of a beta draw in its first shape, largest relative error", lambda: worst_beta(beta), "0")
    report(name, "second derivative of gamma draws", lambda: second(lambda a: laws.Gamma(a, one)), "exists")
    report(name, "second derivative of beta draws", lambda: second(lambda a: laws.Beta(a, one)), "exists")

    def at_seed(a):
        torch.manual_seed(1)
        return laws.Gamma(a, one).rsample()

    def reported():
        a = number(2.5, requires_grad=True)
        return float(torch.autograd.grad(at_seed(a), a)[0])

    h = 1e-6
    difference = float(at_seed(number(2.5 + h)) - at_seed(number(2.5 - h))) / (2 * h)
    z = float(at_seed(number(2.5)))
    report(name, "one gamma draw at a fixed seed, derivative in the shape", reported, gamma_slope(2.5, z))
    report(name, "the same by a finite difference at that seed", lambda: difference, gamma_slope(2.5, z))

    def lkj():
        c = number(1.5, requires_grad=True)
        return float(torch.autograd.grad(laws.LKJCholesky(3, c).rsample()[1, 0], c)[0])

    report(name, "derivative of an LKJ draw in the concentration", lkj, "exists")


def jax_rows():
    import jax
    from jax.scipy.special import betainc, gammainc

    jax.config.update("jax_enable_x64", True)
    name = f"jax {jax.__version__}"
    slope = jax.jit(jax.lax.random_gamma_grad)
    report(
        name,
        "derivative of a gamma draw in its shape, largest relative error",
        lambda: worst_gamma(lambda a, z: float(slope(a, z))),
        "0",
    )
    key = jax.random.split(jax.random.PRNGKey(1), 20_000)[0]
    draw, h = lambda a: jax.random.gamma(key, a), 1e-6
    truth = gamma_slope(2.5, float(draw(2.5)))
    report(name, "one gamma draw at a fixed key, derivative in the shape", lambda: float(jax.grad(draw)(2.5)), truth)
    difference = float(draw(2.5 + h) - draw(2.5 - h)) / (2 * h)
    report(name, "the same by a finite difference at that key", lambda: difference, truth)
    report(
        name,
        "second derivative of that draw, reverse over reverse",
        lambda: float(jax.grad(jax.grad(draw))(2.5)),
        "exists",
    )
    truth = mpmath.diff(lambda a: mpmath.gammainc(a, 0, 1.5, regularized=True), 2, 2)
    second = jax.jacfwd(jax.jacfwd(lambda a: gammainc(a, 1.5)))
    report(name, "second derivative of the gamma law's F in its shape, at (2, 1.5)", lambda: float(second(2.0)), truth)
    first = jax.grad(betainc)
    report(
        name,
        "derivative of the beta law's F in its first shape, at (1, 1, 0.5)",
        lambda: float(first(1.0, 1.0, 0.5)),
        beta_cdf_slope(1, 1, 0.5),
    )


def numpyro_rows():
    import jax
    import numpyro
    import numpyro.distributions as dist

    name = f"numpyro {numpyro.__version__}"
    keys = jax.random.split(jax.random.PRNGKey(1), 20_000)
    for method in ["onion", "cvine"]:

        def square(c, key):
            return dist.LKJCholesky(3, c, sample_method=method).sample(key)[1, 0] ** 2

        one = lambda: float(jax.grad(square)(1.5, keys[0]))
        report(
            name,
            f"LKJ of size 3 by `{method}`: r² of one draw at a fixed key, in the concentration",
            one,
            "that of its own map",
        )
        each = jax.vmap(jax.grad(square), (None, 0))(1.5, keys)
        mean, error = float(each.mean()), float(each.std() / len(keys) ** 0.5)
        print(f"| {name} | the mean over 20 000 keys | {mean:.4f} ± {error:.4f} | -0.0800 |")


def tfp_rows():
    import jax
    import tensorflow_probability
    from tensorflow_probability.substrates import jax as tfp

    jax.config.update("jax_enable_x64", True)
    name = f"tfp {tensorflow_probability.__version__} (jax {jax.__version__})"
    slope = jax.grad(tfp.math.betainc)
    for a, b, x in [(1, 1, 0.5), (2, 1, 0.9), (2, 3, 0.4), (1, 4, 0.2), (1.5, 2.5, 0.3)]:
        what = f"derivative of the beta law's F in its first shape, at ({a}, {b}, {x})"
        report(name, what, lambda: float(slope(float(a), float(b), x)), beta_cdf_slope(a, b, mpmath.mpf(x)))


def means():
    """Means over keys, held against closed forms: the table of "Moving from other libraries"."""
    import jax
    import numpyro
    import numpyro.distributions as dist

    jax.config.update("jax_enable_x64", True)
    count = 20_000
    keys = jax.random.split(jax.random.PRNGKey(1), count)

    def estimate(derivative, f, theta):
        each = jax.vmap(lambda key: derivative(lambda t: f(t, key))(theta))(keys)
        return float(each.mean()), float(each.std() / count**0.5)

    def row(what, exact, attempt):
        try:
            value, error = attempt()
            wrong = "" if abs(value - exact) < 5 * error else " **wrong**"
            print(f"| {what} | {value:.4f} ± {error:.4f}{wrong} | {exact:.4f} |")
        except Exception as refused:
            print(f"| {what} | refused: `{type(refused).__name__}` | {exact:.4f} |")

    def twice(outer, inner):
        return lambda f: outer(inner(f))

    def gamma(a, key):
        return jax.random.gamma(key, a) ** 2

    def beta(a, key):
        return jax.random.beta(key, a, 3.0)

    def lkj(method):
        def squared_correlation(c, key):
            return dist.LKJCholesky(3, c, sample_method=method).sample(key)[1, 0] ** 2

        return squared_correlation

    print(f"jax {jax.__version__}, numpyro {numpyro.__version__}\n")
    print("| derivative | found | exact |\n|---|---|---|")
    # E z² = a (a + 1)
    row("gamma, E[z²] in the shape, first", 6.0, lambda: estimate(jax.grad, gamma, 2.5))
    row("the same, second, reverse over reverse", 2.0, lambda: estimate(twice(jax.grad, jax.grad), gamma, 2.5))
    row("the same, second, forward over forward", 2.0, lambda: estimate(twice(jax.jacfwd, jax.jacfwd), gamma, 2.5))
    # E z = a / (a + 3): 3 / (a + 3)², -6 / (a + 3)³
    row("beta with shapes 2 and 3, E[z] in the first shape, first", 3 / 25, lambda: estimate(jax.grad, beta, 2.0))
    row("the same, second, forward over forward", -6 / 125, lambda: estimate(twice(jax.jacfwd, jax.jacfwd), beta, 2.0))
    # a correlation of an LKJ matrix of size 3: (1 + r)/2 is beta with both shapes c + 1/2, so E r² = 1 / (2 c + 2)
    for method in ["onion", "cvine"]:
        of = lkj(method)
        row(f"LKJ of size 3, E[r²] in the concentration, by {method}", -2 / 25, lambda: estimate(jax.grad, of, 1.5))


SECTIONS = {"means": means, "torch": torch_rows, "jax": jax_rows, "numpyro": numpyro_rows, "tfp": tfp_rows}

if __name__ == "__main__":
    for section in sys.argv[1:] or SECTIONS:
        SECTIONS[section]()
