//! Rejection sampling: exact derivatives against exact expectations, relaxed ones against finite differences, adaptive
//! draws against distribution functions.

use crate::common::{Worst, expectation, relative};
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::estimate::{self, Handle, HessianEstimate, pathwise_hessian};
use reparam::noise;
use reparam::prelude::*;
use reparam::rejection::{
    AdaptiveRejection, Candidate, LnDensity, Rejection, RejectionError, Relaxed, RelaxedDraw, ln_normalizer,
};
use reparam::special::{inc_gamma_p, ln_bessel_i0, ln_gamma};
use reparam::verify::{self, FIVE_SIGMA, kolmogorov_smirnov};
use reparam::weighted::Weighted;

type Xoshiro = Xoshiro256PlusPlus;
type Hyper<const N: usize> = Jet<Jet<f64, N>, N>;
const LINE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

fn hessian<const N: usize>(
    theta: [f64; N],
    samples: u64,
    f: impl Fn([Hyper<N>; N], &mut Handle<Hyper<N>>) -> Result<Hyper<N>, RejectionError> + Clone + Sync,
) -> HessianEstimate<[[f64; N]; N], [f64; N]> {
    pathwise_hessian(theta, f).samples(samples).par_run_seed(11).unwrap()
}

fn assert_close<const N: usize>(
    e: &HessianEstimate<[[f64; N]; N], [f64; N]>,
    value: f64,
    gradient: [f64; N],
    hessian: [[f64; N]; N],
) {
    assert!((e.value - value).abs() < 5.0 * e.value_se, "{e}\nnot {value}");
    for i in 0..N {
        assert!((e.gradient[i] - gradient[i]).abs() < 5.0 * e.gradient_se[i] + 1e-12, "{e}\nnot {gradient:?}");
        for (j, want) in hessian[i].into_iter().enumerate() {
            assert!((e.hessian[i][j] - want).abs() < 5.0 * e.hessian_se[i][j] + 1e-10, "{e}\nnot {hessian:?}");
        }
    }
}

const ARBITRARY: &str = "exact rejection: density on [0,1] proportional to x^a (1-x)^2 (1 + sin(3x)^2): E[x]";

fn ln_arbitrary<S: Scalar>(a: S, x: S) -> S {
    a * x.ln() + (-x).ln_1p() * 2.0 + (x * 3.0).sin().powi(2).ln_1p()
}

/// Beta proposals that move with the parameter; the normalizing constant by further draws.
#[test]
fn arbitrary_target_unnormalized() {
    let exact = expectation(ARBITRARY);
    let e = hessian([exact.theta[0]], 1 << 18, |[a], rng| {
        let proposal = Beta::new(a + 1.0, 3.0.into()).expect("valid");
        let kernel = |x: Hyper<1>| a * x.ln() + (-x).ln_1p() * 2.0;
        let sampler = Rejection::from_law(2f64.ln(), &proposal, move |x| {
            // the proposal's density without its factor: the target's lacks one too, the same at all x
            ln_arbitrary(a, x) - kernel(x) + proposal.ln_pdf(x)
        })?;
        Ok(sampler.draw_unnormalized(rng)?.term())
    });
    exact.check(&e, 0.01);
}

/// Uniform proposals: all derivatives come from the weight. The normalizing constant by quadrature.
#[test]
fn arbitrary_target_normalized_by_quadrature() {
    let exact = expectation(ARBITRARY);
    let [a] = Jet::second_order([exact.theta[0]]);
    let ln_z = ln_normalizer(0.0, 1.0, 64, |x| ln_arbitrary(a, x));
    let e = hessian([exact.theta[0]], 1 << 20, |[a], rng| {
        let sampler = Rejection::new(1.0, move |rng: &mut Handle<_>| {
            let x = Jet::from(noise::uniform(rng));
            Candidate { value: x, ln_ratio: ln_arbitrary(a, x) - ln_z }
        })?;
        Ok(sampler.draw(rng)?.term())
    });
    exact.check(&e, 0.01);
}

