//! Second derivatives where a law's own formula has them as differences of larger numbers: next to the ends of the support, at parameters
//! next to 0, at many degrees of freedom. Values by closed forms or mpmath at 60 digits.

use reparam::prelude::*;

type Second = Jet<Jet<f64, 1>, 1>;

/// Value, first and second derivative.
fn derivatives(at: f64, f: impl Fn(Second) -> Second) -> [f64; 3] {
    let [x] = Jet::second_order([at]);
    let (value, first, second) = f(x).hessian();
    [value, first[0], second[0][0]]
}

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
}

/// In logarithms the power of x next to 0 is the difference of two.
#[test]
fn densities_next_to_zero() {
    for (scale, x, first, second) in [
        (1.0, 1e-8, -1.9999999800000001, 1.9999999600000007),
        (2.0, 1e-12, -0.9999999999995, 0.4999999999995),
        (1.0, 1e-3, -1.998001998001998, 1.996005992009988),
    ] {
        let got = derivatives(x, |x| LogLogistic::new(scale.into(), 1.0.into()).unwrap().ln_pdf(x));
        close(got[1], first, 1e-15);
        close(got[2], second, 4e-15);
        let pdf = derivatives(x, |x| LogLogistic::new(scale.into(), 1.0.into()).unwrap().pdf(x));
        close(pdf[1] / pdf[0], first, 4e-15);
    }
    for ([scale, a, p], x, first, second) in [
        ([1.0, 2.0, 0.5], 1e-8, -3e-08, -2.999999999999999),
        ([3.0, 4.0, 0.25], 1e-3, -6.172839506172764e-11, -1.8518518518517986e-07),
    ] {
        let got = derivatives(x, |x| Dagum::new(scale.into(), a.into(), p.into()).unwrap().ln_pdf(x));
        close(got[1], first, 4e-15);
        close(got[2], second, 4e-15);
    }
    // k/(λ² (1 + x/λ)²)
    for (scale, k, x, second) in [(1.0, 2.0, 1e-8, 1.9999999600000007), (2.0, 0.5, 1e-12, 0.124999999999875)] {
        let got = derivatives(x, |x| BurrXII::new(scale.into(), 1.0.into(), k.into()).unwrap().ln_sf(x));
        close(got[2], second, 1e-14);
    }
}

/// The exponential law has a straight ln S, that of F(2, d) is -(d/2) ln(1 + 2x/d), of Beta(a, 1) F = x^a.
#[test]
fn tails_next_to_an_end() {
    for (rate, x) in [(1.0, 1e-30), (2.0, 1e-12), (1.0, 1e-3)] {
        let law = |rate: Second| Gamma::new(1.0.into(), rate).unwrap();
        assert!(derivatives(x, |x| law(rate.into()).ln_sf(x))[2].abs() < 1e-15 * rate * rate);
        assert!(derivatives(rate, |rate| law(rate).ln_sf(x.into()))[2].abs() < 1e-15 * x * x);
    }
    close(derivatives(1e-10, |x| Gamma::new(1.5.into(), 1.0.into()).unwrap().ln_sf(x))[2], -56418.95833785011, 1e-12);
    for (df2, x, second) in [(2.0, 1e-30, 1.0), (2.0, 1e-6, 0.999998000003), (5.0, 1e-12, 0.39999999999968)] {
        let got = derivatives(x, |x| FisherF::new(2.0.into(), df2.into()).unwrap().ln_sf(x));
        close(got[2], second, 2e-14);
    }
    for (a, y) in [(2.0, 1e-14), (3.0, 2f64.powi(-40)), (5.0, 1e-3)] {
        let x = 1.0 - y;
        let got = derivatives(x, |x| Beta::new(a.into(), 1.0.into()).unwrap().ln_cdf(x));
        close(got[2], -a / (x * x), 4e-14);
    }
    // erf(x/√2), of which the curvature at 0 is 0: -x times the density
    for x in [1e-12, 1e-6, 1e-3] {
        let half_normal = |x: Second| GeneralizedGamma::new(2f64.sqrt().into(), 1.0.into(), 2.0.into()).unwrap().cdf(x);
        let density = (2.0 / core::f64::consts::PI).sqrt() * (-0.5 * x * x).exp();
        close(derivatives(x, half_normal)[2], -x * density, 1e-13);
    }
}

/// In the scale or a rate as in x.
#[test]
fn special_functions_of_shape_one() {
    use reparam::special::{inc_beta, inc_beta_complement, inc_gamma_p, inc_gamma_q};
    for x in [1e-30, 1e-12, 1e-3, 0.4] {
        close(derivatives(x, |x| inc_gamma_p(1.0.into(), x))[2], -(-x).exp(), 2e-15);
        close(derivatives(x, |x| inc_gamma_q(2.0.into(), x))[2], -(1.0 - x) * (-x).exp(), 4e-15);
        close(derivatives(x, |x| inc_beta(1.0.into(), 3.0.into(), x))[2], -6.0 * (1.0 - x), 1e-14);
        close(derivatives(x, |x| inc_beta_complement(1.0.into(), 3.0.into(), x))[2], 6.0 * (1.0 - x), 1e-14);
    }
}

