//! Derivatives of functions of numbers far from 1, where derivatives of 1/x, ln x and powers leave the range of doubles
//! though what they are multiplied by brings the product back: y = x (1 + t), with x anywhere among the doubles.

use num_dual::{Dual, Dual2, Dual3, HyperHyperDual};
use proptest::prelude::*;
use reparam::distr::{Continuous, Gamma, HalfCauchy, StudentT};
use reparam::scalar::{Jet, Scalar};

type Third = Jet<Jet<Jet<f64, 1>, 1>, 1>;

/// f and its first three derivatives in t at 0, in every type that carries one: a name and as many numbers as it has.
macro_rules! derivatives {
    (|$t:ident| $f:expr) => {{
        let mut found: Vec<(&str, Vec<f64>)> = vec![];
        let [$t] = Jet::variables([0.0]);
        let y: Jet<f64, 1> = $f;
        found.push(("Jet", vec![y.re, y.eps[0]]));
        let [$t] = Jet::second_order([0.0]);
        let y = $f;
        found.push(("Jet of Jet", vec![y.re.re, y.re.eps[0], y.eps[0].eps[0]]));
        let [$t]: [Third; 1] = Jet::variables(Jet::second_order([0.0]));
        let y = $f;
        let third = y.eps[0].eps[0].eps[0];
        found.push(("Jet of Jet of Jet", vec![y.re.re.re, y.re.re.eps[0], y.eps[0].re.eps[0], third]));
        let $t = Dual::new(0.0, 1.0);
        let y = $f;
        found.push(("Dual", vec![y.re, y.eps]));
        let $t = Dual2::new(0.0, 1.0, 0.0);
        let y = $f;
        found.push(("Dual2", vec![y.re, y.v1, y.v2]));
        let $t = Dual3::new(0.0, 1.0, 0.0, 0.0);
        let y = $f;
        found.push(("Dual3", vec![y.re, y.v1, y.v2, y.v3]));
        let $t = HyperHyperDual::new(0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0);
        let y = $f;
        found.push(("HyperHyperDual", vec![y.re, y.eps3, y.eps1eps3, y.eps1eps2eps3]));
        found
    }};
}

/// Whether derivatives are within `tolerance` of those wanted, relative to the largest of them or to the smallest normal
/// double.
fn check(what: &str, found: &[(&str, Vec<f64>)], want: [f64; 3], tolerance: f64) -> Result<(), TestCaseError> {
    let size = want.iter().fold(0.0, |m: f64, w| m.max(w.abs()));
    for (name, y) in found {
        for (k, (got, want)) in y[1..].iter().zip(want).enumerate() {
            let close = (got - want).abs() <= tolerance * size + 1e-307;
            prop_assert!(close, "{what}, derivative {} in {name}: {got:e}, not {want:e}", k + 1);
        }
    }
    Ok(())
}

/// Values of both signs whose logarithms are uniform in the range of normal doubles.
fn any_size() -> impl Strategy<Value = f64> {
    (-1021.9..1022.9, any::<bool>()).prop_map(|(e, negative): (f64, bool)| if negative { -e.exp2() } else { e.exp2() })
}