/// Marsaglia and Tsang's gamma sampler for rate 1: x = d (1 + c ε)³ with normal ε.
fn marsaglia_tsang<S: Scalar, R: Rng>(shape: S, rng: &mut R) -> Result<Weighted<S, S>, RejectionError> {
    let d = shape - 1.0 / 3.0;
    let c = (d * 9.0).sqrt().recip();
    let ln_target = |x: S| (shape - 1.0) * x.ln() - x - ln_gamma(shape);
    // the ratio is largest at ε = 0
    let ln_bound = (ln_target(d) + (d * c * 3.0).ln()).re();
    Rejection::new(ln_bound, move |rng: &mut R| {
        let e = noise::normal(rng);
        let root = c * e + 1.0;
        if root.re() <= 0.0 {
            return Candidate::never(root);
        }
        let x = d * root * root * root;
        let ln_slope = (d * c * 3.0).ln() + root.ln() * 2.0;
        Candidate { value: x, ln_ratio: ln_target(x) + ln_slope + 0.5 * e * e }
    })?
    .draw(rng)
}

#[test]
fn gamma_by_marsaglia_and_tsang() {
    // E[z + z²] = 2 α + α²
    let e = hessian([2.5], 1 << 20, |[shape], rng| Ok(marsaglia_tsang(shape, rng)?.map(|z| z + z * z).term()));
    assert_close(&e, 11.25, [7.0], [[2.0]]);
    assert!(e.gradient_se[0] < 0.01 * 7.0);
    // nearly all of the derivative is along the draw: without the weight it is off by little, but off
    let biased = hessian([1.0], 1 << 20, |[shape], rng| {
        let z = marsaglia_tsang(shape, rng)?.value;
        Ok(z + z * z)
    });
    assert!((biased.gradient[0] - 4.0).abs() > 10.0 * biased.gradient_se[0], "{biased}");
}

/// Best and Fisher's proposals, from the wrapped Cauchy law with the parameter of their paper.
#[test]
fn von_mises_by_best_and_fisher() {
    let e = hessian([2.0], 1 << 20, |[kappa], rng| {
        let tau = (kappa * kappa * 4.0 + 1.0).sqrt() + 1.0;
        let rho = (tau - (tau * 2.0).sqrt()).over(kappa * 2.0);
        let stretch = (-rho + 1.0).over(rho + 1.0);
        let ln_target = |x: Hyper<1>| kappa * x.cos() - ln_bessel_i0(kappa) - (2.0 * std::f64::consts::PI).ln();
        let sampler = Rejection::new(0.5, move |rng: &mut Handle<_>| {
            let e = noise::uniform(rng) * 2.0 - 1.0;
            let map =
                |e: Jet<Hyper<1>, 1>| ((e * std::f64::consts::FRAC_PI_2).tan() * Jet::constant(stretch)).atan() * 2.0;
            Candidate::of_map(e, -(2f64.ln()), map, ln_target)
        })?;
        Ok(sampler.draw(rng)?.map(|x: Hyper<1>| x.cos()).term())
    });
    // I1/I0 and its derivatives by mpmath
    assert_close(&e, 0.697774657964008, [0.164223197721207], [[-0.136849505608945]]);
    assert!(e.gradient_se[0] < 0.01 * 0.164);
}

/// Wood's sampler of the cosine of a von Mises-Fisher law in R^5: the candidate, and the logarithm of its acceptance.
fn wood<S: Scalar>(kappa: S, rng: &mut impl Rng) -> (Candidate<S, S>, S) {
    const M: f64 = 4.0;
    let b = ((kappa * kappa * 4.0 + M * M).sqrt() - kappa * 2.0) / M;
    let x0 = (-b + 1.0).over(b + 1.0);
    let c = kappa * x0 + (-x0 * x0).ln_1p() * M;
    let z = Beta::new(0.5 * M, 0.5 * M).expect("valid").sample(rng);
    let below = (b - 1.0) * z + 1.0;
    let w = (-(b + 1.0) * z + 1.0).over(below);
    // dw/dz = -2 b / (1 - (1 - b) z)²; density of w proportional to e^(κ w) (1 - w²)^(M/2 - 1)
    let ln_slope = b.ln() - below.ln() * 2.0;
    let ln_target = kappa * w + (-w * w).ln_1p() * (0.5 * M - 1.0);
    let ln_accept = kappa * w + (-x0 * w).ln_1p() * M - c;
    (Candidate { value: w, ln_ratio: ln_target + ln_slope - (0.5 * M - 1.0) * (z * (1.0 - z)).ln() }, ln_accept)
}

