//! Mixtures whose components are far apart, and weights of 0 that move. Expected values by hand or with mpmath.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::distr::{Cdf, FromCdf};
use reparam::estimate;
use reparam::prelude::*;
use reparam::weighted;

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
}

type One = Jet<f64, 1>;

fn normals<S: Scalar>(far: f64, w: S) -> Mixture<S, [Normal<S>; 2]> {
    let normal = |m: f64| Normal::new(S::from(m), S::from(1.0)).expect("valid");
    Mixture::new([-w + 1.0, w], [normal(0.0), normal(far)]).expect("valid")
}

/// dE[z]/dw of `mean`, by draws and by draws whose weight carries the score.
fn slope(mean: impl Fn(One, &mut estimate::Handle<One>) -> One, w: f64) -> (f64, f64) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let e = estimate::pathwise([w], |[w], rng| mean(w, rng)).samples(200_000).run(&mut rng).expect("finite");
    (e.gradient[0], e.gradient_se[0])
}

#[test]
fn draws_across_a_gap() {
    let uniform = |low: f64| Uniform::new(One::from(low), One::from(low + 1.0)).expect("valid");
    let gap = |w: One| Mixture::new([w, -w + 1.0], [uniform(0.0), uniform(2.0)]).expect("valid");
    assert_eq!(gap(0.25.into()).overlap(), 0.0);
    let (got, se) = slope(|w, rng| gap(w).sample(rng), 0.25);
    assert!((got + 1.0).abs() < 0.02 && se < 0.01, "as the page says: {got} ± {se}");
    let (got, se) = slope(|w, rng| weighted::score_component(&gap(w), rng).term(), 0.25);
    assert!((got + 2.0).abs() < 5.0 * se && se < 0.02, "{got} ± {se}");
}

#[test]
fn draws_across_a_valley() {
    for (far, weight) in [(12.0, 0.5), (8.0, 0.25), (20.0, 0.75)] {
        let (got, se) = slope(|w, rng| weighted::score_component(&normals(far, w), rng).term(), weight);
        assert!((got - far).abs() < 5.0 * se && se < 0.05 * far, "{got} ± {se}");
    }
    // half the overlap on either side of the middle: the tail of a normal law at 6
    close(normals(12.0, 0.5).overlap(), 9.865_876_450_376_98e-10, 1e-9);
    close(normals(2.0, 0.5).overlap(), 0.158_655_253_931_457_05, 1e-9);
    assert_eq!(normals(0.0, 0.5).overlap(), 1.0);
}

/// Component parameters move the draw, second derivatives too: E[z²] = (1 - w) + w (m² + 1).
#[test]
fn component_draws_move_with_parameters() {
    let square = |[w, m]: [Jet<Jet<f64, 2>, 2>; 2], rng: &mut _| {
        let normal = |m| Normal::new(m, 1.0.into()).expect("valid");
        let law = Mixture::new([-w + 1.0, w], [normal(0.0.into()), normal(m)]).expect("valid");
        weighted::score_component(&law, rng).map(|z| z * z).term()
    };
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(4);
    let e = estimate::pathwise_hessian([0.3, 5.0], square).samples(100_000).run(&mut rng).expect("finite");
    let near =
        |got: f64, se: f64, want: f64| assert!((got - want).abs() <= 5.0 * se + 1e-12, "{got} ± {se}, not {want}");
    near(e.gradient[0], e.gradient_se[0], 25.0);
    near(e.gradient[1], e.gradient_se[1], 0.3 * 10.0);
    near(e.hessian[0][0], e.hessian_se[0][0], 0.0);
    near(e.hessian[0][1], e.hessian_se[0][1], 10.0);
    near(e.hessian[1][1], e.hessian_se[1][1], 0.6);
}

