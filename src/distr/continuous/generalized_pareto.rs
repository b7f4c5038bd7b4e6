//! The generalized Pareto law.

use super::exponential::StandardExponential;
use crate::distr::form::{BoxCox, Placed, Powers, law_of};
use crate::distr::parameters;
use crate::parameter::LawError;
use crate::scalar::Scalar;

/// The [generalized Pareto law](https://en.wikipedia.org/wiki/Generalized_Pareto_distribution) with lower end μ, scale σ
/// and shape ξ: what exceeds a high threshold.
///
/// # Density function
/// f(x) = (1/σ) (1 + ξ y)^-(1 + 1/ξ) with y = (x - μ)/σ >= 0 and, for ξ < 0, y <= -1/ξ; exp(-y)/σ for ξ = 0.
///
/// # Derivatives
/// A draw is z = μ + σ y, y = (exp(ξ ε) - 1)/ξ with standard exponential ε. So dz/dμ = 1, dz/dσ = y and
/// dz/dξ = σ ((ξ ε - 1) exp(ξ ε) + 1)/ξ², which is computed as ε² φ'(ξ ε), φ(v) = (exp(v) - 1)/v, without cancellation:
/// all of it is smooth through ξ = 0, to every order.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // the exponential law, and what the shape does to its 99.9 % quantile
/// let [location, scale, shape] = Jet::variables([0.0, 1.0, 0.0]);
/// let z = GeneralizedPareto::new(location, scale, shape)?.isf(1e-3.into());
/// let e = 1e3f64.ln();
/// assert!((z.re - e).abs() < 1e-14 && (z.eps[2] - e * e / 2.0).abs() < 1e-13);
/// # Ok(()) }
/// ```
///
/// # Notes
/// ξ is that of hydrology and of extreme value theory (heavy tails for ξ > 0); some write -ξ. The noise is the ziggurat of
/// `rand_distr`. Draws above the range of doubles, as they occur for ξ > 17, are infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeneralizedPareto<S> {
    location: S,
    scale: S,
    shape: S,
}

parameters! {
    GeneralizedPareto, "generalized_pareto", "a generalized Pareto law";
    /// The law with lower end μ, scale σ and shape ξ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(GeneralizedPareto::new(1.0, 2.0, 0.5).unwrap().mean(), Some(5.0));
    /// assert!(GeneralizedPareto::new(1.0, 0.0, 0.5).is_err());
    /// ```
    new(location: REAL, scale: POSITIVE, shape: REAL)
}

law_of!(GeneralizedPareto, |law| Placed {
    location: Some(law.location),
    scale: law.scale,
    standard: BoxCox { xi: law.shape, standard: StandardExponential },
});

impl<S: Scalar> Powers<S> for StandardExponential {
    fn upper_tail(&self, _: S) -> S {
        S::from(0.0)
    }
    /// 1/(1 - ξ) for ξ < 1
    fn mean_of_power(&self, xi: S) -> Option<S> {
        Some(if xi.re() < 1.0 { (-xi + 1.0).recip() } else { S::from(f64::INFINITY) })
    }
    /// 1/((1 - ξ)² (1 - 2 ξ)) for ξ < 1/2
    fn variance_of_power(&self, xi: S) -> Option<S> {
        let a = -xi + 1.0;
        if xi.re() < 0.5 {
            Some((a * a * (xi * -2.0 + 1.0)).recip())
        } else if xi.re() < 1.0 {
            Some(S::from(f64::INFINITY))
        } else {
            None
        }
    }
    /// 0 for ξ > -1; flat for ξ = -1, without bound at the upper end below
    fn mode_of_power(&self, xi: S) -> Option<S> {
        if xi.re() > -1.0 { Some(S::from(0.0)) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 4e-15 * want.abs(), "{got:e} for {want:e}");
    }

    // with ε = 6.907755278982137: derivatives 0 to 2 of (exp(ξ ε) - 1)/ξ in ξ; mpmath at 60 digits
    #[test]
    fn smooth_through_shape_zero() {
        let cases = [
            (0.0, [6.907755278982137, 23.85854149715279, 109.87264398384771]),
            (1e-300, [6.907755278982137, 23.85854149715279, 109.87264398384771]),
            (-1e-20, [6.907755278982137, 23.85854149715279, 109.87264398384771]),
            (1e-8, [6.907755517567558, 23.858542595879257, 109.87264967614789]),
            (1e-3, [6.93166885180417, 23.968699281173425, 110.44344984931283]),
        ];
        for (xi, want) in cases {
            let [xi] = Jet::second_order([xi]);
            let (value, first, second) = GeneralizedPareto::new(0.0.into(), 1.0.into(), xi)
                .unwrap()
                .isf_ln((-6.907755278982137).into())
                .hessian();
            [value, first[0], second[0][0]].into_iter().zip(want).for_each(|(got, want)| close(got, want));
        }
    }

    #[test]
    fn ends_moments_entropy() {
        let law = GeneralizedPareto::new(1.0, 2.0, -0.5).unwrap();
        assert_eq!(law.support(), (1.0, 5.0));
        assert_eq!(
            (law.cdf(5.5), law.sf(5.5), law.ln_pdf(5.5), law.ln_pdf(5.0)),
            (1.0, 0.0, f64::NEG_INFINITY, f64::NEG_INFINITY)
        );
        assert_eq!((law.cdf(0.5), law.ln_sf(0.5)), (0.0, 0.0));
        close(law.mean().unwrap(), 1.0 + 2.0 / 1.5);
        close(law.variance().unwrap(), 4.0 / (2.25 * 2.0));
        close(law.entropy(), 0.5 + 2f64.ln());
        // uniform, and unbounded at the upper end
        assert_eq!(GeneralizedPareto::new(0.0, 1.0, -1.0).unwrap().pdf(1.0), 1.0);
        assert_eq!(GeneralizedPareto::new(0.0, 1.0, -2.0).unwrap().pdf(0.5), f64::INFINITY);
        let heavy = GeneralizedPareto::new(0.0, 1.0, 0.75).unwrap();
        assert_eq!((heavy.mean(), heavy.variance()), (Some(4.0), Some(f64::INFINITY)));
        assert_eq!(GeneralizedPareto::new(0.0, 1.0, 1.0).unwrap().variance(), None);
        assert_eq!(GeneralizedPareto::new(0.0, 1.0, f64::NAN).unwrap_err().parameter(), "shape");
    }

    // sf(1e150) = (1 + 1e150)^-1 and its derivatives, of which the direct powers overflow
    #[test]
    fn far_out() {
        let [sigma, xi] = Jet::second_order([1.0, 1.0]);
        let (value, gradient, hessian) =
            GeneralizedPareto::new(0.0.into(), sigma, xi).unwrap().ln_sf(1e150.into()).hessian();
        let l = 345.38776394910685;
        close(value, -l);
        close(gradient[0], 1.0);
        close(gradient[1], l - 1.0);
        close(hessian[0][0], -1.0);
        close(hessian[0][1], -1.0);
        close(hessian[1][1], -2.0 * l + 3.0);
    }
}