#[test]
fn von_mises_fisher_by_wood() {
    let exact = expectation("von Mises-Fisher on the sphere in R^5: E[mu . x]");
    let e = hessian([exact.theta[0]], 1 << 20, |[kappa], rng| {
        // with its own envelope: ratio and acceptance differ by a factor without x
        let (c, ln_accept) = wood(kappa, &mut Xoshiro::seed_from_u64(0));
        let ln_bound = (c.ln_ratio - ln_accept).re();
        let sampler = Rejection::new(ln_bound, move |rng: &mut Handle<Hyper<1>>| wood(kappa, rng).0)?;
        Ok(sampler.draw_unnormalized(rng)?.term())
    });
    exact.check(&e, 0.01);
}

/// Pyro's test: exponential guide by rejection from Exp(factor · rate), model Exp(1). The factor is no parameter of the
/// law.
#[test]
fn elbo_of_an_exponential_by_rejection() {
    let (l, factor) = (1.3, 0.5);
    let e = hessian([l, factor], 1 << 20, |[rate, factor], rng| {
        let proposal = Exponential::new(rate * factor).expect("valid");
        let guide = Exponential::new(rate).expect("valid");
        let model = Exponential::new(Jet::from(1.0)).expect("valid");
        let sampler = Rejection::from_law(-factor.re().ln(), &proposal, |x| guide.ln_pdf(x))?;
        Ok(sampler.draw(rng)?.map(|x| model.ln_pdf(x) - guide.ln_pdf(x)).term())
    });
    // -1/l + 1 - ln l
    let curvature = -2.0 / (l * l * l) + 1.0 / (l * l);
    let first = 1.0 / (l * l) - 1.0 / l;
    assert_close(&e, -1.0 / l + 1.0 - l.ln(), [first, 0.0], [[curvature, 0.0], [0.0, 0.0]]);
}

/// Pyro's test: gamma guide by Marsaglia and Tsang's sampler, model Gamma(1, 1).
#[test]
fn elbo_of_a_gamma_by_rejection() {
    let (a, b) = (2.0, 1.5);
    let e = hessian([a, b], 1 << 20, |[shape, rate], rng| {
        let guide = Gamma::new(shape, rate).expect("valid");
        Ok(marsaglia_tsang(shape, rng)?.map(|z| z.over(rate)).map(|x| -x - guide.ln_pdf(x)).term())
    });
    let trigamma = std::f64::consts::PI.powi(2) / 6.0 - 1.0; // at 2
    let want = [1.0 - 1.0 / b + (1.0 - a) * trigamma, a / (b * b) - 1.0 / b];
    for i in 0..2 {
        assert!((e.gradient[i] - want[i]).abs() < 5.0 * e.gradient_se[i], "{e}\n{want:?}");
        assert!(e.gradient_se[i] < 0.02 * want[0].hypot(want[1]));
    }
}

/// A draw's value does not depend on the scalar.
#[test]
fn values_are_the_same_for_every_scalar() {
    fn draws<S: Scalar>(shape: S) -> Vec<u64> {
        let mut rng = Xoshiro::seed_from_u64(3);
        (0..1000).map(|_| marsaglia_tsang(shape, &mut rng).unwrap().value.re().to_bits()).collect()
    }
    /// The generator goes on alike, though derivatives of the normalizing constant take further draws.
    fn unnormalized<S: Scalar>(a: S) -> Vec<u64> {
        let mut rng = Xoshiro::seed_from_u64(3);
        let sampler = Rejection::new(0.0, |rng: &mut Xoshiro| {
            let x = S::from(noise::uniform(rng));
            Candidate { value: x, ln_ratio: a * x.ln() }
        })
        .unwrap();
        (0..1000).map(|_| sampler.draw_unnormalized(&mut rng).unwrap().value.re().to_bits()).collect()
    }
    let plain = unnormalized(1.5);
    assert_eq!(unnormalized(Jet::<f64, 1>::variable(1.5, 0)), plain);
    assert_eq!(unnormalized(Jet::second_order([1.5])[0]), plain);
    let plain = draws(2.5);
    assert_eq!(draws(Jet::<f64, 1>::variable(2.5, 0)), plain);
    assert_eq!(draws(Jet::second_order([2.5])[0]), plain);
    assert_eq!(draws(num_dual::Dual2_64::from(2.5).derivative()), plain);
}

