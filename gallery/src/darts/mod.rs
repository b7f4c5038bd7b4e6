//! A robot throws darts: how do the mean squared distance from the bull's eye, and the probability to hit it, depend on
//! where the robot aims and on the jitter of its arm?
//!
//! A throw is aim + jitter · noise, with a normal noise in each coordinate. Lengths are in centimetres.

use gallery::{Error, Generator};
use reparam::estimate::{self, Estimate, WeakDerivative};
use reparam::noise;
use reparam::prelude::*;
use reparam::weighted::{Weighted, score};

/// Aim, in x and y, and jitter: the parameters, in this order everywhere.
pub type Robot = [f64; 3];

/// The bull's eye's radius.
pub const RADIUS: f64 = 1.6;

/// What a throw costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cost {
    /// The squared distance from the middle: smooth.
    Distance,
    /// Whether the bull's eye is hit, 1 or 0: a jump.
    Hit,
}

impl Cost {
    /// The cost of a throw to (x, y). The jump is a decision on real parts: no derivative sees it.
    fn of<S: Scalar>(self, [x, y]: [S; 2]) -> S {
        let distance = x * x + y * y;
        match self {
            Cost::Distance => distance,
            Cost::Hit => S::from(if distance.re() < RADIUS * RADIUS { 1.0 } else { 0.0 }),
        }
    }

    /// E\[cost\] as a function of the parameters, exactly: aim² + 2 jitter², or a noncentral chi-squared probability.
    ///
    /// # Errors
    /// The parameters are outside of the noncentral law's range.
    pub fn exact<S: Scalar>(self, [x, y, jitter]: [S; 3]) -> Result<S, LawError> {
        let aim = x * x + y * y;
        let variance = jitter * jitter;
        match self {
            Cost::Distance => Ok(aim + variance * 2.0),
            Cost::Hit => {
                let law = NoncentralChiSquared::new(S::from(2.0), aim.over(variance))?;
                Ok(law.cdf(variance.recip() * (RADIUS * RADIUS)))
            }
        }
    }
}

/// The three ways to a gradient, each with its standard errors.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// The closed form.
    pub exact: Jet<f64, 3>,
    /// Derivatives of each throw.
    pub pathwise: Estimate<[f64; 3]>,
    /// Throws weighted by their densities' derivatives.
    pub score: Estimate<[f64; 3]>,
    /// Differences of coupled pairs of throws: gradient and standard error.
    pub measure_valued: [(f64, f64); 3],
}

/// All gradients at a robot's parameters, from about as many throws each.
///
/// # Errors
/// Parameters for which the laws are not defined.
pub fn gradients(cost: Cost, robot: Robot, throws: u64, rng: &mut Generator) -> Result<Gradients, Error> {
    let pathwise = estimate::pathwise(robot, |theta, rng| cost.of(throw(theta, rng))).samples(throws).run(rng)?;
    let weighted = |[x, y, jitter]: [Jet<f64, 3>; 3], rng: &mut estimate::Handle<Jet<f64, 3>>| -> Result<_, LawError> {
        let [x, y] = [score(&Normal::new(x, jitter)?, rng), score(&Normal::new(y, jitter)?, rng)];
        let weight = x.weight * y.weight;
        // a weight minus 1 has the mean 0: the expected cost is a good baseline
        let baseline = cost.exact(robot)?;
        Ok(Weighted { value: cost.of([x.value, y.value]), weight }.with_baseline(baseline.into()))
    };
    let score = estimate::pathwise(robot, weighted).samples(throws).run(rng)?;
    Ok(Gradients {
        exact: cost.exact(Jet::variables(robot))?,
        pathwise,
        score,
        measure_valued: measure_valued(cost, robot, throws, rng)?,
    })
}

/// A throw.
pub fn throw<S: Scalar, R: Rng + ?Sized>([x, y, jitter]: [S; 3], rng: &mut R) -> [S; 2] {
    [x + jitter * noise::normal(rng), y + jitter * noise::normal(rng)]
}

/// One parameter of one coordinate at a time: the other coordinate is drawn as it is. The jitter is in both.
fn measure_valued(
    cost: Cost,
    [x, y, jitter]: Robot,
    throws: u64,
    rng: &mut Generator,
) -> Result<[(f64, f64); 3], Error> {
    let mut one = |law: WeakDerivative, other: f64, is_x: bool| -> Result<(f64, f64), Error> {
        let other = Normal::new(other, jitter)?;
        let f = |at: f64, rng: &mut estimate::Handle<f64>| {
            let other = other.sample(rng);
            cost.of(if is_x { [at, other] } else { [other, at] })
        };
        let e = estimate::measure_valued(law, f).samples(throws).run(rng)?;
        Ok((e.gradient[0], e.gradient_se[0]))
    };
    let (dx, dy) = (
        one(WeakDerivative::normal_mean(x, jitter)?, y, true)?,
        one(WeakDerivative::normal_mean(y, jitter)?, x, false)?,
    );
    let (jx, jy) = (
        one(WeakDerivative::normal_std_dev(x, jitter)?, y, true)?,
        one(WeakDerivative::normal_std_dev(y, jitter)?, x, false)?,
    );
    Ok([dx, dy, (jx.0 + jy.0, jx.1.hypot(jy.1))])
}

