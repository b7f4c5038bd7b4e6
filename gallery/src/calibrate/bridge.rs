//! Paths of the simulation that end where the data say. Paths of the simulation itself end near the data so rarely that
//! a mean over them would be noise.
//!
//! Each step is drawn from the law that it would have, given the end, if the drift were linear from here on: around the
//! path without noise, the rest of the way is then a normal variable (the linear noise approximation; Whitaker,
//! Golightly, Boys & Sherlock 2017, "Improved bridge constructs for stochastic differential equations"). What the
//! approximation leaves is in the weight, so that the mean is right whatever it is.

use super::simulation::{State, Theta, drift, rates};
use reparam::noise;
use reparam::prelude::*;

type Matrix<S> = [[S; 2]; 2];

fn times<S: Scalar>(a: &Matrix<S>, x: &State<S>) -> State<S> {
    std::array::from_fn(|i| a[i][0] * x[0] + a[i][1] * x[1])
}

fn product<S: Scalar>(a: &Matrix<S>, b: &Matrix<S>) -> Matrix<S> {
    std::array::from_fn(|i| std::array::from_fn(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j]))
}

/// A B C' for a diagonal B.
fn sandwich<S: Scalar>(a: &Matrix<S>, diagonal: &State<S>, c: &Matrix<S>) -> Matrix<S> {
    let term = |i: usize, j: usize, k: usize| a[i][k] * diagonal[k] * c[j][k];
    std::array::from_fn(|i| std::array::from_fn(|j| term(i, j, 0) + term(i, j, 1)))
}

fn inverse<S: Scalar>(a: &Matrix<S>) -> Matrix<S> {
    let over = (a[0][0] * a[1][1] - a[0][1] * a[1][0]).recip();
    [[a[1][1] * over, -a[0][1] * over], [-a[1][0] * over, a[0][0] * over]]
}

/// What a step needs to know of the rest of the way.
struct Step<S> {
    /// Where the path without noise is after it.
    middle: State<S>,
    /// A deviation after it, carried to the end.
    carry: Matrix<S>,
    /// How much of what is missing at the end this step makes up for.
    gain: Matrix<S>,
    /// A factor of the covariance that the step has, given the end: (0, 0), (1, 0), (1, 1).
    factor: [S; 3],
}

/// The bridge from one year's logarithms to the next year's.
pub struct Bridge<S> {
    rates: [S; 4],
    dt: f64,
    spread: State<S>,
    from: State<f64>,
    to: State<f64>,
    /// All but the last, which ends where the data say.
    steps: Vec<Step<S>>,
    /// What is missing at the end of the path without noise.
    missing: State<S>,
    /// The parts of the weight's logarithm that no path changes.
    ln_constant: S,
    /// The weight's logarithm for the path of a bridge without noise: a number to be near.
    ln_middle: f64,
}

