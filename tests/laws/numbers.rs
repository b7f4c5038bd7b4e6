//! Second derivatives are numbers, or infinite: parameters over six powers of ten, in any direction, inside the support and at its ends.

use proptest::test_runner::{RngAlgorithm, TestRng};
use rand::RngExt;
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;

type Second = Jet<Jet<f64, 1>, 1>;

/// Integrals in each density.
const SLOW: [&str; 2] = ["beta_quotient", "stable"];

/// Whether a derivative is no number, where squares of the value are within the range of doubles.
fn is_nan(y: Second) -> bool {
    let beyond = y.re.re != f64::NEG_INFINITY && y.re.re.abs() > 1e150;
    let parts = [y.re.re, y.re.eps[0], y.eps[0].re, y.eps[0].eps[0]];
    !beyond && parts.iter().any(|part| part.is_nan())
}

/// The point and a direction in which all of it moves, by parts of itself.
fn moving(at: f64, by: f64) -> Second {
    let [t] = Second::second_order([0.0]);
    t * (if at.is_finite() { at * by } else { 0.0 }) + at
}

/// What is no number of one law in one direction.
fn no_numbers<F: Family>(random: &mut TestRng, found: &mut Vec<String>) -> bool {
    let at: Vec<f64> = F::PARAMETERS
        .iter()
        .map(|_| {
            let size = 10f64.powf(random.random_range(-3.0..3.0));
            match random.random_range(0..6) {
                0 => size.round().max(1.0),
                1 => -size,
                _ => size,
            }
        })
        .collect();
    let Ok(plain) = F::law::<f64>(&at) else { return false };
    let direction: Vec<f64> = at.iter().map(|_| random.random_range(-1..=1).into()).collect();
    let moved: Vec<Second> = at.iter().zip(&direction).map(|(x, by)| moving(*x, *by)).collect();
    let Ok(law) = F::law(&moved) else { return false };
    let by: f64 = random.random_range(-1..=1).into();
    let (low, high) = plain.support();
    let far = 10f64.powf(random.random_range(-100.0..0.0));
    let near: f64 = random.random_range(0.0..1.0);
    let places = [plain.quantile(near), plain.quantile(far), plain.isf(far), 0.0, -0.0, 1.0, -1.0, low, high];
    for x in places {
        // squares of others, or of their inverse, are beyond the range of doubles
        if x.is_nan() || (!(1e-100..1e250).contains(&x.abs()) && x != low && x != high) {
            continue;
        }
        // at 0 it moves by itself
        let moving = if x == 0.0 { moving(1.0, by) - 1.0 } else { moving(x, by) };
        let at_x = [
            ("pdf", law.pdf(moving)),
            ("ln_pdf", law.ln_pdf(moving)),
            ("cdf", law.cdf(moving)),
            ("sf", law.sf(moving)),
            ("ln_cdf", law.ln_cdf(moving)),
            ("ln_sf", law.ln_sf(moving)),
        ];
        for (what, y) in at_x {
            if is_nan(y) {
                found.push(format!("{} {at:?} by {direction:?}: {what}({x:e} by {by}) = {y:?}", F::NAME));
            }
        }
    }
    for (what, y) in [("quantile", law.quantile(moving(near, by))), ("isf", law.isf(moving(far, by)))] {
        if is_nan(y) {
            found.push(format!("{} {at:?} by {direction:?}: {what}({near:e}, {far:e} by {by}) = {y:?}", F::NAME));
        }
    }
    true
}

#[test]
fn second_derivatives_are_numbers() {
    struct NoNumbers;
    impl Check for NoNumbers {
        fn of<F: Family>(random: &mut TestRng, found: &mut Vec<String>) -> bool {
            no_numbers::<F>(random, found)
        }
    }
    assert!(every_family::<NoNumbers>(7, [200, 5]) > 5000);
}

/// A check of one set of parameters of a family, if it is one.
trait Check {
    fn of<F: Family>(random: &mut TestRng, found: &mut Vec<String>) -> bool;
}

/// Nothing is found in any family with so many sets of parameters of each, and of each of the slow ones; the number of sets.
fn every_family<C: Check>(seed: u8, [times, of_slow]: [usize; 2]) -> usize {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let (mut found, mut checked) = (Vec::new(), 0);
    macro_rules! one {
        ($law:ident) => {
            let times = if SLOW.contains(&<$law<f64> as Family>::NAME) { of_slow } else { times };
            checked += (0..times).filter(|_| C::of::<$law<f64>>(&mut random, &mut found)).count();
        };
    }
    for_each_family!(one);
    println!("{checked} sets of parameters");
    assert!(found.is_empty(), "{} found: {:#?}", found.len(), &found[..found.len().min(20)]);
    checked
}

