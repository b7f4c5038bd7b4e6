//! A law of one's own, with a mistake in its derivative, in its distribution function and in its draws: each is found by
//! `reparam::verify` and proptest, and the law without mistakes passes. `cargo run --release --example verify_your_own`
//!
//! The law is Lomax's, of waiting times with a heavy tail: F(x) = 1 - (1 + x/scale)^-shape for x >= 0.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use rand::RngExt;
use reparam::prelude::*;
use reparam::verify::{self, strategy};

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
    None,
    /// The shape's value is taken where its derivative is needed.
    Derivative,
    /// The tail falls with another power beyond three scales.
    DistributionFunction,
    /// Draws are inverted at u² in place of u.
    Draws,
}

struct Lomax(Mistake);

impl Lomax {
    /// The draw at a uniform number, as one writes it: scale (u^(-1/shape) - 1).
    fn at<S: Scalar>(&self, [shape, scale]: [S; 2], u: f64) -> S {
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

/// The draw at a fixed uniform number, as a function of the parameters: what finite differences can look at.
struct DrawAt(Lomax, f64);

impl verify::Function for DrawAt {
    fn call<S: Scalar>(&self, x: &[S]) -> S {
        self.0.at([x[0], x[1]], self.1)
    }
}

/// Derivatives of draws against finite differences, at parameters and uniform numbers that proptest chooses; it returns the
/// simplest that fails.
fn derivatives(mistake: Mistake) -> Result<(), String> {
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, proptest::test_runner::TestRng::deterministic_rng(Default::default()));
    let cases = (0.3..20.0f64, strategy::positive(), 0.001..0.999f64);
    let outcome = runner.run(&cases, |(shape, scale, u)| {
        verify::gradient(&DrawAt(Lomax(mistake), u), &[shape, scale], 1e-6)
            .map_err(|mismatch| TestCaseError::fail(mismatch.to_string()))
    });
    outcome.map_err(|e| match e {
        TestError::Fail(reason, (shape, scale, u)) => {
            format!("shape {shape:.3}, scale {scale:.3}, u {u:.3}: {reason}")
        }
        other => other.to_string(),
    })
}

/// Densities, tails, quantiles, moments and draws against each other. Powers this small leave 1 - F its digits down to 1e-12.
fn law(mistake: Mistake) -> Result<(), String> {
    let law = FromCdf::new(Lomax(mistake), [4.0, 1.5]).map_err(|e| e.to_string())?;
    let check = verify::law(&law).tails_from(1e-9).tolerance(1e-7);
    check.check().map_err(|failures| failures.to_string())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut missed = Vec::new();
    for mistake in [Mistake::None, Mistake::Derivative, Mistake::DistributionFunction, Mistake::Draws] {
        let found = [("derivatives", derivatives(mistake)), ("law", law(mistake))];
        println!("{mistake:?}");
        for (check, outcome) in &found {
            match outcome {
                Ok(()) => println!("  {check}: passes"),
                Err(what) => println!("  {check}: {}", what.lines().take(3).collect::<Vec<_>>().join("\n    ")),
            }
        }
        let is_found = found.iter().any(|(_, outcome)| outcome.is_err());
        if is_found != (mistake != Mistake::None) {
            missed.push(mistake);
        }
    }
    if missed.is_empty() { Ok(()) } else { Err(format!("judged wrongly: {missed:?}").into()) }
}
