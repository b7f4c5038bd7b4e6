//! The two-piece normal law.

use crate::distr::form::{Placed, Standard, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::noise;
use crate::parameter::LawError;
use crate::quadrature::integrate;
use crate::scalar::Scalar;
use crate::special;
use core::f64::consts::{FRAC_1_SQRT_2, LN_2, SQRT_2};
use rand::Rng;

/// The [two-piece (split) normal law](https://en.wikipedia.org/wiki/Split_normal_distribution) with mode m and a standard deviation
/// on either side of it: σ₁ on the left, σ₂ on the right.
///
/// # Density function
/// f(x) = 2/(σ₁ + σ₂) φ((x - m)/σ), σ = σ₁ for x < m and σ₂ for x >= m, φ without its 1/σ: φ(t) = e^(-t²/2)/sqrt(2π). The part
/// σ₁/(σ₁ + σ₂) of the probability is on the left.
///
/// # Derivatives
/// A draw is m ± σ n with half-normal n, at a fixed value of F: with Q the normal's upper tail and h = φ/Q its hazard, dz/dm = 1, and on
/// the right dz/dσ₁ = -σ₂/((σ₁ + σ₂) h(n)) and dz/dσ₂ = n - (σ₁/σ₂) dz/dσ₁; the left is the mirror image. Both sides agree at z = m:
/// first derivatives are continuous, dz/dσ₁ = -sqrt(π/2) σ₂/(σ₁ + σ₂) and dz/dσ₂ = sqrt(π/2) σ₁/(σ₁ + σ₂) there. So are second ones;
/// third ones jump, as the curvature of f does, and are those from the left at z = m itself.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, left, right] = Jet::variables([1.0, 0.5, 2.0]);
/// let z = TwoPieceNormal::new(location, left, right)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // a law of location and scale: left dz/dleft + right dz/dright = z - location
/// assert!((0.5 * z.eps[1] + 2.0 * z.eps[2] - (z.re - 1.0)).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws: the side by a uniform number, then a half-normal one. Source: Fechner 1897; Wallis 2014, "The two-piece normal, binormal,
/// or double Gaussian distribution: its origin and rediscoveries", *Statistical Science* 29.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoPieceNormal<S> {
    location: S,
    left: S,
    right: S,
}

parameters! {
    TwoPieceNormal, "two_piece_normal", "a two-piece normal law";
    /// The law with mode `location` and standard deviations `left` and `right` of its two sides.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(TwoPieceNormal::new(3.0, 1.0, 4.0).unwrap().cdf(3.0), 0.2);
    /// assert!(TwoPieceNormal::new(3.0, 0.0, 4.0).is_err());
    /// ```
    new(location: REAL, left: POSITIVE, right: POSITIVE)
}

law_of!(TwoPieceNormal, |law| Placed {
    location: Some(law.location),
    scale: S::from(1.0),
    standard: Split { left: law.left, right: law.right },
});

impl<S: Scalar> KlDivergence<S> for TwoPieceNormal<S> {
    /// ln((τ₁ + τ₂)/(σ₁ + σ₂)) + (E[(X - n)²; X < n]/τ₁² + E[(X - n)²; X >= n]/τ₂² - 1)/2, with n, τ₁ and τ₂ the mode and the deviations
    /// of the second law
    fn kl_divergence(&self, other: &Self) -> S {
        let (first, second) = (Split::of(self), Split::of(other));
        let mode = other.location - self.location;
        if mode.re() >= 0.0 {
            first.divergence(&second, mode)
        } else {
            first.mirrored().divergence(&second.mirrored(), -mode)
        }
    }
}

/// Mode 0.
#[derive(Clone, Copy)]
struct Split<S> {
    left: S,
    right: S,
}

/// The n >= 0 with P(|N| <= n) = `inside`, P(|N| > n) = `outside`, from the smaller.
#[inline]
fn half_normal<S: Scalar>(inside: S, outside: S) -> S {
    if inside.re() < 0.5 { special::erf_inv(inside) * SQRT_2 } else { special::normal_isf(outside * 0.5) }
}

impl<S: Scalar> Split<S> {
    fn of(law: &TwoPieceNormal<S>) -> Self {
        Split { left: law.left, right: law.right }
    }

