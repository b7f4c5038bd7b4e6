//! The noncentral t law.

mod integrals;

use crate::distr::form::{ByRoot, Inverted, Moments, Rooted, law_of, over_chi, wide_tail_root};
use crate::distr::parameters;
use crate::implicit::{find_root, lift_root};
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use core::f64::consts::LN_2;
use integrals::Integrals;
use rand::Rng;

/// The [noncentral t law](https://en.wikipedia.org/wiki/Noncentral_t-distribution) with ν degrees of freedom and
/// noncentrality δ: of (N + δ)/sqrt(V/ν) with standard normal N and a chi-squared variable V with ν degrees of freedom.
/// It gives the power of t tests.
///
/// # Density function
/// f(x) = ∫ s φ(x s - δ) g(s) ds over s > 0, g the density of sqrt(V/ν) and φ that of N.
///
/// # Derivatives
/// dz/dθ = -(∂F/∂θ)/f at fixed u = F(z), by a Newton step on the smaller tail in the caller's arithmetic. Defined
/// everywhere.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // the power of a one-sided t test with 20 degrees of freedom at 5 %, and how it grows with the effect
/// let [effect] = Jet::variables([2.5]);
/// let critical = StudentT::new(0.0, 1.0, 20.0)?.isf(0.05);
/// let power = NoncentralT::new(20.0.into(), effect)?.sf(critical.into());
/// assert!(power.re > 0.75 && power.eps[0] > 0.2);
/// # Ok(()) }
/// ```
///
/// # Notes
/// For δ = 0 it is [Student's t law](crate::distr::StudentT). The tails are integrals of positive terms over ln s by
/// the double exponential rule, accurate in relative terms on either side; about 100 evaluations of a normal
/// distribution function, more by up to 10 |δ| where |δ| is large and ν small. The entropy is an integral by the same
/// kind of rule, to about 1e-10.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoncentralT<S> {
    df: S,
    noncentrality: S,
}

parameters! {
    NoncentralT, "noncentral_t", "a noncentral t law";
    /// The law with `df` degrees of freedom and this noncentrality.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(NoncentralT::new(4.0, 0.0).unwrap().variance(), Some(2.0));
    /// assert_eq!(NoncentralT::new(0.0, 1.0).unwrap_err().parameter(), "df");
    /// ```
    new(df: [1e-1, 1e6], noncentrality: [-1e3, 1e3])
}

impl<S: Scalar> NoncentralT<S> {
    fn re(&self) -> NoncentralT<f64> {
        NoncentralT { df: self.df.re(), noncentrality: self.noncentrality.re() }
    }

    /// The integrals at |x|, and whether tails are mirrored.
    fn at(&self, x: S) -> (Integrals<S>, bool) {
        let mirrored = x.re() < 0.0;
        let (t, delta) = if mirrored { (-x, -self.noncentrality) } else { (x, self.noncentrality) };
        (Integrals::new(self.df, delta, t), mirrored)
    }
}

impl<S: Scalar> Inverted<S> for NoncentralT<S> {
    fn ends(&self) -> (S, S) {
        (S::from(f64::NEG_INFINITY), S::from(f64::INFINITY))
    }
    fn ln_pdf_inside(&self, x: S) -> S {
        self.at(x).0.ln_density()
    }
    /// Each tail is an integral of its own; the larger one is told by the other.
    fn ln_tail(&self, x: S, upper: bool) -> S {
        let (integrals, mirrored) = self.at(x);
        let ln = integrals.ln_tail(upper != mirrored);
        if ln.re() > -LN_2 { integrals.ln_tail(upper == mirrored).ln_1m_exp() } else { ln }
    }
    fn root(&self, ln: S, upper: bool) -> S {
        let (law, line) = (self.re(), [f64::NEG_INFINITY, f64::INFINITY]);
        let start = law.noncentrality + if upper { 1.0 } else { -1.0 };
        let x = wide_tail_root(line, start, ln.re(), upper, |x| (law.ln_tail(x, upper), law.ln_pdf_inside(x)));
        self.lift(x, ln, upper)
    }
}

impl<S: Scalar> Rooted<S> for NoncentralT<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let plain = self.re();
        let n = noise::normal(rng) + plain.noncentrality;
        let x = over_chi::draw(n, plain.df, rng);
        self.lift_draw(x, &plain)
    }
    fn entropy(&self) -> S {
        self.entropy_over_levels()
    }
}

