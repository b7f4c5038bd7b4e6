//! Laws of monotone maps: the whole harness of univariate laws.

use reparam::distr::bijection::{Exp, Inverse, Ln, LocationScale, Monotone, Sigmoid, Softplus, Tanh, Then};
use reparam::prelude::*;
use reparam::verify;

#[track_caller]
fn check<L: Continuous<f64>, B: Monotone<f64>>(base: L, map: B) {
    let law = Transformed::new(base, map).expect("the support is in the domain");
    if let Err(failure) = verify::law(&law).check() {
        panic!("{failure}");
    }
}

#[test]
fn laws_of_images() {
    let normal = Normal::new(0.3, 0.8).unwrap();
    check(normal, Exp);
    check(normal, Softplus);
    check(normal, Sigmoid);
    check(normal, Tanh);
    check(StudentT::new(0.2, 1.5, 5.0).unwrap(), LocationScale::new(1.0, -2.0).unwrap());
    check(Gamma::new(2.5, 0.5).unwrap(), Ln);
    check(LogNormal::new(0.3, 0.8).unwrap(), Inverse(Exp));
    check(Gumbel::new(0.0, 1.0).unwrap(), Then(LocationScale::new(0.0, -1.0).unwrap(), Exp));
}

/// Draws and everything else have the same real parts with jets as without, and draws move with the parameters of the map.
#[test]
fn jets() {
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::SeedableRng;
    let [mean, scale] = Jet::variables([0.3, -1.5]);
    let with =
        Transformed::new(Normal::new(mean, 0.8.into()).unwrap(), Then(Exp, LocationScale::new(mean, scale).unwrap()));
    let plain = Transformed::new(Normal::new(0.3, 0.8).unwrap(), Then(Exp, LocationScale::new(0.3, -1.5).unwrap()));
    let (with, plain) = (with.unwrap(), plain.unwrap());
    let rng = || Xoshiro256PlusPlus::seed_from_u64(1);
    let (y, value) = (with.sample(&mut rng()), plain.sample(&mut rng()));
    assert_eq!(y.re, value);
    // y = m + s e^(m + σ ε)
    let e = (value - 0.3) / -1.5;
    assert!((y.eps[0] - (1.0 - 1.5 * e)).abs() < 1e-14 && (y.eps[1] - e).abs() < 1e-14);
    assert_eq!(with.ln_pdf(y).re, plain.ln_pdf(value));
    assert_eq!(with.cdf(y).re, plain.cdf(value));
    assert_eq!(with.quantile(0.2.into()).re, plain.quantile(0.2));
    assert_eq!(with.entropy().re, plain.entropy());
}
