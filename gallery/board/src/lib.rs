//! What a small computer does with a sensor: it follows a level through noise by a particle filter whose likelihood has
//! a gradient, and it learns a law from counts by stochastic gradient steps. No `std`, no heap: arrays only.
#![cfg_attr(not(test), no_std)]

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::prelude::*;
use reparam::program::Plain;
use reparam::step::{self, Adam, Rule, Schedule};
use reparam::weighted::{Particle, Resampling, ln_normalize};
use reparam::{noise, objective};

/// A number with derivatives in two parameters.
pub type Number = Jet<f64, 2>;

/// Particles of the filter.
pub const PARTICLES: usize = 64;

type Cloud = [Particle<Number, Number>; PARTICLES];

/// Why a step cannot be taken.
#[derive(Clone, Copy, Debug)]
pub enum StepError {
    /// A parameter of a law is out of its range, or no particle is near the measurement.
    Law(LawError),
    /// The learner's gradient is no number.
    Gradient(step::StepError),
}

impl From<LawError> for StepError {
    fn from(e: LawError) -> Self {
        StepError::Law(e)
    }
}

impl From<step::StepError> for StepError {
    fn from(e: step::StepError) -> Self {
        StepError::Gradient(e)
    }
}

/// A particle filter for a level that wanders and is measured with noise: x_t = x_(t-1) + √q · noise, y_t = x_t + √h ·
/// noise, with the parameters ln h and ln q.
pub struct Filter {
    spread: Number,
    step: Number,
    cloud: Cloud,
    before: Cloud,
    /// ln p of all measurements but the first, with its gradient in ln h and ln q.
    pub ln_likelihood: Number,
    rng: Xoshiro256PlusPlus,
}

impl Filter {
    /// A filter that starts at a first measurement.
    pub fn new([h, q]: [f64; 2], first: f64, seed: u64) -> Self {
        let [spread, step] = Number::variables([h.ln_of(), q.ln_of()]).map(|ln| (ln * 0.5).exp());
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let cloud = core::array::from_fn(|_| Particle::new(spread * noise::normal(&mut rng) + first));
        Filter { spread, step, before: Cloud::clone(&cloud), cloud, ln_likelihood: 0.0.into(), rng }
    }

    /// The whole of a step: particles move, a measurement weighs them, and they are drawn again by their weights, which
    /// keep their derivatives. Returns the mean level.
    ///
    /// # Errors
    /// A parameter of a law is out of its range, or no particle is near the measurement.
    pub fn step(&mut self, measured: f64) -> Result<f64, LawError> {
        let around = Normal::new(Number::from(0.0), self.spread)?;
        for particle in &mut self.cloud {
            particle.value += self.step * noise::normal(&mut self.rng);
            particle.ln_weight += around.ln_pdf(-particle.value + measured);
        }
        self.ln_likelihood += ln_normalize(&mut self.cloud)?;
        let mean = self.cloud.iter().fold(0.0, |sum, p| sum + (p.ln_weight.exp() * p.value).re) / PARTICLES as f64;
        core::mem::swap(&mut self.cloud, &mut self.before);
        Resampling::Systematic.run_ln(&self.before, &mut self.cloud, &mut self.rng)?;
        Ok(mean)
    }
}

/// The logarithm by the crate's functions: `f64` has none without `std`.
trait Ln {
    fn ln_of(self) -> f64;
}

impl Ln for f64 {
    fn ln_of(self) -> f64 {
        Scalar::ln(self)
    }
}

/// What clicks of a counter say of their rate: a gamma law, learned by stochastic gradient steps.
///
/// A step draws rates from the law, and goes down the derivative of E[ln q - ln p], the divergence from the posterior: with
/// a gamma prior that is a gamma law too, so that the answer is known.
pub struct Learner {
    /// ln of shape and mean.
    pub theta: [f64; 2],
    adam: Adam<[f64; 2]>,
    rng: Xoshiro256PlusPlus,
}

/// Shape and rate of the prior.
pub const PRIOR: [f64; 2] = [2.0, 0.5];

/// Clicks in each second.
pub const CLICKS: [u32; 8] = [3, 5, 2, 6, 4, 4, 3, 7];

/// Shape and rate of the posterior: the prior's plus clicks and seconds.
pub fn posterior() -> [f64; 2] {
    let clicks: u32 = CLICKS.iter().sum();
    [PRIOR[0] + f64::from(clicks), PRIOR[1] + CLICKS.len() as f64]
}

impl Learner {
    /// A learner that knows nothing.
    ///
    /// # Errors
    /// None: its decays are in range.
    pub fn new(seed: u64) -> Result<Self, StepError> {
        let (theta, rng) = ([0.0; 2], Xoshiro256PlusPlus::seed_from_u64(seed));
        Ok(Learner { theta, adam: Adam::new(&theta).decays(0.9, 0.99)?, rng })
    }

