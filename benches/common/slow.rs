//! What takes long: integrals and inversions of integrals, against a plain draw of the same law.

use crate::{Ratios, rng};
use rand::distr::Distribution;
use reparam::prelude::*;

/// One function of a law.
fn one<L: Distribution<f64> + Continuous<f64> + Copy>(
    ratios: &Ratios,
    name: &str,
    law: L,
    what: &str,
    f: impl Fn(&L) -> f64,
) {
    let mut rng = rng();
    ratios.case(&format!("slow {what} of {name}"), || f(&law), &format!("plain {name}"), move || law.sample(&mut rng));
}

/// Density, distribution function, quantile and entropy.
fn functions<L: Distribution<f64> + Continuous<f64> + Copy>(ratios: &Ratios, name: &str, law: L, x: f64) {
    one(ratios, name, law, "density", |law| law.pdf(x));
    one(ratios, name, law, "distribution function", |law| law.cdf(x));
    one(ratios, name, law, "quantile", |law| law.quantile(0.3));
}

pub fn run(ratios: &Ratios) {
    let stable = Stable::new(0.0, 1.0, 1.5, 0.5).unwrap();
    let quotient = BetaQuotient::new(2.0, 3.0, 4.0, 5.0).unwrap();
    let bates = Bates::new(12, 0.0, 1.0).unwrap();
    functions(ratios, "stable", stable, 0.7);
    functions(ratios, "beta_quotient", quotient, 0.9);
    functions(ratios, "bates", bates, 0.45);
    one(ratios, "stable", stable, "entropy", |law| law.entropy());
    one(ratios, "beta_quotient", quotient, "entropy", |law| law.entropy());
    one(ratios, "bates", bates, "entropy", |law| law.entropy());
}
