//! The Birnbaum-Saunders law.

use crate::distr::form::{ExpOf, Increasing, OfNormal, Placed, law_of, ln_hypot_1, sinh};
use crate::distr::parameters;
use crate::implicit::{find_root, lift_root};
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special::mean_across_kink;

/// The [Birnbaum-Saunders law](https://en.wikipedia.org/wiki/Birnbaum%E2%80%93Saunders_distribution) with scale β and
/// shape α, of the number of load cycles until a crack breaks a part (Birnbaum & Saunders 1969, "A new family of life
/// distributions", Journal of Applied Probability 6).
///
/// # Density function
/// f(x) = (1 + β/x) / (2 α sqrt(2π β x)) exp(-(x/β + β/x - 2)/(2 α²)) for x > 0.
///
/// # Derivatives
/// A draw is z = β exp(2 t) with t = asinh(α ε/2), ε standard normal. So dz/dβ = z/β and dz/dα = 2 z tanh(t)/α, by the
/// chain rule. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [scale, shape] = Jet::variables([2.0, 0.5]);
/// let z = BirnbaumSaunders::new(scale, shape)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] - z.re / 2.0).abs() < 1e-15 * z.re);
/// # Ok(()) }
/// ```
///
/// # Notes
/// β is the median, and β²/X has the law of X. The noise is the ziggurat of `rand_distr`. The entropy is an integral by
/// the double exponential rule, to about 1e-14.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BirnbaumSaunders<S> {
    scale: S,
    shape: S,
}

parameters! {
    BirnbaumSaunders, "birnbaum_saunders", "a Birnbaum-Saunders law";
    /// The law with scale (median) β and shape α.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(BirnbaumSaunders::new(2.0, 1.0).unwrap().mean(), Some(3.0));
    /// assert!(BirnbaumSaunders::new(2.0, 0.0).is_err());
    /// ```
    new(scale: POSITIVE, shape: POSITIVE)
}

law_of!(
    BirnbaumSaunders,
    |law| ExpOf {
        factor: Some(law.scale),
        ln: Placed { location: None, scale: S::from(2.0), standard: OfNormal(Asinh { half: law.shape * 0.5 }) },
    },
    moments {
        /// β (1 + α²/2)
        fn mean(&self) -> Option<S> {
            Some(self.scale * (self.shape * self.shape * 0.5 + 1.0))
        }

        /// (α β)² (1 + 5 α²/4)
        fn variance(&self) -> Option<S> {
            let product = self.shape * self.scale;
            let second = product * self.shape;
            Some(product * product + second * second * 1.25)
        }

        /// β y with α² y (y + 3) = (1 - y) (1 + y)²
        fn mode(&self) -> Option<S> {
            let square = self.shape.re() * self.shape.re();
            // a cubic that rises in (0, 1]; in ln y, as y may be far below 1
            let root = find_root(-math::ln(1.0 + 4.0 * square) - 2.0, 0.0, -math::ln_1p(square), |ln| {
                let (y, below) = (math::exp(ln), -math::exp_m1(ln));
                let slope = square * (2.0 * y + 3.0) + (1.0 + y) * (3.0 * y - 1.0);
                (square * y * (y + 3.0) - below * (1.0 + y) * (1.0 + y), slope * y)
            });
            let ln = lift_root(root, |ln: S| {
                let (y, below, square) = (ln.exp(), -ln.exp_m1(), self.shape * self.shape);
                let slope = square * (y * 2.0 + 3.0) + (y + 1.0) * (y * 3.0 - 1.0);
                (square * y * (y + 3.0) - below * (y + 1.0) * (y + 1.0)).over(slope * y)
            });
            Some(self.scale * ln.exp())
        }
    }
);

/// t = asinh(n α/2), half of ln(X/β).
#[derive(Clone, Copy)]
struct Asinh<S> {
    half: S,
}

impl<S: Scalar> Increasing<S> for Asinh<S> {
    #[inline]
    fn at(&self, n: S) -> S {
        if n.re().is_infinite() { n } else { (self.half * n).asinh() }
    }
    fn normal(&self, t: S) -> S {
        let sinh = sinh(t);
        if sinh.re().is_infinite() { sinh } else { sinh.over(self.half) }
    }
    fn ln_slope(&self, _: S, n: S) -> S {
        ln_hypot_1(self.half * n) - self.half.ln()
    }
    /// 0, as t is odd in n
    fn mean(&self) -> S {
        S::from(0.0)
    }
    fn variance(&self) -> S {
        mean_across_kink(0.0, |v| {
            let t = (self.half * math::sinh(v)).asinh();
            t * t
        })
    }
    fn mean_ln_slope(&self) -> S {
        self.half.ln() - mean_across_kink(0.0, |v| ln_hypot_1(self.half * math::sinh(v)))
    }
    /// cosh t = h, one of two, or 0 for h <= 1
    fn mode(&self) -> S {
        if self.half.re() > 1.0 { self.half.acosh() } else { S::from(0.0) }
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath: closed forms, quadrature and the roots of the cubic at 40 digits
    #[test]
    fn moments() {
        for (scale, shape, mean, variance, entropy, mode) in [
            (2.0, 0.5, 2.25, 1.3125, 1.3901493169175814, 1.5370084479805812),
            (1.0, 0.001, 1.0000005, 1.00000125e-6, -5.488816870777417, 0.99999900000025),
            (3.0, 40.0, 2403.0, 28814400.0, 3.784438118799057, 0.0006250867844414923),
        ] {
            let law = BirnbaumSaunders::new(scale, shape).unwrap();
            close(law.mean().unwrap(), mean, 4e-16);
            close(law.variance().unwrap(), variance, 1e-15);
            close(law.entropy(), entropy, 1e-14);
            close(law.mode().unwrap(), mode, 2e-15);
            assert_eq!(law.median(), scale);
        }
        assert_eq!(BirnbaumSaunders::new(1.0, f64::NAN).unwrap_err().parameter(), "shape");
    }

    /// β²/X has the law of X.
    #[test]
    fn reciprocal() {
        let law = BirnbaumSaunders::new(2.0, 0.7).unwrap();
        for x in [1e-3, 0.5, 1.9, 2.0] {
            close(law.ln_cdf(x), law.ln_sf(4.0 / x), 4e-15);
        }
        for p in [1e-300, 1e-10, 0.3] {
            close(law.quantile(p), 4.0 / law.isf(p), 4e-15);
        }
    }
}
