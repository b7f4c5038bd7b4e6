//! The Weibull law.

use super::gumbel::{StandardGumbel, divergence_of_scales, ln_gamma_1p_excess};
use crate::distr::form::{
    ExpOf, FormInLanes, NearEnd, Placed, Standard, bounded, exp, law_of, ln_ratio, power_near_zero,
};
use crate::distr::in_lanes::{FirstOrder, InLanes};
use crate::distr::{KlDivergence, parameters};
use crate::noise::{self, Lanes};
use crate::parameter::LawError;
use crate::scalar::{MAX_ORDER, Scalar, math};
use crate::special;
use core::f64::consts::{EULER_GAMMA, LN_2};
use rand::Rng;

/// The [Weibull law](https://en.wikipedia.org/wiki/Weibull_distribution) with scale λ and shape k.
///
/// # Density function
/// f(x) = (k/λ) (x/λ)^(k-1) exp(-(x/λ)^k) for x >= 0.
///
/// # Derivatives
/// A draw is z = λ ε^(1/k) with standard exponential ε, so dz/dλ = z/λ and dz/dk = -z ln(ε) / k². Defined everywhere; a draw
/// beyond the range of doubles is infinite and has no derivatives, one below it is 0 and so are its derivatives.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [scale, shape] = Jet::variables([2.0, 1.5]);
/// let z = Weibull::new(scale, shape)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] - z.re / 2.0).abs() < 1e-15);
/// assert!((z.eps[1] + z.re * (z.re / 2.0).ln() / 1.5).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The order of parameters is that of `rand_distr`. At x = 0 the density is infinite for k < 1, and has no mode then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weibull<S> {
    scale: S,
    shape: S,
    inverse_shape: S,
}

parameters! {
    Weibull, "weibull", "a Weibull law";
    /// The law with scale λ and shape k.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Weibull::new(2.0, 1.0).unwrap().mean(), Some(2.0));
    /// assert_eq!(Weibull::new(2.0, 0.0).unwrap_err().parameter(), "shape");
    /// ```
    new(scale: POSITIVE, shape: POSITIVE) => Weibull { scale, shape, inverse_shape: shape.recip() }
}

law_of!(Weibull, |law| Placed {
    location: None,
    scale: law.scale,
    standard: StandardWeibull { shape: law.shape, inverse_shape: law.inverse_shape },
});

/// As λ exp(ln ε / k), ln ε being a Gumbel variable with the other sign.
impl<S: FirstOrder<N>, const N: usize> InLanes<N> for Weibull<S> {
    fn fill(&self, lanes: &mut Lanes, values: &mut [f64], partials: &mut [&mut [f64]; N]) {
        let ln = Placed { location: None, scale: -self.inverse_shape, standard: StandardGumbel };
        ExpOf { factor: Some(self.scale), ln }.fill(lanes, values, partials);
    }
}

impl<S: Scalar> KlDivergence<S> for Weibull<S> {
    /// e^G - 1 - G + ln Γ(q) + γ (q - 1) with q = k₂/k₁, G = k₂ ln(λ₁/λ₂) + ln Γ(1 + q): two terms that are never negative
    /// (from Bauckhage 2013, arXiv:1310.3713, eq. 11).
    fn kl_divergence(&self, other: &Self) -> S {
        divergence_of_scales(other.shape, self.shape, other.shape * ln_ratio(self.scale, other.scale))
    }
}

/// Scale 1.
#[derive(Clone, Copy)]
struct StandardWeibull<S> {
    shape: S,
    inverse_shape: S,
}

impl<S: Scalar> StandardWeibull<S> {
    /// ε^(1/k) for a quantile ε of the exponential law.
    fn root(&self, e: S) -> S {
        let limit = e.re() == 0.0 || e.re().is_infinite();
        let z = bounded(e.powd(self.inverse_shape));
        if limit {
            S::from(e.re())
        } else if z.re() == 0.0 {
            S::from(0.0)
        } else {
            z
        }
    }

    /// ln of z^k.
    fn ln_power(&self, z: S) -> S {
        self.shape * z.ln()
    }
}

/// From here on in ln of z^k, all of 1 - F and its derivatives are 0.
const BEYOND: f64 = 30.0;

