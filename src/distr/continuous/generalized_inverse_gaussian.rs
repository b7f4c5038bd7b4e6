//! The generalized inverse Gaussian law.

mod kernel;

use crate::distr::form::{ByRoot, ExpOf, Placed, law_of, times_exp};
use crate::distr::{Continuous, KlDivergence, family, getters};
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special::exp_m1_minus;
use kernel::Kernel;

/// The [generalized inverse Gaussian law](https://en.wikipedia.org/wiki/Generalized_inverse_Gaussian_distribution) with
/// index p and rates a and b, of x and of 1/x: gamma, inverse gamma and inverse Gaussian laws are its limits and cases,
/// and it mixes normal laws to hyperbolic ones (Jørgensen 1982, "Statistical properties of the generalized inverse
/// Gaussian distribution").
///
/// # Density function
/// f(x) = (a/b)^(p/2)/(2 K_p(sqrt(a b))) x^(p - 1) exp(-(a x + b/x)/2) for x > 0, with the modified Bessel function
/// K_p.
///
/// # Derivatives
/// dz/dθ = -(∂F/∂θ)/f at fixed u = F(z), by a Newton step on the smaller tail in the caller's arithmetic. Defined
/// everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [p, a, b] = Jet::variables([0.5, 2.0, 3.0]);
/// let z = GeneralizedInverseGaussian::new(p, a, b)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // b and 1/a together are a scale
/// assert!((3.0 * z.eps[2] - 2.0 * z.eps[1] - z.re).abs() < 1e-13);
/// # Ok(()) }
/// ```
///
/// # Notes
/// With Ω = sqrt(p² + a b), α = (Ω + p)/2 and β = (Ω - p)/2, X is 2 α/a e^D, where D has a density proportional to
/// exp(-α (e^d - 1 - d) - β (e^-d - 1 + d)), which falls from 0 on both sides. Draws of D: Devroye 2014, "Random
/// variate generation for the generalized inverse Gaussian distribution", Statistics and Computing 24. Its norm, which
/// the constructor computes, and the moments are sums by the trapezoidal rule, to all digits; the tails are integrals
/// by Gauss' rule in panels, some 10 µs each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeneralizedInverseGaussian<S> {
    p: S,
    a: S,
    b: S,
    factor: S,
    kernel: Kernel<S>,
}

impl<S: Scalar> GeneralizedInverseGaussian<S> {
    /// The law with index p and rates a and b.
    ///
    /// # Errors
    /// If `p` is not in [-1e9, 1e9], `a` or `b` not in [1e-150, 1e150], or sqrt(a b) not in [1e-10, 1e10].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// // the inverse Gaussian law with mean sqrt(b/a) and shape b
    /// let law = GeneralizedInverseGaussian::new(-0.5, 1.0, 4.0).unwrap();
    /// assert!((law.mean().unwrap() - 2.0).abs() < 1e-14);
    /// assert_eq!(GeneralizedInverseGaussian::new(1.0, 1.0, 0.0).unwrap_err().parameter(), "b");
    /// ```
    pub fn new(p: S, a: S, b: S) -> Result<Self, LawError> {
        check!("a generalized inverse Gaussian law", p: [-1e9, 1e9]);
        check!("a generalized inverse Gaussian law", a: POSITIVE);
        check!("a generalized inverse Gaussian law", b: POSITIVE);
        let omega = a.sqrt() * b.sqrt();
        let valid = (1e-10..=1e10).contains(&omega.re());
        check!("a generalized inverse Gaussian law", b: "such that sqrt(a b) is in [1e-10, 1e10]" if valid);
        let root = p.hypot(omega);
        // the larger of α and β, and the smaller by their product
        let large = if p.re() < 0.0 { root - p } else { root + p } * 0.5;
        let small = omega * 0.5 * (omega * 0.5).over(large);
        let (factor, kernel) = if p.re() < 0.0 {
            (b.over(large) * 0.5, Kernel::new(small, large))
        } else {
            (large.over(a) * 2.0, Kernel::new(large, small))
        };
        Ok(GeneralizedInverseGaussian { p, a, b, factor, kernel })
    }
}

impl<S: Scalar> GeneralizedInverseGaussian<S> {
    /// E[g(X/m - 1)], m the value of the factor: by nodes d = ln(x/m) that do not move. The logarithm of a weight is p d - a m (e^d - 1)/2 -
    /// b/m (e^-d - 1)/2 but for a constant, so that no large slopes of factor and kernel cancel.
    fn mean_at_nodes(&self, g: impl Fn(f64) -> S) -> S {
        let m = self.factor.re();
        let (mut sum, mut mass) = (S::from(0.0), S::from(0.0));
        self.kernel.re().nodes(|d, exponent| {
            let (grown, shrunk) = (math::exp_m1(d), math::exp_m1(-d));
            let ln = self.p * d - self.a * (0.5 * m * grown) - self.b * (0.5 / m * shrunk);
            let weight = ln.with_re(exponent).exp();
            sum += weight * g(grown);
            mass += weight;
        });
        sum.over(mass)
    }
}

family!(GeneralizedInverseGaussian, LawError, "generalized_inverse_gaussian", [p, a, b]);
getters!(GeneralizedInverseGaussian, [p, a, b]);

