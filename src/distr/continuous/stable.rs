//! The Lévy-stable law.

mod contour;

use crate::distr::form::{ByRoot, Inverted, Moments, Placed, Rooted, bounded, exp, law_of, lift_by_tail, tail_root};
use crate::distr::parameters;
use crate::implicit::{find_root, lift_root};
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special::sinc;
use contour::{Exponent, Scaled};
use core::f64::consts::{FRAC_2_PI, FRAC_PI_2, LN_2, PI};
use rand::Rng;

/// The [stable law](https://en.wikipedia.org/wiki/Stable_distribution) with location δ, scale γ, index α and skewness
/// β, in Nolan's parameterization S0: continuous in all four, α = 1 included.
///
/// # Characteristic function
/// ln E[exp(i t X)] = -|γ t|^α (1 + i β tan(π α/2) sign(t) (|γ t|^(1-α) - 1)) + i δ t; at α = 1, -|γ t| (1 + i β (2/π) sign(t) ln|γ t|) + i δ t.
/// α = 2 is the normal law of variance 2 γ², α = 1 with β = 0 the Cauchy law, α = 1/2 with β = 1 the Lévy law from δ - γ on. The other usual
/// convention, S1, without the term |γ t|^(1-α), is [`Stable::from_s1`].
///
/// # Derivatives
/// A draw is δ + γ x(U, W; α, β) with U uniform and W exponential, the formula of Chambers, Mallows and Stuck written so that it is smooth
/// through α = 1; its derivatives are those at fixed U and W, exact to every order. The derivatives of
/// [`Continuous::quantile`](crate::distr::Continuous::quantile) are others, those at fixed u = F(x): their mean given x. Defined everywhere; at
/// the edges |β| = 1 and α = 2 they are one-sided.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale, alpha, beta] = Jet::variables([3.0, 2.0, 1.0, 0.5]);
/// let law = Stable::new(location, scale, alpha, beta)?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[1] - (z.re - 3.0) / 2.0).abs() < 1e-14 && z.eps[0] == 1.0);
/// // a smaller index makes heavier tails
/// assert!(law.isf(0.01.into()).eps[2] < 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Densities and tails are integrals over some 250 points along a path of steepest descent (Nolan 1997, "Numerical calculation of stable
/// densities and distribution functions", Stochastic Models 13): some 30 microseconds each, a quantile 200, an entropy a hundred quantiles. No tail is 1
/// minus the other. Errors of ln f and of both logarithms of tails are below 1e-14, of the first and second derivatives of quantiles below 1e-12
/// (`tests/reference/stable.csv`).
///
/// The index is 0.25 at least: below, densities are so peaked that doubles beside -β tan(π α/2) are too coarse for them. Beside the end of the support
/// of a law with |β| = 1 and α < 1 the relative error is that of the distance from this end; around index 0.25 it is felt wherever β is not 0.
/// Logarithms of light tails (|β| = 1 or α = 2) below -1e13 are -inf. Where β or α move such a law, its light tail gains a heavy one: in ratio to
/// a tail below 1e-300 that is beyond the range of doubles, and the derivative of its logarithm too small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stable<S> {
    location: S,
    scale: S,
    alpha: S,
    beta: S,
    exponent: Exponent<S>,
}

parameters! {
    Stable, "stable", "a stable law";
    /// The law with `location`, `scale`, index `alpha` and skewness `beta` in the convention S0.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = Stable::new(3.0, 1.0, 2.0, 0.0).unwrap();
    /// assert!((law.cdf(3.0 + 2f64.sqrt()) - Normal::new(0.0, 1.0).unwrap().cdf(1.0)).abs() < 1e-15);
    /// assert_eq!(Stable::new(0.0, 1.0, 2.5, 0.0).unwrap_err().parameter(), "alpha");
    /// ```
    new(location: REAL, scale: POSITIVE, alpha: [0.25, 2.0], beta: [-1.0, 1.0]) own coupling
        => Stable { location, scale, alpha, beta, exponent: Exponent::new(alpha, beta) }
}

