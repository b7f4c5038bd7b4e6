//! Owen's T function, from its far end.

use crate::implicit::{Slopes, lift_along_all};
use crate::quadrature::gauss_legendre;
use crate::scalar::{Scalar, math};
use crate::special::normal::erf::erf;
use crate::special::normal::hazard::normal_hazard;
use crate::special::normal::{normal_ln_pdf, normal_ln_sf, normal_sf};
use core::f64::consts::{FRAC_1_SQRT_2, PI};

/// ln 2 (T(h, inf) - T(h, a)) = ln (1/π) ∫_a^∞ exp(-h² (1 + s²)/2) / (1 + s²) ds for h, a >= 0; -inf where the exponent overflows.
///
/// Value for a h > 1: exp(-h² (1 + a²)/2)/π times ∫_0^∞ exp(-h² v (a + v/2)) / (1 + (a + v)²) dv by the double exponential rule with
/// step 1/8, to 15 digits. Else Q(h) - 2 T(h, a) for a <= 1 and 2 T(a h, 1/a) - Q(a h) (1 - 2 Q(h)) for a > 1, T by 16 points.
/// Derivatives of the integral: in a the integrand, in h -2 φ(h) Q(a h).
/// Where the logarithm is far below 0 they are those of the parts, as differences of such logarithms have no digits.
pub(crate) fn ln_owen_tail<S: Scalar>(h: S, a: S) -> S {
    const DEEP: f64 = -700.0;
    let value = value(h.re(), a.re());
    if value == f64::NEG_INFINITY {
        S::from(value)
    } else if S::ORDER > 0 && value < DEEP {
        let [square, ln_rest] = parts(h, a);
        (ln_rest - (h * h + square) * 0.5).with_re(value)
    } else {
        lift_along_all(value, [h, a], &Movement)
    }
}

/// ln of 2 (T(h, inf) - T(h, a)) over 2 Q(h), for h >= 1 and a >= 0.
pub(crate) fn ln_owen_share<S: Scalar>(h: S, a: S) -> S {
    let [square, ln_rest] = parts(h, a);
    if square.re() > FARTHEST {
        S::from(f64::NEG_INFINITY)
    } else {
        ln_rest - square * 0.5 - (normal_hazard(h).recip() * (2.0 * PHI_0)).ln()
    }
}

struct Movement;

impl Slopes<2> for Movement {
    fn slopes<S: Scalar>(&self, [h, a]: [S; 2], x: S) -> [S; 2] {
        let square = a * a + 1.0;
        let of_h = (normal_ln_pdf(h) + normal_ln_sf(h * a) - x).exp() * -2.0;
        let of_a = (h * h * square * -0.5 - x).exp().over(square) / -PI;
        [of_h, of_a]
    }
}

fn value(h: f64, a: f64) -> f64 {
    if h * a <= 1.0 && a > 1.0 {
        let far = 2.0 * scaled_owen_t(a * h, 1.0 / a) * math::exp(-0.5 * (a * h) * (a * h));
        return math::ln(far - normal_sf(a * h) * erf(h * FRAC_1_SQRT_2));
    }
    let [square, ln_rest] = parts(h, a);
    if square > FARTHEST { f64::NEG_INFINITY } else { ln_rest - 0.5 * (h * h + square) }
}

/// Squares of which the exponential is no more.
const FARTHEST: f64 = 2e300;
/// 1/sqrt(2π)
const PHI_0: f64 = 0.3989422804014327;

