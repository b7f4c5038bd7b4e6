//! The skew normal law.

use crate::distr::form::{ByRoot, Inverted, Moments, Placed, Rooted, exp, law_of, tail_root};
use crate::distr::parameters;
use crate::implicit::{Flow, Slopes, find_root, lift_along, lift_along_all, lift_root};
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special;
use crate::special::mean_across_kink;
use core::f64::consts::{FRAC_1_SQRT_2, LN_2, PI};
use rand::Rng;

/// The [skew normal law](https://en.wikipedia.org/wiki/Skew_normal_distribution) with location ξ, scale ω and shape α (Azzalini
/// 1985, "A class of distributions which includes the normal ones", Scandinavian Journal of Statistics 12).
///
/// # Density function
/// f(x) = 2/ω φ(y) Φ(α y) with y = (x - ξ)/ω, on the real line.
///
/// # Derivatives
/// A draw is ξ + ω y, so dz/dξ = 1 and dz/dω = y, exactly; and dy/dα = φ(α y) / ((1 + α²) Φ(α y)) at fixed u = F(y), of which higher
/// ones are made. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale, shape] = Jet::variables([1.0, 0.5, 3.0]);
/// let z = SkewNormal::new(location, scale, shape)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // more shape moves draws to the right
/// assert!(z.eps[2] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// A draw is y = (α |N| + N')/sqrt(1 + α²) with standard normal N and N'. The thin tail, below 0 for α > 0, is
/// F = (1/π) ∫_α^∞ exp(-y² (1 + s²)/2) / (1 + s²) ds, a difference of two values of Owen's T that is never formed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SkewNormal<S> {
    location: S,
    scale: S,
    shape: S,
}

parameters! {
    SkewNormal, "skew_normal", "a skew normal law";
    /// The law with location `location`, scale `scale` and shape `shape`, 0 for the normal law.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(SkewNormal::new(0.0, 1.0, 0.0).unwrap().variance(), Some(1.0));
    /// assert_eq!(SkewNormal::new(0.0, -1.0, 0.0).unwrap_err().parameter(), "scale");
    /// ```
    new(location: REAL, scale: POSITIVE, shape: SLANT)
}

law_of!(SkewNormal, |law| Placed {
    location: Some(law.location),
    scale: law.scale,
    standard: ByRoot(StandardSkew { shape: law.shape })
});

/// Location 0, scale 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardSkew<S> {
    shape: S,
}

/// The shape, or the shape and the logarithm of a tail, move y; the sign is that of dF/d(tail).
struct Movement {
    sign: f64,
}

impl Flow for Movement {
    #[inline]
    fn slope<S: Scalar>(&self, shape: S, y: S) -> S {
        special::normal_hazard(-(shape * y)).over(shape * shape + 1.0)
    }
}

impl Slopes<2> for Movement {
    fn slopes<S: Scalar>(&self, [shape, ln]: [S; 2], y: S) -> [S; 2] {
        [self.slope(shape, y), (ln - StandardSkew { shape }.ln_pdf_inside(y)).exp() * self.sign]
    }
}

/// From here on 1 - F is 2 Q(y) less a part that is known as a share of it.
const FAR: f64 = 38.0;

impl<S: Scalar> StandardSkew<S> {
    /// ln F or ln(1 - F) at y for α >= 0.
    fn ln_tail_of_positive(&self, y: S, upper: bool) -> S {
        // squares of y are beyond the range of doubles, and so is the logarithm of the smaller tail
        if y.re().abs() > 1e150 {
            return S::from(if (y.re() > 0.0) == upper { f64::NEG_INFINITY } else { 0.0 });
        }
        let size = if y.re() > 0.0 { y } else { -y };
        let thin = special::ln_owen_tail(size, self.shape);
        if y.re() <= 0.0 {
            return if upper { (-exp(thin)).ln_1p() } else { thin };
        }
        // the smaller tail, and the other from it
        let cdf = special::erf(y * FRAC_1_SQRT_2) + exp(thin);
        if cdf.re() < 0.5 {
            return if upper { (-cdf).ln_1p() } else { cdf.ln() };
        }
        let twice = special::normal_ln_sf(y) + LN_2;
        let sf = if y.re() > FAR {
            // the difference of the two has no digits
            twice + (-exp(special::ln_owen_share(y, self.shape))).ln_1p()
        } else if thin.re() == f64::NEG_INFINITY {
            twice
        } else {
            twice + (-exp(thin - twice)).ln_1p()
        };
        if upper { sf } else { (-exp(sf)).ln_1p() }
    }

    /// The bracket of the root in units of the normal law: Φ(y) >= F(y) >= 2 Φ(y) - 1 for α >= 0.
    fn bracket(l: f64, upper: bool) -> [f64; 2] {
        if upper {
            return [special::normal_isf_ln(l), special::normal_isf_ln(l - LN_2)];
        }
        [special::normal_quantile_ln(l), special::normal_isf_ln(l.ln_1m_exp() - LN_2)]
    }
}