impl<S: Scalar> Stable<S> {
    /// The law in the convention S1: ln E[exp(i t X)] = -|γ t|^α (1 - i β tan(π α/2) sign(t)) + i δ t, at α = 1
    /// -|γ t| (1 + i β (2/π) sign(t) ln|t|) + i δ t.
    ///
    /// That is S0 with the location δ + β γ tan(π α/2), at α = 1 δ + β γ (2/π) ln γ. For β other than 0 this jumps at α = 1: derivatives in α there are
    /// those at a fixed location of S0.
    ///
    /// # Errors
    /// If the location is not in [-1e150, 1e150] in either convention, `scale` not in [1e-150, 1e150], `alpha` not in
    /// [0.25, 2], or `beta` not in [-1, 1].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// // the mean is the location, for an index above 1
    /// let law = Stable::from_s1(3.0, 2.0, 1.5, 0.5).unwrap();
    /// assert!((law.mean().unwrap() - 3.0).abs() < 1e-15);
    /// ```
    pub fn from_s1(location: S, scale: S, alpha: S, beta: S) -> Result<Self, LawError> {
        let law = Self::new(location, scale, alpha, beta)?;
        let shift =
            if alpha.re() == 1.0 { beta * scale * scale.ln() * FRAC_2_PI } else { -law.exponent.center() * scale };
        Self::new(location + shift, scale, alpha, beta)
    }
}

law_of!(Stable, |law| Placed {
    location: Some(law.location),
    scale: law.scale,
    standard: ByRoot(StandardStable { alpha: law.alpha, exponent: law.exponent }),
});

/// Location 0, scale 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardStable<S> {
    alpha: S,
    exponent: Exponent<S>,
}

impl<S: Scalar> StandardStable<S> {
    fn plain(&self) -> StandardStable<f64> {
        StandardStable { alpha: self.alpha.re(), exponent: self.exponent.plain() }
    }

    /// [`Exponent::integrals`] in the direction of the upper tail, or of the lower one by reflection.
    fn integrals<const K: usize>(&self, x: S, upper: bool) -> Scaled<S, K> {
        if upper { self.exponent.integrals(x) } else { self.exponent.reflected().integrals(-x) }
    }

    /// Whether x is beyond the end of the support on this side, or before the other.
    fn beyond(&self, x: S, upper: bool) -> bool {
        let (low, high) = self.ends();
        if upper { x.re() >= high.re() } else { x.re() <= low.re() }
    }

    /// ln of the tail integrated on its own side, and ln f.
    fn ln_tail_and_pdf(&self, x: S, upper: bool) -> [S; 2] {
        let Scaled { ln, ln_unit, sums: [tail, density] } = self.integrals(x, upper);
        [(tail, ln), (density, ln + ln_unit)]
            .map(|(sum, ln)| if sum.re() <= 0.0 { S::from(f64::NEG_INFINITY) } else { sum.ln() + ln })
    }

    /// ln of a tail, and ln f: from the smaller tail, or nearly so.
    fn ln_tail_of_smaller(&self, x: S, upper: bool) -> [S; 2] {
        for side in [x.re() >= 0.0, x.re() < 0.0] {
            let [ln, ln_pdf] = self.ln_tail_and_pdf(x, side);
            // the logarithm of 3/4
            if ln.re() < -0.2876820724517809 {
                return [if side == upper { ln } else { (-exp(ln)).ln_1p() }, ln_pdf];
            }
        }
        [S::from(f64::NAN); 2]
    }
}

