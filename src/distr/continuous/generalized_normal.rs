//! The generalized normal law.

use crate::distr::form::of_gamma::GammaPower;
use crate::distr::form::{Placed, Standard, Tabled, known_by, law_of};
use crate::distr::parameters;
use crate::distr::table::{GammaInverse, GammaTable, Nearer};
use crate::noise;
use crate::noise::gamma::GammaNoise;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::ln_gamma_1p;
use core::f64::consts::LN_2;
use rand::Rng;

/// The [generalized normal law](https://en.wikipedia.org/wiki/Generalized_normal_distribution) (exponential power law) with location
/// μ, scale α and shape β: β = 1 is the Laplace law, 2 the normal law with standard deviation α/√2, and large β nearly uniform.
///
/// # Density function
/// f(x) = β e^(-|t|^β) / (2 α Γ(1/β)) with t = (x - μ)/α, on the real line.
///
/// # Derivatives
/// A draw is μ + α t, t = ±G^(1/β) with standard gamma G of shape 1/β: dz/dμ = 1, dz/dα = t and dz/dβ = -(z - μ)/β² (ln G +
/// h/β), h = d ln G/d(1/β) at fixed noise (see [`Gamma`](crate::distr::Gamma)). Both tails are those of G, and so is the middle: t moves with
/// its logarithm, which loses no digits there. Where β is large, and ln G and h/β are far larger than their sum, t moves as G^(1/β) itself
/// does. Defined everywhere. At the median itself, where F has no second derivative for
/// β < 1 and a jump of it for β = 1, the quantile is its tangent: derivatives of the second order and above in p alone are 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale, shape] = Jet::variables([1.0, 2.0, 1.5]);
/// let z = GeneralizedNormal::new(location, scale, shape)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.eps[0] == 1.0 && (z.eps[1] - (z.re - 1.0) / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// For β far below 1 draws are beyond the range of doubles: ±inf, without derivatives. Source: Nadarajah 2005, "A generalized normal
/// distribution", *Journal of Applied Statistics* 32.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeneralizedNormal<S> {
    location: S,
    scale: S,
    shape: S,
    standard: StandardGeneralizedNormal<S>,
}

parameters! {
    GeneralizedNormal, "generalized_normal", "a generalized normal law";
    /// The law with location μ, scale α and shape β.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = GeneralizedNormal::new(0.0, 1.0, 1.0).unwrap(); // Laplace
    /// assert!((law.sf(2.0) - 0.5 * (-2f64).exp()).abs() < 1e-16);
    /// assert!(GeneralizedNormal::new(0.0, 1.0, 0.0).is_err());
    /// ```
    new(location: REAL, scale: POSITIVE, shape: POSITIVE) => {
        let power = shape.recip();
        let standard = StandardGeneralizedNormal { shape, magnitude: GammaPower::with_exponent(power, power, S::from(1.0)) };
        GeneralizedNormal { location, scale, shape, standard }
    }
}

law_of!(GeneralizedNormal, |law| Placed {
    location: Some(law.location),
    scale: law.scale,
    standard: law.standard,
}, by GammaTable<1, 2>);

/// Location 0, scale 1.
#[derive(Clone, Copy, Debug, PartialEq)]
struct StandardGeneralizedNormal<S> {
    shape: S,
    /// The law of |t| = G^(1/β).
    magnitude: GammaPower<S>,
}

impl<S: Scalar> StandardGeneralizedNormal<S> {
    /// ln Γ(1 + 1/β): the density at 0 is 1/(2 Γ(1 + 1/β)).
    #[inline]
    fn ln_gamma(&self) -> S {
        ln_gamma_1p(self.magnitude.shape())
    }
}

