//! The scaled complementary error function.

use crate::scalar::{Scalar, math, taylor::ZERO};
use crate::special::normal::bell::{INV_SQRT_PI, exp_square};
use crate::special::normal::hazard::{excess_value, tower};
use core::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, SQRT_2};

/// erfcx(x) = (1/sqrt π) / (x + K1(sqrt 2 x)/sqrt 2), K1 the hazard's excess; by reflection below 0, from erfc around 0.
#[inline]
pub(in crate::special) fn erfcx_value(x: f64) -> f64 {
    if x.abs() < 0.5 {
        return math::exp(x * x) * libm::erfc(x);
    }
    let right = INV_SQRT_PI / (x.abs() + FRAC_1_SQRT_2 * excess_value(SQRT_2 * x.abs()));
    if x < 0.0 { 2.0 * exp_square(x, 1.0) - right } else { right }
}

/// The scaled complementary error function erfcx(x) = e^(x^2) erfc(x), which neither under- nor overflows for x > 0.
///
/// It decays like 1/(x sqrt π); for negative x it grows like 2 e^(x^2) and is inf below x = -26.64.
///
/// The value is 1/sqrt π over x + K1(sqrt 2 x)/sqrt 2, K1 being [`normal_hazard_excess`](crate::special::normal_hazard_excess).
/// Derivatives: each is the one before times -sqrt 2 K_k, the tails of the continued fraction K_k = k/(z + K_(k+1)) (all
/// factors positive: repeated integrals of erfc, DLMF 7.18); for x < 0 from y^(k+1) = 2x y^(k) + 2k y^(k-1), whose terms
/// have one sign there.
///
/// ```
/// use reparam::{scalar::Jet, special::erfcx};
/// let [x] = Jet::variables([0.0]);
/// assert_eq!(erfcx(x).re, 1.0);
/// assert!((erfcx(x).eps[0] + std::f64::consts::FRAC_2_SQRT_PI).abs() < 1e-15);
/// assert!((erfcx(1e300) / 5.641895835477563e-301 - 1.0).abs() < 1e-15);
/// ```
#[inline]
pub fn erfcx<S: Scalar>(x: S) -> S {
    let re = x.re();
    let mut d = ZERO;
    d[0] = erfcx_value(re);
    if S::ORDER > 0 {
        if re < 0.0 {
            d[1] = 2.0 * re * d[0] - FRAC_2_SQRT_PI;
            for k in 2..=S::ORDER {
                d[k] = 2.0 * (re * d[k - 1] + (k as f64 - 1.0) * d[k - 2]);
            }
        } else {
            let z = SQRT_2 * re;
            d[1] = -SQRT_2 * excess_value(z) * d[0];
            if S::ORDER > 1 {
                let tower = tower(z);
                for k in 2..=S::ORDER {
                    d[k] = -SQRT_2 * tower[k] * d[k - 1];
                }
            }
        }
    }
    x.lift(&d)
}
