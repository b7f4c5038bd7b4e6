"""PyTorch's side of the race. Draws by `torch.distributions` or by the operations beneath, whichever is faster."""

import math

import torch
import torch.distributions as dist
from worker import Case, figures, lines, repeated, serve

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
dist.Distribution.set_default_validate_args(False)
number = torch.tensor


def truncated(mean, deviation, lower, upper, shape):
    """By the quantile function: PyTorch has no such law."""
    a, b = (torch.special.ndtr((x - mean) / deviation) for x in (lower, upper))
    return mean + deviation * torch.special.ndtri(a + (b - a) * torch.rand(shape))


def of(law):
    return lambda *theta: law(*theta[:-1]).rsample(theta[-1])


LAWS = {
    "normal": (of(dist.Normal), [0.3, 1.2]),
    "gamma 2.5": (of(dist.Gamma), [2.5, 2.0]),
    "gamma 0.3": (of(dist.Gamma), [0.3, 2.0]),
    "beta (2, 3)": (of(dist.Beta), [2.0, 3.0]),
    "Student t 5": (lambda m, s, df, shape: dist.StudentT(df, m, s).rsample(shape), [0.3, 1.2, 5.0]),
    "truncated normal (-1, 2)": (truncated, [0.0, 1.0, -1.0, 2.0]),
}


def plain(draw, theta):
    def make(size):
        @torch.no_grad()
        def call():
            return draw(*theta, (size,))

        return call

    return make


def gradient_of_sum(draw, theta):
    def make(size):
        def call():
            parameters = [t.clone().requires_grad_() for t in theta]
            return torch.autograd.grad(draw(*parameters, (size,)).sum(), parameters)

        return call

    return make


def each(draw, theta):
    """Every draw has parameters of its own, so that the gradient of the sum has the partials of each."""

    def make(size):
        def call():
            parameters = [t.expand(size).clone().requires_grad_() for t in theta]
            z = draw(*parameters, (size,) if draw is truncated else ())
            return z.detach(), torch.autograd.grad(z.sum(), parameters)

        return call

    return make


def counted(make, units=1):
    return lambda size: (make(size), size * units)


CASES = {}
for name, (draw, theta) in LAWS.items():
    theta = [number(t) for t in theta]

    def draws(make=each(draw, theta)):
        z, partials = make(200)()
        return lines(torch.stack([z, *partials], 1).tolist())

    CASES[f"{name}, plain/torch"] = Case(counted(plain(draw, theta)))
    CASES[f"{name}, sum/torch"] = Case(counted(gradient_of_sum(draw, theta)))
    CASES[f"{name}, each/torch"] = Case(counted(each(draw, theta)), draws=draws)

von_mises = dist.VonMises(number(0.3), number(3.0))
CASES["von Mises 3, plain/torch"] = Case(lambda size: (lambda: von_mises.sample((size,)), size))


def vectors(name, dimensions, draw, theta):
    """Laws of vectors: `draw(theta, size)` broadcasts over rows of parameters."""
    weights = torch.sin(torch.arange(dimensions, dtype=torch.float64))

    def plain(size):
        @torch.no_grad()
        def call():
            return draw(theta, size)

        return call, size * dimensions

    def gradient_of_sum(size):
        def call():
            parameters = theta.clone().requires_grad_()
            return torch.autograd.grad((draw(parameters, size) @ weights).sum(), parameters)

        return call, size * dimensions

    def each(size):
        def call():
            parameters = theta.expand(size, -1).clone().requires_grad_()
            z = draw(parameters, size)
            rows = (torch.autograd.grad(z[:, i].sum(), parameters, retain_graph=True) for i in range(dimensions))
            return z.detach(), list(rows)

        return call, size * dimensions

    sizes = [300, 3_000, 30_000]
    CASES[f"{name}, plain/torch"] = Case(plain, sizes)
    CASES[f"{name}, sum/torch"] = Case(
        gradient_of_sum, sizes, lambda: repeated(lambda: (gradient_of_sum(1_000)[0]()[0] / 1_000).numpy())
    )
    CASES[f"{name}, each/torch"] = Case(each, sizes)


def dirichlet(alpha, size):
    return dist.Dirichlet(alpha if alpha.dim() == 2 else alpha.expand(size, -1)).rsample()


def gumbel_softmax(logits, size):
    return torch.nn.functional.gumbel_softmax(logits.expand(size, -1), tau=0.5)


LOWER = torch.tril_indices(10, 10)


