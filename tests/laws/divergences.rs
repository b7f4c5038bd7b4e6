//! Divergences between laws of different families; `tests/reference/make_divergences.py` prints the numbers.

use crate::common::{records, second_order};
use rand::RngExt;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::Family;
use reparam::prelude::*;
use reparam::verify;

/// The divergence is this number, in jets too.
macro_rules! near {
    ($($from:expr, $to:expr, $want:expr;)+) => {
        $(let (got, want): (f64, f64) = ($from.kl_divergence(&$to), $want);
        assert!((got - want).abs() <= 2e-14 * want, "{} from {}: {got:e}, not {want:e}", stringify!($from), stringify!($to));)+
    };
}

#[test]
fn of_the_gamma_family() {
    let (gamma, exponential) = (Gamma::new(2.5, 1.5).unwrap(), Exponential::new(0.7).unwrap());
    let (erlang, chi_squared) = (Erlang::new(3, 1.1).unwrap(), ChiSquared::new(3.2).unwrap());
    near! {
        gamma, exponential, 0.19885880920850904;
        gamma, erlang, 0.32068410800925645;
        gamma, chi_squared, 0.3266793356133528;
        exponential, gamma, 0.3880133805651194;
        exponential, erlang, 1.0630517105624107;
        exponential, chi_squared, 0.4863789261238189;
        erlang, gamma, 0.3684496276116995;
        erlang, exponential, 0.5134975224709553;
        erlang, chi_squared, 0.11132726310034881;
        chi_squared, gamma, 0.7373012070032721;
        chi_squared, exponential, 0.4917480007396286;
        chi_squared, erlang, 0.18390043128102382;
    }
    assert_eq!(Gamma::new(1.0, 0.7).unwrap().kl_divergence(&exponential), 0.0);
    let (gamma, other) = (InverseGamma::new(2.5, 1.5).unwrap(), InverseChiSquared::new(3.2).unwrap());
    let scaled = ScaledInverseChiSquared::new(5.0, 0.8).unwrap();
    near! {
        gamma, other, 0.3266793356133528;
        gamma, scaled, 0.114128152203881;
        other, gamma, 0.7373012070032721;
        other, scaled, 1.6180960258738197;
        scaled, gamma, 0.09420518112945232;
        scaled, other, 0.5786373182028689;
    }
}

#[test]
fn of_any_law() {
    let normal = Normal::new(1.0, 3.0).unwrap();
    let near = |got: f64, want: f64| assert!((got - want).abs() < 4e-15, "{got:e}, not {want:e}");
    near(normal.kl_divergence_of(&Gumbel::new(0.3, 2.0).unwrap()), 0.12420153757238694);
    near(normal.kl_divergence_of(&StudentT::new(0.0, 1.0, 5.0).unwrap()), 0.5381962976065346);
    near(
        normal.kl_divergence_of(&Normal::new(0.5, 2.0).unwrap()),
        Normal::new(0.5, 2.0).unwrap().kl_divergence(&normal),
    );
    let exponential = Exponential::new(0.4).unwrap();
    near(exponential.kl_divergence_of(&Weibull::new(2.0, 1.5).unwrap()), 0.15839967214927675);
    // no variance, no mean, draws outside
    for heavy in [StudentT::new(0.0, 1.0, 2.0).unwrap(), StudentT::new(0.0, 1.0, 0.5).unwrap()] {
        assert_eq!(normal.kl_divergence_of(&heavy), f64::INFINITY);
    }
    assert_eq!(exponential.kl_divergence_of(&Pareto::new(1.0, 1.0).unwrap()), f64::INFINITY);
    assert_eq!(exponential.kl_divergence_of(&Uniform::new(-0.1, 1.0).unwrap()), f64::INFINITY);
    // points with mass
    let censored = Censored::new(Normal::new(0.0, 1.0).unwrap(), 0.0, f64::INFINITY).unwrap();
    let delta = Delta::new(1.0).unwrap();
    let mixture = Mixture::new([0.5, 0.5], (Delta::new(1.0).unwrap(), Normal::new(1.0, 1.0).unwrap())).unwrap();
    assert_eq!(normal.kl_divergence_of(&censored), f64::INFINITY);
    assert_eq!(exponential.kl_divergence_of(&Tweedie::new(1.0, 1.0, 1.5).unwrap()), f64::INFINITY);
    assert_eq!(Uniform::new(0.0, 2.0).unwrap().kl_divergence_of(&delta), f64::INFINITY);
    assert_eq!(normal.kl_divergence_of(&mixture), f64::INFINITY);
    let truncated = Truncated::new(censored, 0.0, 1.0).unwrap();
    assert!(truncated.has_atoms() && !Truncated::new(normal, 0.0, 1.0).unwrap().has_atoms());
    let uniform = Uniform::new(0.0, 2.0).unwrap();
    assert_eq!(uniform.kl_divergence_of(&Uniform::new(0.0, 2.0 + 1e-15).unwrap()), f64::INFINITY);
    assert_eq!(uniform.kl_divergence_of(&Uniform::new(0.0, 1.0).unwrap()), core::f64::consts::LN_2);
}