impl<S: Scalar> Moments<S> for NoncentralT<S> {
    /// δ sqrt(ν/2) Γ((ν - 1)/2)/Γ(ν/2) for ν > 1
    fn mean(&self) -> Option<S> {
        Some(self.noncentrality * over_chi::mean(self.df)?)
    }
    /// ν (1 + δ²)/(ν - 2) - (E X)² for ν > 2, infinite down to 1
    fn variance(&self) -> Option<S> {
        let (below, twice) = (self.df - 1.0, self.df - 2.0);
        if below.re() <= 0.0 {
            return None;
        }
        if twice.re() <= 0.0 {
            return Some(S::from(f64::INFINITY));
        }
        let excess = twice.recip() - (-over_chi::ln_growth(self.df)).exp_m1();
        Some(self.df.over(twice) + self.noncentrality * self.noncentrality * self.df.over(below) * excess)
    }
    /// Between δ sqrt(2 ν/(2 ν + 5)) and δ sqrt(ν/(ν + 1)) (van Aubel & Gawronski 2003).
    fn mode(&self) -> Option<S> {
        let plain = self.re();
        let (size, negative) = (plain.noncentrality.abs(), plain.noncentrality < 0.0);
        let end = |more: f64| size * math::sqrt(plain.df / (plain.df + more));
        let (low, high) = (end(2.5) * (1.0 - 1e-9), end(1.0) * (1.0 + 1e-9));
        let root = find_root(low, high, 0.5 * (low + high), |t| Integrals::new(plain.df, size, t).fall());
        let delta = if negative { -self.noncentrality } else { self.noncentrality };
        let t = lift_root(root, |t: S| {
            let (fall, slope) = Integrals::new(self.df, delta, t).fall();
            fall.over(slope)
        });
        Some(if negative { -t } else { t })
    }
}

law_of!(NoncentralT, |law| ByRoot(*law));

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath: closed forms, quadrature and root finding
    #[test]
    fn moments() {
        for (df, noncentrality, mean, variance, entropy, mode) in [
            (5.0, 1.0, 1.1894160774351807, Some(1.9186227280720415), 1.6661551066785, 0.87818343080426),
            (1.5, -3.0, -7.6868634442869394, Some(f64::INFINITY), 2.6944569946346, -2.232519500125),
            (40.0, 2.5, 2.5481285567298176, Some(1.1386198057464376), 1.4806585972242, 2.4553517364532),
        ] {
            let law = NoncentralT::new(df, noncentrality).unwrap();
            close(law.mean().unwrap(), mean, 4e-15);
            match variance {
                Some(v) if v.is_finite() => close(law.variance().unwrap(), v, 1e-14),
                _ => assert_eq!(law.variance(), variance),
            }
            close(law.entropy(), entropy, 1e-10);
            close(law.mode().unwrap(), mode, 1e-12);
        }
        assert_eq!(NoncentralT::new(1.0, 1.0).unwrap().mean(), None);
        assert_eq!(NoncentralT::new(3.0, 1e9).unwrap_err().parameter(), "noncentrality");
        // many degrees of freedom: what is left of two numbers of 1e6
        let law = NoncentralT::new(1e6, 1e3).unwrap();
        close(law.variance().unwrap(), 1.5000038750091875, 1e-9);
    }

    /// δ = 0: Student's t law. The mass below 0: Φ(-δ).
    #[test]
    fn kin() {
        let (law, student) = (NoncentralT::new(3.0, 0.0).unwrap(), StudentT::new(0.0, 1.0, 3.0).unwrap());
        for x in [-1e100, -5.0, -1e-5, 0.3, 2.0, 1e10] {
            // a tail has a rounding of its logarithm
            let bound = 4e-15 * (1.0 - student.ln_cdf(x) - student.ln_sf(x));
            close(law.ln_cdf(x), student.ln_cdf(x), bound);
            close(law.ln_sf(x), student.ln_sf(x), bound);
            close(law.ln_pdf(x), student.ln_pdf(x), 1e-14);
        }
        let normal = Normal::new(0.0, 1.0).unwrap();
        for delta in [-30.0, -1.0, 2.0, 12.0] {
            let law = NoncentralT::new(4.0, delta).unwrap();
            let (ln_cdf, ln_sf) = (normal.ln_cdf(-delta), normal.ln_sf(-delta));
            let bound = 4e-15 * (1.0 - ln_cdf - ln_sf);
            close(law.ln_cdf(0.0), ln_cdf, bound);
            close(law.ln_sf(0.0), ln_sf, bound);
        }
    }
}
