//! Every law drawn at adjoint numbers: values bit for bit those of `f64`, derivatives those of jets.

use rand::distr::Distribution;
use reparam::distr::*;
use reparam::for_each_family;
use reparam::program::Stream;
use reparam::scalar::{Jet, Scalar};
use reparam_adjoint::{Var, gradient, hessian_vector};

#[path = "../../tests/common/parameters.rs"]
mod parameters;

/// More than the parameters of any law.
const MOST: usize = 8;
/// The seeds of draws.
const SEEDS: u64 = 3;

/// The variables in jets, and the constants after them.
fn jets<T: Scalar>(p: &[f64], number: impl Fn(f64) -> T) -> Vec<Jet<T, MOST>> {
    p.iter().enumerate().map(|(i, p)| Jet::variable(number(*p), i)).collect()
}

/// The largest difference of derivatives, relative to the largest of them or to what they are a difference of.
fn difference(got: &[f64], expected: &[f64], of: f64) -> f64 {
    let size = expected.iter().fold(of.max(f64::MIN_POSITIVE), |m, d| m.max(d.abs()));
    let worst = got.iter().zip(expected).map(|(a, b)| if a == b { 0.0 } else { (a - b).abs() / size });
    // NaN is the largest of all
    worst.fold(0.0, |m: f64, d| if d.is_nan() { d } else { m.max(d) })
}

fn draw<F: Family, S: Scalar>(p: &[S], seed: u64) -> S
where
    F::Law<S>: Distribution<S>,
{
    F::law(p).unwrap().sample(&mut Stream::new(seed))
}

/// A draw, and the logarithm of the density at a constant.
fn both<F: Family, S: Scalar>(p: &[S], seed: u64, at: f64) -> [S; 2]
where
    F::Law<S>: Distribution<S>,
{
    [draw::<F, S>(p, seed), F::law(p).unwrap().ln_pdf(S::from(at))]
}

fn first_order<F: Family>() {
    for p in parameters::chosen(F::NAME) {
        for seed in 0..SEEDS {
            let at = draw::<F, f64>(p, 100 + seed);
            let plain = both::<F, f64>(p, seed, at);
            let expected = both::<F, Jet<f64, MOST>>(&jets(p, |x| x), seed, at);
            for k in 0..2 {
                let (value, slope) = gradient(p, |p| both::<F, Var>(p, seed, at)[k]);
                assert_eq!(value.to_bits(), plain[k].to_bits(), "{} {p:?} {seed} {k}", F::NAME);
                let d = difference(&slope, &expected[k].eps[..p.len()], 0.0);
                assert!(d < 1e-12, "{} {p:?} {seed} {k}: {slope:?}, not {:?}", F::NAME, expected[k].eps);
            }
        }
    }
}

#[test]
fn first_derivatives_are_those_of_jets() {
    macro_rules! one {
        ($law:ident) => {
            first_order::<$law<f64>>();
        };
    }
    for_each_family!(one);
}

/// The Hessian of a draw in the parameters, column by column: the product with another direction may cancel, as that
/// with location and scale does.
fn second_order<F: Family>() {
    for p in parameters::chosen(F::NAME) {
        for (seed, column) in (0..SEEDS).flat_map(|seed| (0..p.len()).map(move |column| (seed, column))) {
            let v: Vec<f64> = (0..p.len()).map(|i| f64::from(i == column)).collect();
            let along: Vec<Jet<Jet<f64, MOST>, 1>> =
                jets(p, |x| x).iter().zip(&v).map(|(x, v)| Jet { re: *x, eps: [Jet::constant(*v)] }).collect();
            let expected = draw::<F, _>(&along, seed);
            let (value, slope, product) = hessian_vector(p, &v, |p| draw::<F, Var<Jet<f64, 1>>>(p, seed));
            assert_eq!(value.to_bits(), expected.re().to_bits(), "{} {p:?} {seed}", F::NAME);
            let d = difference(&slope, &expected.re.eps[..p.len()], 0.0);
            assert!(d < 1e-12, "{} {p:?} {seed}: {slope:?}, not {:?}", F::NAME, expected.re.eps);
            // a derivative of slopes, by a step as large as the parameter
            let steepest = slope.iter().fold(0.0, |m: f64, d| m.max(d.abs()));
            let size = if p[column] == 0.0 { 0.0 } else { steepest / p[column].abs() };
            let d = difference(&product, &expected.eps[0].eps[..p.len()], size);
            assert!(d < 1e-12, "{} {p:?} {seed}: {product:?}, not {:?}", F::NAME, expected.eps[0].eps);
        }
    }
}

#[test]
fn second_derivatives_are_those_of_jets() {
    macro_rules! one {
        ($law:ident) => {
            second_order::<$law<f64>>();
        };
    }
    for_each_family!(one);
}
