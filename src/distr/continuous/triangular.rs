//! The triangular law.

use crate::distr::form::two_ended::{self, FromEnds, TwoEnded};
use crate::distr::form::{law_of, ln_ratio};
use crate::distr::{Continuous, KlDivergence, family, getters};
use crate::parameter::{LawError, check, positive};
use crate::quadrature::mean_over_levels;
use crate::scalar::{Scalar, math};
use crate::special::exp_m1_minus;
use core::f64::consts::LN_2;

/// The [triangular law](https://en.wikipedia.org/wiki/Triangular_distribution) with lower end a, upper end b and mode c,
/// which may be one of the ends.
///
/// # Density function
/// f(x) = 2 (x - a) / ((b - a)(c - a)) for a <= x < c and 2 (b - x) / ((b - a)(b - c)) for c <= x <= b.
///
/// # Derivatives
/// With uniform u, a draw is a + sqrt(u (b - a)(c - a)) below the mode, so dz/dc = (z - a) / (2 (c - a)), and
/// b - sqrt((1 - u)(b - a)(b - c)) above it, so dz/dc = (b - z) / (2 (b - c)): products of constant noise with a factor
/// that carries all derivatives. First derivatives of a draw in the parameters are continuous in u; second ones jump
/// where the draw is the mode, because the density has a kink there, and at z = c itself they are those from below
/// (for the functions of x: those from above).
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [lower, upper, mode] = Jet::variables([1.0, 4.0, 3.0]);
/// let law = Triangular::new(lower, upper, mode)?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // moving all three parameters moves the draw as much
/// assert!((z.eps.iter().sum::<f64>() - 1.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// By inversion, from the end on the same side of the mode. A draw lies strictly between the ends, if there is a double
/// between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangular<S> {
    lower: S,
    upper: S,
    mode: S,
    /// sqrt((b - a)(c - a))
    rise: S,
    /// sqrt((b - a)(b - c))
    fall: S,
    /// F(c)
    turn: f64,
}

impl<S: Scalar> Triangular<S> {
    /// The law between `lower` and `upper` whose density is highest at `mode`.
    ///
    /// # Errors
    /// If an end is not in [-1e150, 1e150], `upper <= lower`, the width or its reciprocal is not in [-1e150, 1e150], or `mode` is not in
    /// `[lower, upper]`.
    ///
    /// ```
    /// use reparam::distr::Triangular;
    /// assert!(Triangular::new(0.0, 1.0, 0.0).is_ok());
    /// assert_eq!(Triangular::new(0.0, 1.0, 1.5).unwrap_err().parameter(), "mode");
    /// ```
    #[inline]
    pub fn new(lower: S, upper: S, mode: S) -> Result<Self, LawError> {
        check!("a triangular law", lower: REAL);
        check!("a triangular law", upper: REAL);
        let width = upper - lower;
        check!("a triangular law", upper: "above lower by a width in [1e-150, 1e150]" if positive(width));
        check!("a triangular law", mode: "between lower and upper" if lower.re() <= mode.re() && mode.re() <= upper.re());
        // by ratios: the products may overflow or underflow
        let rise = (mode - lower).over(width).sqrt() * width;
        let fall = (upper - mode).over(width).sqrt() * width;
        let turn = (mode.re() - lower.re()) / width.re();
        Ok(Triangular { lower, upper, mode, rise, fall, turn })
    }

    /// Whether x is on the side of the lower end.
    #[inline]
    fn rises_at(&self, x: S) -> bool {
        x.re() < self.mode.re() || self.mode.re() == self.upper.re()
    }

    /// The density as a part of that at the mode.
    fn height(&self, x: S) -> S {
        if self.rises_at(x) {
            (x - self.lower).over(self.mode - self.lower)
        } else {
            (self.upper - x).over(self.upper - self.mode)
        }
    }

    /// F(x) times the width, at or beyond the mode.
    fn beyond_mode(&self, x: S) -> S {
        let past = x - self.mode;
        self.mode - self.lower + past * (-past.over(self.upper - self.mode) + 2.0)
    }

    /// The line that the density is in an interval, in parts of its higher end, and that end as a part of the density at the mode.
    fn line(&self, [low, high]: [S; 2]) -> ([S; 2], S) {
        let rises = 0.5 * low.re() + 0.5 * high.re() < self.mode.re();
        let (distances, side) = if rises {
            ([low, high].map(|x| x - self.lower), self.mode - self.lower)
        } else {
            ([low, high].map(|x| self.upper - x), self.upper - self.mode)
        };
        let longer = distances[0].max(distances[1]);
        (distances.map(|d| d.over(longer)), longer.over(side))
    }
}

