"""The side of JAX with NumPyro, and of TensorFlow Probability on JAX: `with_jax.py numpyro` and `with_jax.py tfp`, each in
the environment that has it. Everything is compiled; the generator of random bits is the fastest of JAX's.
"""

import math
import os
import sys

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import numpy
from worker import Case, figures, lines, repeated, serve

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")
SIDE = sys.argv[1]


def faster_generator():
    found = []
    for implementation in ["threefry2x32", "rbg", "unsafe_rbg"]:
        key = jax.random.key(1, impl=implementation)
        draw = jax.jit(lambda key: jax.random.normal(key, (100_000,)))
        case = Case(lambda _: (lambda: draw(key).block_until_ready(), 1), [1]).ready()
        found.append((min(case.time(0.05) for _ in range(5)), implementation))
    return min(found)[1]


GENERATOR = faster_generator()
CASES = {}


# of what is made of gamma draws: microseconds a draw at any size, and a compilation of many seconds for each
SLOW = [10_000]


class Keys:
    """Another key for every call."""

    def __init__(self):
        self.state = 0

    def __call__(self):
        self.state += 1
        return jax.random.key(self.state, impl=GENERATOR)


keys = Keys()


def run(function, *arguments):
    """A compiled call that waits for its result."""
    compiled = jax.jit(function)
    return lambda: jax.block_until_ready(compiled(keys(), *arguments))


def law(name, draw, theta, sizes=None):
    """`draw(key, theta, size)` with theta of numbers, or each of as many numbers as the size."""
    theta = tuple(jnp.array(t) for t in theta)
    places = tuple(range(len(theta)))

    def of(function):
        return lambda size: (run(lambda key, *t: function(key, t, size), *theta), size)

    def gradient(key, t, size):
        return jax.grad(lambda *t: draw(key, t, size).sum(), places)(*t)

    def each(key, t, size):
        rows = tuple(jnp.broadcast_to(x, (size,)) for x in t)
        z, back = jax.vjp(lambda *rows: draw(key, rows, size), *rows)
        return z, back(jnp.ones(size))

    def draws():
        z, partials = jax.jit(lambda key: each(key, theta, 200))(keys())
        return lines(numpy.stack([z, *partials], 1))

    CASES[f"{name}, plain/{SIDE}"] = Case(of(draw), sizes)
    CASES[f"{name}, sum/{SIDE}"] = Case(of(gradient), sizes)
    CASES[f"{name}, each/{SIDE}"] = Case(of(each), sizes, draws)


def vectors(name, dimensions, draw, theta, sizes=(300, 3_000, 30_000)):
    """`draw(key, theta, size)` with theta of a row, or of as many rows as the size."""
    weights = jnp.sin(jnp.arange(float(dimensions)))

    def of(function):
        return lambda size: (run(lambda key, t: function(key, t, size), theta), size * dimensions)

    def gradient(key, t, size):
        return jax.grad(lambda t: (draw(key, t, size) @ weights).sum())(t)

    def each(key, t, size):
        z, back = jax.vjp(lambda rows: draw(key, rows, size), jnp.broadcast_to(t, (size, t.size)))
        unit = jnp.eye(dimensions)
        return z, [back(jnp.broadcast_to(unit[i], (size, dimensions)))[0] for i in range(dimensions)]

    CASES[f"{name}, plain/{SIDE}"] = Case(of(draw), sizes)
    mean = lambda: repeated(run(lambda key, t: gradient(key, t, 1_000) / 1_000, theta))
    CASES[f"{name}, sum/{SIDE}"] = Case(of(gradient), sizes, mean)
    CASES[f"{name}, each/{SIDE}"] = Case(of(each), sizes)


def normal_theta():
    theta = [0.1 * i for i in range(10)]
    for i in range(10):
        start = 10 + i * (i + 1) // 2
        theta += [1 + 0.1 * i if j == i else 0.3 * math.sin(1.7 * (start + j)) for j in range(i + 1)]
    return jnp.array(theta)


LOWER = numpy.tril_indices(10)


def factor(rows):
    return jnp.zeros(rows.shape[:-1] + (10, 10)).at[..., LOWER[0], LOWER[1]].set(rows)


def multivariate_normal(key, theta, size):
    e = jax.random.normal(key, (size, 10))
    if theta.ndim == 1:
        return theta[:10] + e @ factor(theta[10:]).T
    return theta[:, :10] + jnp.einsum("nij,nj->ni", factor(theta[:, 10:]), e)