/// Moyal and von Mises laws that are close, with the derivatives in the parameters of both; the plain formulas have them to 1e-16 absolutely, and
/// below 0.
#[test]
#[rustfmt::skip]
fn of_close_laws() {
    let moyal = |[a, b, c, d]: [Jet<f64, 4>; 4]| Moyal::new(a, b).unwrap().kl_divergence(&Moyal::new(c, d).unwrap());
    let circular = |[a, b, c, d]: [Jet<f64, 4>; 4]| VonMises::new(a, b).unwrap().kl_divergence(&VonMises::new(c, d).unwrap());
    let check = |kl: &dyn Fn([Jet<f64, 4>; 4]) -> Jet<f64, 4>, at: [f64; 4], want: f64, slopes: [f64; 4]| {
        let got = kl(Jet::variables(at));
        assert!((got.re - want).abs() <= 4e-15 * want, "{at:?}: {got}, not {want:e}");
        let off = |i: usize| (got.eps[i] - slopes[i]).abs() > 4e-15 * slopes[i].abs();
        assert!(!(0..4).any(off), "{at:?}: {got}, not {slopes:?}");
    };
    check(&moyal, [3.200242310736489, 6.284428549606046, 3.200242354810143, 6.284428549606046], 1.229_607_605_823_616_3e-17,
        [-5.579_785_173_228_605e-10, 4.071_218_576_730_752_3e-10, 5.579_785_173_228_605e-10, -4.071_218_615_862_635e-10]);
    check(&moyal, [3.8837834845606953, 0.3095554040722542, 3.883783483665758, 0.3095554041296466], 2.314_870_566_137_521_3e-18,
        [4.888_168_629_241_34e-9, -4.445_463_473_275_516e-9, -4.888_168_629_241_34e-9, 4.445_463_458_319_418e-9]);
    check(&moyal, [0.0, 1.0, 0.0, 1.0000001], 8.667_929_920_618_509e-15,
        [3.648_184_678_392_598e-8, -1.733_586_003_062_853_8e-7, -3.648_184_678_392_598e-8, 1.733_585_829_704_270_7e-7]);
    // on both sides of where the scales are far apart
    check(&moyal, [0.0, 1.0, 0.05, 1.09], 0.005_273_194_189_536_1,
        [0.005_066_559_372_431_79, -0.122_625_533_744_066_37, -0.005_066_559_372_431_79, 0.112_732_900_653_842_16]);
    check(&moyal, [0.0, 1.0, -0.5, 0.92], 0.054_040_784_127_578_3,
        [0.206_032_504_958_837_56, -0.036_950_352_777_357_4, -0.206_032_504_958_837_56, -0.071_810_760_545_718_89]);
    check(&circular, [0.0, 0.0, 0.0, 1e-7], 2.5e-15, [0.0, -5e-8, 0.0, 5e-8]);
    check(&circular, [1.0, 4.0, 1.0, 4.0000001], 1.922_402_348_703_348_3e-16,
        [0.0, -3.844_804_760_102_543_5e-9, 0.0, 3.844_804_649_885_719e-9]);
    check(&circular, [0.0, 1e5, 1e-9, 1.0001e5], 2.499_895_849_519_911_7e-9,
        [-0.000_100_009_499_948_749_87, -5.000_025_000_374_983e-10, 0.000_100_009_499_948_749_87, 4.999_525_051_620_408e-10]);
    check(&circular, [0.5, 30.0, 0.6, 32.9], 0.163_832_996_450_246_66,
        [-3.229_305_176_026_351, -0.001_546_491_294_652_374_8, 3.229_305_176_026_351, 0.006_405_557_442_754_081]);
    check(&circular, [0.0, 1e9, 0.0, 1.05e9], 0.000_604_917_915_581_617_5,
        [0.0, -2.500_000_001_25e-11, 0.0, 2.380_952_382_114_512_5e-11]);
}

/// From one of a family's laws to another, if the parameters are valid.
fn of<L: Family, S: Scalar>(first: &[S], second: &[S]) -> Option<S>
where
    L::Law<S>: KlDivergence<S>,
{
    Some(L::law(first).ok()?.kl_divergence(&L::law(second).ok()?))
}