impl<S: Scalar> Inverted<S> for StandardStable<S> {
    fn ends(&self) -> (S, S) {
        let (low, high) = (S::from(f64::NEG_INFINITY), S::from(f64::INFINITY));
        match self.exponent.beta.re() {
            1.0 if self.alpha.re() < 1.0 => (self.exponent.center(), high),
            -1.0 if self.alpha.re() < 1.0 => (low, self.exponent.center()),
            _ => (low, high),
        }
    }
    fn ln_pdf_inside(&self, x: S) -> S {
        if self.beyond(x, true) || self.beyond(x, false) {
            return S::from(f64::NEG_INFINITY);
        }
        self.ln_tail_of_smaller(x, true)[1]
    }
    fn ln_tail(&self, x: S, upper: bool) -> S {
        if self.beyond(x, upper) {
            return S::from(f64::NEG_INFINITY);
        }
        if self.beyond(x, !upper) {
            return S::from(0.0);
        }
        self.ln_tail_of_smaller(x, upper)[0]
    }
    fn root(&self, ln: S, upper: bool) -> S {
        let (law, l) = (self.plain(), ln.re());
        let both = |x: f64| {
            if law.beyond(x, upper) {
                [f64::NEG_INFINITY; 2]
            } else if law.beyond(x, !upper) {
                [0.0, f64::NEG_INFINITY]
            } else {
                law.ln_tail_of_smaller(x, upper)
            }
        };
        // beyond the doubles: a tail falls as |x|^-α at the slowest
        let side = if upper { 1.0 } else { -1.0 };
        if l < -600.0 * law.alpha && both(math::sinh(side * 709.0))[0] > l {
            return S::from(f64::INFINITY.copysign(side));
        }
        // in asinh x, in which the logarithm of a heavy tail is a line
        let sign = if (l < both(0.0)[0]) == upper { 1.0 } else { -1.0 };
        let depth = (-l - LN_2).max(0.0);
        // above α = 1 as for α = 2: a heavier tail is a line, on which one step leads far
        let start = if law.alpha > 1.0 { math::asinh(2.0 * math::sqrt(depth) + 0.3) } else { depth / law.alpha + 0.5 };
        let start = sign * start.min(700.0);
        let y = tail_root([-709.0, 709.0], start, l, upper, |y| {
            let [ln_tail, ln_pdf] = both(math::sinh(y));
            // the last step is made in x
            let near = (ln_tail - l).abs() <= 1e-9 * l.abs().min(1.0);
            (if near { l } else { ln_tail }, ln_pdf + math::ln(math::cosh(y)))
        });
        let x = math::sinh(y);
        if y.abs() >= 708.9 {
            return S::from(f64::INFINITY.copysign(y));
        }
        let sign = if upper { -1.0 } else { 1.0 };
        let [ln_tail, ln_pdf] = both(x);
        let better = x - sign * (ln_tail - l) * math::exp(ln_tail - ln_pdf);
        let root = if (better - x).abs() <= 1e-6 * x.abs() { better } else { x };
        lift_by_tail(root, ln, upper, |x: S| self.ln_tail_of_smaller(x, upper))
    }
}

impl<S: Scalar> Rooted<S> for StandardStable<S> {
    type Draw = S;

    /// With the angle ω = π (U - 1/2): the point on the path of steepest descent at ω where -E = W, in the notation of [`contour`].
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let (u, w) = (noise::uniform(rng), noise::exponential(rng));
        let Exponent { eps, beta, tau, .. } = self.exponent;
        // from the nearer end
        let (above, below) = (PI * u, PI * (1.0 - u));
        let omega = PI * (u - 0.5);
        // cos(ε ω) - β τ sin(ε ω)/ε as a sum of positive terms
        let divisor = ((beta + 1.0) * sinc(eps * above) * above + (-beta + 1.0) * sinc(eps * below) * below)
            .over(sinc(eps * FRAC_PI_2) * PI);
        let ln_r = (-divisor.ln() + math::ln(w * math::sin(above.min(below)))).over(self.alpha);
        let half = eps * (0.5 * omega);
        let q = (eps * omega).cos() * ln_r * (eps * ln_r).exp_m1_ratio() - half.sin() * sinc(half) * omega;
        let x = (-ln_r).exp() * (w * math::sin(omega)) + (eps * ln_r).exp() * (eps * omega).sin() + beta * tau * q;
        let (low, high) = self.ends();
        let inside = x.re().max(low.re()).min(high.re());
        bounded(if inside == x.re() { x } else { x.with_re(inside) })
    }
    fn entropy(&self) -> S {
        self.entropy_over_levels()
    }
}

