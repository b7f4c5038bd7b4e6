//! Location and scale, once for all laws: X = location + scale Z with Z from a standard law.

use super::{Form, Moments, NearEnd, bounded, exp};
use crate::distr::table::{Known, Nearer, Shapes, Table, Tables};
use crate::parameter::is_probability;
use crate::scalar::Scalar;
use core::f64::consts::LN_2;
use core::ops::Mul;
use rand::Rng;

/// A standard law: location 0, scale 1, and whatever shape parameters it holds.
///
/// Arguments arrive finite, and probabilities inside [0, 1] (logarithms of them at or below 0); outside the support a
/// method answers with the limit.
pub(crate) trait Standard<S: Scalar>: Copy {
    /// Whether the support is the whole line.
    const WHOLE_LINE: bool = false;
    /// What a draw carries: `f64` where there are no shape parameters, so that a draw costs no derivative work.
    type Draw;

    /// A draw.
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> Self::Draw;
    /// The ends of the support.
    fn support(&self) -> (S, S) {
        (S::from(f64::NEG_INFINITY), S::from(f64::INFINITY))
    }
    /// ln f(z).
    fn ln_pdf(&self, z: S) -> S;
    /// The k and ln f(z) + k |z| of a tail that falls like e^(-k |z|), from e^-|z|: by them [`ExpOf`](super::ExpOf) knows the power
    /// of x next to 0 without rounding.
    fn exponential_tail(&self, _decay: S, _upper: bool) -> Option<(S, S)> {
        None
    }
    /// f(z).
    fn pdf(&self, z: S) -> S {
        exp(self.ln_pdf(z))
    }
    /// F(z).
    fn cdf(&self, z: S) -> S;
    /// 1 - F(z).
    fn sf(&self, z: S) -> S;
    /// ln F(z).
    fn ln_cdf(&self, z: S) -> S;
    /// ln(1 - F(z)).
    fn ln_sf(&self, z: S) -> S;
    /// The inverse of F.
    fn quantile(&self, p: S) -> S;
    /// The inverse of 1 - F.
    fn isf(&self, q: S) -> S;
    /// The inverse of ln F.
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() < -LN_2 { self.quantile(ln_p.exp()) } else { self.isf(-ln_p.exp_m1()) }
    }
    /// The inverse of ln(1 - F).
    fn isf_ln(&self, ln_q: S) -> S {
        if ln_q.re() < -LN_2 { self.isf(ln_q.exp()) } else { self.quantile(-ln_q.exp_m1()) }
    }
    /// E[Z].
    fn mean(&self) -> Option<S>;
    /// E[(Z - E Z)²].
    fn variance(&self) -> Option<S>;
    /// The density at the distance z from a finite end of the support, where formulas for the inside have no derivatives.
    fn near_end(&self, _upper: bool, _z: S) -> Option<NearEnd<S>> {
        None
    }
    /// -E[ln f(Z)].
    fn entropy(&self) -> S;
    /// The point of highest density.
    fn mode(&self) -> Option<S>;
    /// F^-1(1/2).
    fn median(&self) -> S {
        self.quantile(S::from(0.5))
    }
    /// What its tables depend on, if it has any.
    #[inline]
    fn shapes(&self) -> Option<Shapes> {
        None
    }
    /// The draw at a probability by tables of these shapes.
    #[inline]
    fn draw_by_tables(&self, _: &Tables, _: Nearer) -> Option<Self::Draw> {
        None
    }
    /// A draw by the tables of who knows them.
    #[inline(always)]
    fn draw_known<R: Rng + ?Sized>(&self, _: &mut impl Known, rng: &mut R) -> Self::Draw {
        self.draw(rng)
    }
}

/// A standard law whose draws may take their derivatives from a table, and its quantiles from another.
pub(crate) trait Tabled<S: Scalar, T: Table>: Standard<S> {
    /// The table.
    fn table(&self) -> T;

    /// That of the quantile function.
    fn inverse(&self) -> T::Inverse;

    /// A draw without derivatives.
    type Noise;
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> Self::Noise;

    /// What [`Standard::draw`] makes of it by formulas, or by a table: its value is the same.
    fn lifted(&self, table: Option<&T>, noise: Self::Noise) -> Self::Draw;

