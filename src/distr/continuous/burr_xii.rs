//! Burr's law of type XII.

use super::dagum::{StandardDagum, ln_excess, ln_mean};
use crate::distr::form::{ExpOf, Placed, Reflected, exp_times_exp_m1, law_of, times_exp};
use crate::distr::parameters;
use crate::parameter::LawError;

/// [Burr's law of type XII](https://en.wikipedia.org/wiki/Burr_distribution) (Singh and Maddala's) with scale λ and
/// shapes c and k, of lifetimes and incomes.
///
/// # Density function
/// f(x) = (c k/λ) (x/λ)^(c - 1) (1 + (x/λ)^c)^-(k + 1) for x > 0; 1 - F(x) = (1 + (x/λ)^c)^-k.
///
/// # Derivatives
/// A draw is z = λ exp(t/c) with t = ln(exp(ε/k) - 1), ε standard exponential. So dz/dλ = z/λ, dz/dc = -z t/c² and
/// dz/dk = -z ε/(c k² (1 - exp(-ε/k))), by the chain rule. Defined everywhere.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // the median is λ (2^(1/k) - 1)^(1/c)
/// let [scale, c, k] = Jet::variables([3.0, 2.0, 1.0]);
/// let z = BurrXII::new(scale, c, k)?.median();
/// assert!((z.re - 3.0).abs() < 1e-14 && (z.eps[0] - 1.0).abs() < 1e-14);
/// assert!((z.eps[2] + 3.0 * 2f64.ln()).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// For k = 1 the log-logistic law, for c = 1 that of [Lomax](crate::distr::Lomax); the reciprocal is of
/// [Dagum's](crate::distr::Dagum). Draws outside the range of doubles, as they occur where c or k is below 0.06, are
/// infinite or 0. The variance of laws that are narrow (c above 1e3) is accurate to about 1e-12.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BurrXII<S> {
    scale: S,
    c: S,
    k: S,
}

parameters! {
    BurrXII, "burr_xii", "a Burr XII law";
    /// The law with scale λ and shapes c and k.
    ///
    /// ```
    /// use reparam::distr::BurrXII;
    /// assert!(BurrXII::new(1.0, 3.0, 0.5).is_ok());
    /// assert_eq!(BurrXII::new(1.0, 3.0, -0.5).unwrap_err().parameter(), "k");
    /// ```
    new(scale: POSITIVE, c: POSITIVE, k: POSITIVE)
}

law_of!(
    BurrXII,
    |law| ExpOf {
        factor: Some(law.scale),
        ln: Placed { location: None, scale: law.c.recip(), standard: Reflected(StandardDagum { p: law.k }) },
    },
    moments {
        /// λ Γ(k - 1/c) Γ(1 + 1/c)/Γ(k) for c k > 1
        fn mean(&self) -> Option<S> {
            if self.c.re() * self.k.re() <= 1.0 {
                return Some(S::from(f64::INFINITY));
            }
            Some(times_exp(self.scale, ln_mean(self.k, -self.c.recip())))
        }

        /// λ² Γ(k - 2/c) Γ(1 + 2/c)/Γ(k) - (E X)² for c k > 2
        fn variance(&self) -> Option<S> {
            if self.c.re() * self.k.re() <= 1.0 {
                return None;
            }
            if self.c.re() * self.k.re() <= 2.0 {
                return Some(S::from(f64::INFINITY));
            }
            let r = -self.c.recip();
            Some(exp_times_exp_m1((ln_mean(self.k, r) + self.scale.ln()) * 2.0, ln_excess(self.k, r)))
        }

        /// λ ((c - 1)/(c k + 1))^(1/c) for c > 1; below, the density falls from 0 on
        fn mode(&self) -> Option<S> {
            let excess = self.c - 1.0;
            if excess.re() <= 0.0 {
                return None;
            }
            Some(times_exp(self.scale, excess.over(self.c * self.k + 1.0).ln().over(self.c)))
        }
    }
);

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath: closed forms and quadrature at 40 digits
    #[test]
    fn moments() {
        for ([scale, c, k], mean, variance, entropy, mode) in [
            ([2.0, 3.0, 1.5], 1.869576140433939, 1.1039909381953195, 1.2648735430370775, 1.4275317110072163),
            ([1.0, 2.5, 4.0], 0.5496634622659022, 0.07414376315455053, 0.04741490700595431, 0.45069156451158204),
            ([3.0, 5.0, 1e4], 0.43656505567946313, 0.010000103737679676, -0.8910611669066676, 0.4547131511150656),
            ([2.0, 1e4, 3.0], 1.999700042893747, 8.156125733899933e-08, -6.782622146751014, 1.999780262946688),
        ] {
            let law = BurrXII::new(scale, c, k).unwrap();
            close(law.mean().unwrap(), mean, 1e-13);
            close(law.variance().unwrap(), variance, 1e-12);
            close(law.entropy(), entropy, 1e-13);
            close(law.mode().unwrap(), mode, 1e-13);
        }
        assert_eq!(BurrXII::new(2.0, 1.5, 1.0).unwrap().variance(), Some(f64::INFINITY));
        assert_eq!(BurrXII::new(2.0, 2.0, 0.5).unwrap().mean(), Some(f64::INFINITY));
        assert_eq!(BurrXII::new(2.0, 2.0, 0.5).unwrap().variance(), None);
        assert_eq!(BurrXII::new(2.0, 1.0, 0.5).unwrap().mode(), None);
    }

    /// c = 1: Lomax' law. The reciprocal: Dagum's.
    #[test]
    fn kin() {
        let (law, lomax) = (BurrXII::new(2.0, 1.0, 0.3).unwrap(), Lomax::new(2.0, 0.3).unwrap());
        let (burr, dagum) = (BurrXII::new(2.0, 3.0, 0.3).unwrap(), Dagum::new(0.5, 3.0, 0.3).unwrap());
        for x in [1e-90, 0.1, 2.0, 30.0, 1e100] {
            close(law.ln_sf(x), lomax.ln_sf(x), 1e-14);
            close(law.ln_cdf(x), lomax.ln_cdf(x), 1e-14);
            close(burr.ln_sf(x), dagum.ln_cdf(1.0 / x), 1e-14);
            close(burr.ln_cdf(x), dagum.ln_sf(1.0 / x), 1e-14);
        }
        close(burr.isf_ln(-600.0), 1.0 / dagum.quantile_ln(-600.0), 1e-12);
    }
}
