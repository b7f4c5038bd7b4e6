//! The Gumbel law.

use crate::distr::form::{Placed, Standard, StandardInLanes, exp, law_of, ln_ratio};
use crate::distr::{KlDivergence, parameters};
use crate::noise::lanes::elementary;
use crate::noise::{self, Lanes};
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special;
use core::f64::consts::{EULER_GAMMA, LN_2};
use rand::Rng;

/// The [Gumbel law](https://en.wikipedia.org/wiki/Gumbel_distribution) of maxima with location μ and scale β.
///
/// # Density function
/// f(x) = exp(-z - exp(-z)) / β with z = (x - μ)/β, on the real line.
///
/// # Derivatives
/// A draw is μ + β ζ with standard Gumbel ζ, so dz/dμ = 1 and dz/dβ = ζ = (z - μ)/β, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale] = Jet::variables([1.0, 2.0]);
/// let z = Gumbel::new(location, scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// assert!((z.eps[1] - (z.re - 1.0) / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is -ln ε with exponential ε from the ziggurat. If X has this law with location -μ, then -X has the Gumbel law of
/// minima with location μ. Below μ - 709 β the density is 0 as a double; its logarithm is given as -inf there, without
/// derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gumbel<S> {
    location: S,
    scale: S,
}

parameters! {
    Gumbel, "gumbel", "a Gumbel law";
    /// The law with location μ, its mode, and scale β.
    ///
    /// ```
    /// use reparam::distr::Gumbel;
    /// assert!(Gumbel::new(0.0, 1.0).is_ok());
    /// assert_eq!(Gumbel::new(0.0, 0.0).unwrap_err().parameter(), "scale");
    /// ```
    new(location: REAL, scale: POSITIVE)
}

law_of!(Gumbel, |law| Placed { location: Some(law.location), scale: law.scale, standard: StandardGumbel }, in lanes);

impl<S: Scalar> KlDivergence<S> for Gumbel<S> {
    /// exp(y) - 1 - y + ln Γ(r) + γ (r - 1) with r = β₁/β₂, y = (μ₂ - μ₁)/β₂ + ln Γ(1 + r) and Euler's γ.
    fn kl_divergence(&self, other: &Self) -> S {
        divergence_of_scales(self.scale, other.scale, (other.location - self.location).over(other.scale))
    }
}

/// (e^y - 1 - y) + (ln Γ(r) + γ (r - 1)) with r = a/b and y = ln Γ(1 + r) + shift: two terms that are never negative.
pub(super) fn divergence_of_scales<S: Scalar>(a: S, b: S, shift: S) -> S {
    let (r, d) = (a.over(b), (a - b).over(b));
    // ln Γ(1 + r) about its zero at r = 1 where that is near
    let (ln_gamma_1p_r, of_scales) = if d.re() < -0.5 {
        let ln = special::ln_gamma_1p(r);
        (ln, ln - ln_ratio(a, b) + d * EULER_GAMMA)
    } else {
        (special::ln_gamma_1p(d) + d.ln_1p(), ln_gamma_1p_excess(d))
    };
    let y = ln_gamma_1p_r + shift;
    if exp(y).re().is_infinite() { S::from(f64::INFINITY) } else { special::exp_m1_minus(y) + of_scales }
}

/// ln Γ(1 + x) + γ x, accurate at 0.
pub(super) fn ln_gamma_1p_excess<S: Scalar>(x: S) -> S {
    if x.re().abs() > 0.125 {
        special::ln_gamma_1p(x) + x * EULER_GAMMA
    } else {
        x * x * special::ln_gamma_curvature(x)
    }
}

/// Location 0, scale 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardGumbel;

/// Above this e^-h is 0 as a double, with all derivatives in ln h.
const GONE: f64 = 800.0;

impl StandardInLanes for StandardGumbel {
    fn fill(lanes: &mut Lanes, out: &mut [f64]) {
        lanes.exponentials(out);
        for z in out {
            *z = -elementary::ln(*z);
        }
    }
}