impl<S: Scalar> Standard<S> for StandardGeneralizedNormal<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let sign = noise::sign(rng);
        self.magnitude.draw(rng) * sign
    }
    fn ln_pdf(&self, t: S) -> S {
        // the kink or cusp of shapes up to 1: slope 0, the mean of those of both sides
        let at_a_kink = t.re() == 0.0 && self.shape.re() <= 1.0;
        let decay = if at_a_kink { S::from(0.0) } else { t.abs().powd(self.shape) };
        if decay.re() == f64::INFINITY {
            return S::from(f64::NEG_INFINITY);
        }
        -decay - LN_2 - self.ln_gamma()
    }
    fn cdf(&self, t: S) -> S {
        match t.re() {
            r if r < 0.0 => self.magnitude.sf(-t) * 0.5,
            0.0 => t * (-self.ln_gamma() - LN_2).exp() + 0.5,
            _ => -(self.magnitude.sf(t) * 0.5) + 1.0,
        }
    }
    fn sf(&self, t: S) -> S {
        self.cdf(-t)
    }
    fn ln_cdf(&self, t: S) -> S {
        match t.re() {
            r if r < 0.0 => self.magnitude.ln_sf(-t) - LN_2,
            0.0 => self.cdf(t).ln(),
            _ => (self.magnitude.sf(t) * -0.5).ln_1p(),
        }
    }
    fn ln_sf(&self, t: S) -> S {
        self.ln_cdf(-t)
    }
    fn quantile(&self, p: S) -> S {
        match p.re() {
            0.5 => {
                let slope = (self.ln_gamma() + LN_2).exp();
                // for β below 0.006 the density at 0 underflows
                if slope.re().is_finite() { (p - 0.5) * slope } else { S::from(0.0) }
            }
            r if r < 0.5 => -self.magnitude.isf(p * 2.0),
            _ => self.magnitude.isf((-p + 1.0) * 2.0),
        }
    }
    fn isf(&self, q: S) -> S {
        -self.quantile(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() <= -LN_2 {
            -self.magnitude.isf_ln(ln_p + LN_2)
        } else {
            self.magnitude.isf_ln(ln_p.ln_1m_exp() + LN_2)
        }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -self.quantile_ln(ln_q)
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    /// Γ(3/β)/Γ(1/β)
    fn variance(&self) -> Option<S> {
        Some((ln_gamma_1p(self.magnitude.shape() * 3.0) - self.ln_gamma()).exp() / 3.0)
    }
    /// 1/β + ln(2 Γ(1 + 1/β))
    fn entropy(&self) -> S {
        self.magnitude.shape() + LN_2 + self.ln_gamma()
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(0.0)
    }
    known_by!(|law| Gamma(law.magnitude.shape().re()), SecondOfGamma, GammaTable);
}

impl<S: Scalar, const M: usize> Tabled<S, GammaTable<M>> for StandardGeneralizedNormal<S> {
    fn table(&self) -> GammaTable<M> {
        self.magnitude.table()
    }
    fn inverse(&self) -> GammaInverse {
        Tabled::<S, GammaTable<M>>::inverse(&self.magnitude)
    }

    type Noise = (f64, GammaNoise);

    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> (f64, GammaNoise) {
        let sign = noise::sign(rng);
        (sign, Tabled::<S, GammaTable<M>>::noise(&self.magnitude, rng))
    }
    #[inline(always)]
    fn lifted(&self, table: Option<&GammaTable<M>>, (sign, noise): (f64, GammaNoise)) -> S {
        self.magnitude.lifted(table, noise) * sign
    }
    #[inline(always)]
    fn quantile_by(&self, table: &GammaTable<M>, inverse: &GammaInverse, at: Nearer) -> Option<S> {
        let size = self.magnitude.quantile_by(table, inverse, Nearer::new(2.0 * at.p, true)?)?;
        Some(if at.upper { size } else { -size })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Continuous, Laplace, Normal};
    use crate::scalar::Jet;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    #[test]
    fn laplace_and_normal_laws() {
        let one = GeneralizedNormal::new(1.0, 2.0, 1.0).unwrap();
        let two = GeneralizedNormal::new(1.0, 2.0, 2.0).unwrap();
        let (laplace, normal) = (Laplace::new(1.0, 2.0).unwrap(), Normal::new(1.0, 2f64.sqrt()).unwrap());
        for x in [-60.0, -3.0, 0.9, 1.0, 1.001, 4.0, 30.0] {
            close(one.ln_cdf(x), laplace.ln_cdf(x), 1e-14);
            close(one.ln_pdf(x), laplace.ln_pdf(x), 1e-14);
            close(two.ln_sf(x), normal.ln_sf(x), 1e-14);
            close(two.ln_pdf(x), normal.ln_pdf(x), 1e-14);
        }
        close(one.entropy(), laplace.entropy(), 1e-15);
        close(two.entropy(), normal.entropy(), 1e-15);
        close(one.variance().unwrap(), 8.0, 1e-14);
        close(two.variance().unwrap(), 2.0, 1e-14);
    }

    /// dq/dp at p = 1/2 is 1/f(μ), and beside it nothing changes by more than the distance.
    #[test]
    fn smooth_through_the_median() {
        for beta in [1.5, 2.0, 7.0] {
            let [p, b] = Jet::variables([0.5, beta]);
            let law = GeneralizedNormal::new(0.0.into(), 1.0.into(), b).unwrap();
            let at = law.quantile(p);
            assert_eq!((at.re, at.eps[1]), (0.0, 0.0));
            close(at.eps[0], (-law.ln_pdf(0.0.into()).re).exp(), 1e-15);
            let beside = law.quantile(p + 1e-12);
            close(beside.eps[0], at.eps[0], 1e-11);
            close(beside.re, at.eps[0] * ((0.5 + 1e-12) - 0.5), 1e-11);
        }
    }
}