/// The r and the ln c in exp(-(h² + r)/2) c, for h a > 1 or a <= 1: r is 0 or (h a)².
fn parts<S: Scalar>(h: S, a: S) -> [S; 2] {
    let nearest = h * a;
    if nearest.re() <= 1.0 {
        // Q(h) = φ(h)/hazard(h)
        return [S::from(0.0), (normal_hazard(h).recip() * PHI_0 - scaled_owen_t(h, a) * 2.0).ln()];
    }
    let square = nearest * nearest;
    if square.re() > FARTHEST {
        return [S::from(square.re()), S::from(0.0)];
    }
    const STEP: f64 = 0.125;
    // the integrand's scale: where the exponential or the power falls first
    let scale = 1.0 / (h.re() * nearest.re() + h.re() + 1.0 / (1.0 + a.re()));
    let mut sum = S::from(0.0);
    // from where v = scale exp(t - exp(-t)) is 0 for the integrand to where nothing is left of a tail like 1/v²
    for i in -31..=340 {
        let t = f64::from(i) * STEP;
        let e = math::exp(-t);
        let v = scale * math::exp(t - e);
        let s = a + v;
        let term = (-(h * h) * (a + 0.5 * v) * v).exp().over(s * s + 1.0) * ((1.0 + e) * v);
        sum += term;
        if i > 0 && term.re() < 1e-18 * sum.re() {
            break;
        }
    }
    [square, (sum * (STEP / PI)).ln()]
}

/// exp(h²/2) T(h, a) = (1/2π) ∫_0^a exp(-h² s²/2) / (1 + s²) ds for a <= 1 and a h <= 1.
fn scaled_owen_t<S: Scalar>(h: S, a: S) -> S {
    let mut sum = S::from(0.0);
    for (t, weight) in gauss_legendre::nodes() {
        let square = (a * t) * (a * t);
        sum += (h * h * square * -0.5).exp().over(square + 1.0) * weight;
    }
    a * sum / (2.0 * PI)
}

#[cfg(test)]
mod tests {
    use super::ln_owen_tail;
    use crate::scalar::Jet;

    // values: `tests/reference/make_implicit_families.py --only owen`
    #[test]
    fn values() {
        for (h, a, want, of_h, of_a) in [
            (0.0, 0.0, -core::f64::consts::LN_2, -0.7978845608028654, -core::f64::consts::FRAC_2_PI),
            (0.0, 3.0, -2.278708595290299, -3.8952975222241912, -0.3107997752716339),
            (1e-06, 0.2, -0.827440822780033, -0.9125632599078006, -0.7001156269495514),
            (0.001, 1.0, -1.3878907669339304, -1.5970425791258227, -0.637636249885215),
            (0.3, 0.0, -0.9621028181688507, -0.9981659688584833, -0.7964212156710175),
            (0.3, 100.0, -462.6007150737406, -3006.944616874905, -9.029931855234066),
            (1.0, 1.0, -3.682043290018527, -3.050270552321962, -2.3260376105906326),
            (2.5, 0.01, -5.104424853880602, -2.830178254426918, -2.303160875217591),
            (3.0, 10.0, -464.76295870345785, -303.6644759862066, -90.29736692147446),
            (10.0, 0.001, -53.239374759056886, -10.098889961121616, -8.12214168094794),
            (40.0, 0.0, -804.6084420137538, -40.02496884720726, -31.935304689802336),
            (1000.0, 0.5, -625014.4902424145, -1250.0019999888002, -500002.79998272035),
            (30.0, 1000.0, -450000478.6703915, -30000030.066666666, -900000.002999998),
            (10000.0, 2e-05, -50000010.30187126, -10000.000118588316, -9294.158587356626),
            (1000000.0, 0.5, -625000000028.3058, -1250000.000002, -500000000002.8),
            (1000000000.0, 0.0004, -5.0000008000000006e+17, -1000000160.0, -400000000002500.0),
        ] {
            let [x, y] = Jet::variables([h, a]);
            let got: Jet<f64, 2> = ln_owen_tail(x, y);
            let bound = |want: f64| 1e-15 * (want.abs() + 1.0);
            assert!((got.re - want).abs() <= bound(want), "{h} {a}: {} for {want}", got.re);
            let slopes: [(f64, f64); 2] = [(got.eps[0], of_h), (got.eps[1], of_a)];
            for (got, slope) in slopes {
                let of_difference = if want < -700.0 { 0.0 } else { want.abs() };
                let allowed = 4e-15 * (1.0 + of_difference) * slope.abs();
                assert!((got - slope).abs() <= allowed, "{h} {a}: {got} for {slope}");
            }
        }
    }
}