def gumbel_softmax(key, logits, size):
    return jax.nn.softmax((logits + jax.random.gumbel(key, (size, 20))) / 0.5)


ALPHA = 0.5 + 0.5 * jnp.arange(10.0)
LOGITS = jnp.sin(1.7 * jnp.arange(20.0))

if SIDE == "numpyro":
    import numpyro
    import numpyro.distributions as dist
    from jax import random

    law("normal", lambda key, t, n: t[0] + t[1] * random.normal(key, (n,)), [0.3, 1.2])
    law("gamma 2.5", lambda key, t, n: random.gamma(key, t[0], (n,)) / t[1], [2.5, 2.0], SLOW)
    law("gamma 0.3", lambda key, t, n: random.gamma(key, t[0], (n,)) / t[1], [0.3, 2.0], SLOW)
    law("beta (2, 3)", lambda key, t, n: random.beta(key, t[0], t[1], (n,)), [2.0, 3.0], SLOW)
    law("Student t 5", lambda key, t, n: t[0] + t[1] * random.t(key, t[2], (n,)), [0.3, 1.2, 5.0], SLOW)

    def truncated(key, t, n):
        mean, deviation, lower, upper = t
        z = random.truncated_normal(key, (lower - mean) / deviation, (upper - mean) / deviation, (n,))
        return mean + deviation * z

    law("truncated normal (-1, 2)", truncated, [0.0, 1.0, -1.0, 2.0])
    von_mises = dist.VonMises(0.3, 3.0)
    CASES["von Mises 3, plain/numpyro"] = Case(lambda n: (run(lambda key: von_mises.sample(key, (n,))), n))

    def dirichlet(key, alpha, n):
        return random.dirichlet(key, alpha, (n,))

    vectors("Dirichlet (10)", 10, dirichlet, ALPHA, [1_000])
    vectors("Gumbel-softmax (20)", 20, gumbel_softmax, LOGITS)
    vectors("multivariate normal (10)", 10, multivariate_normal, normal_theta())
else:
    from tensorflow_probability.substrates import jax as tfp

    tfd = tfp.distributions

    def of(make):
        """Shapes of the parameters are those of the draws where each draw has its own."""
        return lambda key, t, n: make(*t).sample(() if jnp.ndim(t[0]) else n, seed=key)

    law("normal", of(tfd.Normal), [0.3, 1.2])
    law("gamma 2.5", of(tfd.Gamma), [2.5, 2.0], SLOW)
    law("gamma 0.3", of(tfd.Gamma), [0.3, 2.0], SLOW)
    law("beta (2, 3)", of(tfd.Beta), [2.0, 3.0], SLOW)
    law("Student t 5", of(lambda m, s, df: tfd.StudentT(df, m, s)), [0.3, 1.2, 5.0], SLOW)
    law("von Mises 3", of(tfd.VonMises), [0.3, 3.0])
    law("truncated normal (-1, 2)", of(tfd.TruncatedNormal), [0.0, 1.0, -1.0, 2.0])

    def dirichlet(key, alpha, n):
        return tfd.Dirichlet(alpha).sample(() if alpha.ndim == 2 else n, seed=key)

    vectors("Dirichlet (10)", 10, dirichlet, ALPHA, [1_000])

EFFECTS = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
ERRORS = jnp.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def step(name, elbo, theta, draws):
    """A gradient step on parameters that stay where the program keeps them."""

    @jax.jit
    def stepped(theta, key):
        gradient = jax.grad(elbo)(theta, key)
        return theta + 1e-9 * gradient, gradient

    def make(_):
        state = [theta]

        def call():
            state[0], gradient = jax.block_until_ready(stepped(state[0], keys()))
            return gradient

        return call, draws

    CASES[f"{name}, a step/jax"] = Case(make, [draws], lambda: repeated(make(draws)[0]))