/// λ² σ²/2 - λ (x - μ) does not go through (x - μ)/σ.
#[test]
fn exponentially_modified_gaussian_of_a_narrow_normal_law() {
    for (sigma, rate, x) in [(1e-8, 1.0, 1.0), (1e-4, 1.0, 1.0), (1e-6, 3.0, 2.0)] {
        let law = |sigma: Second| ExponentiallyModifiedGaussian::new(0.0.into(), sigma, rate.into()).unwrap();
        for got in [derivatives(sigma, |s| law(s).ln_pdf(x.into())), derivatives(sigma, |s| law(s).ln_sf(x.into()))] {
            close(got[1], rate * rate * sigma, 1e-14);
            close(got[2], rate * rate, 1e-14);
        }
    }
}

/// -λ/x³ + 3/(2 x²), whatever the mean.
#[test]
fn inverse_gaussian_far_above_its_mean() {
    for (mu, lambda, x, second) in
        [(1e-8, 1.0, 0.4, -6.25), (1e-5, 2.0, 3.0, 0.09259259259259259), (1.0, 1.0, 0.4, -6.25)]
    {
        let law = |x: Second| InverseGaussian::new(Second::from(mu), lambda.into()).unwrap().ln_pdf(x);
        close(derivatives(x, law)[2], second, 4e-15);
    }
}

/// The bracket of the root was rounded away: 1 - F is erf(sqrt(λ/(2x))) for a mean that is infinite.
#[test]
fn inverse_gaussian_of_next_to_no_drift() {
    for (mu, lambda, q, want) in [
        (1e26, 1.0, 1e-8, 6366197723675812.8),
        (1e30, 2.0, 1e-6, 1273239544734.496),
        (1e22, 0.5, 1e-9, 318309886183758840.0),
    ] {
        close(InverseGaussian::new(mu, lambda).unwrap().isf(q), want, 1e-14);
    }
}

/// The derivatives in ν are of the order of 1/ν², next to terms of the order of 1.
#[test]
fn student_t_with_many_degrees_of_freedom() {
    for (t, df, of_tail, of_density) in [
        (3.0, 1e12, -2.4623239911694535e-23, -1.54999999997975e-23),
        (1.5, 1e9, -2.362762790298583e-18, 1.09375001265625e-19),
        (-0.5, 1e14, 7.95563177870363e-30, 3.5937499999999977e-29),
    ] {
        let law = |df: Second| StudentT::new(0.0.into(), 1.0.into(), df).unwrap();
        let tail = derivatives(df, |df| law(df).ln_sf(t.into()));
        close(tail[1], of_tail, 1e-13);
        // as 1/ν: -2/ν times the first
        close(tail[2], -2.0 * of_tail / df, 1e-7);
        let sf = derivatives(df, |df| law(df).sf(t.into()));
        close(sf[1] / sf[0], of_tail, 1e-13);
        close(derivatives(df, |df| law(df).ln_pdf(t.into()))[1], of_density, 1e-13);
    }
}

/// A parameter of -0.0 is 0.
#[test]
fn negative_zero() {
    let third = core::f64::consts::PI.powi(2) / 3.0;
    for kappa in [0.0, -0.0, 5e-324] {
        close(VonMises::new(0.0, kappa).unwrap().variance().unwrap(), third, 1e-15);
    }
}

/// dx/dp = 1/f at a finite end: a number, 0 or infinite; nothing at an infinite one.
#[test]
fn quantiles_at_probabilities_of_zero_and_one() {
    fn slopes<L: Continuous<Second>>(law: L) -> [f64; 4] {
        [
            derivatives(0.0, |p| law.quantile(p))[1],
            derivatives(1.0, |p| law.quantile(p))[1],
            derivatives(1.0, |q| law.isf(q))[1],
            derivatives(0.0, |ln_p| law.quantile_ln(ln_p))[1],
        ]
    }
    let inf = f64::INFINITY;
    let s = Second::from;
    for (found, [lower, upper]) in [
        (slopes(Gamma::new(s(1.0), s(2.0)).unwrap()), [0.5, 0.0]),
        (slopes(Gamma::new(s(2.0), s(2.0)).unwrap()), [inf, 0.0]),
        (slopes(Gamma::new(s(0.5), s(2.0)).unwrap()), [0.0, 0.0]),
        (slopes(Beta::new(s(1.0), s(4.0)).unwrap()), [0.25, inf]),
        (slopes(Beta::new(s(5.0), s(1.0)).unwrap()), [inf, 0.2]),
        (slopes(Kumaraswamy::new(s(1.0), s(4.0)).unwrap()), [0.25, inf]),
        (slopes(Kumaraswamy::new(s(5.0), s(1.0)).unwrap()), [inf, 0.2]),
        (slopes(Bates::new(1, s(1.0), s(3.0)).unwrap()), [2.0, 2.0]),
        (slopes(FoldedNormal::new(s(0.0), s(1.0)).unwrap()), [(0.5 * core::f64::consts::PI).sqrt(), 0.0]),
        (slopes(TruncatedPowerLaw::new(s(0.0), s(1.0), s(3.0)).unwrap()), [2.0, 2.0]),
        (slopes(Triangular::new(s(0.0), s(2.0), s(0.0)).unwrap()), [1.0, inf]),
        (
            slopes(Truncated::new(Normal::new(s(0.0), s(1.0)).unwrap(), s(0.0), s(inf)).unwrap()),
            [(0.5 * core::f64::consts::PI).sqrt(), 0.0],
        ),
    ] {
        let wanted = [lower, upper, -lower, upper];
        let close = |got: f64, want: f64| got == want || (got - want).abs() <= 1e-14 * want.abs();
        assert!(found.iter().zip(wanted).all(|(got, want)| close(*got, want)), "{found:?}, not {wanted:?}");
    }
}
