//! The generalized extreme value law.

use super::gumbel::StandardGumbel;
use crate::distr::form::{BoxCox, Placed, Powers, exp, law_of};
use crate::distr::parameters;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::{ln_gamma_1p, ln_gamma_curvature};
use core::f64::consts::EULER_GAMMA;

/// The [generalized extreme value law](https://en.wikipedia.org/wiki/Generalized_extreme_value_distribution) with location
/// μ, scale σ and shape ξ: Gumbel's for ξ = 0, Fréchet's for ξ > 0, a reversed Weibull law for ξ < 0.
///
/// # Density function
/// f(x) = (1/σ) exp(-(1 + ξ) t - exp(-t)) with t = ln(1 + ξ y)/ξ, y = (x - μ)/σ, where 1 + ξ y > 0; t = y for ξ = 0.
///
/// # Derivatives
/// A draw is z = μ + σ y, y = (exp(ξ t) - 1)/ξ, with t = -ln ε, ε standard exponential. So dz/dμ = 1, dz/dσ = y and
/// dz/dξ = σ t² φ'(ξ t) with φ(v) = (exp(v) - 1)/v: smooth through ξ = 0, to every order and without cancellation.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // the hundred-year flood of a Gumbel law, and what the shape does to it
/// let [location, scale, shape] = Jet::variables([0.0, 1.0, 0.0]);
/// let z = Gev::new(location, scale, shape)?.isf(0.01.into());
/// let t = 4.600149226776579; // -ln(-ln 0.99)
/// assert!((z.re - t).abs() < 1e-14 && (z.eps[2] - t * t / 2.0).abs() < 1e-13);
/// # Ok(()) }
/// ```
///
/// # Notes
/// ξ has the sign of extreme value theory (heavy upper tail for ξ > 0); hydrology's κ is -ξ. Mean and variance are written
/// with (ln Γ(1 + x) + γ x)/x², so that they too are smooth through ξ = 0; relative errors about 1e-15. The noise is the
/// ziggurat of `rand_distr`. Draws outside the range of doubles, as they occur for |ξ| > 17, are infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gev<S> {
    location: S,
    scale: S,
    shape: S,
}

parameters! {
    Gev, "gev", "a generalized extreme value law";
    /// The law with location μ, scale σ and shape ξ.
    ///
    /// ```
    /// use reparam::distr::Gev;
    /// assert!(Gev::new(0.0, 1.0, -0.1).is_ok());
    /// assert_eq!(Gev::new(0.0, 0.0, 0.1).unwrap_err().parameter(), "scale");
    /// ```
    new(location: REAL, scale: POSITIVE, shape: REAL)
}

law_of!(Gev, |law| Placed {
    location: Some(law.location),
    scale: law.scale,
    standard: BoxCox { xi: law.shape, standard: StandardGumbel },
});

/// Γ(1 - 2 ξ) - Γ(1 - ξ)² for ξ < 1/2, over ξ² if `over_square`: both the variance of exp(ξ T), T of Gumbel's law.
pub(crate) fn gumbel_power_variance<S: Scalar>(xi: S, over_square: bool) -> S {
    // Γ(1 - ξ)² (exp(ξ² c) - 1) with ξ² c = ln Γ(1 - 2 ξ) - 2 ln Γ(1 - ξ)
    let c = ln_gamma_curvature(xi * -2.0) * 4.0 - ln_gamma_curvature(-xi) * 2.0;
    let square = xi * xi;
    let excess = square * c;
    let unit = if over_square { c } else { excess };
    if excess.re() > 40.0 {
        // exp(excess) is all there is, and may not be a double where the product is
        let ln = ln_gamma_1p(xi * -2.0);
        return exp(if over_square { ln - square.ln() } else { ln });
    }
    (ln_gamma_1p(-xi) * 2.0).exp() * unit * excess.exp_m1_ratio()
}

impl<S: Scalar> Powers<S> for StandardGumbel {
    fn upper_tail(&self, decay: S) -> S {
        -decay
    }
    /// (Γ(1 - ξ) - 1)/ξ for ξ < 1
    fn mean_of_power(&self, xi: S) -> Option<S> {
        if xi.re() >= 1.0 {
            return Some(S::from(f64::INFINITY));
        }
        let over_xi = xi * ln_gamma_curvature(-xi) + EULER_GAMMA;
        Some(over_xi * ln_gamma_1p(-xi).exp_m1_ratio())
    }
    /// (Γ(1 - 2 ξ) - Γ(1 - ξ)²)/ξ² for ξ < 1/2
    fn variance_of_power(&self, xi: S) -> Option<S> {
        if xi.re() < 0.5 {
            Some(gumbel_power_variance(xi, true))
        } else if xi.re() < 1.0 {
            Some(S::from(f64::INFINITY))
        } else {
            None
        }
    }
    /// -ln(1 + ξ) for ξ >= -1; the density has no bound at the upper end below
    fn mode_of_power(&self, xi: S) -> Option<S> {
        if xi.re() >= -1.0 { Some(-xi.ln_1p()) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-14 * want.abs(), "{got:e} for {want:e}");
    }