law_of!(
    GeneralizedInverseGaussian,
    |law| ExpOf {
        factor: Some(law.factor),
        ln: Placed { location: None, scale: S::from(1.0), standard: ByRoot(law.kernel) },
    },
    moments {
        /// sqrt(b/a) K_(p+1)/K_p
        fn mean(&self) -> Option<S> {
            Some((self.mean_at_nodes(|growth| S::from(growth)) + 1.0) * self.factor.re())
        }

        fn variance(&self) -> Option<S> {
            let mean = self.mean_at_nodes(|growth| S::from(growth));
            let variance = self.mean_at_nodes(|growth| {
                let apart = -mean + growth;
                apart * apart
            });
            // the square may be no double
            Some(variance * self.factor.re() * self.factor.re())
        }

        /// (p - 1 + sqrt((p - 1)² + a b))/a
        fn mode(&self) -> Option<S> {
            let index = self.p - 1.0;
            let root = index.hypot(self.a.sqrt() * self.b.sqrt());
            Some(if index.re() < 0.0 { self.b.over(root - index) } else { (root + index).over(self.a) })
        }
    }
);

/// Divergences below this are taken without the terms of first order, which cancel.
const CLOSE: f64 = 1e-2;

impl<S: Scalar> KlDivergence<S> for GeneralizedInverseGaussian<S> {
    /// E[ln f - ln g], of laws that are close E[g/f - 1 - ln(g/f)], by the trapezoidal rule in ln x.
    fn kl_divergence(&self, other: &Self) -> S {
        let ln_ratio = |d: f64| {
            let x = times_exp(self.factor, S::from(d));
            other.ln_pdf(x) - self.ln_pdf(x)
        };
        let divergence = self.kernel.mean_of(|d| -ln_ratio(d));
        if divergence.re() < CLOSE { self.kernel.mean_of(|d| exp_m1_minus(ln_ratio(d))) } else { divergence }
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath: Bessel functions and quadrature at 30 digits
    #[test]
    fn moments() {
        for ([p, a, b], mean, variance, entropy, mode) in [
            ([0.5, 2.0, 3.0], 1.724744871391589, 1.1123724356957945, 1.2604633696164218, 1.0),
            ([-2.5, 1.0, 4.0], 0.9230769230769231, 0.378698224852071, 0.5809202140836995, 0.5311288741492748),
            ([0.0, 1.0, 1.0], 1.4296253982604017, 1.8154220171695912, 1.257708179913559, 0.41421356237309503),
            ([30.0, 2.0, 0.01], 30.000172412731456, 30.000000001061634, 3.1083331193067454, 29.000172412768063),
            ([1.0, 1e4, 1e4], 1.000150003749625, 0.00010003000112485003, -3.1861566584077625, 1.0),
            ([-0.25, 1e-4, 1e-3], 86.46907281119533, 1_289_569.191_615_102, -1.1370717857876782, 0.0003999999936000002),
        ] {
            let law = GeneralizedInverseGaussian::new(p, a, b).unwrap();
            close(law.mean().unwrap(), mean, 2e-15);
            close(law.variance().unwrap(), variance, 4e-15);
            close(law.entropy(), entropy, 8e-15);
            close(law.mode().unwrap(), mode, 2e-15);
        }
    }

    // mpmath: quadrature of f ln(f/g) at 30 digits; the second law is near
    #[test]
    fn divergence() {
        let law = |p, a, b| GeneralizedInverseGaussian::new(p, a, b).unwrap();
        close(law(0.5, 2.0, 3.0).kl_divergence(&law(1.0, 1.0, 1.0)), 0.19565258889242867, 1e-14);
        close(law(0.5, 2.0, 3.0).kl_divergence(&law(0.5, 2.001953125, 3.0)), 5.301229121652137e-07, 1e-11);
        close(law(-1.0, 2.0, 1.0).kl_divergence(&law(3.0, 0.5, 4.0)), 12.49009198752916, 1e-14);
        assert_eq!(law(2.0, 3.0, 4.0).kl_divergence(&law(2.0, 3.0, 4.0)), 0.0);
    }
    /// p = -1/2: the inverse Gaussian law. b next to 0: a gamma law.
    #[test]
    fn kin() {
        let (law, other) =
            (GeneralizedInverseGaussian::new(-0.5, 1.0, 4.0).unwrap(), InverseGaussian::new(2.0, 4.0).unwrap());
        for x in [1e-2, 0.5, 1.8, 2.0, 10.0, 500.0] {
            close(law.ln_pdf(x), other.ln_pdf(x), 1e-14);
            // a tail has a rounding of its logarithm
            let bound = 2e-15 * (1.0 - law.ln_sf(x) - law.ln_cdf(x));
            close(law.ln_cdf(x), other.ln_cdf(x), bound);
            close(law.ln_sf(x), other.ln_sf(x), bound);
        }
        close(law.entropy(), other.entropy(), 1e-14);
        let (law, gamma) = (GeneralizedInverseGaussian::new(3.0, 2.0, 1e-18).unwrap(), Gamma::new(3.0, 1.0).unwrap());
        for x in [1e-3, 0.5, 3.0, 50.0] {
            close(law.ln_cdf(x), gamma.ln_cdf(x), 1e-14);
            close(law.ln_sf(x), gamma.ln_sf(x), 1e-14);
        }
        assert!(GeneralizedInverseGaussian::new(1.0, 1e-15, 1e-15).is_err());
        assert!(GeneralizedInverseGaussian::new(f64::NAN, 1.0, 1.0).is_err());
    }
}