impl<S: Scalar> Standard<S> for StandardWeibull<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let e = noise::exponential(rng);
        let value = math::powf(e, self.inverse_shape.re());
        if S::ORDER == 0 || value.is_infinite() {
            return S::from(value);
        }
        // exp(ln(ε)/k) with its exponent's real part moved to 0 and the value put in front
        (self.inverse_shape * math::ln(e)).with_re(0.0).lift(&[value; MAX_ORDER + 1])
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn near_end(&self, _: bool, z: S) -> Option<NearEnd<S>> {
        let exponent = self.shape - 1.0;
        let decay = power_near_zero(z, self.shape.re(), exponent.re())?;
        Some(NearEnd { exponent, ln_factor: self.shape.ln() - decay })
    }
    fn ln_pdf(&self, z: S) -> S {
        if z.re() <= 0.0 {
            let k = self.shape.re();
            return S::from(match z.re() {
                0.0 if k < 1.0 => f64::INFINITY,
                0.0 if k == 1.0 => 0.0,
                _ => f64::NEG_INFINITY,
            });
        }
        let y = self.ln_power(z);
        if y.re() > 700.0 { S::from(f64::NEG_INFINITY) } else { self.shape.ln() + y - z.ln() - y.exp() }
    }
    fn cdf(&self, z: S) -> S {
        if z.re() <= 0.0 {
            return S::from(0.0);
        }
        let y = self.ln_power(z);
        if y.re() > BEYOND { S::from(1.0) } else { -(-z.powd(self.shape)).exp_m1() }
    }
    fn sf(&self, z: S) -> S {
        if z.re() <= 0.0 {
            return S::from(1.0);
        }
        let y = self.ln_power(z);
        if y.re() > BEYOND { S::from(0.0) } else { (-z.powd(self.shape)).exp() }
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() <= 0.0 {
            return S::from(f64::NEG_INFINITY);
        }
        let y = self.ln_power(z);
        match y.re() {
            y if y > BEYOND => S::from(0.0),
            y if y > 0.0 => (-z.powd(self.shape)).ln_1m_exp(),
            // z^k may underflow
            _ => (-y.exp()).exp_m1_ratio().ln() + y,
        }
    }
    fn ln_sf(&self, z: S) -> S {
        if z.re() <= 0.0 { S::from(0.0) } else { -bounded(z.powd(self.shape)) }
    }
    fn quantile(&self, p: S) -> S {
        self.root(-(-p).ln_1p())
    }
    fn isf(&self, q: S) -> S {
        self.root(-q.ln())
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() < -40.0 {
            // -ln(1 - p) is p here, and a power of p may be a double where p is none
            exp(ln_p * self.inverse_shape)
        } else {
            self.root(-ln_p.ln_1m_exp())
        }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        self.root(-ln_q)
    }
    fn mean(&self) -> Option<S> {
        Some(exp(special::ln_gamma_1p(self.inverse_shape)))
    }
    fn variance(&self) -> Option<S> {
        // Γ(1 + r)² (Γ(1 + 2 r)/Γ(1 + r)² - 1)
        let r = self.inverse_shape;
        let ln_mean = special::ln_gamma_1p(r);
        let excess = ln_gamma_1p_excess(r * 2.0) - ln_gamma_1p_excess(r) * 2.0;
        let variance = if excess.re() > 40.0 {
            exp(special::ln_gamma_1p(r * 2.0))
        } else {
            (ln_mean * 2.0).exp() * excess.exp_m1()
        };
        Some(variance)
    }
    fn entropy(&self) -> S {
        // γ (1 - 1/k) + 1 - ln k
        -self.inverse_shape * EULER_GAMMA - self.shape.ln() + (1.0 + EULER_GAMMA)
    }
    fn mode(&self) -> Option<S> {
        let k = self.shape.re();
        if k < 1.0 {
            None
        } else if k == 1.0 {
            Some(S::from(0.0))
        } else {
            // (1 - 1/k)^(1/k)
            Some(((-self.inverse_shape).ln_1p() * self.inverse_shape).exp())
        }
    }
    fn median(&self) -> S {
        self.root(S::from(LN_2))
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-14 * want.abs(), "{got} for {want}");
    }

    // values: closed forms by mpmath at 40 digits; kl by quadrature
    #[test]
    fn moments_and_divergence() {
        let law = Weibull::new(2.0, 1.5).unwrap();
        close(law.mean().unwrap(), 1.8054905859018672);
        close(law.variance().unwrap(), 1.502761139255728);
        close(law.entropy(), 1.4800872940856252);
        close(law.mode().unwrap(), 0.9614997135382722);
        close(law.kl_divergence(&Weibull::new(1.5, 2.5).unwrap()), 1.243373640712329);
        close(law.kl_divergence(&Weibull::new(2.0, 1.5 + 1e-6).unwrap()), 4.052622944173095e-13);
        close(Weibull::new(1.0, 1e6).unwrap().variance().unwrap(), 1.6449297637827162e-12);
        close(Weibull::new(1.0, 0.25).unwrap().variance().unwrap(), 39744.0);
        assert_eq!(law.kl_divergence(&law), 0.0);
        assert_eq!(Weibull::new(1.0, 1e-3).unwrap().mean(), Some(f64::INFINITY));
    }

    #[test]
    fn edges() {
        for (shape, at_zero) in [(0.5, f64::INFINITY), (1.0, 0.0), (2.0, f64::NEG_INFINITY)] {
            assert_eq!(Weibull::new(1.0, shape).unwrap().ln_pdf(0.0), at_zero);
        }
        let [scale, shape] = Jet::second_order([1e-3, 1e-6]);
        let law = Weibull::new(scale, shape).unwrap();
        assert_eq!(law.isf(0.1.into()), f64::INFINITY.into());
        assert_eq!(law.quantile(0.1.into()), 0.0.into());
        assert_eq!(law.quantile_ln((-1e-7).into()), f64::INFINITY.into());
        close(Weibull::new(1.0, 1e3).unwrap().quantile_ln(-1e5), (-100.0f64).exp());
        close(Weibull::new(1.0, 1e3).unwrap().ln_cdf(1e-3), -6907.755278982137);
        assert!(Weibull::new(1.0, 1e-310).is_err());
    }
}