def factor(rows):
    full = rows.new_zeros(rows.shape[:-1] + (10, 10))
    full[..., LOWER[0], LOWER[1]] = rows
    return full


def multivariate_normal(theta, size):
    e = torch.randn(size, 10)
    if theta.dim() == 1:
        return torch.addmm(theta[:10], e, factor(theta[10:]).T)
    return theta[:, :10] + torch.bmm(factor(theta[:, 10:]), e[:, :, None])[:, :, 0]


def normal_theta():
    theta = [0.1 * i for i in range(10)]
    for i in range(10):
        start = 10 + i * (i + 1) // 2
        theta += [1 + 0.1 * i if j == i else 0.3 * math.sin(1.7 * (start + j)) for j in range(i + 1)]
    return number(theta)


vectors("Dirichlet (10)", 10, dirichlet, 0.5 + 0.5 * torch.arange(10.0))
vectors("Gumbel-softmax (20)", 20, gumbel_softmax, torch.sin(1.7 * torch.arange(20.0)))
vectors("multivariate normal (10)", 10, multivariate_normal, normal_theta())

EFFECTS = number([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
ERRORS = number([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def eight_schools(_):
    theta = 0.3 * torch.sin(1.7 * torch.arange(65.0))
    normal = dist.Normal

    def call():
        q = theta.clone().requires_grad_()
        rows = factor(q[10:])
        ln_diagonal = torch.diagonal(rows)
        z = torch.addmm(q[:10], torch.randn(100, 10), (torch.tril(rows, -1) + torch.diag(ln_diagonal.exp())).T)
        mu, ln_tau, eta = z[:, :1], z[:, 1:2], z[:, 2:]
        tau = ln_tau.exp()
        ln_p = normal(0.0, 5.0).log_prob(mu).sum() + (dist.HalfCauchy(5.0).log_prob(tau) + ln_tau).sum()
        ln_p = ln_p + normal(0.0, 1.0).log_prob(eta).sum() + normal(mu + tau * eta, ERRORS).log_prob(EFFECTS).sum()
        (gradient,) = torch.autograd.grad(ln_p / 100 + ln_diagonal.sum(), q)
        theta.add_(gradient, alpha=1e-9)
        return gradient.numpy()

    return call, 100


CASES["eight schools, a step/torch"] = Case(eight_schools, [100], lambda: repeated(eight_schools(100)[0]))


def regression(columns):
    x = 1.4 * torch.sin(torch.arange(200.0 * columns) ** 2).reshape(200, columns)
    theta = 0.1 * torch.sin(torch.arange(2.0 * columns))
    theta[columns:] -= 1
    theta /= math.sqrt(columns)

    def make(_):
        def call():
            q = theta.clone().requires_grad_()
            mean, ln_deviation = q[:columns], q[columns:]
            w = mean + ln_deviation.exp() * torch.randn(192, columns)
            elbo = torch.nn.functional.logsigmoid(w @ x.T).sum() - 0.5 * (w * w).sum()
            (gradient,) = torch.autograd.grad(elbo / 192 + ln_deviation.sum(), q)
            theta.add_(gradient, alpha=1e-9)
            return gradient.numpy()

        return call, 192

    return make


for columns in [100, 1000]:
    make = regression(columns)
    CASES[f"logistic regression, {2 * columns} parameters, a step/torch"] = Case(
        make, [192], lambda make=make: repeated(make(192)[0])
    )


def below(x):
    return 0.5 * torch.special.erfc(x * -math.sqrt(0.5))


def option(spot, volatility, w):
    """Price and delta given the Brownian motion a month before the end."""
    growth, deviation = torch.exp(volatility * w - volatility**2 * (11 / 24)), volatility * math.sqrt(1 / 12)
    d = torch.log(spot * growth / 100) / deviation + deviation / 2
    delta = growth * below(d)
    return spot * delta - 100 * below(d - deviation), delta


def greeks(w):
    """Price, delta, vega for a point of volatility, and gamma of each draw."""
    size = len(w)
    spot = torch.full((size,), 100.0, requires_grad=True)
    volatility = torch.full((size,), 0.2, requires_grad=True)
    price, delta = option(spot, volatility, w)
    (vega,) = torch.autograd.grad(price.sum(), volatility, retain_graph=True)
    (gamma,) = torch.autograd.grad(delta.sum(), spot)
    return torch.stack([price.detach(), delta.detach(), 0.01 * vega, gamma])


def on_draws(spot, volatility, z):
    """Payoffs, and the gamma of each by the score of the price: see `src/option.rs`."""
    price = spot * torch.exp(volatility * z - volatility**2 / 2)
    with torch.no_grad():
        gamma = torch.where(price > 100, price / 100**2 * (z / 0.2 - 1), 0.0)
    return torch.clamp(price - 100, min=0.0), gamma


def independent(size):
    def call():
        spot, volatility = number(100.0, requires_grad=True), number(0.2, requires_grad=True)
        price, gamma = on_draws(spot, volatility, torch.randn(size))
        return price.mean(), torch.autograd.grad(price.mean(), (spot, volatility)), gamma.mean()

    return call, size


def of_draws():
    size = 524_288
    spot = torch.full((size,), 100.0, requires_grad=True)
    volatility = torch.full((size,), 0.2, requires_grad=True)
    price, gamma = on_draws(spot, volatility, torch.randn(size))
    delta, vega = torch.autograd.grad(price.sum(), (spot, volatility))
    found = torch.stack([price.detach(), delta, 0.01 * vega, gamma])
    return found.mean(1), found.std(1) / math.sqrt(size)


def draws_needed():
    _, errors = of_draws()
    return 524_288 * (float(errors.max()) / 1e-3) ** 2


CASES["European call, independent draws/torch"] = Case(
    independent, draws=lambda: figures(*of_draws()), units=draws_needed
)


def quasi():
    means = []
    for seed in range(16):
        points = torch.quasirandom.SobolEngine(1, scramble=True, seed=seed).draw(2048, dtype=torch.float64)
        w = math.sqrt(11 / 12) * torch.special.ndtri(points[:, 0].clamp(1e-16, 1 - 1e-16))
        means.append(greeks(w).mean(1))
    means = torch.stack(means)
    return means.mean(0), means.std(0) / 4


CASES["European call, quasi-random points/torch"] = Case(
    lambda _: (quasi, 1), [1], draws=lambda: figures(*quasi())
)


def heston(theta, size):
    spot, v, speed, mean, volatility, correlation = theta
    dt, x = 1 / 50, torch.zeros(size)
    other = torch.sqrt(1 - correlation**2)
    noise = torch.randn(50, 2, size)
    for z, w in noise:
        positive = torch.clamp(v, min=0.0)
        # the square root's slope at 0 is infinite, and times 0 it would be NaN
        deviation = torch.sqrt(torch.where(positive > 0, positive * dt, 1e-300))
        x = x + deviation * z - positive * (dt / 2)
        v = v + speed * (mean - positive) * dt + volatility * deviation * (correlation * z + other * w)
    return torch.clamp(spot * torch.exp(x) - 100, min=0.0)


HESTON = number([100.0, 0.04, 2.0, 0.04, 0.3, -0.7])


def heston_case(size):
    def call():
        theta = [t.clone().requires_grad_() for t in HESTON]
        return torch.autograd.grad(heston(theta, size).mean(), theta)

    return call, size


def heston_figures():
    size = 131_072
    theta = [t.expand(size).clone().requires_grad_() for t in HESTON]
    price = heston(theta, size)
    found = torch.stack([price.detach(), *torch.autograd.grad(price.sum(), theta)])
    return figures(found.mean(1), found.std(1) / math.sqrt(size))


CASES["Heston, six Greeks, 200 000 paths of 50 steps/torch"] = Case(
    heston_case, draws=heston_figures, units=lambda: 200_000
)


@torch.no_grad()
def walk(size):
    """The square of the end, and the score of the choices by hand."""
    p, x, score = 100.0, torch.zeros(size), torch.zeros(size)
    for _ in range(50):
        up = torch.exp(-x / p)
        is_up = torch.rand(size) < up
        score += torch.where(is_up, 1.0, -up / (1 - up).clamp(min=1e-300)) * x / p**2
        x = x + torch.where(is_up, 1.0, -1.0)
    return x * x, score


def walk_figures():
    size = 65_536
    f, score = walk(size)
    slope = (f - f.mean()) * score
    return [f.mean(), slope.mean()], [f.std() / math.sqrt(size), slope.std() / math.sqrt(size)]


def walks_needed():
    (_, slope), (_, error) = walk_figures()
    return 65_536 * float(error / (0.01 * slope)) ** 2


CASES["walk of 50 choices, gradient to 1 %/torch, scores"] = Case(
    lambda size: (lambda: walk(size), size), draws=lambda: figures(*walk_figures()), units=walks_needed
)

if __name__ == "__main__":
    serve(CASES)