fn power(p: f64, value: f64) -> [f64; 3] {
    [p * value, p * (p - 1.0) * value, p * (p - 1.0) * (p - 2.0) * value]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn logarithms(x in any_size()) {
        let a = x.abs();
        check(&format!("ln of {a:e}"), &derivatives!(|t| ((t + 1.0) * a).ln()), [1.0, -1.0, 2.0], 1e-15)?;
        let c = std::f64::consts::LOG10_E;
        check(&format!("log10 of {a:e}"), &derivatives!(|t| ((t + 1.0) * a).log10()), [c, -c, 2.0 * c], 1e-15)?;
        // ln(1 + x): with w = x/(1 + x), the derivatives w, -w^2, 2 w^3
        let w = a / (1.0 + a);
        let want = [w, -w * w, 2.0 * w * w * w];
        check(&format!("ln_1p of {a:e}"), &derivatives!(|t| ((t + 1.0) * a).ln_1p()), want, 1e-15)?;
        if a < 0.4 {
            let odds = a / (1.0 - a);
            let want = [1.0 / (1.0 - a), odds * odds - 1.0, 2.0 * odds.powi(3) + 2.0];
            check(&format!("logit of {a:e}"), &derivatives!(|t| ((t + 1.0) * a).logit()), want, 2e-15)?;
        }
        if a < 1e-17 {
            let want = [1.0, -1.0, 2.0];
            check(&format!("ln_exp_m1 of {a:e}"), &derivatives!(|t| ((t + 1.0) * a).ln_exp_m1()), want, 1e-15)?;
            check(&format!("ln_1m_exp of -{a:e}"), &derivatives!(|t| ((t + 1.0) * -a).ln_1m_exp()), want, 1e-15)?;
        }
    }

    #[test]
    fn powers(x in any_size(), p in -3.0..3.0, n in -3i32..4) {
        let a = x.abs();
        let r = 1.0 / x;
        if (r * 6.0).is_finite() {
            check(&format!("recip of {x:e}"), &derivatives!(|t| ((t + 1.0) * x).recip()), power(-1.0, r), 1e-15)?;
        }
        check(&format!("sqrt of {a:e}"), &derivatives!(|t| ((t + 1.0) * a).sqrt()), power(0.5, a.sqrt()), 1e-15)?;
        check(&format!("cbrt of {x:e}"), &derivatives!(|t| ((t + 1.0) * x).cbrt()), power(1.0 / 3.0, x.cbrt()), 2e-15)?;
        let value = a.powf(p);
        if value > 1e-306 && value < 1e306 {
            check(&format!("{a:e} to {p}"), &derivatives!(|t| ((t + 1.0) * a).powf(p)), power(p, value), 2e-15)?;
            // a power that moves along: a^(p (1 + t)) has the derivatives value (p ln a)^k
            let l = p * a.ln();
            let want = [value * l, value * l * l, value * l * l * l];
            if want[2].is_finite() {
                check(&format!("{a:e} powd {p}"), &derivatives!(|t| (t * 0.0 + a).powd((t + 1.0) * p)), want, 4e-15)?;
            }
        }
        let value = Scalar::powi(x, n);
        if value.abs() > 1e-306 && value.abs() < 1e306 {
            let want = power(f64::from(n), value);
            check(&format!("{x:e} to {n}"), &derivatives!(|t| ((t + 1.0) * x).powi(n)), want, 2e-15)?;
        }
    }

    #[test]
    fn quotients(x in any_size(), y in any_size()) {
        let q = x / y;
        if q.abs() > 1e-306 && q.abs() < 1e306 {
            // x (1 + t)^2 / (y (1 + t)) = q (1 + t); x / (y (1 + t)) = q / (1 + t)
            let what = format!("{x:e} over {y:e}");
            let both = derivatives!(|t| ((t + 1.0) * (t + 1.0) * x).over((t + 1.0) * y));
            check(&what, &both, [q, 0.0, 0.0], 1e-14)?;
            check(&what, &derivatives!(|t| (t * 0.0 + x).over((t + 1.0) * y)), power(-1.0, q), 2e-15)?;
            // the operator of jets
            let [t]: [Third; 1] = Jet::variables(Jet::second_order([0.0]));
            let z = (t * 0.0 + x) / ((t + 1.0) * y);
            let found = vec![z.re.re.re, z.re.re.eps[0], z.eps[0].re.eps[0], z.eps[0].eps[0].eps[0]];
            check(&what, &[("the operator of jets", found)], power(-1.0, q), 2e-15)?;
        }
    }

    /// Functions that are logarithms or powers far out only; closed forms in what stays in range.
    #[test]
    fn powers_far_out(x in any_size()) {
        let a = x.abs();
        if a > 1e-150 {
            // x/(1 + x^2) and x^2/(1 + x^2)
            let a1 = 1.0 / (x + 1.0 / x);
            let q = x * a1;
            let want = [a1, -2.0 * a1 * q, a1 * q * (6.0 * q - 2.0 * (a1 / x))];
            check(&format!("atan of {x:e}"), &derivatives!(|t| ((t + 1.0) * x).atan()), want, 1e-14)?;
        }
        let h = x / x.hypot(1.0);
        let want = [h, -h.powi(3), h.powi(3) * (3.0 * h * h - 1.0)];
        check(&format!("asinh of {x:e}"), &derivatives!(|t| ((t + 1.0) * x).asinh()), want, 1e-14)?;
        if a > 1e10 {
            let want = [1.0, -1.0, 2.0];
            check(&format!("acosh of {a:e}"), &derivatives!(|t| ((t + 1.0) * a).acosh()), want, 1e-14)?;
            let r = 1.0 / a;
            check(&format!("exp_m1_ratio of -{a:e}"), &derivatives!(|t| ((t + 1.0) * -a).exp_m1_ratio()), power(-1.0, r), 1e-14)?;
            // x f' = 1/x - f, and so on
            let f = a.ln() / a;
            let mut want = [r - f, 0.0, 0.0];
            want[1] = -r - 2.0 * want[0];
            want[2] = 2.0 * r - 3.0 * want[1];
            if a > 1e17 && f > 1e-305 {
                check(&format!("ln_1p_ratio of {a:e}"), &derivatives!(|t| ((t + 1.0) * a).ln_1p_ratio()), want, 1e-14)?;
            }
        }
    }
}

