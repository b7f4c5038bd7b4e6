//! Estimates against exact expectations, against each other bit for bit, and their errors.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::LawError;
use reparam::estimate::{
    self, Component, EstimateError, Handle, Order, pathwise, pathwise_chunks, pathwise_dyn, pathwise_hessian,
};
use reparam::noise;
use reparam::prelude::*;
use std::cell::Cell;
use std::fmt::Debug;

type Xoshiro = Xoshiro256PlusPlus;
type Hyper<const N: usize> = Jet<Jet<f64, N>, N>;

/// One order less, the same noise: the same value, and derivatives that differ by rounding.
fn orders_agree<const N: usize, E: Debug + Send>(
    theta: [f64; N],
    first: impl Fn([Jet<f64, N>; N], &mut Handle<Jet<f64, N>>) -> Result<Jet<f64, N>, E> + Copy + Sync,
    second: impl Fn([Hyper<N>; N], &mut Handle<Hyper<N>>) -> Result<Hyper<N>, E> + Copy + Sync,
) {
    let few = pathwise(theta, first).samples(5000).par_run_seed(2).unwrap();
    let all = pathwise_hessian(theta, second).samples(5000).par_run_seed(2).unwrap();
    assert_eq!((few.value.to_bits(), few.value_se.to_bits()), (all.value.to_bits(), all.value_se.to_bits()));
    for i in 0..N {
        assert!((few.gradient[i] - all.gradient[i]).abs() < 1e-12 * all.gradient[i].abs().max(all.value.abs()));
    }
}

macro_rules! programs {
    ($($test:ident = $point:expr, |$theta:ident: $n:literal, $rng:ident| $f:expr;)*) => {
        $(#[test]
        fn $test() {
            fn f<S: Scalar>($theta: [S; $n], $rng: &mut impl Rng) -> Result<S, Box<dyn std::error::Error + Send + Sync>> {
                Ok($f)
            }
            orders_agree($point, f, f);
        })*
    };
}

fn normal<S: Scalar>([mean, std_dev]: [S; 2], rng: &mut impl Rng) -> Result<S, LawError> {
    Ok(Normal::new(mean, std_dev)?.sample(rng))
}

programs! {
    normal_square = [0.9, 0.8], |theta: 2, rng| normal(theta, rng)?.powi(2);
    weibull = [1.7, 1.6], |theta: 2, rng| {
        let [scale, shape] = theta;
        Weibull::new(scale, shape)?.sample(rng)
    };
    multivariate_normal = THETA, |theta: 5, rng| correlated(&theta, rng);
}

fn correlated<S: Scalar>(theta: &[S], rng: &mut impl Rng) -> S {
    let (e1, e2) = (noise::normal(rng), noise::normal(rng));
    let x1 = theta[0] + theta[2] * e1;
    let x2 = theta[1] + theta[3] * e1 + theta[4] * e2;
    (x1 * 0.5 + x2 * 0.75).cos()
}

const THETA: [f64; 5] = [0.4, -0.2, 0.6, 0.4, 0.8];

fn bits(x: &[f64]) -> Vec<u64> {
    x.iter().map(|x| x.to_bits()).collect()
}

/// What chunks could get wrong: their noise, the place of their parameters, the padding of the last.
#[test]
fn chunks_equal_the_fixed_number_bit_for_bit() {
    fn with<const C: usize>(fixed: &estimate::Estimate<[f64; 5]>) {
        let f = |theta: &[Jet<f64, C>], rng: &mut Handle<Jet<f64, C>>| correlated(theta, rng);
        let mut rng = Xoshiro::seed_from_u64(3);
        let e = pathwise_chunks(&THETA, f).samples(3000).run(&mut rng).unwrap();
        assert_eq!((e.value.to_bits(), e.value_se.to_bits()), (fixed.value.to_bits(), fixed.value_se.to_bits()));
        assert_eq!(bits(&e.gradient), bits(&fixed.gradient));
        assert_eq!(bits(&e.gradient_se), bits(&fixed.gradient_se));
        // the generator gave a seed, and nothing else
        let mut other = Xoshiro::seed_from_u64(3);
        other.next_u64();
        assert_eq!(rng, other);
    }
    let f = |theta: [Jet<f64, 5>; 5], rng: &mut Handle<Jet<f64, 5>>| correlated(&theta, rng);
    let fixed = pathwise(THETA, f).samples(3000).run(&mut Xoshiro::seed_from_u64(3)).unwrap();
    with::<1>(&fixed);
    with::<2>(&fixed);
    with::<3>(&fixed);
    with::<5>(&fixed);
    with::<8>(&fixed);
}