impl<S: Scalar> KlDivergence<S> for Triangular<S> {
    /// The part of the second law outside of the first interval, and inside E[e^t - 1 - t] with t = ln g - ln f. Both densities are
    /// lines between the ends and modes: integrals by the tanh-sinh rule.
    fn kl_divergence(&self, other: &Self) -> S {
        if other.lower.re() > self.lower.re() || other.upper.re() < self.upper.re() {
            return S::from(f64::INFINITY);
        }
        let modes = [self.mode, other.mode.max(self.lower).min(self.upper)];
        let [first, second] = if modes[0].re() <= modes[1].re() { modes } else { [modes[1], modes[0]] };
        let widths = [self, other].map(|law| law.upper - law.lower);
        let mut sum = other.cdf(self.lower) + other.sf(self.upper);
        for piece in [[self.lower, first], [first, second], [second, self.upper]] {
            if piece[0].re() >= piece[1].re() {
                continue;
            }
            let ((f, f_end), (g, g_end)) = (self.line(piece), other.line(piece));
            let constant = ln_ratio(f_end, g_end) + ln_ratio(widths[1], widths[0]);
            let mean = mean_over_levels(|ln_u: S, ln_v: S| {
                let (u, v) = (ln_u.exp(), ln_v.exp());
                let [f, g] = [f, g].map(|[low, high]| low * v + high * u);
                let t = -(ln_ratio(f, g) + constant);
                // of first order nothing is left to cancel; where g is much larger, f e^t is g
                if t.re() < 1.0 { f * exp_m1_minus(t) } else { g * (-constant).exp() - f - f * t }
            });
            sum += mean * f_end * (piece[1] - piece[0]).over(widths[0]) * 2.0;
        }
        sum
    }
}

family!(Triangular, LawError, "triangular", [lower, upper, mode]);
getters!(Triangular, [lower, upper, mode as peak]);

impl<S: Scalar> TwoEnded<S> for Triangular<S> {
    fn mirrored(&self) -> Self {
        Triangular {
            lower: -self.upper,
            upper: -self.lower,
            mode: -self.mode,
            rise: self.fall,
            fall: self.rise,
            turn: 1.0 - self.turn,
        }
    }
    fn ends(&self) -> (S, S) {
        (self.lower, self.upper)
    }
    fn reach(&self) -> S {
        // a side of no length has infinite derivatives, which a reach of 0 must not carry into the end
        if self.rise.re() == 0.0 { S::from(0.0) } else { self.rise }
    }
    fn starts_below(&self, p: f64) -> bool {
        p * (self.upper.re() - self.lower.re()) <= self.mode.re() - self.lower.re() && p < 1.0
    }
    fn unit<T: Scalar>(p: T) -> T {
        p.sqrt()
    }
    fn unit_ln<T: Scalar>(ln_p: T) -> T {
        (ln_p * 0.5).exp()
    }
    /// The sides of the mode by selection: noise makes a branch unpredictable.
    #[inline]
    fn draw(&self, u: f64) -> S {
        let rises = u <= self.turn;
        if !rises && u < 0.5 {
            return two_ended::inside(self.ends(), self.past_start(S::from(u)));
        }
        let (end, reach, p) = if rises { (self.lower, self.rise, u) } else { (self.upper, -self.fall, 1.0 - u) };
        two_ended::inside(self.ends(), reach * math::sqrt(p) + end)
    }
    /// From the mode c: c + (b - c) (1 - sqrt(1 - t)), t = (p (b - a) - (c - a))/(b - c).
    fn past_start(&self, p: S) -> S {
        let fall = self.upper - self.mode;
        let t = (p * (self.upper - self.lower) - (self.mode - self.lower)).over(fall);
        fall * t.over((-t + 1.0).sqrt() + 1.0) + self.mode
    }
    fn ln_pdf_inside(&self, x: S) -> S {
        let height = self.height(x);
        if height.re() == 0.0 {
            return S::from(f64::NEG_INFINITY);
        }
        height.ln() - (self.upper - self.lower).ln() + LN_2
    }
    fn pdf_inside(&self, x: S) -> S {
        self.height(x).over(self.upper - self.lower) * 2.0
    }
    fn cdf_inside(&self, x: S) -> S {
        if self.rises_at(x) {
            let below = x - self.lower;
            below.over(self.upper - self.lower) * below.over(self.mode - self.lower)
        } else {
            self.beyond_mode(x).over(self.upper - self.lower)
        }
    }
    fn ln_cdf_low(&self, x: S) -> S {
        let (below, width) = (x - self.lower, self.upper - self.lower);
        if below.re() == 0.0 {
            return S::from(f64::NEG_INFINITY);
        }
        match (self.rises_at(x), self.rise.re() > 0.0) {
            (true, true) => below.over(self.rise).ln() * 2.0,
            (false, true) => self.cdf_inside(x).ln(),
            // beside a side so short that its product with the width underflows
            (true, false) => below.ln() * 2.0 - (self.mode - self.lower).ln() - width.ln(),
            (false, false) => self.beyond_mode(x).ln() - width.ln(),
        }
    }
    fn surprise(&self) -> S {
        (self.upper - self.lower).ln() + (0.5 - LN_2)
    }
}