    /// The whole of a step, by Adam's rule, whose size falls as the steps go on.
    ///
    /// # Errors
    /// The law's parameters have left their range.
    pub fn step(&mut self) -> Result<(), StepError> {
        let [shape, mean] = Number::variables(self.theta).map(|ln| ln.exp());
        let law = Gamma::new(shape, shape / mean)?;
        let [clicks, seconds] = posterior();
        let ln_p = |z: &Number| Ok::<_, LawError>(z.ln() * (clicks - 1.0) - *z * seconds);
        let (mut bound, mut chance) = (Number::from(0.0), Plain::new(&mut self.rng));
        const DRAWS: u32 = 8;
        for _ in 0..DRAWS {
            // without noise at the answer
            bound += objective::sticking_the_landing(&law, ln_p, &mut chance)? / f64::from(DRAWS);
        }
        let rate = Schedule::power(0.2, 1.0, 50.0)?.rate(self.adam.steps());
        Ok(self.adam.step(&mut self.theta, &bound.eps, -rate)?)
    }
}

/// The yearly flow of the Nile, as a sensor's measurements.
pub fn measurements() -> impl Iterator<Item = f64> {
    let rows = include_str!("../../data/nile.csv").lines();
    rows.filter_map(|row| row.rsplit(',').next()?.trim().parse().ok())
}

/// Variances h and q of Durbin & Koopman 2001, section 2.10.
pub const VARIANCES: [f64; 2] = [15_099.0, 1_469.1];

/// Gradient steps of the learner.
pub const STEPS: u32 = 300;

/// Both, with the bits of every number that comes out.
///
/// # Errors
/// A step cannot be taken.
pub fn run(mut print: impl FnMut(u64)) -> Result<(), StepError> {
    let mut measured = measurements();
    let Some(first) = measured.next() else { return Ok(()) };
    let mut filter = Filter::new(VARIANCES, first, 1);
    for y in measured {
        print(filter.step(y)?.to_bits());
        print(filter.ln_likelihood.re.to_bits());
        filter.ln_likelihood.eps.iter().for_each(|slope| print(slope.to_bits()));
    }
    let mut learner = Learner::new(1)?;
    for _ in 0..STEPS {
        learner.step()?;
        learner.theta.iter().for_each(|x| print(x.to_bits()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// mpmath at 30 digits, by the Kalman filter, which is exact for this model: ln p at the variances, and at 10000 and
    /// 3000 the gradient.
    const LN: f64 = -632.545_625_115_673_7;
    const GRADIENT: [f64; 2] = [9.825_029_658_93, 1.134_802_526_06];

    fn filtered(variances: [f64; 2], seed: u64) -> Number {
        let mut measured = measurements();
        let mut filter = Filter::new(variances, measured.next().unwrap(), seed);
        measured.for_each(|y| {
            filter.step(y).unwrap();
        });
        filter.ln_likelihood
    }

    fn mean(samples: &[f64]) -> (f64, f64) {
        let n = samples.len() as f64;
        let mean = samples.iter().sum::<f64>() / n;
        let variance = samples.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, (variance / n).sqrt())
    }

    #[test]
    fn all_years_are_read() {
        assert_eq!((measurements().count(), measurements().next()), (100, Some(1120.0)));
    }

    /// A particle filter's likelihood is unbiased, and so is its gradient.
    #[test]
    fn the_filter_is_right_on_average() {
        let ratios: Vec<f64> = (0..400).map(|seed| (filtered(VARIANCES, seed).re - LN).exp()).collect();
        let (ratio, error) = mean(&ratios);
        assert!(error < 0.1 && (ratio - 1.0).abs() < 5.0 * error, "{ratio} ± {error}");

        let runs: Vec<Number> = (0..1000).map(|seed| filtered([10_000.0, 3_000.0], seed)).collect();
        // p at these variances, over which the gradient of p is that of ln p
        let top = runs.iter().map(|ln| ln.re).fold(f64::MIN, f64::max);
        for (i, exact) in GRADIENT.into_iter().enumerate() {
            // of a ratio of two means: Σ w (slope - gradient) is 0 on average
            let off: Vec<f64> = runs.iter().map(|ln| (ln.re - top).exp() * (ln.eps[i] - exact)).collect();
            let (off, error) = mean(&off);
            let (scale, _) = mean(&runs.iter().map(|ln| (ln.re - top).exp()).collect::<Vec<_>>());
            assert!(off.abs() < 5.0 * error, "{i}: {} ± {}", off / scale, error / scale);
            assert!(error / scale < 5.0, "{i}: {}", error / scale);
        }
    }

    #[test]
    fn the_learner_finds_the_posterior() {
        for seed in 1..=5 {
            let mut learner = Learner::new(seed).unwrap();
            (0..STEPS).for_each(|_| learner.step().unwrap());
            let ([shape, mean], [clicks, seconds]) = (learner.theta.map(f64::exp), posterior());
            assert!((shape / clicks - 1.0).abs() < 0.02, "{shape} {clicks}");
            assert!((mean / (clicks / seconds) - 1.0).abs() < 0.005, "{mean} {}", clicks / seconds);
        }
    }
}