#[test]
fn no_parameters_still_have_a_value() {
    let mut rng = Xoshiro::seed_from_u64(1);
    let e = pathwise_dyn(&[], |_, rng| Jet::from(noise::normal(rng))).run(&mut rng).unwrap();
    assert!(e.value.abs() < 5.0 * e.value_se && e.gradient.is_empty());
}

/// 10 blocks and a short one: what would differ is a block's generator or the order of the sum.
#[test]
fn bits_do_not_depend_on_threads() {
    fn fixed<S: Order<5>>(theta: [S; 5], rng: &mut Handle<S>) -> S {
        correlated(&theta, rng)
    }
    let chunked = |theta: &[Jet<f64, 3>], rng: &mut Handle<Jet<f64, 3>>| correlated(theta, rng);
    let n = 10 * estimate::BLOCK + 7;
    let first = pathwise(THETA, fixed).samples(n).run_seed(5).unwrap();
    let second = pathwise_hessian(THETA, fixed).samples(n).run_seed(5).unwrap();
    let dynamic = pathwise_chunks(&THETA, chunked).samples(n).run_seed(5).unwrap();
    assert_eq!(first.samples, n);
    assert_eq!(bits(&dynamic.gradient), bits(&first.gradient));
    for threads in [1, 2, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            assert_eq!(pathwise(THETA, fixed).samples(n).par_run_seed(5).unwrap(), first);
            assert_eq!(pathwise_hessian(THETA, fixed).samples(n).par_run_seed(5).unwrap(), second);
            assert_eq!(pathwise_chunks(&THETA, chunked).samples(n).par_run_seed(5).unwrap(), dynamic);
        });
    }
}

/// The deviation from the truth in standard errors has mean square 1: here of 2000 estimates, whose mean square is off
/// by sqrt(2/2000) = 0.032 or so, and by 2/(n - 3) = 0.01 since n = 200 samples make a t law.
#[test]
fn standard_errors_are_calibrated() {
    let mut rng = Xoshiro::seed_from_u64(8);
    let mut squares = [0.0; 3];
    for _ in 0..2000 {
        let f = |theta: [Jet<f64, 2>; 2], rng: &mut Handle<Jet<f64, 2>>| normal(theta, rng).map(|z| z * z);
        let e = pathwise([0.5, 0.8], f).samples(200).run(&mut rng).unwrap();
        squares[0] += ((e.value - 0.89) / e.value_se).powi(2) / 2000.0;
        squares[1] += ((e.gradient[0] - 1.0) / e.gradient_se[0]).powi(2) / 2000.0;
        squares[2] += ((e.gradient[1] - 1.6) / e.gradient_se[1]).powi(2) / 2000.0;
    }
    for s in squares {
        assert!((s - 1.0).abs() < 5.0 * 0.032 + 0.01, "{squares:?}");
    }
}

#[test]
fn too_few_samples() {
    let mut rng = Xoshiro::seed_from_u64(1);
    for n in [0, 1] {
        let f = |[x]: [Jet<f64, 1>; 1], _: &mut Handle<Jet<f64, 1>>| x;
        let g = |x: &[Jet<f64, 8>], _: &mut Handle<Jet<f64, 8>>| x[0];
        let e = EstimateError::TooFewSamples { samples: n };
        assert_eq!(pathwise([1.0], f).samples(n).run(&mut rng), Err(e));
        assert_eq!(pathwise([1.0], f).samples(n).run_seed(1), Err(e));
        assert_eq!(pathwise([1.0], f).samples(n).par_run_seed(1), Err(e));
        assert_eq!(pathwise_dyn(&[1.0], g).samples(n).run(&mut rng), Err(e));
        assert_eq!(pathwise_dyn(&[1.0], g).samples(n).par_run_seed(1), Err(e));
        assert!(e.to_string().contains(&format!("more than {n}")));
    }
}

#[test]
fn the_programs_errors_come_through() {
    let mut rng = Xoshiro::seed_from_u64(1);
    let e = pathwise([0.0, -1.0], normal).run(&mut rng).unwrap_err();
    assert!(matches!(e, EstimateError::Program { sample: 0, error, .. } if error.parameter() == "std_dev"));
    assert!(e.to_string().ends_with(": the std_dev of a normal law must be in [1e-150, 1e150], not -1"), "{e}");

    // many samples fail, in all blocks: the first by number is the one reported, whatever the number of threads
    let f = |[x]: [Jet<f64, 1>; 1], rng: &mut Handle<Jet<f64, 1>>| if rng.uniform() > 2e-4 { Ok(x) } else { Err(7) };
    let e = pathwise([0.0], f).samples(100 * estimate::BLOCK);
    let serial = e.clone().run_seed(2).unwrap_err();
    let EstimateError::Program { sample, seed: 2, error: 7 } = serial else { panic!("{serial}") };
    assert!((1..20 * estimate::BLOCK).contains(&sample), "{sample}");
    assert_eq!(e.clone().par_run_seed(2), Err(serial));
    // and it alone fails again
    assert_eq!(e.clone().rerun(2, sample), Err(serial));
    assert_eq!(e.rerun(2, sample - 1).map(|x| x.re), Ok(0.0));
}