    /// The divergence to a law with the mode d >= 0.
    fn divergence(&self, other: &Self, d: S) -> S {
        let plain = [other.sum().over(self.sum()).ln(), self.mean_square(other, d) * 0.5, S::from(-0.5)];
        special::sum_of_less_rounding(plain, || {
            let grown = (other.sum() - self.sum()).over(self.sum());
            Some([self.divergence_of_shapes(other, grown), self.square_of_shift(other, d) * 0.5])
        })
    }

    /// σ₁/τ₁, σ₂/τ₁ and σ₂/τ₂.
    fn ratios(&self, other: &Self) -> [S; 3] {
        [self.left.over(other.left), self.right.over(other.left), self.right.over(other.right)]
    }

    /// The divergence at one mode: ln(1 + δ) - δ + w₁ g(τ₁/σ₁ - 1) + w₂ g(τ₂/σ₂ - 1), w the weights of the sides, δ the relative
    /// growth of σ₁ + σ₂ and g(t) = t + (1/(1 + t)² - 1)/2, whose terms are of second order.
    fn divergence_of_shapes(&self, other: &Self, grown: S) -> S {
        let excess = |weight: S, from: S, to: S| {
            let of_second = (to - from).over(to);
            weight * of_second * of_second * ((to - from).over(from) + 1.5)
        };
        special::ln_1p_minus(grown)
            + excess(self.weight(), self.left, other.left)
            + excess(self.mirrored().weight(), self.right, other.right)
    }

    /// E[((Z - d)/τ)²] less its value at d = 0; for a small d without terms of first order.
    fn square_of_shift(&self, other: &Self, d: S) -> S {
        let [low, high, above] = self.ratios(other);
        let (left, right) = (self.weight(), self.mirrored().weight());
        let ([of_left, of_right], a) = ([d.over(other.left), d.over(other.right)], d.over(self.right));
        if a.re() >= 1.0 {
            let before = Self::square_before(a, high, of_left);
            return left * of_left * (of_left + low * (4.0 * FRAC_1_SQRT_2PI))
                + right * (before * 2.0 + above * above * (Self::beyond(a) * 2.0 - 1.0));
        }
        let grown = |from: S, to: S| (to - from).over(from);
        let uneven = (grown(self.right, other.right) - grown(self.left, other.left)) * low * above * (low + above);
        let [before, before_by_right] = [of_left, of_right].map(|d| d * d * Self::before(a));
        d.over(self.sum()) * uneven * (4.0 * FRAC_1_SQRT_2PI)
            + left * of_left * of_left
            + right * (of_right * of_right + (before - before_by_right) * 2.0)
    }

    /// E[((Z - d)/τ)²], τ that of the side of d >= 0 on which Z is.
    fn mean_square(&self, other: &Self, d: S) -> S {
        let [low, high, above] = self.ratios(other);
        let (left, right) = (self.weight(), self.mirrored().weight());
        let (of_left, a) = (d.over(other.left), d.over(self.right));
        let below = left * of_left * (of_left * 0.5 + low * (2.0 * FRAC_1_SQRT_2PI)) + left * low * (low * 0.5);
        let before = right * Self::square_before(a, high, of_left);
        (below + before + right * above * (above * Self::beyond(a))) * 2.0
    }

    /// ∫ (t/a - 1)² φ(t) dt over [0, a].
    fn before(a: S) -> S {
        let part = |t: S| (-t + 1.0) * (-t + 1.0) * special::normal_pdf(a * t);
        a * integrate(S::from(0.0), S::from(1.0), 1, part)
    }

    /// ∫ (t - a)² φ(t) dt over t > a: Q(a) (1 - a (h(a) - a)).
    fn beyond(a: S) -> S {
        // at a distance of 1e100 as at any where it is 0
        let a = if a.re() < 1e100 { a } else { S::from(1e100) };
        special::normal_sf(a) * (-(a * special::normal_hazard_excess(a)) + 1.0)
    }

    /// r² times the same over [0, a], with r a given too: in products that stay in the range of doubles as long as they can.
    fn square_before(a: S, r: S, r_a: S) -> S {
        if a.re() < 4.0 {
            r_a * r_a * Self::before(a)
        } else {
            // the two make 1/2 - 2 a φ(0) + a²/2
            r_a * (r_a * 0.5 - r * (2.0 * FRAC_1_SQRT_2PI)) + r * (r * (-Self::beyond(a) + 0.5))
        }
    }

    /// The law of -Z.
    fn mirrored(&self) -> Self {
        Split { left: self.right, right: self.left }
    }