impl<S: Scalar> Moments<S> for StandardStable<S> {
    /// -β tan(π α/2) for α > 1; below, infinite where one tail is light.
    fn mean(&self) -> Option<S> {
        let beta = self.exponent.beta;
        if self.alpha.re() > 1.0 {
            Some(self.exponent.center())
        } else {
            (beta.re().abs() == 1.0).then(|| S::from(f64::INFINITY.copysign(beta.re())))
        }
    }
    /// 2 for α = 2, infinite down to 1
    fn variance(&self) -> Option<S> {
        match self.alpha.re() {
            2.0 => Some(S::from(2.0)),
            a if a > 1.0 => Some(S::from(f64::INFINITY)),
            _ => None,
        }
    }
    /// The root of f'.
    fn mode(&self) -> Option<S> {
        let law = self.plain();
        // towards the heavier tail first
        let upper = law.exponent.beta <= 0.0;
        let ends = [law.root(-14.0, false), law.root(-14.0, true)];
        let side = if upper { 1.0 } else { -1.0 };
        let root = find_root(ends[0], ends[1], 0.0, |x| {
            let Scaled { ln_unit, sums: [_, f, slope, curvature], .. } = law.integrals(x, upper);
            (side * slope / f, -curvature / f * math::exp(ln_unit))
        });
        Some(lift_root(root, |x: S| {
            let Scaled { ln_unit, sums: [_, _, slope, curvature], .. } = self.integrals(x, upper);
            (slope * -side).over(curvature) * math::exp(-ln_unit)
        }))
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!(got == want || (got - want).abs() <= bound * want.abs(), "{got:e} for {want:e}");
    }

    /// The same numbers from two laws at these points, and quantiles of both tails.
    #[track_caller]
    fn same<L: Continuous<f64>>(stable: &Stable<f64>, law: &L, points: &[f64]) {
        for &x in points {
            close(stable.ln_pdf(x), law.ln_pdf(x), 1e-14);
            let (below, above) = (law.ln_cdf(x), law.ln_sf(x));
            // from the smaller tail, whose rounding grows with its logarithm
            let bound = |other: f64| 1e-14 * other.abs().max(1.0);
            close(stable.ln_cdf(x), below, bound(above));
            close(stable.ln_sf(x), above, bound(below));
        }
        for p in [1e-200, 1e-9, 0.01, 0.3] {
            close(stable.quantile(p), law.quantile(p), 1e-14 * (-p.ln()).max(1.0));
            close(stable.isf(p), law.isf(p), 1e-14 * (-p.ln()).max(1.0));
        }
        close(stable.entropy(), law.entropy(), 1e-13);
        // the density is flat there
        close(stable.mode().unwrap(), law.mode().unwrap(), 1e-13);
    }

    const POINTS: [f64; 11] = [-1e6, -30.0, -1.0, -0.01, 1e-10, 0.2, 2.0, 9.0, 40.0, 1e3, 1e9];

    #[test]
    fn closed_forms() {
        for beta in [0.0, 0.5, -1.0] {
            same(&Stable::new(1.0, 3.0, 2.0, beta).unwrap(), &Normal::new(1.0, 18f64.sqrt()).unwrap(), &POINTS[..9]);
        }
        same(&Stable::new(1.0, 3.0, 1.0, 0.0).unwrap(), &Cauchy::new(1.0, 3.0).unwrap(), &POINTS);
        // the end of the support is at 0, where all digits are
        same(
            &Stable::new(1.0, 1.0, 0.5, 1.0).unwrap(),
            &Levy::new(0.0, 1.0).unwrap(),
            &[-1.0, 0.2, 1.0, 3.0, 40.0, 1e9, 1e200],
        );
        same(
            &Stable::from_s1(0.0, 2.0, 0.5, 1.0).unwrap(),
            &Levy::new(0.0, 2.0).unwrap(),
            &[-1.0, 0.3, 1.0, 3.0, 40.0, 1e9, 1e200],
        );
    }