fn all_within(found: &[(&str, Vec<f64>)], want: [f64; 3], tolerance: f64) {
    check("", found, want, tolerance).unwrap();
}

/// A power so near to 0 that 1 + p is 1: x^p has the slope p x^(p-1).
#[test]
fn powers_near_0() {
    for p in [1e-20, -3e-17, 1e-300] {
        all_within(&derivatives!(|t| (t + 2.0).powf(p)), [p / 2.0, -p / 4.0, p / 4.0], 1e-15);
    }
}

/// Subnormal numbers have derivatives of what is an ordinary number, in the first order of logarithms excepted.
#[test]
fn subnormal_numbers() {
    for x in [5e-324, 3e-320, 1e-310, 2.2e-308] {
        let second_or_higher = |(_, y): &(&str, Vec<f64>)| y.len() > 2;
        let ln: Vec<_> = derivatives!(|t| ((t + 1.0) * x).ln()).into_iter().filter(second_or_higher).collect();
        all_within(&ln, [1.0, -1.0, 2.0], 1e-15);
        all_within(&derivatives!(|t| ((t + 1.0) * x).sqrt()), power(0.5, x.sqrt()), 1e-14);
        all_within(&derivatives!(|t| (t * 0.0 + x).over((t + 1.0) * x)), power(-1.0, 1.0), 1e-15);
    }
}

/// A perturbation that underflows does not win over a slope that overflows: ln(e^x) = x.
#[test]
fn logarithms_of_exponentials() {
    for x in [-250.0, -300.0, -372.0, -373.0, -500.0, -708.0, 300.0, 500.0, 709.0] {
        all_within(&derivatives!(|t| (t + x).exp().ln()), [1.0, 0.0, 0.0], 1e-15);
        all_within(&derivatives!(|t| (t + x).exp().sqrt().powi(2).ln()), [1.0, 0.0, 0.0], 1e-14);
    }
}

/// x moves by itself, by much more than its size or much less: what is representable comes out.
#[test]
fn perturbations_of_another_size() {
    // mpmath, 40 digits: derivatives of f(x + s t) in t
    for (x, s, want) in [(1e-300, 1e10, 5e159), (1e-300, 1.0, 5e149), (1e300, 1e-20, 5e-171)] {
        for (name, y) in derivatives!(|t| (t * s + x).sqrt()) {
            assert!((y[1] / want - 1.0).abs() < 1e-14, "{name}: {:e}, not {want:e}", y[1]);
        }
    }
    for (x, s, want) in [(1e-200, 1e60, [1e260, f64::NEG_INFINITY]), (1e200, 1e100, [1e-100, -1e-200])] {
        for (name, y) in derivatives!(|t| (t * s + x).ln()) {
            for (got, want) in y[1..].iter().zip(want) {
                assert!(*got == want || (got / want - 1.0).abs() < 1e-14, "{name}: {got:e}, not {want:e}");
            }
        }
    }
}

