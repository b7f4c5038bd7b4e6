//! Draws of the gamma family: gradients of expectations in closed form, and shapes so small that draws underflow.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::prelude::*;

type First = Jet<f64, 1>;

/// The mean of the derivative of z + z² is within five standard errors of `want`.
fn derivative_of_moments<L: Distribution<First>>(law: &L, want: f64) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
    let (n, mut sum, mut squares) = (200_000.0, 0.0, 0.0);
    for _ in 0..200_000 {
        let z = law.sample(&mut rng);
        let d = (z + z * z).eps[0];
        sum += d;
        squares += d * d;
    }
    let mean = sum / n;
    let standard_error = ((squares / n - mean * mean) / n).sqrt();
    assert!((mean - want).abs() < 5.0 * standard_error, "{mean} ± {standard_error} for {want}");
    assert!(standard_error < 0.02 * want.abs());
}

/// E[z + z²] is α + α + α² for the gamma law and ν + 2ν + ν² for the chi-squared law.
#[test]
fn gradients_of_expectations() {
    for shape in [0.1, 0.5, 1.0, 2.5, 7.0, 15.9, 16.0, 80.0] {
        let [a] = Jet::variables([shape]);
        derivative_of_moments(&Gamma::new(a, 1.0.into()).unwrap(), 2.0 + 2.0 * shape);
        derivative_of_moments(&ChiSquared::new(a).unwrap(), 3.0 + 2.0 * shape);
    }
}

/// At shape 1e-3 half of all draws underflow; their logarithms do not, and have finite derivatives that are not 0.
#[test]
fn small_shapes_in_logarithms() {
    for shape in [1e-3, 1e-10, 1e-100] {
        let [a] = Jet::second_order([shape]);
        let law = LogGamma::new(a, 1.0.into()).unwrap();
        let plain = Gamma::new(shape, 1.0).unwrap();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
        let mut other = Xoshiro256PlusPlus::seed_from_u64(3);
        let mut underflows = 0;
        let mut mean = 0.0;
        for _ in 0..10_000 {
            let w = law.sample(&mut rng);
            underflows += u32::from(plain.sample(&mut other) == 0.0);
            assert!(w.re.re.is_finite() && w.re.eps[0].is_finite() && w.re.eps[0] > 0.0, "{w:?}");
            assert!(!w.eps[0].eps[0].is_nan());
            // dw/d ln a = -w, the mean of which is 1/a: E[w] = ψ(a)
            mean += w.re.eps[0] * shape * shape / 10_000.0;
        }
        assert!((mean - 1.0).abs() < 0.05, "{mean}");
        if shape == 1e-3 {
            assert!((4500..5500).contains(&underflows), "{underflows}");
        }
    }
    // in ln a, down to the smallest shape
    let [l] = Jet::variables([1e-300f64.ln()]);
    let law = LogGamma::new(l.exp().with_re(1e-300), 1.0.into()).unwrap();
    let w: First = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(3));
    assert!((w.eps[0] / -w.re - 1.0).abs() < 1e-12, "{w:?}");
}

/// A draw that underflows is 0 with derivative 0, one that overflows inf: no NaN.
#[test]
fn no_nan_at_the_ends_of_the_range() {
    for shape in [1e-300, 1e-160, 1e-3, 0.01, 1e8, 1e150] {
        let [a, b] = Jet::second_order([shape, 2.0]);
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(5);
        for _ in 0..1000 {
            let (_, gradient, hessian) = Gamma::new(a, b).unwrap().sample(&mut rng).hessian();
            assert!(
                !gradient.iter().chain(hessian.as_flattened()).any(|x| x.is_nan()),
                "{shape} {gradient:?} {hessian:?}"
            );
            let (_, gradient, hessian) = InverseGamma::new(a, b).unwrap().sample(&mut rng).hessian();
            assert!(
                !gradient.iter().chain(hessian.as_flattened()).any(|x| x.is_nan()),
                "{shape} {gradient:?} {hessian:?}"
            );
        }
    }
}