#[test]
fn weights_of_zero_that_move() {
    let law = normals(50.0, One::variable(0.0, 0));
    let plain = normals(50.0, 0.0);
    close(law.ln_pdf(40.0.into()).re, -800.918_938_533_204_7, 1e-15);
    close(law.ln_sf(39.0.into()).re, -765.083_156_564_378, 1e-14);
    close(law.ln_cdf(38.0.into()).re, -2.885_428_35e-316, 1e-8);
    assert_eq!(law.ln_pdf(50.0.into()).eps, [f64::INFINITY]);
    assert_eq!(law.ln_pdf(40.0.into()).eps, [f64::INFINITY]);
    // e^(450 - 200) - 1 and its kin, below the largest double
    close(law.ln_pdf(30.0.into()).eps[0], 250f64.exp(), 1e-12);
    for x in [-40.0, 0.0, 20.0, 38.0, 39.0, 40.0, 45.0, 50.0, 60.0] {
        let at = One::from(x);
        let got = [law.ln_pdf(at), law.ln_cdf(at), law.ln_sf(at), law.pdf(at), law.cdf(at), law.sf(at)];
        let want = [plain.ln_pdf(x), plain.ln_cdf(x), plain.ln_sf(x), plain.pdf(x), plain.cdf(x), plain.sf(x)];
        assert!(got.iter().zip(want).all(|(a, b)| a.re.to_bits() == b.to_bits() && !a.eps[0].is_nan()), "{x}: {got:?}");
    }
    // two weights: what does not move keeps its zero
    let [w, m] = Jet::variables([0.0, 0.0]);
    let two = Mixture::new(
        [-w + 1.0, w],
        [Normal::new(m, 1.0.into()), Normal::new(50.0.into(), 1.0.into())].map(Result::unwrap),
    );
    assert_eq!(two.unwrap().ln_pdf(40.0.into()).eps[0], f64::INFINITY);
}

/// Beyond the support of all components with a share, the slope in a weight of 0 is the density or probability there.
#[test]
fn supports_of_components_without_a_share() {
    let uniform = |low: f64| Uniform::new(One::from(low), One::from(low + 1.0)).unwrap();
    let w = One::variable(0.0, 0);
    let law = Mixture::new([-w + 1.0, w], [uniform(0.0), uniform(2.0)]).unwrap();
    assert_eq!(law.pdf(2.5.into()), Jet { re: 0.0, eps: [1.0] });
    assert_eq!(law.cdf(2.25.into()), Jet { re: 1.0, eps: [-0.75] });
    assert_eq!(law.sf(2.25.into()), Jet { re: 0.0, eps: [0.75] });
    assert_eq!(law.ln_pdf(2.5.into()).re, f64::NEG_INFINITY);
    assert_eq!(law.entropy().eps, [f64::INFINITY]);
}

/// The slope of the entropy in a weight of 0, the cross entropy less the entropy: m²/2 for a second mean of m.
#[test]
fn entropy_in_a_weight_of_zero() {
    for m in [3.0, 10.0, 50.0] {
        let entropy = normals(m, One::variable(0.0, 0)).entropy();
        assert_eq!(entropy.re.to_bits(), normals(m, 0.0).entropy().to_bits());
        close(entropy.eps[0], 0.5 * m * m, 1e-9);
    }
    // the second derivative, -∫ (q - p)²/p dx = 1 - e^(m²)
    let second = |m: f64| normals(m, Jet { re: One::variable(0.0, 0), eps: [One::from(1.0)] }).entropy().eps[0].eps[0];
    for m in [0.5, 1.0, 2.0] {
        close(second(m), -(m * m).exp_m1(), 1e-8);
    }
    assert_eq!(second(50.0), f64::NEG_INFINITY);
}

/// An entropy whose integral does not converge is no number: F(x) = 1 - 1/ln x, whose density falls as 1/(x ln² x).
#[test]
fn an_entropy_that_does_not_exist() {
    struct SuperHeavy;
    impl Cdf<0> for SuperHeavy {
        fn support<S: Scalar>(&self, _: [S; 0]) -> (S, S) {
            (1f64.exp().into(), f64::INFINITY.into())
        }
        fn cdf<S: Scalar>(&self, _: [S; 0], x: S) -> S {
            -x.ln().recip() + 1.0
        }
        fn sf<S: Scalar>(&self, _: [S; 0], x: S) -> S {
            x.ln().recip()
        }
    }
    let law = FromCdf::<_, f64, 0>::new(SuperHeavy, []).unwrap();
    assert!(law.entropy().is_nan(), "{}", law.entropy());
    assert_eq!(law.mean(), None);
}