#[test]
fn not_finite_names_sample_and_component() {
    fn is_rare(rng: &mut impl Rng) -> bool {
        noise::uniform(rng) < 1e-3
    }
    let value = pathwise([1.0, 2.0], |[x, _], rng| if is_rare(rng) { x * f64::NAN } else { x }).run_seed(5);
    let EstimateError::NotFinite { sample, component: Component::Value, .. } = value.unwrap_err() else { panic!() };
    let at = |component| EstimateError::NotFinite { sample, seed: 5, result: 0, component };
    // sqrt at 0 has an infinite derivative
    let gradient = pathwise([1.0, 0.0], |[x, y], rng| if is_rare(rng) { y.sqrt() } else { x }).run_seed(5);
    assert_eq!(gradient, Err(at(Component::Gradient(1))));
    let hessian = |[x, y]: [Hyper<2>; 2], rng: &mut Handle<Hyper<2>>| if is_rare(rng) { y.powf(1.5) } else { x };
    assert_eq!(pathwise_hessian([1.0, 0.0], hessian).run_seed(5), Err(at(Component::Hessian(1, 1))));
    // of the second of two results
    let pair = pathwise([1.0, 0.0], |[x, y], rng| [x, if is_rare(rng) { y.sqrt() } else { x }]).run_seed(5);
    let want = EstimateError::NotFinite { sample, seed: 5, result: 1, component: Component::Gradient(1) };
    assert_eq!(pair.unwrap_err(), want);

    let theta = [1.0, 2.0, 3.0, 0.0];
    let root = |x: &[Jet<f64, 3>], _: &mut Handle<Jet<f64, 3>>| x[3].sqrt();
    let e = pathwise_chunks(&theta, root).run_seed(1).unwrap_err();
    assert_eq!(e.to_string(), "sample 0 of seed 1: the derivative in parameter 3 is not finite");
}

#[test]
fn overflow_is_an_error() {
    let mut rng = Xoshiro::seed_from_u64(1);
    let f = |[x]: [Jet<f64, 1>; 1], rng: &mut Handle<Jet<f64, 1>>| x * noise::normal(rng);
    assert_eq!(pathwise([1e200], f).run(&mut rng), Err(EstimateError::Overflow));
    let g = |x: &[Jet<f64, 8>], rng: &mut Handle<Jet<f64, 8>>| x[0] * noise::normal(rng);
    assert_eq!(pathwise_dyn(&[1e200], g).run(&mut rng), Err(EstimateError::Overflow));
}

#[test]
fn samples_must_repeat() {
    let differs = Err(EstimateError::NotRepeated { sample: 0 });
    let theta = [1.0; 6];

    // a branch on a derivative that costs a draw
    let f = |x: &[Jet<f64, 2>], rng: &mut Handle<Jet<f64, 2>>| {
        let skipped = if x[5].eps[1] == 1.0 { noise::normal(rng) } else { 0.0 };
        x[0] * noise::normal(rng) + skipped * 0.0
    };
    assert_eq!(pathwise_chunks(&theta, f).run_seed(1), differs);

    // state beside the random numbers, with chunks and without
    let calls = Cell::new(0.0);
    let next = || calls.replace(calls.get() + 1.0);
    assert_eq!(pathwise_chunks(&theta, |x: &[Jet<f64, 2>], _: &mut _| x[0] * next()).run_seed(1), differs);
    assert_eq!(pathwise([1.0], |[x], _| x * next()).run_seed(1).unwrap_err(), EstimateError::NotRepeated { sample: 0 });
}

#[test]
fn printed_with_two_digits_of_the_standard_error() {
    let mut rng = Xoshiro::seed_from_u64(1);
    let e = pathwise([0.3, 1.2], normal).run(&mut rng).unwrap();
    let lines: Vec<String> = e.to_string().lines().map(Into::into).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1], "d/dθ[0]  1 ± 0");
    assert_eq!(lines[0], format!("value    {:.3} ± {:.3}", e.value, e.value_se));
    assert!(format!("{e:.1}").starts_with("value    0.3 ± 0.0\n"));

    let f = |theta: [Hyper<2>; 2], rng: &mut Handle<Hyper<2>>| normal(theta, rng);
    let h = pathwise_hessian([0.3, 1.2], f).run(&mut rng).unwrap();
    assert_eq!(h.to_string().lines().nth(5), Some("d²/dθ[1]dθ[1]  0 ± 0"));
    // linear in its parameters, or kinked: it cannot tell
    assert!(h.notes.flat_hessian && h.to_string().lines().count() == 7);
}