impl<S: Scalar> Standard<S> for StandardGumbel {
    const WHOLE_LINE: bool = true;
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        -math::ln(noise::exponential(rng))
    }
    fn ln_pdf(&self, z: S) -> S {
        // -z - e^-z, with a slope that keeps its digits at the mode
        let ln = -special::exp_m1_minus(-z) - 1.0;
        if ln.re() == f64::NEG_INFINITY { S::from(ln.re()) } else { ln }
    }
    fn pdf(&self, z: S) -> S {
        let ln = self.ln_pdf(z);
        if ln.re() < -GONE { S::from(0.0) } else { ln.exp() }
    }
    fn cdf(&self, z: S) -> S {
        let h = (-z).exp();
        if h.re() > GONE { S::from(0.0) } else { (-h).exp() }
    }
    fn sf(&self, z: S) -> S {
        let h = (-z).exp();
        if h.re() > GONE { S::from(1.0) } else { -(-h).exp_m1() }
    }
    fn ln_cdf(&self, z: S) -> S {
        let h = (-z).exp();
        if h.re() == f64::INFINITY { S::from(f64::NEG_INFINITY) } else { -h }
    }
    fn ln_sf(&self, z: S) -> S {
        let h = (-z).exp();
        if h.re() > GONE {
            S::from(0.0)
        } else if h.re() > 1.0 {
            (-h).ln_1m_exp()
        } else {
            // ln h + ln((1 - e^-h)/h)
            (-h).exp_m1_ratio().ln() - z
        }
    }
    fn quantile(&self, p: S) -> S {
        -(-p.ln()).ln()
    }
    fn isf(&self, q: S) -> S {
        -(-(-q).ln_1p()).ln()
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        -(-ln_p).ln()
    }
    fn isf_ln(&self, ln_q: S) -> S {
        if ln_q.re() < -LN_2 {
            // -ln(1 - q) = q ln(1 - q)/(-q)
            -(ln_q + (-ln_q.exp()).ln_1p_ratio().ln())
        } else {
            -(-ln_q.ln_1m_exp()).ln()
        }
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(EULER_GAMMA))
    }
    fn variance(&self) -> Option<S> {
        // π²/6
        Some(S::from(1.6449340668482264))
    }
    fn entropy(&self) -> S {
        S::from(1.0 + EULER_GAMMA)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        // -ln ln 2
        S::from(0.36651292058166435)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use crate::scalar::Jet;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 4e-16 * b.abs(), "{a} is not {b}");
    }

    #[test]
    fn tails() {
        let law = Gumbel::new(0.0, 1.0).unwrap();
        close(law.sf(600.0), (-600f64).exp());
        assert_eq!((law.ln_sf(1e5), law.isf_ln(-1e5)), (-1e5, 1e5));
        close(law.isf(1e-300), -(1e-300f64.ln()));
        close(law.quantile(1e-300), -(300.0 * core::f64::consts::LN_10).ln());
        close(law.quantile_ln(-1e300), -(1e300f64.ln()));
        assert_eq!((law.cdf(-1e4), law.sf(-1e4), law.ln_cdf(-1e4)), (0.0, 1.0, f64::NEG_INFINITY));
        close(law.median(), law.quantile(0.5));
    }

    #[test]
    fn no_nan_below_the_range_of_doubles() {
        let [location, scale] = Jet::second_order([0.0, 1.0]);
        let law = Gumbel::new(location, scale).unwrap();
        for x in [-1e3, -1e300] {
            for y in [law.pdf(x.into()), law.cdf(x.into()), law.sf(x.into()), law.ln_sf(x.into())] {
                assert_eq!((y.re.eps, y.eps[0].eps), ([0.0; 2], [0.0; 2]));
            }
        }
    }

    #[test]
    fn divergence_matches_the_integral() {
        // mpmath.quad of f ln(f/g)
        let d = Gumbel::new(0.5, 1.5).unwrap().kl_divergence(&Gumbel::new(-0.25, 0.75).unwrap());
        assert!((d - 0.6198273666844722).abs() < 1e-15);
        assert_eq!(Gumbel::new(0.5, 1.5).unwrap().kl_divergence(&Gumbel::new(0.5, 1.5).unwrap()), 0.0);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert_eq!(Gumbel::new(f64::NAN, 1.0).unwrap_err().parameter(), "location");
        assert_eq!(Gumbel::new(0.0, -1.0).unwrap_err().parameter(), "scale");
    }
}
