//! Derivatives where the logarithm of a tail is far below 0, as of differences of such logarithms nothing is left. Values by mpmath.

use reparam::prelude::*;

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
}

/// The logarithm of the smaller tail and its derivatives in p, a, b and x, by integrals of the density relative to that at x; those in a
/// parameter that hardly matters there are what is left of the logarithm.
#[test]
fn generalized_inverse_gaussian_tails() {
    for ([p, a, b, x], want, slopes) in [
        (
            [2.5, 1.5, 2.0, 1e-3],
            -1024.770178291994,
            [-8.093238916617635, 1.9101840997927888, -500.31524722591615, 1003495.7706015215],
        ),
        (
            [2.5, 1.5, 2.0, 1e-6],
            -1000048.9430863439,
            [-14.999999666821589, 1.9106831025234592, -500000.3169855481, 1000003499995.7501],
        ),
        (
            [-0.5, 0.0625, 0.125, 2e5],
            -6266.7138842671775,
            [13.440763825938435, -100015.28905536832, 4.35355089099305, -0.03125749879910947],
        ),
        (
            [2.5, 1.5, 2.0, 1e7],
            -7499976.1239694925,
            [14.933607675429847, -4999998.755983197, 0.18301265189222599, -0.74999985000001],
        ),
    ] {
        let [p, a, b, x] = Jet::variables([p, a, b, x]);
        let law = GeneralizedInverseGaussian::new(p, a, b).unwrap();
        let got: Jet<f64, 4> = if x.re < 1.0 { law.ln_cdf(x) } else { law.ln_sf(x) };
        close(got.re, want, 4e-15);
        for (i, (got, slope)) in got.eps.into_iter().zip(slopes).enumerate() {
            let of_rounding = if i == 3 { 0.0 } else { 1e-15 * want.abs() };
            assert!((got - slope).abs() <= 4e-15 * slope.abs() + of_rounding, "{want}: {got} for {slope}");
        }
    }
}

/// Tails of skew normal laws are those of the normal law, less a part that is a part of them.
#[test]
fn skew_normal_tails() {
    // a x = 40 and more: twice the normal tail
    for (x, a) in [(1e5, 4e-4), (3e4, 0.5), (1e8, 3.0)] {
        let [a, x] = Jet::variables([a, x]);
        let law = SkewNormal::new(Jet::from(0.0), Jet::from(1.0), a).unwrap();
        let (got, normal) = (law.ln_sf(x), Normal::new(Jet::<f64, 2>::from(0.0), Jet::from(1.0)).unwrap().ln_sf(x));
        close(got.re, normal.re + core::f64::consts::LN_2, 2e-16);
        close(got.eps[1], normal.eps[1], 1e-15);
        assert!(got.eps[0].abs() < 1e-300, "{got:?}");
    }
    // the thin tail, by 2 (T(h, inf) - T(h, a)) of `tests/reference/make_implicit_families.py --only owen`
    for (h, a, want, of_h, of_a) in [
        (1e4, 2e-5, -50000010.30187126, -10000.000118588316, -9294.158587356626),
        (1e6, 0.5, -625000000028.3058, -1250000.000002, -500000000002.8),
        (1e9, 4e-4, -5.0000008000000006e17, -1000000160.0, -400000000002500.0),
    ] {
        let [a, x] = Jet::variables([a, -h]);
        let got = SkewNormal::new(Jet::from(0.0), Jet::from(1.0), a).unwrap().ln_cdf(x);
        close(got.re, want, 1e-15);
        close(got.eps[0], of_a, 4e-15);
        close(got.eps[1], -of_h, 4e-15);
    }
    // of shape 0 it is the normal law; d ln(1 - F)/da = sqrt(2/π) φ(x)/Q(x) there
    let hazard = 100.00999800099926;
    let [a, x] = Jet::second_order([0.0, 100.0]);
    let law = SkewNormal::new(Jet::from(0.0), Jet::from(1.0), a).unwrap();
    let (_, slopes, _) = law.ln_sf(x).hessian();
    close(slopes[0], hazard * (2.0 / core::f64::consts::PI).sqrt(), 1e-14);
    close(slopes[1], -hazard, 1e-14);
}

/// A quantile whose distance from a bound is below all doubles is the bound, and moves with it.
#[test]
fn truncated_normal_quantiles_at_a_bound() {
    let laws = [[-2.25, 0.0625, -0.125, 21.5], [23.5, 0.0625, 0.125, 5.0]];
    for (upper, [mu, sigma, low, high]) in [true, false].into_iter().zip(laws) {
        for ln in [-1e6, -1e9] {
            let [mu, sigma, low, high] = Jet::variables([mu, sigma, low, high]);
            let law = TruncatedNormal::new(mu, sigma, low, high).unwrap();
            let (got, bound): (Jet<f64, 4>, _) =
                if upper { (law.isf_ln(ln.into()), high) } else { (law.quantile_ln(ln.into()), low) };
            assert_eq!((got.re, got.eps), (bound.re, bound.eps), "{ln}");
        }
    }
}

/// Beyond one bound the law is a tail of the normal law: its far quantile x moves with the bound a by the quotient of the hazards at a and x,
/// x + 1/x - 2/x³ + 10/x⁵ - ... there, and with the location by what is left to 1.
#[test]
fn truncated_normal_quantiles_beyond_one_bound() {
    for (a, hazard) in [(9.0, 9.108523105002869), (2.0, 2.373215532822841), (-2.0, 0.05524786267898996)] {
        for (ln, upper) in
            [(-1e3, false), (-1e6, false), (-1e10, false), (-1e16, true), (-1e100, false), (-1e308, false)]
        {
            for bound in if ln > -1e101 { [f64::INFINITY, 1e60] } else { [f64::INFINITY; 2] } {
                let [mu, sigma, low] = Jet::variables([0.0, 1.0, a]);
                let (law, other) = if upper {
                    (TruncatedNormal::new(mu, sigma, -Jet::from(bound), -low), -1.0)
                } else {
                    (TruncatedNormal::new(mu, sigma, low, Jet::from(bound)), 1.0)
                };
                let law = law.unwrap();
                let got: Jet<f64, 3> = if upper { law.quantile_ln(ln.into()) } else { law.isf_ln(ln.into()) };
                let x = got.re * other;
                let moved = hazard / (x + 1.0 / x - 2.0 / x.powi(3) + 10.0 / x.powi(5));
                assert!(x > 44.0, "{x}");
                // 74/x⁷, of the series
                let bound = 4e-15 + 74.0 / x.powi(8);
                close(got.eps[2] * other, moved, bound);
                close(got.eps[0], 1.0 - moved, bound);
                close(got.eps[1] * other, x - a * moved, bound);
            }
        }
    }
}

/// Second derivatives of quantiles at probabilities whose squares underflow.
#[test]
fn folded_normal_quantile() {
    let [mu, sigma] = Jet::second_order([0.0078125, 1.0]);
    let law = FoldedNormal::new(mu, sigma).unwrap();
    let (value, first, second) = law.isf(Jet::from(2f64.powi(-540))).hessian();
    close(value, 27.23198274709462, 1e-15);
    close(first[0], 0.20959707033461045, 1e-13);
    close(first[1], 27.230345269982628, 1e-14);
    close(second[0][0], 26.0372219089412, 1e-12);
    close(second[1][1], 0.0015891859075281493, 1e-9);
}
