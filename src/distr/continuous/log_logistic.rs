//! The log-logistic law.

use super::logistic::StandardLogistic;
use crate::distr::form::{ExpOf, Placed, law_of, times_exp};
use crate::distr::parameters;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::sinc;
use core::f64::consts::PI;

/// The [log-logistic law](https://en.wikipedia.org/wiki/Log-logistic_distribution) (Fisk's) with scale α, its median, and
/// shape β.
///
/// # Density function
/// f(x) = (β/α) (x/α)^(β-1) / (1 + (x/α)^β)² for x > 0.
///
/// # Derivatives
/// A draw is z = α exp(L/β) with standard logistic L, so dz/dα = z/α and dz/dβ = -z L/β², exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [scale, shape] = Jet::variables([2.0, 3.0]);
/// let z = LogLogistic::new(scale, shape)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] - z.re / 2.0).abs() < 1e-15 * z.re);
/// assert!((z.eps[1] + z.re * (z.re / 2.0).ln() / 3.0).abs() < 1e-15 * z.re);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The exponential of a logistic law with location ln α and scale 1/β. For shapes below 0.06 draws may leave the range of
/// doubles: they are then infinite or 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogLogistic<S> {
    scale: S,
    shape: S,
    inverse_shape: S,
}

parameters! {
    LogLogistic, "log_logistic", "a log-logistic law";
    /// The law with scale (median) α and shape β.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(LogLogistic::new(2.0, 3.0).unwrap().median(), 2.0);
    /// assert!(LogLogistic::new(2.0, 0.0).is_err());
    /// ```
    new(scale: POSITIVE, shape: POSITIVE) => LogLogistic { scale, shape, inverse_shape: shape.recip() }
}

law_of!(
    LogLogistic,
    |law| ExpOf {
        factor: Some(law.scale),
        ln: Placed { location: None, scale: law.inverse_shape, standard: StandardLogistic },
    },
    in lanes,
    moments {
        /// α b/sin b with b = π/β, for β > 1
        fn mean(&self) -> Option<S> {
            if self.shape.re() <= 1.0 {
                return Some(S::from(f64::INFINITY));
            }
            let b = self.inverse_shape * PI;
            Some(if self.shape.re() < 2.0 {
                // the sine from its zero at β = 1
                self.scale * b.over(((self.shape - 1.0).over(self.shape) * PI).sin())
            } else {
                self.scale.over(sinc(b))
            })
        }

        /// α² b (sin b - b cos b)/(sin² b cos b) with b = π/β, for β > 2
        fn variance(&self) -> Option<S> {
            if self.shape.re() <= 1.0 {
                return None;
            }
            if self.shape.re() <= 2.0 {
                return Some(S::from(f64::INFINITY));
            }
            let b = self.inverse_shape * PI;
            // the cosine from its zero at β = 2
            let cosine = ((self.shape - 2.0) * self.inverse_shape * (0.5 * PI)).sin();
            let ratio = self.scale.over(sinc(b));
            Some(ratio * ratio * b * b * sine_minus(b).over(cosine))
        }

        /// α ((β - 1)/(β + 1))^(1/β) for β > 1; below, the density falls from 0 on
        fn mode(&self) -> Option<S> {
            if self.shape.re() <= 1.0 {
                return None;
            }
            let ln = if self.shape.re() < 3.0 {
                (self.shape - 1.0).over(self.shape + 1.0).ln()
            } else {
                (S::from(-2.0).over(self.shape + 1.0)).ln_1p()
            };
            Some(times_exp(self.scale, ln * self.inverse_shape))
        }
    }
);

/// (sin b - b cos b)/b³ = Σ (-1)^k (2 k + 2)/(2 k + 3)! b^(2k), for b up to π/2.
fn sine_minus<S: Scalar>(b: S) -> S {
    let w = b * b;
    // from one term to the next: -(2k + 2)/((2k) (2k + 2) (2k + 3)) b² = -b²/(2k (2k + 3))
    (1..14).rev().fold(S::from(1.0), |sum, k| {
        let k = f64::from(k);
        sum * w / (-2.0 * k * (2.0 * k + 3.0)) + 1.0
    }) / 3.0
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-14 * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath: closed forms at 40 digits
    #[test]
    fn moments() {
        let law = LogLogistic::new(2.0, 3.0).unwrap();
        close(law.mean().unwrap(), 2.4183991523122903);
        close(law.variance().unwrap(), 3.824942149344357);
        close(law.mode().unwrap(), 1.5874010519681996);
        let law = LogLogistic::new(2.0, 2.01).unwrap();
        close(law.mean().unwrap(), 3.1260582974313302);
        close(law.variance().unwrap(), 790.2603325950058);
        close(law.mode().unwrap(), 1.1616817027610336);
        let law = LogLogistic::new(1.0, 1000000.0).unwrap();
        close(law.mean().unwrap(), 1.000000000001645);
        close(law.variance().unwrap(), 3.289868133720264e-12);
        close(law.mode().unwrap(), 0.999999999998);
        close(LogLogistic::new(2.0, 1.001).unwrap().mean().unwrap(), 2000.0032833022472);
        close(LogLogistic::new(2.0, 3.0).unwrap().entropy(), 2.0 + (2.0f64 / 3.0).ln());
        assert_eq!(LogLogistic::new(2.0, 1.5).unwrap().variance(), Some(f64::INFINITY));
        assert_eq!(LogLogistic::new(2.0, 1.0).unwrap().variance(), None);
        assert_eq!(LogLogistic::new(2.0, 1.0).unwrap().mode(), None);
        assert_eq!(LogLogistic::new(-2.0, 1.0).unwrap_err().parameter(), "scale");
    }

    #[test]
    fn far_tails() {
        let law = LogLogistic::new(1.0, 1.0).unwrap();
        // F(x) = x/(1 + x); exp(-690) has 690 roundings, its logarithm is compared
        close(law.ln_sf(1e300), -(1e300f64.ln()));
        close((-law.ln_cdf(1e300)).ln(), -(1e300f64.ln()));
        close(law.isf(1e-300).ln(), 1e300f64.ln());
        assert_eq!((law.quantile(0.0), law.isf(0.0), law.ln_pdf(-1.0)), (0.0, f64::INFINITY, f64::NEG_INFINITY));
    }
}
