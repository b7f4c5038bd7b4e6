//! A law of one's own, with a mistake in its derivative, in its distribution function and in its draws: each is found by
//! `reparam::verify` and proptest, and the law without mistakes passes.
//!
//! The law is Lomax's, of waiting times with a heavy tail: F(x) = 1 - (1 + x/scale)^-shape for x >= 0.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use rand::RngExt;
use reparam::prelude::*;
use reparam::verify::{self, strategy};

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mistake {
    /// Nothing.
    None,
    /// The shape's value is taken where its derivative is needed.
    Derivative,
    /// The tail falls with another power beyond three scales.
    DistributionFunction,
    /// Draws are inverted at u² in place of u.
    Draws,
}

/// The law, with a mistake.
#[derive(Clone, Copy, Debug)]
pub struct Lomax(pub Mistake);

impl Lomax {
    /// The draw at a uniform number, as one writes it: scale (u^(-1/shape) - 1).
    pub fn at<S: Scalar>(&self, [shape, scale]: [S; 2], u: f64) -> S {
        let shape = if self.0 == Mistake::Derivative { S::from(shape.re()) } else { shape };
        scale * (shape.recip() * -u.ln()).exp_m1()
    }
}

impl Cdf<2> for Lomax {
    fn support<S: Scalar>(&self, _: [S; 2]) -> (S, S) {
        (0.0.into(), f64::INFINITY.into())
    }

    fn cdf<S: Scalar>(&self, parameters: [S; 2], x: S) -> S {
        -self.sf(parameters, x) + 1.0
    }

    fn sf<S: Scalar>(&self, [shape, scale]: [S; 2], x: S) -> S {
        let z = x.over(scale);
        let is_wrong = self.0 == Mistake::DistributionFunction && z.re() > 3.0;
        let shape = if is_wrong { shape * 1.01 } else { shape };
        (-shape * z.ln_1p()).exp()
    }

    fn draw<R: Rng + ?Sized>(&self, parameters: [f64; 2], rng: &mut R) -> Option<f64> {
        let u = 1.0 - rng.random::<f64>();
        Some(self.at(parameters, if self.0 == Mistake::Draws { u * u } else { u }))
    }
}

impl Mistake {
    /// All of them, and none.
    pub const ALL: [Mistake; 4] = [Mistake::None, Mistake::Derivative, Mistake::DistributionFunction, Mistake::Draws];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Mistake::None => "no mistake",
            Mistake::Derivative => "a mistake in the derivative",
            Mistake::DistributionFunction => "a mistake in the distribution function",
            Mistake::Draws => "a mistake in the draws",
        }
    }
}

/// Derivatives of draws against finite differences, at parameters and uniform numbers that proptest chooses; the error has
/// the simplest that fail.
///
/// # Errors
/// What was found.
pub fn derivatives(mistake: Mistake, cases: u32, seed: u64) -> Result<(), String> {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let cases = (0.3..20.0f64, strategy::positive(), 0.001..0.999f64);
    let outcome = runner.run(&cases, |(shape, scale, u)| {
        verify::gradient([shape, scale], |parameters| Lomax(mistake).at(parameters, u), 1e-6)
            .map_err(|mismatch| TestCaseError::fail(mismatch.to_string()))
    });
    outcome.map_err(|e| match e {
        TestError::Fail(reason, (shape, scale, u)) => {
            format!("shape {shape:.3}, scale {scale:.3}, u {u:.3}: {reason}")
        }
        other => other.to_string(),
    })
}

/// Densities, tails, quantiles, moments and draws against each other. Powers this small leave 1 - F its digits down to 1e-9.
///
/// # Errors
/// What was found.
pub fn law(mistake: Mistake, [shape, scale]: [f64; 2], draws: usize, seed: u64) -> Result<(), String> {
    let law = FromCdf::new(Lomax(mistake), [shape, scale]).map_err(|e| e.to_string())?;
    let check = verify::law(&law).tails_from(1e-9).tolerance(1e-7).draws(draws).seed(seed);
    check.check().map_err(|failures| failures.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of the two checks find which mistake; that both pass without one is as important.
    #[test]
    fn each_mistake_is_found_and_no_other() {
        for seed in [1, 2, 3] {
            for mistake in Mistake::ALL {
                let of_derivatives = derivatives(mistake, 200, seed);
                let of_law = law(mistake, [4.0, 1.5], 100_000, seed);
                assert_eq!(of_derivatives.is_err(), mistake == Mistake::Derivative, "{mistake:?} {of_derivatives:?}");
                let is_in_law = matches!(mistake, Mistake::DistributionFunction | Mistake::Draws);
                assert_eq!(of_law.is_err(), is_in_law, "{mistake:?} {of_law:?}");
            }
        }
    }

    /// Johnson, Kotz & Balakrishnan 1994, chapter 20: the mean is scale / (shape - 1), the median
    /// scale (2^(1/shape) - 1).
    #[test]
    fn the_law_without_mistakes_is_lomax() {
        let law = FromCdf::new(Lomax(Mistake::None), [4.0, 1.5]).unwrap();
        assert!((law.quantile(0.5) - 1.5 * (2f64.powf(0.25) - 1.0)).abs() < 1e-12);
        let mut rng = <gallery::Generator as rand_xoshiro::rand_core::SeedableRng>::seed_from_u64(1);
        let mean = verify::mean_of((0..100_000).map(|_| law.sample(&mut rng)));
        assert!(mean.sigmas(0.5) < 5.0, "{mean:?}");
    }
}