    // derivatives 0 to 2 of (exp(ξ t) - 1)/ξ in ξ at t = 3; mean and variance with their slopes in ξ: mpmath at 60 digits
    #[test]
    fn smooth_through_shape_zero() {
        let cases = [
            (0.0, [3.0, 4.5, 9.0], [0.5772156649015329, 0.9890559953279725], [1.6449340668482264, 4.303077228549151]),
            (
                1e-300,
                [3.0, 4.5, 9.0],
                [0.5772156649015329, 0.9890559953279725],
                [1.6449340668482264, 4.303077228549151],
            ),
            (
                -1e-20,
                [3.0, 4.5, 9.0],
                [0.5772156649015329, 0.9890559953279725],
                [1.6449340668482264, 4.303077228549151],
            ),
            (
                1e-8,
                [3.0000000450000006, 4.500000090000001, 9.000000202500003],
                [0.5772156747920929, 0.9890560134775543],
                [1.6449341098789998, 4.303077462915943],
            ),
            (
                1e-3,
                [3.004504503377026, 4.509010133105065, 9.020274320263024],
                [0.5782056293586479, 0.9908739025973469],
                [1.6492488890051689, 4.326593732470151],
            ),
            (
                -0.1,
                [2.5918177931828215, 3.693631311376677, 7.19898636617894],
                [0.48649230133126814, 0.8335271253629928],
                [1.310045507346831, 2.572958185636229],
            ),
            (
                0.3,
                [4.865343703856499, 8.378218765381167, 17.93330156550071],
                [0.9935177754918593, 1.9671343478045626],
                [5.9245766349214035, 41.078017038012895],
            ),
            (
                -0.7,
                [1.2536336739243117, 1.2660919845219512, 2.0429658782386646],
                [0.1305160959238708, 0.45715824669738414],
                [0.8500918319654532, -0.17864217403964605],
            ),
        ];
        for (xi, quantile, mean, variance) in cases {
            let [xi] = Jet::second_order([xi]);
            let law = Gev::new(0.0.into(), 1.0.into(), xi).unwrap();
            // exp(-exp(-3))
            let (value, first, second) = law.quantile_ln((-0.049787068367863944).into()).hessian();
            [value, first[0], second[0][0]].into_iter().zip(quantile).for_each(|(got, want)| close(got, want));
            let (value, first, _) = law.mean().unwrap().hessian();
            [value, first[0]].into_iter().zip(mean).for_each(|(got, want)| close(got, want));
            let (value, first, _) = law.variance().unwrap().hessian();
            [value, first[0]].into_iter().zip(variance).for_each(|(got, want)| close(got, want));
        }
    }

    #[test]
    fn ends_and_moments() {
        let law = Gev::new(1.0, 2.0, -0.5).unwrap();
        assert_eq!(law.support(), (f64::NEG_INFINITY, 5.0));
        assert_eq!((law.cdf(5.5), law.sf(5.5), law.ln_pdf(5.5)), (1.0, 0.0, f64::NEG_INFINITY));
        let law = Gev::new(1.0, 2.0, 0.5).unwrap();
        assert_eq!(law.support(), (-3.0, f64::INFINITY));
        assert_eq!((law.cdf(-3.5), law.sf(-3.5), law.ln_cdf(-3.5)), (0.0, 1.0, f64::NEG_INFINITY));
        assert_eq!(law.variance(), Some(f64::INFINITY));
        close(law.entropy(), 1.5 * 0.5772156649015329 + 1.0 + 2f64.ln());
        close(law.mode().unwrap(), 1.0 + 4.0 * (1.5f64.powf(-0.5) - 1.0));
        assert_eq!(Gev::new(0.0, 1.0, -1.0).unwrap().mode(), Some(1.0));
        assert_eq!(Gev::new(0.0, 1.0, 1.0).unwrap().variance(), None);
        assert_eq!(Gev::new(0.0, 1.0, f64::INFINITY).unwrap_err().parameter(), "shape");
        // Γ(1001) is no double, and the mean is -inf without derivatives
        let [xi] = Jet::variables([-1000.0]);
        assert_eq!(Gev::new(0.0.into(), 1.0.into(), xi).unwrap().mean(), Some(f64::NEG_INFINITY.into()));
    }
}
