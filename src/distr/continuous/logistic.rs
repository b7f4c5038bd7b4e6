//! The logistic law.

use crate::distr::form::{Placed, Standard, StandardInLanes, law_of};
use crate::distr::parameters;
use crate::noise::lanes::elementary;
use crate::noise::{self, Lanes};
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special;
use rand::Rng;

/// The [logistic law](https://en.wikipedia.org/wiki/Logistic_distribution) with location μ and scale s.
///
/// # Density function
/// f(x) = 1 / (4 s cosh²((x - μ)/(2 s))) on the real line; F is the logistic function of (x - μ)/s.
///
/// # Derivatives
/// A draw is μ + s ζ with standard logistic ζ, so dz/dμ = 1 and dz/ds = ζ = (z - μ)/s, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale] = Jet::variables([1.0, 2.0]);
/// let z = Logistic::new(location, scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// assert!((z.eps[1] - (z.re - 1.0) / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is ln(u/(1 - u)) with uniform u, at most 36.8 in absolute value. The scale is s, not the standard deviation
/// s π/sqrt(3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logistic<S> {
    location: S,
    scale: S,
}

parameters! {
    Logistic, "logistic", "a logistic law";
    /// The law with location μ and scale s.
    ///
    /// ```
    /// use reparam::distr::Logistic;
    /// assert!(Logistic::new(0.0, 1.0).is_ok());
    /// assert_eq!(Logistic::new(0.0, -1.0).unwrap_err().parameter(), "scale");
    /// ```
    new(location: REAL, scale: POSITIVE)
}

law_of!(Logistic, |law| Placed { location: Some(law.location), scale: law.scale, standard: StandardLogistic }, in lanes);

/// Location 0, scale 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardLogistic;

impl StandardInLanes for StandardLogistic {
    fn fill(lanes: &mut Lanes, out: &mut [f64]) {
        lanes.uniforms(out);
        for z in out {
            *z = elementary::ln(*z / (1.0 - *z));
        }
    }
}

impl<S: Scalar> Standard<S> for StandardLogistic {
    const WHOLE_LINE: bool = true;
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let u = noise::uniform(rng);
        math::ln(u / (1.0 - u))
    }
    fn ln_pdf(&self, z: S) -> S {
        special::ln_2_cosh(z * 0.5) * -2.0
    }
    /// e^-|z|/(1 + e^-|z|)²
    fn exponential_tail(&self, decay: S, _upper: bool) -> Option<(S, S)> {
        Some((S::from(1.0), decay.ln_1p() * -2.0))
    }
    fn cdf(&self, z: S) -> S {
        z.sigmoid()
    }
    fn sf(&self, z: S) -> S {
        (-z).sigmoid()
    }
    fn ln_cdf(&self, z: S) -> S {
        -(-z).softplus()
    }
    fn ln_sf(&self, z: S) -> S {
        -z.softplus()
    }
    fn quantile(&self, p: S) -> S {
        p.logit()
    }
    fn isf(&self, q: S) -> S {
        -q.logit()
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        -(-ln_p).ln_exp_m1()
    }
    fn isf_ln(&self, ln_q: S) -> S {
        (-ln_q).ln_exp_m1()
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn variance(&self) -> Option<S> {
        // π²/3
        Some(S::from(3.289868133696453))
    }
    fn entropy(&self) -> S {
        S::from(2.0)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use crate::scalar::Jet;

    #[test]
    fn tails() {
        let law = Logistic::new(0.0, 1.0).unwrap();
        assert_eq!(law.cdf(-700.0), (-700f64).exp());
        assert_eq!((law.ln_cdf(-1e5), law.ln_sf(-1e5), law.ln_sf(1e5)), (-1e5, 0.0, -1e5));
        assert_eq!((law.quantile(1e-300), law.isf(1e-300)), (1e-300f64.ln(), -(1e-300f64.ln())));
        assert_eq!((law.quantile_ln(-1e5), law.isf_ln(-1e5)), (-1e5, 1e5));
    }

    #[test]
    fn slope_of_the_log_density_keeps_its_digits_at_the_mode() {
        // -tanh(z/2)
        let [z] = Jet::second_order([1e-9]);
        let (_, [slope], [[curvature]]) = Logistic::new(0.0.into(), 1.0.into()).unwrap().ln_pdf(z).hessian();
        assert!((slope / -0.5e-9 - 1.0).abs() < 1e-15 && (curvature + 0.5).abs() < 1e-15);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert_eq!(Logistic::new(f64::NAN, 1.0).unwrap_err().parameter(), "location");
        assert_eq!(Logistic::new(0.0, f64::INFINITY).unwrap_err().parameter(), "scale");
    }
}