    /// The draw at a probability; `None` where the tables do not reach.
    fn quantile_by(&self, table: &T, inverse: &T::Inverse, at: Nearer) -> Option<Self::Draw>;
}

/// A standard law put in its place: the law of location + scale Z. Without a location, 0.
#[derive(Clone, Copy)]
pub(crate) struct Placed<S, K> {
    pub location: Option<S>,
    pub scale: S,
    pub standard: K,
}

impl<S: Scalar, K: Standard<S>> Placed<S, K> {
    /// location + scale z; an infinite z keeps no derivatives.
    #[inline]
    fn place(&self, z: S) -> S {
        if z.re().is_infinite() {
            return S::from(z.re());
        }
        // derivatives of z may overflow where the scale has none
        match self.location {
            Some(location) => self.scale.chain(z) + location,
            None => self.scale.chain(z),
        }
    }

    /// A quantile in its place. Where all of the mass is on one side of it, the probability being 0 or 1 of either sign, it is an
    /// infinite end whatever rounding makes of the formula; a finite end has derivatives in the probability.
    #[inline]
    fn inverse(&self, [all_above, all_below]: [bool; 2], quantile: impl FnOnce() -> S) -> S {
        let (low, high) = self.standard.support();
        if all_above && low.re().is_infinite() {
            low
        } else if all_below && high.re().is_infinite() {
            high
        } else {
            self.place(quantile())
        }
    }

    /// `f` of the standardized x; the limit where that is infinite, without derivatives.
    #[inline]
    fn at(&self, x: S, at_minus_infinity: f64, at_infinity: f64, f: impl Fn(&K, S) -> S) -> S {
        let z = match self.location {
            Some(location) => (x - location).over(self.scale),
            None => x.over(self.scale),
        };
        if z.re() == f64::INFINITY {
            return S::from(at_infinity);
        }
        if z.re() == f64::NEG_INFINITY {
            return S::from(at_minus_infinity);
        }
        f(&self.standard, z)
    }
}

impl<S: Scalar + Mul<K::Draw, Output = S>, K: Standard<S>> Form<S> for Placed<S, K> {
    const WHOLE_LINE: bool = K::WHOLE_LINE;
    type Noise = K::Draw;

    /// A draw of the standard law.
    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> K::Draw {
        self.standard.draw(rng)
    }

    /// A draw of the standard law in its place.
    #[inline(always)]
    fn sample_of(&self, noise: K::Draw) -> S {
        bounded(match self.location {
            Some(location) => self.scale * noise + location,
            None => self.scale * noise,
        })
    }

