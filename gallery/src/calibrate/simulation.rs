//! The simulation, as somebody has it before they hear of derivatives of draws: a drift, a year in small steps, random
//! numbers from a generator. What makes it differentiable is that its numbers are an `S: Scalar` in place of `f64`.

use reparam::noise;
use reparam::prelude::*;

/// ln α, ln β, ln γ, ln δ, ln σ of hares, ln σ of lynxes; rates a year, populations in thousands of pelts.
pub type Theta<S> = [S; 6];

/// Logarithms of hares and of lynxes.
pub type State<S> = [S; 2];

/// α - β lynx and -γ + δ hare: how fast the logarithms of both populations grow.
pub fn drift<S: Scalar>([alpha, beta, gamma, delta]: [S; 4], [hare, lynx]: State<S>) -> State<S> {
    [alpha - beta * lynx.exp(), delta * hare.exp() - gamma]
}

/// The rates out of their logarithms.
pub fn rates<S: Scalar>(theta: &[S]) -> [S; 4] {
    std::array::from_fn(|i| theta[i].exp())
}

/// A year of the stochastic differential equation d ln x = drift dt + σ dW by Euler's steps.
pub fn year<S: Scalar, R: Rng + ?Sized>(theta: &Theta<S>, start: State<S>, steps: u32, rng: &mut R) -> State<S> {
    let (rates, dt) = (rates(theta), 1.0 / f64::from(steps));
    let spread = [theta[4], theta[5]].map(|ln_sigma| ln_sigma.exp() * dt.sqrt());
    (0..steps).fold(start, |at, _| {
        let drift = drift(rates, at);
        std::array::from_fn(|k| at[k] + drift[k] * dt + spread[k] * noise::normal(rng))
    })
}

/// A year without noise, by Runge and Kutta's classical steps.
pub fn year_without_noise<S: Scalar>(theta: &[S], start: State<S>, steps: u32) -> State<S> {
    let (rates, dt) = (rates(theta), 1.0 / f64::from(steps));
    let moved = |at: State<S>, by: State<S>, dt: f64| -> State<S> { std::array::from_fn(|k| at[k] + by[k] * dt) };
    (0..steps).fold(start, |at, _| {
        let a = drift(rates, at);
        let b = drift(rates, moved(at, a, dt / 2.0));
        let c = drift(rates, moved(at, b, dt / 2.0));
        let d = drift(rates, moved(at, c, dt));
        std::array::from_fn(|k| at[k] + (a[k] + (b[k] + c[k]) * 2.0 + d[k]) * (dt / 6.0))
    })
}