impl<S: Scalar> Inverted<S> for StandardSkew<S> {
    fn ends(&self) -> (S, S) {
        (S::from(f64::NEG_INFINITY), S::from(f64::INFINITY))
    }
    fn ln_pdf_inside(&self, y: S) -> S {
        if y.re().abs() > 1e150 {
            return S::from(f64::NEG_INFINITY);
        }
        special::normal_ln_pdf(y) + special::normal_ln_cdf(self.shape * y) + LN_2
    }
    fn ln_tail(&self, y: S, upper: bool) -> S {
        if self.shape.re() >= 0.0 {
            self.ln_tail_of_positive(y, upper)
        } else {
            StandardSkew { shape: -self.shape }.ln_tail_of_positive(-y, !upper)
        }
    }
    fn root(&self, ln: S, upper: bool) -> S {
        let shape = self.shape.re();
        let (size, reflected) = (StandardSkew { shape: shape.abs() }, shape < 0.0);
        let of_size = upper != reflected;
        let [low, high] = StandardSkew::<S>::bracket(ln.re(), of_size);
        let margin = 1e-9;
        let bracket = [low - margin, high + margin];
        let y = tail_root(bracket, if of_size { high } else { low }, ln.re(), of_size, |y| {
            (size.ln_tail_of_positive(y, of_size), size.ln_pdf_inside(y))
        });
        let sign = if upper { -1.0 } else { 1.0 };
        lift_along_all(if reflected { -y } else { y }, [self.shape, ln], &Movement { sign })
    }
}

impl<S: Scalar> Rooted<S> for StandardSkew<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let a = self.shape.re();
        let y = (a * noise::normal(rng).abs() + noise::normal(rng)) / math::sqrt(1.0 + a * a);
        lift_along(y, self.shape, &Movement { sign: 1.0 })
    }
    /// (1 + ln 2π)/2 - ln 2 - E[2 Φ(α N) ln Φ(α N)], N standard normal
    fn entropy(&self) -> S {
        let expectation = mean_across_kink(0.0, |v| {
            let ln = special::normal_ln_cdf(self.shape * math::sinh(v));
            if ln.re() < -746.0 { S::from(0.0) } else { ln.exp() * ln * 2.0 }
        });
        -expectation + (1.4189385332046727 - LN_2)
    }
}

/// δ = α/sqrt(1 + α²); beyond 1 by its inverse, so that no slope is a difference.
pub(super) fn delta<S: Scalar>(shape: S) -> S {
    if shape.re().abs() <= 1.0 {
        return shape.over((shape * shape + 1.0).sqrt());
    }
    let inverse = shape.recip();
    (inverse * inverse + 1.0).sqrt().recip() * shape.re().signum()
}

impl<S: Scalar> Moments<S> for StandardSkew<S> {
    /// δ sqrt(2/π)
    fn mean(&self) -> Option<S> {
        Some(delta(self.shape) * math::sqrt(2.0 / PI))
    }
    /// 1 - 2 δ²/π = 1 - 2/π + 2/π/(1 + α²)
    fn variance(&self) -> Option<S> {
        Some((self.shape * self.shape + 1.0).recip() * (2.0 / PI) + (1.0 - 2.0 / PI))
    }
    /// The root of y = α φ(α y)/Φ(α y), between 0 and α.
    fn mode(&self) -> Option<S> {
        let size = self.shape.re().abs();
        let residual = |y: f64| {
            let hazard = special::normal_hazard(-size * y);
            (y - size * hazard, 1.0 + size * size * hazard * special::normal_hazard_excess(-size * y))
        };
        // beyond, y is 0 beside the width of the law
        let root = find_root(0.0, size.min(1.0), 0.5 * size.min(1.0), residual);
        let shape = self.shape;
        Some(lift_root(if shape.re() < 0.0 { -root } else { root }, |y: S| {
            let hazard = special::normal_hazard(-(shape * y));
            let excess = special::normal_hazard_excess(-(shape * y));
            (y - shape * hazard).over(shape * shape * hazard * excess + 1.0)
        }))
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 2e-15 * want.abs(), "{got} for {want}");
    }

    // values: mpmath, by quadrature and root finding at 30 digits
    #[test]
    fn entropy_and_mode() {
        for (shape, entropy, mode) in [
            (1.0, 1.2257913526447275, 0.5060544689891807),
            (-5.0, 0.8669207449710208, -0.37050182855364705),
            (0.01, 1.4189067043857788, 0.007978337698214525),
        ] {
            let law = SkewNormal::new(0.0, 1.0, shape).unwrap();
            close(law.entropy(), entropy);
            close(law.mode().unwrap(), mode);
        }
    }

    /// α = 1: F = Φ², of the larger of two normal variables; α = 0 and inf: the normal and the half-normal law.
    #[test]
    fn closed_forms() {
        let (one, normal) = (SkewNormal::new(0.0, 1.0, 1.0).unwrap(), Normal::new(0.0, 1.0).unwrap());
        for x in [-40.0, -5.0, -0.3, 0.0, 0.2, 3.0] {
            close(one.ln_cdf(x), 2.0 * normal.ln_cdf(x));
            close(SkewNormal::new(0.0, 1.0, 0.0).unwrap().ln_cdf(x), normal.ln_cdf(x));
        }
        let (half, steep) = (HalfNormal::new(1.0).unwrap(), SkewNormal::new(0.0, 1.0, 1e100).unwrap());
        for x in [1e-10, 0.3, 2.0, 40.0] {
            close(steep.ln_sf(x), half.ln_sf(x));
            close(steep.ln_cdf(x), half.ln_cdf(x));
        }
        assert_eq!(steep.ln_cdf(-1.0), -0.5e200);
    }
}
