"""What another library reports of derivatives of draws, held against closed forms: the table of the guide's chapter
"Moving from other libraries".

pip install jax==0.10.2 numpyro==0.22.0 && python guide/peers.py
"""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist

jax.config.update("jax_enable_x64", True)
N = 20_000
KEYS = jax.random.split(jax.random.PRNGKey(1), N)


def estimate(derivative, f, theta):
    """The mean over keys of a derivative of f, and its standard error."""
    each = jax.vmap(lambda key: derivative(lambda t: f(t, key))(theta))(KEYS)
    return float(each.mean()), float(each.std() / N**0.5)


def row(what, exact, attempt):
    try:
        value, error = attempt()
        wrong = "" if abs(value - exact) < 5 * error else " **wrong**"
        print(f"| {what} | {value:.4f} ± {error:.4f}{wrong} | {exact:.4f} |")
    except Exception as refused:
        print(f"| {what} | refused: {type(refused).__name__} | {exact:.4f} |")


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
    row(f"LKJ of size 3, E[r²] in the concentration, by {method}", -2 / 25, lambda: estimate(jax.grad, lkj(method), 1.5))

key, h = KEYS[0], 1e-6
one = lambda a: jax.random.gamma(key, a)
print(f"\none gamma draw at a fixed key: jax.grad {jax.grad(one)(2.5):.6f}, ", end="")
print(f"a finite difference at that key {(one(2.5 + h) - one(2.5 - h)) / (2 * h):.6f}")