impl<S: Scalar> Bridge<S> {
    /// The bridge for some parameters of the simulation.
    pub fn new(theta: &Theta<S>, from: State<f64>, to: State<f64>, steps: u32) -> Self {
        let (rates, dt) = (rates(theta), 1.0 / f64::from(steps));
        let spread = [theta[4], theta[5]].map(|ln_sigma| ln_sigma.exp() * dt.sqrt());
        let variances = spread.map(|s| s * s);

        // forwards: the path without noise, and how a small deviation grows along it
        let mut middle = from.map(S::from);
        let mut path = Vec::with_capacity(steps as usize);
        for _ in 0..steps {
            let slope = drift(rates.map(Jet::constant), Jet::<S, 2>::variables(middle));
            let growth: Matrix<S> =
                std::array::from_fn(|i| std::array::from_fn(|j| slope[i].eps[j] * dt + if i == j { 1.0 } else { 0.0 }));
            middle = std::array::from_fn(|k| middle[k] + slope[k].re * dt);
            path.push((middle, growth));
        }
        let missing = std::array::from_fn(|k| -middle[k] + to[k]);

        // backwards: what the noise of the steps to come adds up to at the end
        let one = S::from(1.0);
        let mut carry = [[one, S::from(0.0)], [S::from(0.0), one]];
        let mut ahead = [[S::from(0.0); 2]; 2];
        let mut guided = Vec::with_capacity(steps as usize);
        let mut ln_constant = -(spread[0] * spread[1]).ln() - 2.0 * LN_SQRT_TAU;
        for (k, (middle, growth)) in path.into_iter().enumerate().rev() {
            let here = sandwich(&carry, &variances, &carry);
            ahead = std::array::from_fn(|i| std::array::from_fn(|j| ahead[i][j] + here[i][j]));
            if k + 1 < steps as usize {
                // variances · carry' · ahead⁻¹
                let weighted: Matrix<S> = std::array::from_fn(|i| std::array::from_fn(|j| variances[i] * carry[j][i]));
                let gain = product(&weighted, &inverse(&ahead));
                let taken = sandwich(&product(&gain, &carry), &variances, &[[one, S::from(0.0)], [S::from(0.0), one]]);
                let first = (variances[0] - taken[0][0]).sqrt();
                let below = -taken[1][0].over(first);
                let last = (variances[1] - taken[1][1] - below * below).sqrt();
                ln_constant += (first * last).ln() - (spread[0] * spread[1]).ln();
                guided.push(Step { middle, carry, gain, factor: [first, below, last] });
            }
            carry = product(&carry, &growth);
        }
        guided.reverse();
        let mut bridge = Bridge { rates, dt, spread, from, to, steps: guided, missing, ln_constant, ln_middle: 0.0 };
        bridge.ln_middle = bridge.ln_along(&vec![[0.0; 2]; bridge.steps.len()], 1.0).re();
        bridge
    }

    /// What weights are in units of: e to this.
    pub fn ln_unit(&self) -> f64 {
        self.ln_middle
    }

    /// How much more likely the simulation makes a path than the law that it is drawn from: the mean is the density of
    /// the end, over the unit. The average over a path and the one with mirrored noise.
    pub fn weight<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let noise: Vec<[f64; 2]> = self.steps.iter().map(|_| [noise::normal(rng), noise::normal(rng)]).collect();
        let along = |sign: f64| (self.ln_along(&noise, sign) - self.ln_middle).exp();
        (along(1.0) + along(-1.0)) * 0.5
    }

    fn ln_along(&self, noise: &[[f64; 2]], sign: f64) -> S {
        let mut at = self.from.map(S::from);
        let mut ln_weight = self.ln_constant;
        let mut add = |off: State<S>| {
            let z = [off[0].over(self.spread[0]), off[1].over(self.spread[1])];
            ln_weight -= (z[0] * z[0] + z[1] * z[1]) * 0.5;
        };
        let mut squares = 0.0;
        for (step, e) in self.steps.iter().zip(noise) {
            let e = e.map(|e| sign * e);
            let drift = drift(self.rates, at);
            let moved: State<S> = std::array::from_fn(|k| at[k] + drift[k] * self.dt);
            let carried = times(&step.carry, &[moved[0] - step.middle[0], moved[1] - step.middle[1]]);
            let pull = times(&step.gain, &[self.missing[0] - carried[0], self.missing[1] - carried[1]]);
            let [first, below, last] = step.factor;
            let off = [pull[0] + first * e[0], pull[1] + below * e[0] + last * e[1]];
            add(off);
            squares += e[0] * e[0] + e[1] * e[1];
            at = std::array::from_fn(|k| moved[k] + off[k]);
        }
        let drift = drift(self.rates, at);
        add(std::array::from_fn(|k| -at[k] - drift[k] * self.dt + self.to[k]));
        ln_weight + 0.5 * squares
    }
}

/// ln √(2 π)
const LN_SQRT_TAU: f64 = 0.918_938_533_204_672_7;
