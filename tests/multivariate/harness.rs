//! What is checked of every multivariate law.

use num_dual::{Dual64, HyperDual64};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::estimate;
use reparam::prelude::*;
use reparam::program::{Antithetic, Plain};
use reparam::scalar::Jet;
use reparam::verify;

pub type Generator = Xoshiro256PlusPlus;

pub fn rng(seed: u64) -> Generator {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// A law as a function of its parameters, flattened as are its points.
pub trait Simulation {
    /// The parameters at which it is checked.
    const THETA: &'static [f64];

    /// A draw of the law with these parameters.
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S>;

    /// The logarithm of the density.
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S;
}

/// A law with a divergence from others of its family.
pub trait Divergence: Simulation {
    /// That of the law with parameters `theta` from the one with `other`.
    fn divergence<S: Scalar>(theta: &[S], other: &[S]) -> S;
}

/// Implements [`Divergence`] for simulations with a function `law` of their parameters.
macro_rules! divergence {
    ($($law:ty),+) => {
        $(impl Divergence for $law {
            fn divergence<S: Scalar>(theta: &[S], other: &[S]) -> S {
                Self::law(theta).kl_divergence(&Self::law(other))
            }
        })+
    };
}
pub(crate) use divergence;

fn constants<S: Scalar>(x: &[f64]) -> Vec<S> {
    x.iter().map(|x| S::from(*x)).collect()
}

/// Draws and densities have the same real parts, bit for bit, whatever the scalar and whatever it is seeded with.
pub fn same_values<P: Simulation>() {
    let draws: Vec<Vec<f64>> = draws::<P>(7, 200);
    fn check<P: Simulation, S: Scalar>(draws: &[Vec<f64>], theta: Vec<S>) {
        let mut rng = rng(7);
        for want in draws {
            let got = P::draw(&theta, &mut Plain::new(&mut rng));
            assert!(got.iter().zip(want).all(|(a, b)| a.re().to_bits() == b.to_bits()), "{got:?} {want:?}");
            let (a, b) = (P::ln_pdf(&theta, &got).re(), P::ln_pdf(P::THETA, want));
            assert!(a.to_bits() == b.to_bits(), "ln pdf {a:e} {b:e}");
        }
    }
    check::<P, _>(&draws, P::THETA.iter().map(|x| Jet::<f64, 1>::variable(*x, 0)).collect());
    check::<P, Jet<Jet<f64, 1>, 1>>(&draws, P::THETA.iter().map(|x| Jet::variable(Jet::variable(*x, 0), 0)).collect());
    check::<P, _>(&draws, P::THETA.iter().map(|x| Dual64::from(*x).derivative()).collect());
    check::<P, _>(&draws, P::THETA.iter().map(|x| HyperDual64::new(*x, 1.0, 1.0, 0.0)).collect());
}

/// Plain draws from a seed.
pub fn draws<P: Simulation>(seed: u64, n: usize) -> Vec<Vec<f64>> {
    let mut rng = rng(seed);
    (0..n).map(|_| P::draw(P::THETA, &mut Plain::new(&mut rng))).collect()
}

#[track_caller]
fn agree(what: &str, got: f64, f: impl FnMut(f64) -> f64, x: f64, scale: f64) {
    let d = verify::derivative(f, x);
    let bound = 20.0 * d.error + 1e-9 * d.value.abs() + 1e-10 * scale;
    assert!((got - d.value).abs() <= bound, "{what}: {got:e}, by differences {:e} ± {:e}", d.value, d.error);
    assert!(d.error <= 1e-5 * d.value.abs() + 1e-6 * scale, "{what}: {got:e}, differences do not settle: {d:?}");
}

/// With one entry of a vector replaced.
fn with<S: Scalar>(v: &[S], i: usize, x: S) -> Vec<S> {
    let mut v = v.to_vec();
    v[i] = x;
    v
}

/// First and second derivatives of ln f in parameters and point against differences of values and of first derivatives.
///
/// `free` are the indices that may be moved by themselves, counted through the parameters and then the point's entries.
pub fn density_derivatives<P: Simulation>(x: &[f64], free: &[usize]) {
    let n = P::THETA.len();
    let point: Vec<f64> = P::THETA.iter().chain(x).copied().collect();
    fn at<P: Simulation, S: Scalar>(p: &[S], n: usize) -> S {
        P::ln_pdf(&p[..n], &p[n..])
    }
    for &i in free {
        let first = |x: &[f64]| at::<P, _>(&with(&constants::<Jet<f64, 1>>(x), i, Jet::variable(x[i], 0)), n).eps[0];
        let got = first(&point);
        agree(&format!("d ln f / d {i}"), got, |t| at::<P, f64>(&with(&point, i, t), n), point[i], 1.0);
        for &j in free.iter().filter(|&&j| j >= i) {
            let mut seeded: Vec<Jet<Jet<f64, 1>, 1>> = constants(&point);
            seeded[i].eps[0].re = 1.0;
            seeded[j].re.eps[0] = 1.0;
            let got = at::<P, _>(&seeded, n).eps[0].eps[0];
            agree(&format!("d² ln f / d {i} d {j}"), got, |t| first(&with(&point, j, t)), point[j], 1.0);
        }
    }
}

/// Derivatives of draws at fixed noise against differences, for laws whose noise does not depend on parameters.
pub fn draw_derivatives<P: Simulation>(free: &[usize]) {
    for seed in 0..5 {
        for &i in free {
            let draw = |t: f64| P::draw(&with(P::THETA, i, t), &mut Plain::new(rng(seed)));
            let seeded = with(&constants::<Jet<f64, 1>>(P::THETA), i, Jet::variable(P::THETA[i], 0));
            for (k, x) in P::draw(&seeded, &mut Plain::new(rng(seed))).iter().enumerate() {
                agree(&format!("d x_{k} / d {i}"), x.eps[0], |t| draw(t)[k], P::THETA[i], 1.0);
            }
        }
    }
}

/// The same at fixed coordinates: mirrored noise for the point's mirror image.
pub fn derivatives_at_coordinates<P: Simulation>(free: &[usize]) {
    let at = |seed: u64| Antithetic::new(rng(seed / 2), seed % 2 == 1);
    for seed in 0..6 {
        let plain = P::draw(P::THETA, &mut at(seed));
        for &i in free {
            let draw = |t: f64| P::draw(&with(P::THETA, i, t), &mut at(seed));
            let seeded =
                with(&constants::<Jet<Jet<f64, 1>, 1>>(P::THETA), i, Jet::variable(Jet::variable(P::THETA[i], 0), 0));
            for (k, x) in P::draw(&seeded, &mut at(seed)).iter().enumerate() {
                assert_eq!(x.re().to_bits(), plain[k].to_bits(), "x_{k} in jets: {:e}, {:e}", x.re(), plain[k]);
                agree(&format!("d x_{k} / d {i} at coordinates"), x.eps[0].re, |t| draw(t)[k], P::THETA[i], 1.0);
            }
        }
    }
}

/// A law as a program: the first two powers of each entry of a point.
struct Powers<P, const N: usize>(core::marker::PhantomData<P>);

impl<P: Simulation, const N: usize> Program for Powers<P, N> {
    type Theta = [f64; N];
    type Output = Vec<f64>;

    fn run<S: Scalar, C: Chance<S>>(&self, theta: &[S; N], chance: &mut C) -> Vec<S> {
        P::draw(theta, chance).into_iter().flat_map(|x| [x, x * x]).collect()
    }
}

/// Quasi-random points give the expectations and gradients of random ones, at standard errors that are smaller by a factor of `gain` at least.
pub fn quasi_random<P: Simulation, const N: usize>(gain: f64) {
    let theta: [f64; N] = P::THETA.try_into().expect("N parameters");
    let program = || Powers::<P, N>(core::marker::PhantomData);
    let plain = estimate::pathwise_program(theta, program()).samples(8192).run_seed(3).expect("finite");
    let quasi = estimate::quasi(theta, program()).points(256).run_seed(4).expect("finite");
    let (mut better, mut count) = (0.0, 0.0);
    let mut compare = |what: &str, (a, a_se): (f64, f64), (b, b_se): (f64, f64)| {
        let se = a_se.hypot(b_se);
        assert!((a - b).abs() <= 5.0 * se + 1e-12, "{what}: random {a} ± {a_se}, quasi-random {b} ± {b_se}");
        if a_se > 1e-12 {
            (better, count) = (better + (a_se / b_se.max(1e-15)).ln(), count + 1.0);
        }
    };
    for k in 0..plain.value.len() {
        compare(&format!("value {k}"), (plain.value[k], plain.value_se[k]), (quasi.value[k], quasi.value_se[k]));
        for i in 0..N {
            let of = |g: &[f64; N], se: &[f64; N]| (g[i], se[i]);
            let (p, q) = (of(&plain.gradient[k], &plain.gradient_se[k]), of(&quasi.gradient[k], &quasi.gradient_se[k]));
            compare(&format!("gradient {k} {i}"), p, q);
        }
    }
    println!(
        "{}: standard errors of as many quasi-random points are {:.2} of random ones'",
        core::any::type_name::<P>(),
        (-better / count).exp()
    );
    assert!(better / count > f64::ln(gain), "a gain of {} only", (better / count).exp());
}

/// Value, gradient and Hessian (upper triangle by rows, if any) of E[f] within 5 standard errors.
#[track_caller]
pub fn expectation<P: Simulation, const N: usize>(
    samples: u64,
    f: impl Fn(&[Jet<Jet<f64, N>, N>]) -> Jet<Jet<f64, N>, N>,
    value: f64,
    gradient: [f64; N],
    hessian: &[f64],
) {
    let theta: [f64; N] = P::THETA.try_into().expect("N parameters");
    expectation_at::<P, N>(theta, samples, f, value, gradient, hessian);
}

/// The same at other parameters.
#[track_caller]
pub fn expectation_at<P: Simulation, const N: usize>(
    theta: [f64; N],
    samples: u64,
    f: impl Fn(&[Jet<Jet<f64, N>, N>]) -> Jet<Jet<f64, N>, N>,
    value: f64,
    gradient: [f64; N],
    hessian: &[f64],
) {
    let program =
        |theta: [Jet<Jet<f64, N>, N>; N], rng: &mut estimate::Handle<Jet<Jet<f64, N>, N>>| f(&P::draw(&theta, rng));
    let e = estimate::pathwise_hessian(theta, program).samples(samples).run(&mut rng(11)).expect("finite");
    // the rounding of a sum is all that is left where an estimator has no variance
    let near = |got: f64, want: f64, se: f64| (got - want).abs() <= 5.0 * se + 1e-12 * want.abs().max(1.0);
    assert!(near(e.value, value, e.value_se), "value {} ± {}, not {value}", e.value, e.value_se);
    for (i, want) in gradient.into_iter().enumerate() {
        let (got, se) = (e.gradient[i], e.gradient_se[i]);
        assert!(near(got, want, se), "gradient {i}: {got} ± {se}, not {want}");
    }
    let upper = (0..N).flat_map(|i| (i..N).map(move |j| (i, j)));
    for ((i, j), want) in upper.zip(hessian) {
        let (got, se) = (e.hessian[i][j], e.hessian_se[i][j]);
        assert!(near(got, *want, se), "hessian {i} {j}: {got} ± {se}, not {want}");
    }
}

/// Value, gradient and Hessian of E[f] against those of a closed form of the parameters.
#[track_caller]
pub fn expectation_in_closed_form<P: Simulation, const N: usize>(
    samples: u64,
    f: impl Fn(&[Jet<Jet<f64, N>, N>]) -> Jet<Jet<f64, N>, N>,
    closed: impl Fn(&[Jet<Jet<f64, N>, N>]) -> Jet<Jet<f64, N>, N>,
) {
    let theta: [f64; N] = P::THETA.try_into().expect("N parameters");
    let (value, gradient, hessian) = closed(&Jet::second_order(theta)).hessian();
    let upper: Vec<f64> = (0..N).flat_map(|i| hessian[i][i..].to_vec()).collect();
    expectation_at::<P, N>(theta, samples, f, value, gradient, &upper);
}

/// What ties a density to draws: E[-ln f] is the entropy, and E[d ln f/dθ] is 0 in each parameter, within 5 standard errors.
#[track_caller]
pub fn density_is_that_of_draws<P: Simulation>(entropy: Option<f64>) {
    const DRAWS: usize = 50_000;
    let draws = draws::<P>(17, DRAWS);
    let mean = |f: &dyn Fn(&[f64]) -> f64| mean_and_error(draws.iter().map(|x| f(x)));
    if let Some(want) = entropy {
        let (got, se) = mean(&|x| -P::ln_pdf(P::THETA, x));
        assert!((got - want).abs() <= 5.0 * se, "entropy {got} ± {se}, not {want}");
    }
    for i in 0..P::THETA.len() {
        let theta = with(&constants::<Jet<f64, 1>>(P::THETA), i, Jet::variable(P::THETA[i], 0));
        let (got, se) = mean(&|x| P::ln_pdf(&theta, &constants(x)).eps[0]);
        assert!(got.abs() <= 5.0 * se, "mean score in {i}: {got} ± {se}");
    }
}

/// The divergence from the law with other parameters is E[ln f - ln g] of draws, within 5 standard errors, and 0 from the law itself;
/// its derivatives are those of differences.
#[track_caller]
pub fn divergence_is_that_of_draws<P: Divergence>(other: &[f64]) {
    let want = P::divergence(P::THETA, other);
    let draws = draws::<P>(23, 50_000);
    let (got, se) = mean_and_error(draws.iter().map(|x| P::ln_pdf(P::THETA, x) - P::ln_pdf(other, x)));
    assert!((got - want).abs() <= 5.0 * se, "divergence {want}, by draws {got} ± {se}");
    assert!(se <= 0.05 * want, "a divergence of {want} is not seen with an error of {se}");
    let itself = P::divergence(P::THETA, P::THETA);
    assert!(itself.abs() < 1e-13, "from itself: {itself:e}");
    let all: Vec<f64> = P::THETA.iter().chain(other).copied().collect();
    let n = P::THETA.len();
    for i in 0..all.len() {
        let seeded = with(&constants::<Jet<f64, 1>>(&all), i, Jet::variable(all[i], 0));
        let slope = P::divergence(&seeded[..n], &seeded[n..]);
        assert!(slope.re.to_bits() == want.to_bits(), "{slope:?} {want}");
        let of = |t: f64| {
            let all = with(&all, i, t);
            P::divergence(&all[..n], &all[n..])
        };
        agree(&format!("d KL / d {i}"), slope.eps[0], of, all[i], 1.0);
    }
}

/// No draw has a higher density than the mode, nor has a point at one of these parts of the way to it from there.
#[track_caller]
pub fn mode_is_highest<P: Simulation>(mode: &[f64], parts: &[f64]) {
    let top = P::ln_pdf(P::THETA, mode);
    assert!(top.is_finite(), "{top} at {mode:?}");
    for x in draws::<P>(29, 2000) {
        for part in parts {
            let y: Vec<f64> = mode.iter().zip(&x).map(|(m, x)| m + part * (x - m)).collect();
            let ln = P::ln_pdf(P::THETA, &y);
            assert!(ln <= top + 1e-13 * top.abs().max(1.0), "{ln} at {y:?}, {top} at {mode:?}");
        }
    }
}

/// The mean and its standard error.
pub fn mean_and_error(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for y in values {
        n += 1.0;
        sum += y;
        squares += y * y;
    }
    let mean = sum / n;
    (mean, ((squares / n - mean * mean).max(0.0) / n).sqrt())
}

/// Means and covariances of draws within 5 standard errors; `covariance` by rows, all of it.
#[track_caller]
pub fn moments<P: Simulation>(mean: &[f64], covariance: &[f64]) {
    const DRAWS: usize = 200_000;
    let draws = draws::<P>(3, DRAWS);
    let d = mean.len();
    let average = |f: &dyn Fn(&[f64]) -> f64| mean_and_error(draws.iter().map(|x| f(x)));
    for i in 0..d {
        let (got, se) = average(&|x| x[i]);
        assert!((got - mean[i]).abs() <= 5.0 * se + 1e-12, "mean {i}: {got} ± {se}, not {}", mean[i]);
        for j in 0..=i {
            let (got, se) = average(&|x| (x[i] - mean[i]) * (x[j] - mean[j]));
            let want = covariance[i * d + j];
            assert!((got - want).abs() <= 5.0 * se + 1e-12, "covariance {i} {j}: {got} ± {se}, not {want}");
        }
    }
}

/// The row of `expectations.csv` whose program has this name: parameters, value, gradient, Hessian's upper triangle by rows.
pub fn row(program: &str) -> (Vec<f64>, f64, Vec<f64>, Vec<f64>) {
    let row = crate::common::expectation(program);
    (row.theta, row.value, row.gradient, row.hessian)
}
