//! The bias of each relaxation against its temperature, as the tables of the documentation show it.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::noise;
use reparam::prelude::*;
use reparam::rejection::Relaxed;
use reparam::verify::{MeanTest, mean_of};

type Xoshiro = Xoshiro256PlusPlus;
type Dual = Jet<f64, 1>;

const SAMPLES: u32 = 200_000;

/// The derivative's bias and the standard deviation of one sample, both relative to the exact derivative.
fn row(exact: f64, draw: impl FnMut(u32) -> Dual) -> (f64, f64) {
    let MeanTest { mean, standard_error } = mean_of((0..SAMPLES).map(draw).map(|y| y.eps[0]));
    (100.0 * (mean / exact - 1.0), standard_error * f64::from(SAMPLES).sqrt() / exact.abs())
}

fn main() {
    rejection();
}

/// von Mises-Fisher in R^5 by Wood's sampler (1994): d E[mu.x]/dκ at κ = 2.
fn rejection() {
    println!("rejection: d E[mu.x]/dκ of von Mises-Fisher in R^5 at κ = 2");
    println!("| τ | bias, % | deviation of one sample | proposals |\n|---|---|---|---|");
    for temperature in [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0] {
        let sampler = Relaxed::new(temperature).expect("valid");
        let mut rng = Xoshiro::seed_from_u64(1);
        let mut proposals = 0;
        let (bias, deviation) = row(0.147388687, |_| {
            let draw = sampler.draw(&mut rng, |rng| wood(Jet::variable(2.0, 0), rng)).expect("few proposals");
            proposals += draw.proposals;
            draw.value[0]
        });
        println!("| {temperature} | {bias:.1} | {deviation:.1} | {:.1} |", proposals as f64 / f64::from(SAMPLES));
    }
}

/// A proposal, and the logarithm of its probability of acceptance.
fn wood(kappa: Dual, rng: &mut Xoshiro) -> ([Dual; 1], Dual) {
    let b = ((kappa * kappa * 4.0 + 16.0).sqrt() - kappa * 2.0) / 4.0;
    let x0 = (-b + 1.0) / (b + 1.0);
    // Beta(2, 2) is the middle one of three uniform numbers
    let mut u = [0.0; 3].map(|_: f64| noise::uniform(rng));
    u.sort_by(f64::total_cmp);
    let w = (-(b + 1.0) * u[1] + 1.0) / ((b - 1.0) * u[1] + 1.0);
    let c = kappa * x0 + (-x0 * x0).ln_1p() * 4.0;
    ([w], kappa * w + (-x0 * w).ln_1p() * 4.0 - c)
}