    /// 1 - F ~ C (1 + β) x^-α with C = Γ(α) sin(π α/2)/π, also where that is no double.
    #[test]
    fn far_tails() {
        for (alpha, beta) in [(0.25, 0.5), (0.8, -0.9), (1.0, 0.3), (1.3, 0.0), (1.9, -0.5)] {
            let law = Stable::new(0.0, 1.0, alpha, beta).unwrap();
            let ln_c = crate::special::ln_gamma(alpha)
                + ((0.5 * core::f64::consts::PI * alpha).sin() / core::f64::consts::PI).ln();
            for ln_x in [300.0f64, 690.0] {
                let ln_sf = ln_c + f64::ln_1p(beta) - alpha * ln_x;
                close(law.ln_sf(ln_x.exp()), ln_sf, 1e-14);
                close(law.ln_pdf(ln_x.exp()), ln_sf + alpha.ln() - ln_x, 1e-14);
                close(law.ln_cdf(-ln_x.exp()), ln_c + f64::ln_1p(-beta) - alpha * ln_x, 1e-14);
            }
        }
    }

    /// Values and derivatives go through α = 1 smoothly: to first order the difference is the derivative.
    #[test]
    fn smooth_through_one() {
        let at = |alpha: f64| {
            let [alpha, beta] = Jet::second_order([alpha, -0.6]);
            let law = Stable::new(0.0.into(), 1.0.into(), alpha, beta).unwrap();
            [law.ln_cdf(0.7.into()), law.quantile(0.9.into())].map(|x| x.hessian())
        };
        for h in [1e-9, -1e-9, 1e-6, -1e-6] {
            for ((x0, d0, dd0), (x, d, _)) in at(1.0).into_iter().zip(at(1.0 + h)) {
                close(x - x0, h * (d0[0] + 0.5 * h * dd0[0][0]), 1e-14 / h.abs());
                close(d[0] - d0[0], h * dd0[0][0], 1e-13 / h.abs() + 10.0 * h.abs());
                close(d[1] - d0[1], h * dd0[0][1], 1e-13 / h.abs() + 10.0 * h.abs());
            }
        }
    }

    #[test]
    fn moments() {
        assert_eq!(Stable::new(3.0, 2.0, 1.5, 0.5).unwrap().variance(), Some(f64::INFINITY));
        assert_eq!(Stable::new(3.0, 2.0, 1.0, 0.5).unwrap().mean(), None);
        assert_eq!(Stable::new(3.0, 2.0, 0.5, -1.0).unwrap().mean(), Some(f64::NEG_INFINITY));
        assert_eq!(Stable::new(3.0, 2.0, 2.0, 0.5).unwrap().variance(), Some(8.0));
        // δ - β γ tan(3 π/4)
        close(Stable::new(3.0, 2.0, 1.5, 0.5).unwrap().mean().unwrap(), 4.0, 1e-15);
    }

    #[test]
    fn refuses() {
        assert_eq!(Stable::new(0.0, 1.0, 0.2, 0.0).unwrap_err().parameter(), "alpha");
        assert_eq!(Stable::new(0.0, 1.0, 1.0, 1.5).unwrap_err().parameter(), "beta");
        assert_eq!(Stable::new(0.0, 1.0, 1.0, f64::NAN).unwrap_err().parameter(), "beta");
        assert_eq!(Stable::new(0.0, 0.0, 1.0, 0.0).unwrap_err().parameter(), "scale");
        assert_eq!(Stable::new(f64::INFINITY, 1.0, 1.0, 0.0).unwrap_err().parameter(), "location");
    }

    /// Quantiles beyond the doubles: 1 - F ~ C (1 + β) x^-α, C = 1/sqrt(2π) for α = 1/2.
    #[test]
    fn quantiles_beyond_the_doubles() {
        let infinity = f64::INFINITY;
        let law = Stable::new(0.0, 1.0, 0.5, 0.0).unwrap();
        assert_eq!((law.isf(1e-200), law.quantile(1e-200)), (infinity, -infinity));
        close(law.isf(1e-150), 1e300 / core::f64::consts::TAU, 1e-12);
        assert_eq!(Stable::new(8.26e11, 0.01045, 0.4067, 0.0664).unwrap().isf(1e-300), infinity);
        let one_sided = Stable::new(0.0, 1.0, 0.5, 1.0).unwrap();
        assert_eq!(one_sided.isf(1e-160), infinity);
        close(one_sided.isf(1e-150), 4e300 / core::f64::consts::TAU, 1e-12);
        assert_eq!(Stable::new(0.0, 1.0, 1.2, 0.3).unwrap().quantile_ln(-2000.0), -infinity);
    }
}