def eight_schools(q, key):
    normal = jax.scipy.stats.norm.logpdf
    rows = factor(q[10:])
    ln_diagonal = jnp.diagonal(rows)
    z = q[:10] + jax.random.normal(key, (100, 10)) @ (jnp.tril(rows, -1) + jnp.diag(jnp.exp(ln_diagonal))).T
    mu, ln_tau, eta = z[:, :1], z[:, 1:2], z[:, 2:]
    tau = jnp.exp(ln_tau)
    ln_p = normal(mu, 0.0, 5.0).sum() + (ln_tau - jnp.log1p((tau / 5) ** 2)).sum()
    ln_p += normal(eta).sum() + normal(EFFECTS, mu + tau * eta, ERRORS).sum()
    return ln_p / 100 + ln_diagonal.sum()


def regression(columns):
    x = 1.4 * jnp.sin(jnp.arange(200.0 * columns) ** 2).reshape(200, columns)

    def elbo(q, key):
        mean, ln_deviation = q[:columns], q[columns:]
        w = mean + jnp.exp(ln_deviation) * jax.random.normal(key, (192, columns))
        return (jax.nn.log_sigmoid(w @ x.T).sum() - 0.5 * (w * w).sum()) / 192 + ln_deviation.sum()

    theta = 0.1 * jnp.sin(jnp.arange(2.0 * columns)) - (jnp.arange(2 * columns) >= columns)
    step(f"logistic regression, {2 * columns} parameters", elbo, theta / math.sqrt(columns), 192)


def below(x):
    return 0.5 * jax.lax.erfc(x * -math.sqrt(0.5))


def option(spot, volatility, w):
    """Price and delta given the Brownian motion a month before the end."""
    growth, deviation = jnp.exp(volatility * w - volatility**2 * (11 / 24)), volatility * math.sqrt(1 / 12)
    d = jnp.log(spot * growth / 100) / deviation + deviation / 2
    delta = growth * below(d)
    return spot * delta - 100 * below(d - deviation), delta


def greeks(w):
    """Price, delta, vega for a point of volatility, and gamma of each draw."""
    (price, delta), (_, gamma) = jax.jvp(lambda spot: option(spot, 0.2, w), (100.0,), (1.0,))
    _, vega = jax.jvp(lambda volatility: option(100.0, volatility, w)[0], (0.2,), (1.0,))
    return jnp.stack([price, delta, 0.01 * vega, gamma], 1)


def on_draws(spot, volatility, z):
    """Payoffs, and the gamma of each by the score of the price: see `src/option.rs`."""
    price = spot * jnp.exp(volatility * z - volatility**2 / 2)
    gamma = jnp.where(price > 100, price / 100**2 * (z / 0.2 - 1), 0.0)
    return jnp.maximum(price - 100, 0.0), jax.lax.stop_gradient(gamma)


def independent(key, size):
    z = jax.random.normal(key, (size,))

    def means(at):
        price, gamma = on_draws(at[0], at[1], z)
        return price.mean(), gamma.mean()

    return jax.value_and_grad(means, has_aux=True)(jnp.array([100.0, 0.2]))


@jax.jit
def of_draws(key):
    size = 524_288
    z = jax.random.normal(key, (size,))
    (price, gamma), (delta, _) = jax.jvp(lambda spot: on_draws(spot, 0.2, z), (100.0,), (1.0,))
    _, (vega, _) = jax.jvp(lambda volatility: on_draws(100.0, volatility, z), (0.2,), (1.0,))
    found = jnp.stack([price, delta, 0.01 * vega, gamma])
    return found.mean(1), found.std(1) / math.sqrt(size)


def draws_needed():
    _, errors = of_draws(keys())
    return 524_288 * (float(errors.max()) / 1e-3) ** 2


@jax.jit
def on_points(points):
    w = math.sqrt(11 / 12) * jax.scipy.special.ndtri(jnp.clip(points, 1e-16, 1 - 1e-16))
    means = greeks(w.ravel()).reshape(16, -1, 4).mean(1)
    return means.mean(0), means.std(0, ddof=1) / 4


def quasi():
    from scipy.stats import qmc

    points = numpy.stack([qmc.Sobol(1, scramble=True, rng=seed).random(2048)[:, 0] for seed in range(16)])
    return jax.block_until_ready(on_points(points))