#[test]
fn what_goes_wrong_is_reported() {
    let mut rng = Xoshiro::seed_from_u64(4);
    let uniform = |ln_ratio: fn(f64) -> f64| {
        move |rng: &mut Xoshiro| {
            let x = noise::uniform(rng);
            Candidate { value: x, ln_ratio: ln_ratio(x) }
        }
    };
    // density 2 x under a bound of 1.5
    let small = Rejection::new(1.5f64.ln(), uniform(|x| (2.0 * x).ln())).unwrap();
    let error = (0..1000).find_map(|_| small.draw(&mut rng).err());
    let Some(RejectionError::EnvelopeTooSmall { ln_excess }) = error else { panic!("{error:?}") };
    assert!(ln_excess > 0.0 && ln_excess < (2.0f64 / 1.5).ln());
    assert_eq!(Rejection::new(0.0, uniform(|_| f64::NAN)).unwrap().draw(&mut rng), Err(RejectionError::Density));
    let never = Rejection::new(0.0, uniform(|_| f64::NEG_INFINITY)).unwrap().at_most(10);
    assert_eq!(never.draw(&mut rng), Err(RejectionError::TooManyProposals { proposals: 10 }));
    let message = |error: RejectionError| error.to_string();
    let bound = |received| format!("the ln_bound of a rejection sampler must be finite, not {received}");
    assert_eq!(Rejection::new(f64::NAN, ()).map_err(message).err(), Some(bound("NaN")));
    let none = Rejection::with_pilots(10, 0.0, uniform(|_| f64::NEG_INFINITY), &mut rng);
    assert_eq!(none.map_err(message).err(), Some(bound("-inf")));
    let margin = Rejection::with_pilots(10, f64::NAN, uniform(|x| x), &mut rng);
    let of_margin = "the margin of a rejection sampler must be finite, not NaN".to_string();
    assert_eq!(margin.map_err(message).err(), Some(of_margin));

    for t in [0.0, -1.0, 1e-4, f64::NAN, f64::INFINITY] {
        let Err(RejectionError::Refused(error)) = Relaxed::new(t) else { panic!("{t}") };
        assert_eq!((error.parameter(), error.value().to_bits()), ("temperature", t.to_bits()));
    }
    let relaxed = Relaxed::new(0.1).unwrap().at_most(20);
    let draw = |ln_a: f64, rng: &mut Xoshiro| relaxed.draw(rng, |_| ([1.0], ln_a));
    assert_eq!(draw(0.1, &mut rng), Err(RejectionError::Probability));
    assert_eq!(draw(f64::NAN, &mut rng), Err(RejectionError::Density));
    assert_eq!(draw(f64::NEG_INFINITY, &mut rng), Err(RejectionError::TooManyProposals { proposals: 20 }));
    assert_eq!(draw(-1e3, &mut rng), Err(RejectionError::TooManyProposals { proposals: 20 }));
}

fn relaxed<S: Scalar>(kappa: S, temperature: f64, rng: &mut impl Rng) -> RelaxedDraw<S, 1> {
    let sampler = Relaxed::new(temperature).unwrap();
    sampler
        .draw(rng, |rng| {
            let (c, ln_accept) = wood(kappa, rng);
            ([c.value], ln_accept)
        })
        .unwrap()
}

/// The bias of the derivative for the von Mises-Fisher law in R^5 at κ = 2, exact .147388687, as the doc's table says.
/// It is known by quadrature: the mixture's law has the density of the proposals times the mean degree of acceptance.
#[test]
fn relaxed_bias() {
    for (temperature, bias) in [(0.1, -0.0019), (0.5, -0.0570), (2.0, -0.1050)] {
        let e = estimate::pathwise([2.0], move |[kappa], rng| relaxed(kappa, temperature, rng).value[0])
            .samples(1 << 18)
            .par_run_seed(5)
            .unwrap();
        let (got, se) = (e.gradient[0] / 0.147388687 - 1.0, e.gradient_se[0] / 0.147388687);
        assert!((got - bias).abs() < 1e-4 + 5.0 * se, "{temperature}: {got} ± {se}");
        assert!(se < 0.005, "{se}");
    }
}