    fn support(&self) -> (S, S) {
        let (low, high) = self.standard.support();
        (self.place(low), self.place(high))
    }

    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        let NearEnd { exponent, ln_factor } = self.standard.near_end(upper, d.over(self.scale))?;
        Some(NearEnd { exponent, ln_factor: ln_factor - (exponent + 1.0) * self.scale.ln() })
    }

    #[inline]
    fn ln_pdf(&self, x: S) -> S {
        self.at(x, f64::NEG_INFINITY, f64::NEG_INFINITY, |k, z| k.ln_pdf(z) - self.scale.ln())
    }

    #[inline]
    fn pdf(&self, x: S) -> S {
        self.at(x, 0.0, 0.0, |k, z| {
            let pdf = k.pdf(z);
            // subnormal numbers have few digits, and a small scale makes ordinary ones of them
            if pdf.re() < f64::MIN_POSITIVE {
                exp(k.ln_pdf(z) - self.scale.ln())
            } else {
                bounded(pdf.over(self.scale))
            }
        })
    }

    #[inline]
    fn cdf(&self, x: S) -> S {
        self.at(x, 0.0, 1.0, K::cdf)
    }

    #[inline]
    fn sf(&self, x: S) -> S {
        self.at(x, 1.0, 0.0, K::sf)
    }

    #[inline]
    fn ln_cdf(&self, x: S) -> S {
        self.at(x, f64::NEG_INFINITY, 0.0, K::ln_cdf)
    }

    #[inline]
    fn ln_sf(&self, x: S) -> S {
        self.at(x, 0.0, f64::NEG_INFINITY, K::ln_sf)
    }

    #[inline]
    fn quantile(&self, p: S) -> S {
        if is_probability(p) {
            self.inverse([p.re() == 0.0, p.re() == 1.0], || self.standard.quantile(p))
        } else {
            S::from(f64::NAN)
        }
    }

    #[inline]
    fn isf(&self, q: S) -> S {
        if is_probability(q) {
            self.inverse([q.re() == 1.0, q.re() == 0.0], || self.standard.isf(q))
        } else {
            S::from(f64::NAN)
        }
    }

    #[inline]
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() <= 0.0 {
            self.inverse([ln_p.re() == f64::NEG_INFINITY, ln_p.re() == 0.0], || self.standard.quantile_ln(ln_p))
        } else {
            S::from(f64::NAN)
        }
    }

    #[inline]
    fn isf_ln(&self, ln_q: S) -> S {
        if ln_q.re() <= 0.0 {
            self.inverse([ln_q.re() == 0.0, ln_q.re() == f64::NEG_INFINITY], || self.standard.isf_ln(ln_q))
        } else {
            S::from(f64::NAN)
        }
    }

    fn entropy(&self) -> S {
        self.standard.entropy() + self.scale.ln()
    }

    fn median(&self) -> S {
        self.place(self.standard.median())
    }

    #[inline]
    fn shapes(&self) -> Option<Shapes> {
        self.standard.shapes()
    }

    #[inline]
    fn draw_by_tables(&self, tables: &Tables, at: Nearer) -> Option<S> {
        Some(self.sample_of(self.standard.draw_by_tables(tables, at)?))
    }

    #[inline(always)]
    fn sample_by<R: Rng + ?Sized>(&self, known: &mut impl Known, rng: &mut R) -> S {
        self.sample_of(self.standard.draw_known(known, rng))
    }
}

impl<S: Scalar, K: Standard<S>> Moments<S> for Placed<S, K> {
    fn mean(&self) -> Option<S> {
        self.standard.mean().map(|mean| self.place(mean))
    }

    fn variance(&self) -> Option<S> {
        let variance = self.standard.variance()?;
        Some(if variance.re().is_infinite() { variance } else { variance * self.scale * self.scale })
    }

    fn mode(&self) -> Option<S> {
        self.standard.mode().map(|mode| self.place(mode))
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    const INF: f64 = f64::INFINITY;

    /// Probabilities of 0 and 1 of either sign and their logarithms; the mass of one side may be below the rounding of 1.
    #[test]
    fn infinite_ends() {
        fn check<L: Continuous<f64>>(law: L) {
            let (low, high) = law.support();
            assert_eq!([0.0, -0.0, 1.0].map(|p| law.quantile(p)), [low, low, high]);
            assert_eq!([0.0, -0.0, 1.0].map(|q| law.isf(q)), [high, high, low]);
            assert_eq!([-INF, 0.0, -0.0].map(|ln_p| law.quantile_ln(ln_p)), [low, high, high]);
            assert_eq!([-INF, 0.0, -0.0].map(|ln_q| law.isf_ln(ln_q)), [high, low, low]);
        }
        check(Cauchy::new(0.0, 1.0).unwrap());
        check(Cauchy::new(-2.5, 1e-3).unwrap());
        check(HalfCauchy::new(1.0).unwrap());
        check(AsymmetricLaplace::new(0.039, 0.734, 4.98e-13).unwrap());
        check(AsymmetricLaplace::new(-2.8e-7, 1.6e80, 5.2e8).unwrap());
        check(TwoPieceNormal::new(-46.1, 2.9e9, 4.6e-43).unwrap());
        check(TwoPieceNormal::new(7.48, 1.47e-96, 0.165).unwrap());
    }

    /// A finite end moves with a probability of 0: by 1/f(0).
    #[test]
    fn a_finite_end_has_derivatives() {
        let [p] = Jet::variables([0.0]);
        let z = HalfCauchy::new(Jet::from(3.0)).unwrap().quantile(p);
        assert!(z.re == 0.0 && (z.eps[0] / (1.5 * core::f64::consts::PI) - 1.0).abs() < 4e-16);
    }
}