def heston(theta, noise):
    spot, variance, speed, mean, volatility, correlation = theta
    dt, other = 1 / 50, jnp.sqrt(1 - correlation**2)

    def turn(state, normals):
        (x, v), (z, w) = state, normals
        positive = jnp.maximum(v, 0.0)
        # the square root's slope at 0 is infinite, and times 0 it would be NaN
        deviation = jnp.sqrt(jnp.where(positive > 0, positive * dt, 1e-300))
        x += deviation * z - positive * (dt / 2)
        v += speed * (mean - positive) * dt + volatility * deviation * (correlation * z + other * w)
        return (x, v), None

    start = (jnp.zeros(noise.shape[2]), jnp.full(noise.shape[2], variance))
    (x, _), _ = jax.lax.scan(turn, start, noise)
    return jnp.maximum(spot * jnp.exp(x) - 100, 0.0)


HESTON = jnp.array([100.0, 0.04, 2.0, 0.04, 0.3, -0.7])


def heston_gradient(derivative):
    def gradient(key, theta, size):
        # outside of the loop that is differentiated, where they take several times as long
        noise = jax.random.normal(key, (50, 2, size))
        return derivative(lambda t: heston(t, noise).mean())(theta)

    return lambda size: (run(lambda key, theta: gradient(key, theta, size), HESTON), size)


def heston_figures():
    size, theta = 131_072, HESTON
    noise = jax.random.normal(keys(), (50, 2, size))
    partials = jax.jit(jax.jacfwd(heston))(theta, noise)
    found = jnp.concatenate([heston(theta, noise)[:, None], partials], 1)
    return figures(found.mean(0), found.std(0) / math.sqrt(size))


def walk(key, size):
    """The square of the end, and the score of the choices by hand."""
    p = 100.0

    def turn(state, key):
        x, score = state
        up = jnp.exp(-x / p)
        is_up = jax.random.uniform(key, (size,)) < up
        score += jnp.where(is_up, 1.0, -up / jnp.maximum(1 - up, 1e-300)) * x / p**2
        return (x + jnp.where(is_up, 1.0, -1.0), score), None

    start = (jnp.zeros(size), jnp.zeros(size))
    (x, score), _ = jax.lax.scan(turn, start, jax.random.split(key, 50))
    return x * x, score


def walk_figures():
    size = 65_536
    f, score = jax.jit(walk, static_argnums=1)(keys(), size)
    slope = (f - f.mean()) * score
    return [f.mean(), slope.mean()], [f.std() / math.sqrt(size), slope.std() / math.sqrt(size)]


def walks_needed():
    (_, slope), (_, error) = walk_figures()
    return 65_536 * float(error / (0.01 * slope)) ** 2


def numpyro_step():
    """A step of NumPyro's own variational inference on the same model, with its optimizer."""
    from numpyro.infer import SVI, Trace_ELBO, autoguide

    def model():
        mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
        tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
        eta = numpyro.sample("eta", dist.Normal(0.0, 1.0).expand([8]).to_event(1))
        numpyro.sample("y", dist.Normal(mu + tau * eta, ERRORS).to_event(1), obs=EFFECTS)

    guide = autoguide.AutoMultivariateNormal(model)
    svi = SVI(model, guide, numpyro.optim.Adam(1e-9), Trace_ELBO(num_particles=100))
    update = jax.jit(svi.update)
    state = [svi.init(jax.random.PRNGKey(1))]

    def call():
        state[0], loss = update(state[0])
        jax.block_until_ready(loss)

    return call, 100


if SIDE == "numpyro":
    step("eight schools", eight_schools, 0.3 * jnp.sin(1.7 * jnp.arange(65.0)), 100)
    CASES["eight schools, a step/numpyro"] = Case(lambda _: numpyro_step(), [100])
    regression(100)
    regression(1000)
    CASES["European call, independent draws/jax"] = Case(
        lambda size: (run(lambda key: independent(key, size)), size),
        draws=lambda: figures(*of_draws(keys())),
        units=draws_needed,
    )
    CASES["European call, quasi-random points/jax"] = Case(
        lambda _: (quasi, 1), [1], draws=lambda: figures(*quasi())
    )
    for way, derivative in [("reverse", jax.grad), ("forward", jax.jacfwd)]:
        CASES[f"Heston, six Greeks, 200 000 paths of 50 steps/jax, {way}"] = Case(
            heston_gradient(derivative), draws=heston_figures, units=lambda: 200_000
        )
    CASES["walk of 50 choices, gradient to 1 %/jax, scores"] = Case(
        lambda size: (run(lambda key: walk(key, size)), size),
        draws=lambda: figures(*walk_figures()),
        units=walks_needed,
    )

if __name__ == "__main__":
    serve(CASES)
