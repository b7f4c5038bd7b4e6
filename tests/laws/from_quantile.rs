//! Laws from quantile functions: the g-and-k and Tukey's lambda law.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::Family;
use reparam::prelude::*;
use reparam::special::{normal_isf, normal_quantile};
use reparam::verify;

/// a + b (1 + 0.8 tanh(g z/2)) (1 + z²)^k z.
#[derive(Clone, Copy, Debug)]
struct GAndK;

impl Quantile<4> for GAndK {
    fn quantile<S: Scalar>(&self, [a, b, g, k]: [S; 4], p: S, q: S) -> S {
        let z = if p.re() < q.re() { normal_quantile(p) } else { normal_isf(q) };
        if z.re().is_infinite() {
            return z;
        }
        a + b * ((g * z * 0.5).tanh() * 0.8 + 1.0) * ((z * z).ln_1p() * k).exp() * z
    }
}

impl Family for GAndK {
    type Law<S: Scalar> = FromQuantile<GAndK, S, 4>;
    type Error = LawError;
    const NAME: &'static str = "g_and_k";
    const PARAMETERS: &'static [&'static str] = &["a", "b", "g", "k"];
    fn law<S: Scalar>(p: &[S]) -> Result<Self::Law<S>, LawError> {
        FromQuantile::new(GAndK, [p[0], p[1], p[2], p[3]])
    }
}

/// (p^λ - q^λ)/λ; ln(p/q) for λ = 0.
#[derive(Clone, Copy, Debug)]
struct TukeyLambda;

impl Quantile<1> for TukeyLambda {
    fn quantile<S: Scalar>(&self, [lambda]: [S; 1], p: S, q: S) -> S {
        // (x^λ - 1)/λ
        let power = |x: S| match x.re() {
            0.0 if lambda.re() > 0.0 => -lambda.recip(),
            0.0 => S::from(f64::NEG_INFINITY),
            _ => x.ln() * (x.ln() * lambda).exp_m1_ratio(),
        };
        power(p) - power(q)
    }
}

impl Family for TukeyLambda {
    type Law<S: Scalar> = FromQuantile<TukeyLambda, S, 1>;
    type Error = LawError;
    const NAME: &'static str = "tukey_lambda";
    const PARAMETERS: &'static [&'static str] = &["lambda"];
    fn law<S: Scalar>(p: &[S]) -> Result<Self::Law<S>, LawError> {
        FromQuantile::new(TukeyLambda, [p[0]])
    }
}

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    assert!((got - want).abs() <= bound * want.abs(), "{got:e} for {want:e}");
}

/// Values: mpmath at 40 digits, by differentiation and quadrature in z.
#[test]
fn g_and_k() {
    let law = FromQuantile::new(GAndK, [3.0, 1.0, 2.0, 0.5]).unwrap();
    for (x, ln_cdf, ln_sf, ln_pdf) in [
        (1.065101623241815, -6.607726221510349, -0.0013508099647481938, -5.5591852982075),
        (2.828244678954798, -0.8657395226815953, -0.5460043537227741, -0.6310461521878711),
        (5.275858989874481, -0.17275377902344988, -1.8410216450092636, -2.777073929103271),
        (68.6934765410923, -9.865876455243758e-10, -20.736768949974707, -21.991753438675925),
    ] {
        close(law.ln_cdf(x), ln_cdf, 4e-14);
        close(law.ln_sf(x), ln_sf, 4e-14);
        close(law.ln_pdf(x), ln_pdf, 1e-13);
    }
    close(law.mean().unwrap(), 3.858619739787586, 1e-12);
    close(law.variance().unwrap(), 5.462562095758628, 1e-10);
    close(law.entropy(), 1.6005738805116425, 1e-10);
    for parameters in [[3.0, 1.0, 2.0, 0.5], [0.0, 2.0, 0.0, 0.0], [-1.0, 0.1, -0.7, 0.2]] {
        verify::family::<GAndK>(&parameters).tails(1e-300, 1e-12).check().unwrap();
    }
}

/// λ = 0 is the logistic law, λ = 1 and 2 are uniform laws.
#[test]
fn tukey_lambda() {
    let law = |lambda: f64| FromQuantile::new(TukeyLambda, [lambda]).unwrap();
    let logistic = Logistic::new(0.0, 1.0).unwrap();
    for x in [-600.0, -3.0, 0.1, 20.0] {
        close(law(0.0).ln_cdf(x), logistic.ln_cdf(x), 1e-13);
        close(law(0.0).ln_sf(x), logistic.ln_sf(x), 1e-13);
        close(law(0.0).ln_pdf(x), logistic.ln_pdf(x), 1e-13);
    }
    for (lambda, end) in [(1.0, 1.0), (2.0, 0.5)] {
        assert_eq!(law(lambda).support(), (-end, end));
        close(law(lambda).pdf(0.3 * end), 0.5 / end, 1e-14);
        close(law(lambda).cdf(-0.5 * end), 0.25, 1e-14);
        close(law(lambda).variance().unwrap(), end * end / 3.0, 1e-12);
        assert_eq!((law(lambda).pdf(1.5), law(lambda).sf(-1.5), law(lambda).cdf(7.0)), (0.0, 1.0, 1.0));
    }
    assert_eq!(law(-1.5).mean(), None);
    for lambda in [-0.5, 0.14, 0.4] {
        verify::family::<TukeyLambda>(&[lambda]).tails(1e-9, 1e-7).check().unwrap();
    }
}

/// F and f in jets: the derivatives of F at a fixed x are -f dx/dθ; a draw stays at its probability.
#[test]
fn derivatives_of_the_distribution_function() {
    let p = Jet::<f64, 4>::variables([3.0, 1.0, 2.0, 0.5]);
    let law = FromQuantile::new(GAndK, p).unwrap();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    for _ in 0..20 {
        let z = law.sample(&mut rng);
        let there = law.cdf(Jet::from(z.re));
        let density = law.pdf(Jet::from(z.re)).re;
        for i in 0..4 {
            let want = -density * z.eps[i];
            assert!((there.eps[i] - want).abs() < 1e-13 * (1.0 + want.abs()), "{there:?} {z:?}");
            assert!(law.cdf(z).eps[i].abs() < 1e-13);
        }
    }
}

#[test]
fn refusals() {
    #[derive(Debug)]
    struct Constant;
    impl Quantile<1> for Constant {
        fn quantile<S: Scalar>(&self, [x]: [S; 1], _: S, _: S) -> S {
            x
        }
    }
    assert!(FromQuantile::new(Constant, [2.0]).unwrap_err().to_string().contains("larger at 1 than at 0, not 2"));
    assert!(FromQuantile::new(Constant, [f64::NAN]).unwrap_err().value().is_nan());
    // a negative scale falls
    assert!(FromQuantile::new(GAndK, [0.0, -1.0, 0.0, 0.0]).is_err());
}