/// Mean, variance and entropy with a derivative.
fn moments<F: Family>(parameters: &[Jet<f64, 1>]) -> Option<[Option<Jet<f64, 1>>; 3]> {
    let law = F::law(parameters).ok()?;
    Some([law.mean(), law.variance(), Some(law.entropy())])
}

/// What of the moments of one law moves otherwise than their derivatives say when a parameter moves by a billionth: digits that are rounding.
fn digits_of_rounding<F: Family>(random: &mut TestRng, found: &mut Vec<String>) -> bool {
    let at: Vec<f64> = F::PARAMETERS.iter().map(|_| 10f64.powf(random.random_range(-6.0..6.0))).collect();
    if F::law::<f64>(&at).is_err() {
        return false;
    }
    for i in 0..at.len() {
        let with = |x: f64| -> Vec<_> {
            at.iter().enumerate().map(|(k, at)| if k == i { Jet::variable(x, 0) } else { (*at).into() }).collect()
        };
        // effects of the second order vanish with the step, rounding does not
        let off = [1e-9, 1e-11].map(|step| {
            let next = at[i] * (1.0 + step);
            let (here, there) = (moments::<F>(&with(at[i])).unwrap(), moments::<F>(&with(next)).unwrap());
            [0, 1, 2].map(|k| {
                let (Some(y), Some(z)) = (here[k], there[k]) else { return 0.0 };
                let size = y.re.abs().max((y.eps[0] * at[i]).abs()).max(if k == 2 { 1.0 } else { 1e-290 });
                let off = (z.re - y.re - y.eps[0] * (next - at[i])).abs() / size;
                if size.is_finite() { off } else { 0.0 }
            })
        });
        for (k, what) in ["mean", "variance", "entropy"].iter().enumerate() {
            let off = off[0][k].min(off[1][k]);
            if off.is_nan() || off > 1e-12 {
                found.push(format!("{} {at:?}: {what} by {i}: {off:e}", F::NAME));
            }
        }
    }
    true
}

#[test]
fn moments_without_rounding() {
    struct Rounding;
    impl Check for Rounding {
        fn of<F: Family>(random: &mut TestRng, found: &mut Vec<String>) -> bool {
            digits_of_rounding::<F>(random, found)
        }
    }
    assert!(every_family::<Rounding>(9, [8, 0]) > 400);
}

/// Tails that have underflown, with derivatives of their arguments that are beyond the doubles: 0 and 1, which do not move.
#[test]
fn underflown_tails_do_not_move() {
    fn tails<const N: usize>(law: &impl Continuous<Jet<Jet<f64, N>, N>>, x: Jet<Jet<f64, N>, N>) {
        let mut values = [law.cdf(x), law.sf(x)].map(|tail| {
            let (value, first, second) = tail.hessian();
            assert!(first.iter().chain(second.iter().flatten()).all(|d| *d == 0.0), "{tail:?}");
            value
        });
        values.sort_by(f64::total_cmp);
        assert_eq!(values, [0.0, 1.0]);
    }
    let [location, scale, skewness, tail] = Jet::second_order([4.0, 1.0, 1.0, 387.665523807578]);
    tails(&SinhArcsinh::new(location, scale, skewness, tail).unwrap(), Jet::from(1.0));
    tails(&SinhArcsinh::new(-location, scale, skewness, tail).unwrap(), Jet::from(1.0));
    let [location, scale, shape, x] = Jet::second_order([319.0, 1.0, 697.9, 1.0]);
    tails(&GeneralizedNormal::new(location, scale, shape).unwrap(), x);
    let [scale, d, p, x] = Jet::second_order([6.59e-8, 15.7, 4.5e7, 1.0]);
    tails(&GeneralizedGamma::new(scale, d, p).unwrap(), x);
    let [scale, d, p, x] = Jet::second_order([0.143, 0.279, 356.6, 1.0]);
    tails(&GeneralizedGamma::new(scale, d, p).unwrap(), x);
    let [shape, rate, x] = Jet::second_order([74.6, 702.06, 1.0]);
    tails(&Gompertz::new(shape, rate).unwrap(), x);
}