/// Even functions of |x| keep their derivatives at 0; the distance from the origin has none but the first to give.
#[test]
fn absolute_values_at_0() {
    for zero in [0.0, -0.0] {
        let [x] = Jet::second_order([zero]);
        assert_eq!((x.abs() * x.abs()).hessian(), (0.0, [0.0], [[2.0]]));
        assert_eq!(x.abs().cosh().hessian(), (1.0, [0.0], [[1.0]]));
        assert_eq!(x.hypot(Jet::from(0.0)).powi(2).hessian(), (0.0, [0.0], [[2.0]]));
        let x = Dual2::new(zero, 1.0, 0.0);
        assert_eq!(Scalar::powi(Scalar::abs(x), 2).v2, 2.0);
    }
    let [x, y] = Jet::second_order([0.0, 0.0]);
    let (value, gradient, hessian) = x.hypot(y).hessian();
    assert_eq!((value, gradient), (0.0, [0.0; 2]));
    assert!(hessian.iter().flatten().all(|h| h.is_nan()));
    assert!(x.hypot(x * -1.0).hessian().2[0][0].is_nan());
}

/// (-2)^2: slope -4 and curvature 2 in the base, none in the power.
#[test]
fn powers_of_negative_numbers() {
    for (x, n, want) in
        [(-2.0, 2.0, (4.0, -4.0, 2.0)), (-2.0, 3.0, (-8.0, 12.0, -12.0)), (-0.5, -1.0, (-2.0, -4.0, -16.0))]
    {
        let [a, b] = Jet::second_order([x, n]);
        let (value, gradient, hessian) = a.powd(b).hessian();
        assert_eq!((value, gradient[0], hessian[0][0]), want);
        assert!(gradient[1].is_nan() && hessian[0][1].is_nan() && hessian[1][1].is_nan());
    }
}

/// The distance of a point so far out that it is no double still has an angle that moves.
#[test]
fn angles_far_out() {
    let [y, x] = Jet::variables([1.5e308, 1.5e308]);
    let angle = (y * 1.0).atan2(x);
    // x / (x^2 + y^2) = 1 / 3e308, a subnormal number
    assert!((angle.eps[0] * 3e307 - 0.1).abs() < 1e-13 && (angle.eps[1] * 3e307 + 0.1).abs() < 1e-13);
    let [y, x] = Jet::variables([2.0, f64::INFINITY]);
    assert_eq!(y.atan2(x), Jet::from(0.0));
}

/// Hessians of ln f at draws of heavy tails, against mpmath: second derivatives in a scale, a rate and degrees of freedom.
#[test]
fn log_densities_far_out() {
    let close = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 1e-13, "{got:e}, not {want:e}");
    for (scale, x, want) in [(1.0, 1e200, -1.0), (2.0, 1e150, -0.25), (0.5, 1e-200, 4.0)] {
        let [s] = Jet::second_order([scale]);
        close(HalfCauchy::new(s).unwrap().ln_pdf(Jet::from(x)).hessian().2[0][0], want);
        let s = Dual2::new(scale, 1.0, 0.0);
        close(HalfCauchy::new(s).unwrap().ln_pdf(Dual2::from(x)).v2, want);
    }
    for (rate, x) in [(1.0, 1e-200), (0.5, 1e-300), (2.0, 1e-170)] {
        let [r] = Jet::second_order([rate]);
        let law = Gamma::new(Jet::from(0.01), r).unwrap();
        close(law.ln_pdf(Jet::from(x)).hessian().2[0][0], -0.01 / (rate * rate));
    }
    let values =
        [(3.0, 1e100, 0.09419963324255345), (3.0, 1e77, 0.09419963324255345), (2.5, -1e150, 0.09169317884667949)];
    for (df, x, want) in values {
        let [df] = Jet::second_order([df]);
        let law = StudentT::new(Jet::from(0.0), Jet::from(1.0), df).unwrap();
        close(law.ln_pdf(Jet::from(x)).hessian().2[0][0], want);
    }
}