    fn sum(&self) -> S {
        self.left + self.right
    }

    /// P(Z < 0).
    fn weight(&self) -> S {
        self.left.over(self.sum())
    }

    /// ln of it.
    fn ln_weight(&self) -> S {
        -self.right.over(self.left).ln_1p()
    }

    /// The half-normal n of a draw on the left, with its derivatives: ln Q(n) + ln P(Z < 0) is fixed.
    #[inline]
    fn lift_left(&self, n: f64) -> S {
        if S::ORDER == 0 {
            return S::from(n);
        }
        let ln_q = special::normal_ln_sf(n);
        special::normal_isf_ln(-self.ln_weight().with_re(0.0) + ln_q).with_re(n)
    }
}

impl<S: Scalar> Standard<S> for Split<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let is_left = noise::uniform(rng) * (self.left.re() + self.right.re()) <= self.left.re();
        let n = noise::normal(rng).abs();
        if is_left { -(self.left * self.lift_left(n)) } else { self.right * self.mirrored().lift_left(n) }
    }
    fn ln_pdf(&self, z: S) -> S {
        let t = if z.re() < 0.0 { z.over(self.left) } else { z.over(self.right) };
        let ln = special::normal_ln_pdf(t);
        if ln.re().is_infinite() { S::from(ln.re()) } else { ln - (self.sum() * 0.5).ln() }
    }
    fn cdf(&self, z: S) -> S {
        if z.re() <= 0.0 {
            return self.weight() * 2.0 * special::normal_cdf(z.over(self.left));
        }
        let right = self.mirrored();
        let sf = right.weight() * 2.0 * special::normal_sf(z.over(self.right));
        if sf.re() < 0.5 {
            -sf + 1.0
        } else {
            // the weight on the left may be tiny
            self.weight() + right.weight() * special::erf(z.over(self.right) * FRAC_1_SQRT_2)
        }
    }
    fn sf(&self, z: S) -> S {
        self.mirrored().cdf(-z)
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() <= 0.0 {
            // beside a right half that is tiny
            let sf = self.sf(z);
            if sf.re() < 0.5 {
                return (-sf).ln_1p();
            }
            let ln = special::normal_ln_cdf(z.over(self.left));
            return if ln.re().is_infinite() { S::from(ln.re()) } else { self.ln_weight() + LN_2 + ln };
        }
        let sf = self.sf(z);
        if sf.re() < 0.5 { (-sf).ln_1p() } else { self.cdf(z).ln() }
    }
    fn ln_sf(&self, z: S) -> S {
        self.mirrored().ln_cdf(-z)
    }
    fn quantile(&self, p: S) -> S {
        let below = p * self.sum();
        if below.re() <= self.left.re() {
            -(self.left * half_normal((self.left - below).over(self.left), below.over(self.left)))
        } else {
            let above = (-p + 1.0) * self.sum();
            self.right * half_normal((below - self.left).over(self.right), above.over(self.right))
        }
    }
    fn isf(&self, q: S) -> S {
        -self.mirrored().quantile(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        let outside = ln_p - self.ln_weight();
        if outside.re() < -LN_2 {
            -(self.left * special::normal_isf_ln(outside - LN_2))
        } else if ln_p.re() < -LN_2 {
            self.quantile(ln_p.exp())
        } else {
            self.isf(-ln_p.exp_m1())
        }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -self.mirrored().quantile_ln(ln_q)
    }
    /// sqrt(2/π) (σ₂ - σ₁)
    fn mean(&self) -> Option<S> {
        Some((self.right - self.left) * 0.7978845608028654)
    }
    /// (1 - 2/π) (σ₂ - σ₁)² + σ₁ σ₂
    fn variance(&self) -> Option<S> {
        let d = self.right - self.left;
        Some(d * d * 0.3633802276324187 + self.left * self.right)
    }
    /// ln((σ₁ + σ₂)/2) + ln(2πe)/2
    fn entropy(&self) -> S {
        (self.sum() * 0.5).ln() + 1.4189385332046727
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
}

/// φ(0) = 1/sqrt(2π)
const FRAC_1_SQRT_2PI: f64 = 0.3989422804014327;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Continuous, Normal};
    use crate::scalar::Jet;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    #[test]
    fn normal_law() {
        let (law, normal) = (TwoPieceNormal::new(1.0, 2.0, 2.0).unwrap(), Normal::new(1.0, 2.0).unwrap());
        for x in [-60.0, -1.0, 0.999, 1.0, 1.5, 30.0] {
            close(law.ln_cdf(x), normal.ln_cdf(x), 4e-16);
            close(law.ln_sf(x), normal.ln_sf(x), 4e-16);
            close(law.ln_pdf(x), normal.ln_pdf(x), 4e-16);
        }
        assert_eq!((law.mean(), law.variance()), (normal.mean(), normal.variance()));
        close(law.entropy(), normal.entropy(), 4e-16);
    }

    /// ∫ f ln(f/g) by mpmath.
    #[test]
    fn divergence() {
        let law = |[location, left, right]: [f64; 3]| TwoPieceNormal::new(location, left, right).unwrap();
        for (first, second, want) in [
            ([0.0, 1.0, 2.0], [0.5, 3.0, 0.25], 13.686_100_221_954_538),
            ([0.0, 1.0, 2.0], [-1.5, 0.5, 4.0], 0.174_315_987_128_681_35),
            ([1.0, 2.0, 2.0], [0.0, 1.0, 1.0], 1.306_852_819_440_054_6),
            ([0.0, 0.001, 1.0], [3.0, 1.0, 1.0], 2.800_388_151_500_674),
            ([0.0, 1.0, 1.0], [30.0, 2.0, 0.1], 112.173_790_164_169_43),
        ] {
            close(law(first).kl_divergence(&law(second)), want, 2e-15);
        }
        assert!(law([3.0, 1.0, 5.0]).kl_divergence(&law([3.0, 1.0, 5.0])).abs() < 4e-16);
    }

    /// First derivatives from both sides of the mode are one.
    #[test]
    fn continuous_derivatives_at_the_mode() {
        let [left, right] = Jet::variables([1.0, 3.0]);
        let law = TwoPieceNormal::new(0.0.into(), left, right).unwrap();
        let want = [-0.75, 0.25].map(|w| w * core::f64::consts::FRAC_PI_2.sqrt());
        for p in [0.25 - 1e-14, 0.25, 0.25 + 1e-14] {
            let z = law.quantile(p.into());
            for (got, want) in z.eps.into_iter().zip(want) {
                close(got, want, 1e-13);
            }
        }
    }

    /// With a tiny weight on the left, the distance to the mode keeps its digits: F = w + sqrt(2/π) z/σ₂.
    #[test]
    fn tiny_weight() {
        let law = TwoPieceNormal::new(0.0, 1e-100, 1.0).unwrap();
        close(law.quantile(1e-20), 1e-20 * core::f64::consts::FRAC_PI_2.sqrt(), 1e-15);
        close(law.cdf(1e-50), 1e-50 / core::f64::consts::FRAC_PI_2.sqrt(), 1e-15);
        close(law.quantile_ln(-1e4), -1e-100 * special::normal_isf_ln(-1e4 + 100.0 * 10f64.ln() - LN_2), 1e-14);
    }

    /// Of close laws, also where one side has next to no mass: ∫ f ln(f/g) by mpmath.
    #[test]
    fn divergence_of_close_laws() {
        let law = |[loc, left, right]: [f64; 3]| TwoPieceNormal::new(loc, left, right).unwrap();
        for (first, second, want, bound) in [
            ([0.0, 1.0, 2.0], [1e-6, 1.0, 2.0], 2.500_000_332_451_900_4e-13, 1e-14),
            ([0.0, 1.0, 2.0], [-0.3, 1.1, 1.9], 0.049_605_150_915_076_95, 1e-14),
            // the differences of the deviations are rounded
            ([0.0, 1.0, 2.0], [1e-6, 1.00001, 1.99999], 6.727_071_177_479_194e-11, 1e-10),
            ([0.0, 5.0, 1e-8], [1e-3, 5.0, 2e-8], 1.595_979_118_414_152_5e-4, 1e-14),
            // where the cube of a distance is no double
            ([0.0, 1e120, 1e-100], [-0.05, 1e120, 0.01], 1.3633172212712037e-121, 1e-14),
            ([0.0, 1e-20, 0.4], [-0.03, 1e-100, 0.4], 0.062_653_842_060_214_89, 1e-14),
        ] {
            close(law(first).kl_divergence(&law(second)), want, bound);
            assert_eq!(law(first).kl_divergence(&law(first)), 0.0);
        }
    }
}