/// What holding the arm still costs: effort / jitter.
pub const EFFORT: f64 = 20.0;

/// The robot after each step of training: it minimizes E\[squared distance\] + effort / jitter by the gradients of a few
/// throws a step, with steps that shrink.
///
/// # Errors
/// The jitter has become so large or small that no estimate is possible.
pub fn train(start: Robot, steps: u32, throws: u64, rng: &mut Generator) -> Result<Vec<Robot>, Error> {
    // the jitter is positive: its logarithm is trained
    let mut theta = [start[0], start[1], start[2].ln()];
    let robot = |[x, y, ln_jitter]: [f64; 3]| [x, y, ln_jitter.exp()];
    let mut path = vec![start];
    for step in 0..steps {
        let cost = |[x, y, ln_jitter]: [Jet<f64, 3>; 3], rng: &mut estimate::Handle<Jet<f64, 3>>| {
            let jitter = ln_jitter.exp();
            Cost::Distance.of(throw([x, y, jitter], rng)) + jitter.recip() * EFFORT
        };
        let e = estimate::pathwise(theta, cost).samples(throws).run(rng)?;
        // Robbins & Monro: rates with an infinite sum and a finite sum of squares; at first a part of 1/curvature
        let decay = 1.0 / (1.0 + 0.02 * f64::from(step));
        for ((parameter, slope), rate) in theta.iter_mut().zip(e.gradient).zip([0.12, 0.12, 0.01]) {
            *parameter -= rate * decay * slope;
        }
        path.push(robot(theta));
    }
    Ok(path)
}

/// Where the training must end: aim 0 and the jitter at which 4 jitter = effort / jitter².
pub fn optimum() -> Robot {
    [0.0, 0.0, (EFFORT / 4.0).cbrt()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;

    const ROBOT: Robot = [2.0, -1.0, 1.5];

    // mpmath: ∫ r/s² exp(-(r² + ν²)/(2 s²)) I₀(r ν/s²) dr from 0 to 1.6 with ν² = 5 and s = 1.5, and its derivatives
    const PROBABILITY: f64 = 0.188_011_261_604_200_37;
    const SLOPES: [f64; 3] = [-0.127_340_209_621_844_56, 0.063_670_104_810_922_28, -0.033_645_847_561_676_746];

    fn close(found: f64, se: f64, exact: f64) {
        assert!((found - exact).abs() < 5.0 * se, "{found} ± {se}, exactly {exact}");
    }

    #[test]
    fn the_closed_form_is_right() {
        let hit = Cost::Hit.exact(Jet::variables(ROBOT)).unwrap();
        assert!((hit.re - PROBABILITY).abs() < 1e-14, "{}", hit.re);
        for (found, expected) in hit.eps.iter().zip(SLOPES) {
            assert!((found - expected).abs() < 1e-14, "{found} {expected}");
        }
    }

    #[test]
    fn a_smooth_cost_has_three_right_gradients() {
        let mut rng = Generator::seed_from_u64(1);
        let g = gradients(Cost::Distance, ROBOT, 100_000, &mut rng).unwrap();
        for i in 0..3 {
            close(g.pathwise.gradient[i], g.pathwise.gradient_se[i], g.exact.eps[i]);
            close(g.score.gradient[i], g.score.gradient_se[i], g.exact.eps[i]);
            close(g.measure_valued[i].0, g.measure_valued[i].1, g.exact.eps[i]);
            // what pathwise derivatives are for
            assert!(g.score.gradient_se[i] > 2.0 * g.pathwise.gradient_se[i], "{g:?}");
        }
    }

    #[test]
    fn a_jump_has_two() {
        let mut rng = Generator::seed_from_u64(1);
        let g = gradients(Cost::Hit, ROBOT, 100_000, &mut rng).unwrap();
        close(g.pathwise.value, g.pathwise.value_se, g.exact.re);
        for i in 0..3 {
            assert_eq!(g.pathwise.gradient[i], 0.0);
            assert!(g.pathwise.notes.is_flat(i));
            close(g.score.gradient[i], g.score.gradient_se[i], g.exact.eps[i]);
            close(g.measure_valued[i].0, g.measure_valued[i].1, g.exact.eps[i]);
        }
    }

    #[test]
    fn training_ends_at_the_optimum() {
        let path = train([8.0, 5.0, 4.0], 400, 50, &mut Generator::seed_from_u64(1)).unwrap();
        // the last rate times the standard deviation of a step's gradient is 0.02
        for (found, optimum) in path[400].iter().zip(optimum()) {
            assert!((found - optimum).abs() < 0.1, "{found} {optimum}");
        }
    }
}