/// At fixed noise the mixture is one differentiable function, whatever the temperature.
#[test]
fn relaxed_against_finite_differences() {
    for seed in 0..20 {
        for temperature in [0.1, 0.5, 2.0] {
            // the end of the mixture may move from one proposal to the next: a jump of 1e-6
            let e = verify::gradient(
                [2.0],
                |[k]| relaxed(k, temperature, &mut Xoshiro::seed_from_u64(seed)).value[0],
                1e-4,
            );
            assert!(e.is_ok(), "{seed} {temperature}: {}", e.unwrap_err());
        }
        let at = |k| relaxed(k, 0.1, &mut Xoshiro::seed_from_u64(seed)).value[0];
        let first = at(Jet::<f64, 1>::variable(2.0, 0));
        let second = relaxed(Jet::second_order([2.0])[0], 0.1, &mut Xoshiro::seed_from_u64(seed)).value[0];
        let dual = relaxed(num_dual::Dual2_64::from(2.0).derivative(), 0.1, &mut Xoshiro::seed_from_u64(seed)).value[0];
        assert_eq!(first.re.to_bits(), second.re.re.to_bits());
        assert_eq!(first.re.to_bits(), dual.re.to_bits());
        assert!(
            relative(dual.v1, first.eps[0], 1e-12) < 1e-12 && relative(second.re.eps[0], first.eps[0], 1e-12) < 1e-12
        );
        assert!(relative(dual.v2, second.eps[0].eps[0], 1e-9) < 1e-10);
    }
}

/// The coldest temperature: no NaN, and the accepted proposal.
#[test]
fn relaxed_at_its_coldest() {
    let mut rng = Xoshiro::seed_from_u64(6);
    for _ in 0..10_000 {
        let draw = relaxed(Jet::second_order([2.0])[0], 1e-3, &mut rng);
        let (value, first, second) = draw.value[0].hessian();
        assert!(value.abs() <= 1.0 && first[0].is_finite() && second[0][0].is_finite());
    }
}

struct NormalDensity;
impl LnDensity<2> for NormalDensity {
    fn ln_density<T: Scalar>(&self, [mean, std_dev]: &[T; 2], x: T) -> T {
        -(x - *mean).over(*std_dev).powi(2) * 0.5
    }
}

struct GammaDensity;
impl LnDensity<1> for GammaDensity {
    fn ln_density<T: Scalar>(&self, [shape]: &[T; 1], x: T) -> T {
        (*shape - 1.0) * x.ln() - x
    }
}

/// A mixture of two normals four standard deviations apart.
struct Bimodal;
impl LnDensity<0> for Bimodal {
    fn ln_density<T: Scalar>(&self, _: &[T; 0], x: T) -> T {
        let (a, b) = (x - 2.0, x + 2.0);
        reparam::scalar::ln_sum_exp(&[-a * a * 0.5, -b * b * 0.5])
    }
}

struct CauchyDensity;
impl LnDensity<0> for CauchyDensity {
    fn ln_density<T: Scalar>(&self, _: &[T; 0], x: T) -> T {
        -(x * x).ln_1p()
    }
}

#[test]
fn adaptive_draws_follow_their_law() {
    fn draws<L: LnDensity<N>, const N: usize>(l: L, theta: [f64; N], support: (f64, f64), start: f64) -> Vec<f64> {
        let mut rng = Xoshiro::seed_from_u64(7);
        let mut sampler = AdaptiveRejection::new(l, theta, support, start).unwrap();
        (0..200_000).map(|_| sampler.draw(&mut rng).unwrap()).collect()
    }
    let test = |what: &str, draws: Vec<f64>, cdf: &dyn Fn(f64) -> f64| {
        let p = kolmogorov_smirnov(draws, cdf);
        assert!(p > FIVE_SIGMA, "{what}: {p}");
    };
    for (mean, std_dev) in [(1.0, 2.0), (-1e6, 1e-3), (0.0, 1e100)] {
        let law = Normal::new(mean, std_dev).unwrap();
        test("normal", draws(NormalDensity, [mean, std_dev], LINE, mean + std_dev), &|x| law.cdf(x));
        // from far off
        test("normal", draws(NormalDensity, [mean, std_dev], LINE, mean - 50.0 * std_dev), &|x| law.cdf(x));
    }
    let law = Normal::new(0.0, 1.0).unwrap();
    test("wide", draws(NormalDensity, [0.0, 1.0], (-1e300, 1e200), 30.0), &|x| law.cdf(x));
    let law = TruncatedNormal::new(0.0, 1.0, 3.0, f64::INFINITY).unwrap();
    test("tail", draws(NormalDensity, [0.0, 1.0], (3.0, f64::INFINITY), 4.0), &|x| law.cdf(x));
    let law = TruncatedNormal::new(0.0, 1.0, -0.5, 2.0).unwrap();
    test("interval", draws(NormalDensity, [0.0, 1.0], (-0.5, 2.0), 1.9), &|x| law.cdf(x));
    for shape in [1.0, 1.01, 2.5, 1e4] {
        let law = Gamma::new(shape, 1.0).unwrap();
        test("gamma", draws(GammaDensity, [shape], (0.0, f64::INFINITY), 1.0), &|x| law.cdf(x));
    }
}