law_of!(
    Triangular,
    |law| FromEnds(law),
    moments {
        fn mean(&self) -> Option<S> {
            Some(self.lower / 3.0 + self.upper / 3.0 + self.mode / 3.0)
        }
        fn variance(&self) -> Option<S> {
            let (left, right) = (self.mode - self.lower, self.upper - self.mode);
            Some((left * left + left * right + right * right) / 18.0)
        }
        fn mode(&self) -> Option<S> {
            Some(self.mode)
        }
    }
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use crate::scalar::Jet;
    use rand::distr::Distribution;
    use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

    #[test]
    fn far_below_the_range_of_doubles() {
        let law = Triangular::new(0.0, 1.0, 0.25).unwrap();
        // sqrt(1e-300 / 4), and the same by logarithms
        assert!((law.quantile(1e-300) / 5e-151 - 1.0).abs() < 1e-15);
        assert!((law.quantile_ln(-1000.0) / (0.5 * (-500f64).exp()) - 1.0).abs() < 1e-15);
        // ln(x² / 0.25)
        assert!((law.ln_cdf(1e-200) - (2.0 * 1e-200f64.ln() + 4f64.ln())).abs() < 1e-12);
        assert_eq!(law.ln_sf(1e-200), 0.0);
    }

    #[test]
    fn mode_at_an_end() {
        for (mode, other) in [(1.0, 3.0), (3.0, 1.0)] {
            let [a, b, c] = Jet::second_order([1.0, 3.0, mode]);
            let law = Triangular::new(a, b, c).unwrap();
            assert_eq!((law.quantile(0.0.into()).re(), law.quantile(1.0.into()).re()), (1.0, 3.0));
            assert_eq!((law.isf(1.0.into()).re(), law.isf(0.0.into()).re()), (1.0, 3.0));
            assert!((law.pdf(mode.into()).re() - 1.0).abs() < 1e-15);
            assert_eq!(law.pdf(other.into()).re(), 0.0);
            assert_eq!((law.cdf(1.0.into()).re(), law.cdf(3.0.into()).re()), (0.0, 1.0));
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
            for _ in 0..1000 {
                let (z, gradient, hessian) = law.sample(&mut rng).hessian();
                assert!(1.0 < z && z < 3.0 && gradient.iter().chain(hessian.as_flattened()).all(|d| d.is_finite()));
            }
        }
    }

    #[test]
    fn moments() {
        let law = Triangular::new(1.0, 5.0, 2.0).unwrap();
        // (1 + 25 + 4 - 5 - 2 - 10) / 18
        assert!((law.variance().unwrap() - 13.0 / 18.0).abs() < 1e-15);
        assert!((law.mean().unwrap() - 8.0 / 3.0).abs() < 1e-15);
        assert!((law.entropy() - (0.5 + 2f64.ln())).abs() < 1e-15);
        assert!((law.median() - (5.0 - 6f64.sqrt())).abs() < 1e-15);
    }

    // mpmath, by quad between the ends and modes
    #[test]
    fn divergence() {
        let law = Triangular::new(0.0, 1.0, 0.25).unwrap();
        for (other, want) in [
            ([-1.0, 3.0, 2.0], 1.6476512810867066),
            ([0.0, 1.0, 0.75], 0.30046257044396344),
            ([0.0, 1.0, 0.25], 0.0),
            ([0.0, 0.5, 0.25], f64::INFINITY),
            ([0.1, 2.0, 0.25], f64::INFINITY),
        ] {
            let got = law.kl_divergence(&Triangular::new(other[0], other[1], other[2]).unwrap());
            assert!(got == want || (got - want).abs() < 4e-15, "{got} for {want}");
        }
        // lines whose ends or slopes are below the range of doubles
        for (law, other, want) in [
            ([0.0, 1e-100, 5e-101], [0.0, 1e100, 1e100], 921.340_890_017_058_3),
            ([0.0, 1e-100, 5e-101], [-1e100, 1e100, 0.0], 460.710_165_779_369_1),
            ([0.0, 1e-150, 1e-150], [0.0, 1e-150, 0.0], 1.0),
            ([0.0, 1.0, 0.0], [0.0, 1.0, 1e-300], 1e-300),
        ] {
            let [law, other] = [law, other].map(|[a, b, c]| Triangular::new(a, b, c).unwrap());
            let got = law.kl_divergence(&other);
            assert!((got - want).abs() < 1e-14 * want.max(1.0), "{got:e} for {want:e}");
        }
        // d/dc of the divergence from itself is 0
        let [c] = Jet::variables([0.25]);
        let moved = Triangular::new(0.0.into(), 1.0.into(), c).unwrap();
        let fixed = Triangular::new(0.0.into(), 1.0.into(), Jet::from(0.25)).unwrap();
        assert!(moved.kl_divergence(&fixed).eps[0].abs() < 1e-14);
    }

    #[test]
    fn refuses() {
        assert_eq!(Triangular::new(f64::NAN, 1.0, 0.5).unwrap_err().parameter(), "lower");
        assert_eq!(Triangular::new(0.0, f64::INFINITY, 0.5).unwrap_err().parameter(), "upper");
        assert_eq!(Triangular::new(1.0, 1.0, 1.0).unwrap_err().parameter(), "upper");
        assert_eq!(Triangular::new(0.0, 1.0, f64::NAN).unwrap_err().parameter(), "mode");
    }

    /// With a side so short that its product with the width is no double: mpmath, and the lower end itself.
    #[test]
    fn short_side() {
        let law = Triangular::new(0.0, 1e15, 1e-310).unwrap();
        for (x, ln_cdf) in [
            (0.0, f64::NEG_INFINITY),
            (1e-311, -752.945_325_409_053),
            (1e-310, -748.340_155_223_064_9),
            (1e-300, -724.621_157_112_614_4),
        ] {
            let got = law.ln_cdf(x);
            assert!(got == ln_cdf || (got / ln_cdf - 1.0).abs() < 4e-16, "{got} for {ln_cdf}");
        }
        let mirrored = Triangular::new(-1e15, 0.0, -1e-310).unwrap();
        assert!(mirrored.ln_sf(0.0) == f64::NEG_INFINITY && mirrored.ln_sf(-1e-311) == law.ln_cdf(1e-311));
    }

    /// f and its slope at the ends: 0 with the line's slope 2/((b - a)(c - a)) from inside, or the top.
    #[test]
    fn densities_at_the_ends() {
        let [x] = Jet::variables([1.0]);
        let law = |mode: f64| Triangular::new(1.0.into(), 5.0.into(), Jet::from(mode)).unwrap();
        assert_eq!((law(2.0).pdf(x).re, law(2.0).pdf(x).eps[0]), (0.0, 0.5));
        assert_eq!((law(1.0).pdf(x).re, law(1.0).pdf(x).eps[0]), (0.5, -0.125));
        let [x] = Jet::variables([5.0]);
        assert_eq!((law(2.0).pdf(x).re, law(2.0).pdf(x).eps[0]), (0.0, -0.5 / 3.0));
        assert_eq!((law(5.0).pdf(x).re, law(5.0).pdf(x).eps[0]), (0.5, 0.125));
    }

    /// Of close laws, by mpmath at 50 digits: of second order, or of first order where the support grows.
    #[test]
    fn divergence_of_close_laws() {
        for (law, other, want) in [
            ([0.0, 1.0, 0.25], [0.0, 1.0, 0.250_000_1], 2.6666659557091324e-14),
            ([0.15, 87.0, 0.17], [0.15, 87.0, 0.170_001_7], 8.320_385_361_482_833e-13),
            ([0.0, 1.0, 0.25], [-0.001, 1.001, 0.25], 2.8933015298600423e-5),
            ([0.0, 1.0, 0.0], [0.0, 1.0, 1e-6], 1e-6),
        ] {
            let [law, other] = [law, other].map(|[a, b, c]| Triangular::new(a, b, c).unwrap());
            let got = law.kl_divergence(&other);
            assert!((got / want - 1.0).abs() < 1e-7, "{got:e} for {want:e}");
            assert_eq!(law.kl_divergence(&law), 0.0);
        }
    }
}