/// Numbers that are not below 0, or infinite, between any two laws: sizes of parameters over 280 powers of ten.
#[test]
fn of_any_two_laws() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    macro_rules! numbers { ($($law:ident)+) => { $(
        let mut count = 0;
        for span in [3.0, 20.0, 70.0, 140.0] {
            for _ in 0..500 {
                let mut draw = || -> Vec<f64> {
                    let size = |_| 10f64.powf(random.random_range(-span..span));
                    let sizes: Vec<f64> = <$law<f64> as Family>::PARAMETERS.iter().map(size).collect();
                    // whole numbers and numbers below 0 too
                    let kind = |x: f64| match random.random_range(0..6) { 0 => x.round().max(1.0), 1 => -x, _ => x };
                    sizes.into_iter().map(kind).collect()
                };
                let (first, second) = (draw(), draw());
                if let Some(got) = of::<$law<f64>, f64>(&first, &second) {
                    assert!(got >= 0.0, "{} {first:?} {second:?}: {got:e}", stringify!($law));
                    count += 1;
                }
            }
        }
        assert!(count > 10, "{count} of {}", stringify!($law));
    )+ } }
    numbers! {
        Arcsine AsymmetricLaplace Beta BetaPrime BetaProportion Cauchy Chi ChiSquared ContinuousBernoulli Delta Erlang Exponential Frechet
        Gamma GeneralizedGamma Gompertz Gumbel HalfCauchy HalfNormal InverseChiSquared InverseGamma InverseGaussian Laplace LogGamma
        LogNormal LogUniform LogitBeta LogitNormal Maxwell Moyal Nakagami Normal Pareto Rayleigh ScaledInverseChiSquared
        TruncatedNormal TruncatedPowerLaw TwoPieceNormal Uniform VonMises Weibull
    }
}

/// Laws of one family whose scales or shapes are up to 30 powers of ten apart, with the first two derivatives in each parameter,
/// against `far_divergences.csv`.
#[test]
fn of_laws_that_are_far_apart() {
    type Second = Jet<Jet<f64, 1>, 1>;
    fn of_name<S: Scalar>(name: &str, parameters: &[S], first: usize) -> S {
        macro_rules! of_one { ($($law:ident)+) => {
            $(if name == <$law<f64> as Family>::NAME { return of::<$law<f64>, S>(&parameters[..first], &parameters[first..]).expect("valid"); })+
        } }
        of_one! {
            AsymmetricLaplace Beta Exponential Frechet Gamma GeneralizedGamma Gompertz Gumbel HalfNormal InverseGamma
            InverseGaussian Laplace Maxwell Moyal Normal Pareto Rayleigh TwoPieceNormal VonMises Weibull
        }
        panic!("{name}")
    }
    // of value, slope and curvature
    let bounds = [2e-14, 6e-14, 1e-12];
    let mut reached = [0.0; 3];
    for row in records("far_divergences.csv") {
        let numbers = |k: usize| row[k].split(' ').map(|x| x.parse().expect("a number")).collect::<Vec<f64>>();
        let (first, value, slopes, curvatures) = (numbers(1), numbers(3)[0], numbers(4), numbers(5));
        let parameters = [first.clone(), numbers(2)].concat();
        let plain: f64 = of_name(&row[0], &parameters, first.len());
        for (i, &p) in parameters.iter().enumerate() {
            let jets: Vec<Second> = (0..parameters.len())
                .map(|j| if i == j { second_order::<1>(&[p])[0] } else { parameters[j].into() })
                .collect();
            let got = of_name(&row[0], &jets, first.len());
            assert_eq!(got.re.re.to_bits(), plain.to_bits(), "{row:?}");
            let pairs = [(plain, value), (got.re.eps[0], slopes[i]), (got.eps[0].eps[0], curvatures[i])];
            for (order, (got, want)) in pairs.into_iter().enumerate() {
                // of curvatures, the rounding of the value's terms
                let of_terms = [0.0, 1e-18, 1e-15][order] * value;
                let rounding = if p == 0.0 { 0.0 } else { of_terms / p.abs().powi(order as i32) };
                let error = (got - want).abs() - rounding;
                reached[order] = f64::max(reached[order], error / want.abs());
                assert!(
                    error <= bounds[order] * want.abs(),
                    "{row:?}, parameter {i}, order {order}: {got:e}, not {want:e}"
                );
            }
        }
    }
    println!("divergences of far laws reach {reached:?}");
}

// derivatives in the parameters of both laws against differences
#[test]
fn derivatives() {
    fn all<S: Scalar>([a, b, c]: [S; 3]) -> [S; 4] {
        [
            Gamma::new(a, b).unwrap().kl_divergence(&Exponential::new(c).unwrap()),
            ChiSquared::new(a).unwrap().kl_divergence(&Gamma::new(b, c).unwrap()),
            Normal::new(a, b).unwrap().kl_divergence_of(&Gumbel::new(b, c).unwrap()),
            Exponential::new(c).unwrap().kl_divergence_of(&Weibull::new(a, b).unwrap()),
        ]
    }
    let at = [1.3, 2.1, 0.8];
    let (jets, plain) = (all(Jet::variables(at)), all(at));
    for k in 0..4 {
        assert_eq!(jets[k].re.to_bits(), plain[k].to_bits());
        for i in 0..3 {
            let along = |x: f64| {
                let mut at = at;
                at[i] = x;
                all(at)[k]
            };
            let d = verify::derivative(along, at[i]);
            assert!((jets[k].eps[i] - d.value).abs() <= 20.0 * d.error + 1e-9, "{k} {i}: {} {d:?}", jets[k].eps[i]);
        }
    }
}