/// dx/dθ = -F_θ/f: of the normal law exactly 1 and (x - μ)/σ with no second derivatives, of the gamma law by the
/// incomplete gamma function.
#[test]
fn adaptive_draws_carry_derivatives() {
    let mut rng = Xoshiro::seed_from_u64(8);
    let (m, s) = (0.7, 1.9);
    let mut sampler = AdaptiveRejection::new(NormalDensity, Jet::second_order([m, s]), LINE, 0.0).unwrap();
    for _ in 0..2000 {
        let (x, first, second) = sampler.draw(&mut rng).unwrap().hessian();
        assert!((first[0] - 1.0).abs() < 1e-11 && (first[1] - (x - m) / s).abs() < 1e-11, "{x} {first:?}");
        assert!(second.as_flattened().iter().all(|h| h.abs() < 1e-9), "{x} {second:?}");
    }
    let mut worst = Worst::default();
    for shape in [1.3, 2.5, 300.0] {
        let mut sampler =
            AdaptiveRejection::new(GammaDensity, Jet::variables([shape]), (0.0, f64::INFINITY), 1.0).unwrap();
        for _ in 0..1000 {
            let x = sampler.draw(&mut rng).unwrap();
            let [a] = Jet::variables([shape]);
            let want = -inc_gamma_p(a, Jet::from(x.re)).eps[0] / Gamma::new(shape, 1.0).unwrap().pdf(x.re);
            worst.add(relative(x.eps[0], want, 0.0), || format!("{shape} {}: {} {want}", x.re, x.eps[0]));
        }
    }
    assert!(worst.error < 1e-9, "{worst:?}");
    let mut wide = AdaptiveRejection::new(NormalDensity, Jet::variables([m, s]), (-1e300, 1e300), 0.0).unwrap();
    for _ in 0..100 {
        let x = wide.draw(&mut rng).unwrap();
        assert!((x.eps[0] - 1.0).abs() < 1e-11 && (x.eps[1] - (x.re - m) / s).abs() < 1e-11, "{x}");
    }
    // the value does not depend on the scalar
    let mut plain = AdaptiveRejection::new(NormalDensity, [m, s], LINE, 0.0).unwrap();
    let mut jets = AdaptiveRejection::new(NormalDensity, Jet::variables([m, s]), LINE, 0.0).unwrap();
    let (mut one, mut other) = (Xoshiro::seed_from_u64(9), Xoshiro::seed_from_u64(9));
    for _ in 0..1000 {
        assert_eq!(plain.draw(&mut one).unwrap(), jets.draw(&mut other).unwrap().re);
    }
}

#[test]
fn what_is_not_log_concave_is_noticed() {
    fn first_error<L: LnDensity<0>>(l: L) -> RejectionError {
        let mut rng = Xoshiro::seed_from_u64(10);
        match AdaptiveRejection::<f64, L, 0>::new(l, [], LINE, 0.3) {
            Err(e) => e,
            Ok(mut sampler) => (0..1000).find_map(|_| sampler.draw(&mut rng).err()).expect("an error"),
        }
    }
    assert!(matches!(first_error(Bimodal), RejectionError::NotLogConcave { .. }));
    assert!(matches!(first_error(CauchyDensity), RejectionError::NotLogConcave { .. }));
    let new = |support, start| AdaptiveRejection::new(NormalDensity, [0.0, 1.0], support, start).map(|_| ());
    let refused = |support, start| new(support, start).map_err(|e| e.to_string()).err();
    let start = |x| {
        Some(format!(
            "the start of an adaptive rejection sampler must be a number strictly inside of the support, not {x}"
        ))
    };
    assert_eq!(refused((0.0, 1.0), 2.0), start("2"));
    assert_eq!(refused(LINE, f64::NAN), start("NaN"));
    let low = "the low of an adaptive rejection sampler must be below high, not 1".to_string();
    assert_eq!(refused((1.0, 0.0), 0.5), Some(low));
    let nan = AdaptiveRejection::new(NormalDensity, [f64::NAN, 1.0], LINE, 0.0).map(|_| ());
    assert_eq!(nan, Err(RejectionError::Density));
}
