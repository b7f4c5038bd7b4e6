//! Student's t law.

mod flow;

use crate::distr::form::of_gamma::StandardGamma;
use crate::distr::form::{Placed, Standard, Tabled, known_by, law_of, over_less};
use crate::distr::parameters;
use crate::distr::table::{Formulas, Nearer, StudentTable, SymmetricInverse};
use crate::implicit::{Flow, lift_along};
use crate::noise;
use crate::noise::gamma::GammaNoise;
use crate::parameter::LawError;
use crate::quadrature::moved;
use crate::scalar::{Jet, Scalar, math};
use crate::special::inc_gamma::exp_with_value;
use crate::special::{self, IncBetaConstants, LN_SQRT_2PI, UnitPoint};
use rand::Rng;

/// [Student's t law](https://en.wikipedia.org/wiki/Student%27s_t-distribution) with location μ, scale σ and ν degrees
/// of freedom.
///
/// # Density function
/// f(x) = (1 + t²/ν)^(-(ν+1)/2) / (σ √ν B(ν/2, 1/2)) with t = (x - μ)/σ, on the real line.
///
/// # Derivatives
/// A draw is μ + σ t with t = N sqrt(α/G), N standard normal and G standard gamma of shape α = ν/2: dz/dμ = 1 and dz/dσ
/// = t, exactly. From ν = 40 on dt/dν is that at fixed u = F(t), -(∂F/∂ν)/f, as that of
/// [`Continuous::quantile`](crate::distr::Continuous::quantile). Below it is the one with fixed N and G at a fixed
/// value of its own distribution function, -(t/4) d ln(G/α)/dα (see [`Gamma`](crate::distr::Gamma)), which takes less
/// than half the time.
///
/// The former is the mean of the latter given t. Both are derivatives of draws of this law, coupled differently over ν,
/// and expectations have one gradient, but the former never varies more. Variance of the latter over that of the
/// former, for the gradients of E|t|, E ln(1 + t²) and E t²/2: 1.9, 2.9 and 1.4 at ν = 10, 3.2, 4.8 and 1.8 at 20, 5.5,
/// 8.4 and 2.7 at 39, 13, 20 and 5.6 at 100. [`Prepare::prepared`](crate::distr::Prepare::prepared) draws with the
/// former at every ν, in less time than either; so do [`fill`](crate::distr::fill()) and the estimators that make a table
/// [on their own](crate::estimate#laws-that-are-drawn-again-and-again), in all of their draws or in none.
///
/// As ν/(ν + t²) has the beta law with shapes ν/2 and 1/2, whose logit θ moves with its first shape by h_a (see
/// [`Beta`](crate::distr::Beta)), dt/dν at fixed u is (t/2) (1/ν - h_a/2); for ν >= 40 and t² up to ν/3, where these
/// are two numbers that cancel, it is a series in 1/ν and asinh(t/√ν). Where p of a quantile carries derivatives as
/// well it is always the former. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale, df] = Jet::variables([1.0, 2.0, 5.0]);
/// let law = StudentT::new(location, scale, df)?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[1] - (z.re - 1.0) / 2.0).abs() < 1e-15);
/// // more degrees of freedom bring quantiles nearer to the middle
/// assert!(law.quantile(0.9.into()).eps[2] < 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// G as for the gamma law. For ν far below 1 draws beyond the range of doubles are ±inf, without derivatives. Errors of
/// the quantile's first derivatives are below 1e-12 up to ν = 1e7 and beyond.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudentT<S> {
    location: S,
    scale: S,
    df: S,
    standard: StandardT<S>,
}

parameters! {
    StudentT, "student_t", "Student's t law";
    /// The law with location `location`, scale `scale` and `df` degrees of freedom.
    ///
    /// ```
    /// use reparam::distr::StudentT;
    /// assert!(StudentT::new(0.0, 1.0, 5.0).is_ok());
    /// assert_eq!(StudentT::new(0.0, 1.0, 0.0).unwrap_err().parameter(), "df");
    /// ```
    new(location: REAL, scale: POSITIVE, df: [1e-99, 1e99]) own coupling
        => StudentT { location, scale, df, standard: StandardT::new(df) }
}

law_of!(StudentT, |law| Placed { location: Some(law.location), scale: law.scale, standard: law.standard }, by StudentTable<1, 2>);

/// Location 0, scale 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StandardT<S> {
    df: S,
    /// ν/2.
    half: S,
    /// The law of G.
    gamma: StandardGamma<S>,
}

impl<S: Scalar> StandardT<S> {
    /// The law with valid degrees of freedom.
    #[inline]
    pub fn new(df: S) -> Self {
        let half = df * 0.5;
        StandardT { df, half, gamma: StandardGamma::new(half) }
    }

    /// ν.
    #[inline]
    pub fn df(&self) -> S {
        self.df
    }

    /// A draw in doubles, N sqrt(α/G), and the G.
    #[inline(always)]
    pub fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> (f64, GammaNoise) {
        let half = self.half.re();
        let n = noise::normal(rng);
        let g = self.gamma.noise(rng);
        let t =
            if half >= 1.0 { n * math::sqrt(half / g.value()) } else { n * math::exp(0.5 * (math::ln(half) - g.ln())) };
        (t, g)
    }

    /// t with the derivatives of a draw of the law.
    #[inline]
    fn of_noise(&self, t: f64, g: &GammaNoise) -> S {
        if S::ORDER == 0 || t == 0.0 || !t.is_finite() {
            S::from(t)
        } else if self.df.re() < AT_FIXED_PROBABILITY {
            exp_with_value(self.gamma.lift_ln_ratio(&Formulas, g) * -0.5, t)
        } else {
            self.at_fixed_probability(t, || self.constants())
        }
    }

    /// t with its derivatives at a fixed value of the distribution function; without any where it is beyond the range
    /// of doubles.
    fn at_fixed_probability(&self, t: f64, constants: impl FnOnce() -> IncBetaConstants) -> S {
        if S::ORDER == 0 || t == 0.0 || !t.is_finite() {
            return S::from(t);
        }
        if flow::holds(self.df.re(), t) {
            return lift_along(t, self.df, &flow::ManyDegrees);
        }
        let at = point(t, self.df.re());
        let theta = special::inc_beta_lift(self.half, S::from(0.5), at.ln_x - at.ln_y, at, &constants(), None);
        self.with_theta(theta, t)
    }

    /// The same by a table, where it reaches.
    #[inline(always)]
    pub fn lift_by<const M: usize>(&self, table: &StudentTable<M>, t: f64) -> S {
        if S::ORDER == 0 {
            return S::from(t);
        }
        table.lift(self.df, t).unwrap_or_else(|| self.at_fixed_probability(t, || self.constants()))
    }

    /// Whether tails move with ν along its series: their own expansions in ν/2 give its derivatives as differences of parts that
    /// are larger by ν.
    pub fn moves_along_flow(&self, t: S) -> bool {
        S::ORDER > 0 && flow::holds(self.df.re(), t.re()) && !is_constant(self.df)
    }

    /// The law at the same ν without derivatives.
    pub fn at_plain_df(&self) -> Self {
        StandardT::new(S::from(self.df.re()))
    }

    /// By how much 1 - F(t) moves with ν, times e^-ln.
    pub fn moved_tail(&self, t: S, ln: S) -> S {
        moved(S::from(0.0), self.df, |df| StandardT::new(df).slope_in_df(t, ln))
    }

    /// d(1 - F(t))/dν over e^ln: the density times dt/dν.
    fn slope_in_df(&self, t: S, ln: S) -> S {
        flow::ManyDegrees.slope(self.df, t) * (self.ln_pdf_of_many(t) - ln).exp()
    }

    /// ln f where t² is below ν/3 and ν at 40 or above: -t²/2 - u/2 - (ν + 1)/2 (ln(1 + u) - u) - ln(2π)/2 + g(ν/2)/2 with u = t²/ν
    /// and g(x) = 2 ln(Γ(x + 1/2)/Γ(x)) - ln x. What depends on ν is small, as it is in truth.
    fn ln_pdf_of_many(&self, t: S) -> S {
        let (square, g) = (t * t, -special::half_step_growth(self.half, S::from(1e60)));
        let u = square.over(self.df);
        (g - square - u - (self.df + 1.0) * special::ln_1p_minus(u)) * 0.5 - LN_SQRT_2PI
    }

    /// What derivatives at a fixed probability need of ν/2 and 1/2.
    fn constants(&self) -> IncBetaConstants {
        IncBetaConstants::new(self.half.re(), 0.5)
    }

    /// F(t) - 1/2 around the middle, where it is smooth in t and not in t²: s G / B(1/2, ν/2), s = t / sqrt(ν + t²), G
    /// the series DLMF 8.17.7 in s².
    #[inline]
    pub fn around_middle(&self, t: S) -> S {
        let w = t.over(self.df.sqrt());
        let s = w.over((w * w + 1.0).sqrt());
        let b = self.half;
        let g = special::inc_beta_short(S::from(0.5), b, s * s) + 1.0;
        s * g * (-special::ln_beta(S::from(0.5), b)).exp()
    }

    /// Whether t is near enough to 0 for [`Self::around_middle`].
    #[inline]
    pub fn is_in_the_middle(&self, t: S) -> bool {
        let (t, df) = (t.re().abs(), self.df.re());
        let u = t * (t / df);
        u <= 0.3 && t * t <= 1.0
    }

    /// The tail of the beta law at t > 0, whose lower tail is P(|T| > t).
    #[inline]
    pub fn tail(&self, t: S) -> special::IncBetaTail<S> {
        special::inc_beta_tail(self.half, S::from(0.5), point(t, self.df))
    }

    /// ln(1 - F(t)) for t > 0 from the larger or the smaller of the two tails of the beta law.
    #[inline]
    fn ln_tail(&self, t: S) -> S {
        self.tail(t).ln_of(false) - core::f64::consts::LN_2
    }

    /// 1/f(0) = sqrt ν B(1/2, ν/2).
    #[inline]
    pub fn inverse_height(&self) -> S {
        self.df.sqrt() * special::ln_beta(S::from(0.5), self.half).exp()
    }

    /// t of this sign with its derivatives from θ.
    #[inline]
    fn with_theta(&self, theta: S, t: f64) -> S {
        ((self.df.ln() - theta).with_re(0.0) * 0.5).exp() * t
    }

    /// -t of a lower tail p <= 1/2, from ln 2p and 1 - 2p.
    #[inline]
    pub fn minus_quantile(&self, ln_2p: S, rest: S) -> S {
        let (a, b) = (self.half, S::from(0.5));
        let theta = if rest.re() < 0.5 {
            special::logit_inc_beta_complement_inv_ln(a, b, rest.ln())
        } else {
            special::logit_inc_beta_inv_ln(a, b, ln_2p)
        };
        let t = math::exp((math::ln(self.df.re()) - theta.re()) * 0.5);
        if S::ORDER == 0 || !(t > 0.0 && t < f64::INFINITY) {
            return S::from(t);
        }
        if is_constant(ln_2p) && flow::holds(self.df.re(), t) {
            return lift_along(t, self.df, &flow::ManyDegrees);
        }
        self.with_theta(theta, t)
    }

    /// Whether p is so near to 1/2, by this offset, that t is small beside both 1 and √ν: with few degrees of freedom
    /// most of the law is far out.
    #[inline]
    pub fn is_beside_middle(&self, offset: f64) -> bool {
        if offset.abs() >= MIDDLE {
            return false;
        }
        let df = self.df.re();
        let t = offset * math::exp(special::ln_beta(0.5, 0.5 * df));
        // t/√ν, and in units of 1 where ν is large
        t.abs() * math::sqrt(df.max(1.0)) <= 3e-3
    }

    /// t with F(t) = p beside p = 1/2, from p - 1/2, by Newton's method with the slope of the middle.
    pub fn middle_quantile(&self, offset: S) -> S {
        let slope = math::sqrt(self.df.re()) * math::exp(special::ln_beta(0.5, self.half.re()));
        let plain = StandardT::new(self.df.re());
        let mut root = offset.re() * slope;
        for _ in 0..3 {
            root -= (plain.around_middle(root) - offset.re()) * slope;
        }
        if is_constant(offset) && flow::holds(self.df.re(), root) {
            return lift_along(root, self.df, &flow::ManyDegrees);
        }
        let mut t = S::from(root);
        for _ in 0..if S::ORDER == 0 { 0 } else { 2 + S::ORDER } {
            t = (t - (self.around_middle(t) - offset) * slope).with_re(root);
        }
        t
    }
}

/// ν/(ν + t²) as a point of the unit interval, for t other than 0.
#[inline]
fn point<S: Scalar>(t: S, df: S) -> UnitPoint<S> {
    let w = t.over(df.sqrt());
    if !(1e-150..1e150).contains(&w.re().abs()) {
        return UnitPoint::from_logit(-ln_square(t, df));
    }
    let u = w * w;
    let x = (u + 1.0).recip();
    UnitPoint { x, y: u * x, ln_x: -u.ln_1p(), ln_y: -u.recip().ln_1p() }
}

/// ln(t²/ν), of which neither the square nor the quotient need be a double.
fn ln_square<S: Scalar>(t: S, df: S) -> S {
    t.abs().ln() * 2.0 - df.ln()
}

/// Whether a number carries no derivatives.
#[inline]
fn is_constant<S: Scalar>(x: S) -> bool {
    x.with_re(0.0).max_abs() == 0.0
}

/// From so many degrees of freedom on draws move at a fixed probability: it saves more variance than it costs time.
const AT_FIXED_PROBABILITY: f64 = 40.0;

/// With fewer degrees of freedom there is no table of the quantile function.
const STEEP: f64 = 0.4;

/// Nearer to 1/2 than this, quantiles are taken from the middle.
const MIDDLE: f64 = 1e-4;

impl<S: Scalar> Standard<S> for StandardT<S> {
    const WHOLE_LINE: bool = true;
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let (t, g) = self.noise(rng);
        self.of_noise(t, &g)
    }
    fn ln_pdf(&self, t: S) -> S {
        if flow::holds(self.df.re(), t.re()) {
            return self.ln_pdf_of_many(t);
        }
        let w = t.over(self.df.sqrt());
        let ln = if w.re().abs() > 1e150 { ln_square(t, self.df) } else { (w * w).ln_1p() };
        (self.df + 1.0) * ln * -0.5 - self.df.ln() * 0.5 - special::ln_beta(self.half, S::from(0.5))
    }
    fn cdf(&self, t: S) -> S {
        self.sf(-t)
    }
    fn sf(&self, t: S) -> S {
        if self.moves_along_flow(t) {
            return self.at_plain_df().sf(t) + self.moved_tail(t, S::from(0.0));
        }
        if self.is_in_the_middle(t) {
            -self.around_middle(t) + 0.5
        } else if t.re() > 0.0 {
            self.ln_tail(t).exp()
        } else {
            -self.ln_tail(-t).exp() + 1.0
        }
    }
    fn ln_cdf(&self, t: S) -> S {
        self.ln_sf(-t)
    }
    fn ln_sf(&self, t: S) -> S {
        if self.moves_along_flow(t) {
            let ln = self.at_plain_df().ln_sf(t);
            return ln + self.moved_tail(t, ln).ln_1p();
        }
        if self.is_in_the_middle(t) {
            self.sf(t).ln()
        } else if t.re() > 0.0 {
            self.ln_tail(t)
        } else {
            (-self.ln_tail(-t).exp()).ln_1p()
        }
    }
    fn quantile(&self, p: S) -> S {
        let offset = p - 0.5;
        if self.is_beside_middle(offset.re()) {
            self.middle_quantile(offset)
        } else if p.re() == 0.0 || p.re() == 1.0 {
            S::from(f64::INFINITY.copysign(offset.re()))
        } else if offset.re() < 0.0 {
            -self.minus_quantile((p * 2.0).ln(), offset * -2.0)
        } else {
            let q = -p + 1.0;
            self.minus_quantile((q * 2.0).ln(), offset * 2.0)
        }
    }
    fn isf(&self, q: S) -> S {
        -self.quantile(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() == f64::NEG_INFINITY {
            S::from(f64::NEG_INFINITY)
        } else if ln_p.re() < -1.0 {
            -self.minus_quantile(ln_p + core::f64::consts::LN_2, -(ln_p.exp() * 2.0) + 1.0)
        } else if ln_p.re() < -core::f64::consts::LN_2 {
            self.quantile(ln_p.exp())
        } else {
            -self.quantile(-ln_p.exp_m1())
        }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -self.quantile_ln(ln_q)
    }
    fn mean(&self) -> Option<S> {
        (self.df.re() > 1.0).then(|| S::from(0.0))
    }
    /// ν/(ν - 2) for ν > 2, infinite down to 1
    fn variance(&self) -> Option<S> {
        match self.df.re() {
            df if df > 2.0 => Some(over_less(self.df, 2.0)),
            df if df > 1.0 => Some(S::from(f64::INFINITY)),
            _ => None,
        }
    }
    fn entropy(&self) -> S {
        special::entropy_of_student_t(self.half)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(0.0)
    }
    known_by!(|law| StudentT(law.df.re()), SecondOfStudentT, StudentTable);
}

impl<S: Scalar, const M: usize> Tabled<S, StudentTable<M>> for StandardT<S> {
    fn table(&self) -> StudentTable<M> {
        let df = self.df.re();
        let constants = self.constants();
        let first = StandardT::new(Jet::<f64, 1>::variable(df, 0));
        let [second] = Jet::<Jet<f64, 1>, 1>::second_order([df]).map(StandardT::new);
        // one draw in 1e5 or so is beyond
        StudentTable::new(StandardT::new(df).isf(5e-6), |t| {
            let all = if M == 1 {
                [first.at_fixed_probability(t, || constants).eps[0], 0.0]
            } else {
                let (_, slope, curvature) = second.at_fixed_probability(t, || constants).hessian();
                [slope[0], curvature[0][0]]
            };
            core::array::from_fn(|i| all[i])
        })
    }

    fn inverse(&self) -> SymmetricInverse {
        let df = self.df.re();
        // quantiles go as p^(-1/ν)
        let law = (df >= STEEP).then(|| StandardT::new(df));
        SymmetricInverse::new(law.map(|law| move |p| law.isf(p)))
    }

    type Noise = (f64, GammaNoise);

    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> (f64, GammaNoise) {
        StandardT::noise(self, rng)
    }
    #[inline(always)]
    fn lifted(&self, table: Option<&StudentTable<M>>, (t, g): (f64, GammaNoise)) -> S {
        match table {
            Some(table) => self.lift_by(table, t),
            None => self.of_noise(t, &g),
        }
    }
    #[inline(always)]
    fn quantile_by(&self, table: &StudentTable<M>, inverse: &SymmetricInverse, at: Nearer) -> Option<S> {
        Some(self.lift_by(table, inverse.at(at)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use crate::scalar::Jet;
    use rand::distr::Distribution;
    use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    #[test]
    fn moments() {
        // entropies: `tests/reference/make_beta_laws.py` prints them
        for (df, entropy) in [(5.0, 1.627502672414396), (0.5, 3.6667274161038544), (40.0, 1.4440921331930636)] {
            close(StudentT::new(0.0, 1.0, df).unwrap().entropy(), entropy, 1e-14);
        }
        let law = StudentT::new(2.0, 4.0, 5.0).unwrap();
        close(law.mean().unwrap() + law.variance().unwrap(), 2.0 + 16.0 * 5.0 / 3.0, 1e-15);
        assert_eq!(StudentT::new(0.0, 1.0, 1.0).unwrap().mean(), None);
        assert_eq!(StudentT::new(0.0, 1.0, 2.0).unwrap().variance(), Some(f64::INFINITY));
    }

    /// dz/dν and d²z/dν² of quantiles by mpmath, from tables.
    #[test]
    fn tables_against_mpmath() {
        let (mut worst, mut inside) = ([0.0f64; 3], 0);
        for row in crate::distr::table::reference("student_t") {
            let (scale, df, t) = (row[1], row[2], (row[3] - row[0]) / row[1]);
            let [second] = Jet::second_order([df]);
            let first: StudentTable<1> = StandardT::new(df).table();
            let both: StudentTable<2> = StandardT::new(df).table();
            let (first, both) = (first.lift(Jet::<f64, 1>::variable(df, 0), t), both.lift(second, t));
            let (Some(first), Some(both), true) = (first, both, t.abs() > 1e-10) else { continue };
            inside += 1;
            let (_, slope, curvature) = both.hessian();
            let (want, want_second) = (row[13] / scale, row[19] / scale);
            worst[0] = worst[0].max((first.eps[0] / want - 1.0).abs());
            worst[1] = worst[1].max((slope[0] / want - 1.0).abs());
            worst[2] = worst[2].max((curvature[0][0] / want_second - 1.0).abs());
        }
        std::println!("{worst:?} {inside}");
        assert!(worst[0] < 1e-12 && worst[1] < 1e-12 && worst[2] < 1e-11, "{worst:?}");
        assert!(inside > 10);
    }

    /// For ν = 2, F = 1/2 + t / (2 sqrt(2 + t²)); for ν = 1 the Cauchy law.
    #[test]
    fn closed_forms() {
        let law = StudentT::new(0.0, 1.0, 2.0).unwrap();
        for t in [1e-10, 0.1, 0.9, 1.1, 5.0, 1e5] {
            let r = (2.0 + t * t).sqrt();
            close(law.cdf(t) - 0.5, 0.5 * t / r, 1e-15 / t.min(1.0));
            // 1 - t/r = 2 / (r (r + t))
            let sf = 1.0 / (r * (r + t));
            // the exponential of a logarithm
            close(law.sf(t), sf, 4e-16 * (2.0 - sf.ln()));
            close(law.isf(law.sf(t)), t, 4e-16 * (2.0 - sf.ln()) + 1e-15 / t);
        }
        close(law.isf(1e-300), 0.5f64.sqrt() * 1e150, 1e-13);
        let cauchy = StudentT::new(0.0, 1.0, 1.0).unwrap();
        close(cauchy.isf(1e-300), core::f64::consts::FRAC_1_PI * 1e300, 1e-13);
        close(cauchy.ln_cdf(-1e200), -core::f64::consts::PI.ln() - 200.0 * 10f64.ln(), 1e-15);
    }

    /// E[z + z²] = μ + μ² + σ² ν/(ν - 2): the gradient at (2, 4, 5) is (5, 40/3, -32/9).
    #[test]
    fn pathwise_gradient() {
        let parameters = Jet::variables([2.0, 4.0, 5.0]);
        let law = StudentT::new(parameters[0], parameters[1], parameters[2]).unwrap();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        const N: usize = 200_000;
        let (mut sum, mut squares) = ([0.0; 3], [0.0; 3]);
        for _ in 0..N {
            let z: Jet<f64, 3> = law.sample(&mut rng);
            let cost = z + z * z;
            for i in 0..3 {
                sum[i] += cost.eps[i] / N as f64;
                squares[i] += cost.eps[i] * cost.eps[i] / N as f64;
            }
        }
        for (i, want) in [5.0, 40.0 / 3.0, -32.0 / 9.0].into_iter().enumerate() {
            let error = ((squares[i] - sum[i] * sum[i]) / N as f64).sqrt();
            assert!((sum[i] - want).abs() < 5.0 * error, "[{i}] {} is not {want} to {error}", sum[i]);
        }
    }

    /// dt/dν of quantiles for many degrees of freedom; `tests/reference/make_student_t_flow.py` prints these.
    #[test]
    fn many_degrees_of_freedom() {
        for (df, p, t, slope) in [
            (41.0, 0.50001, 2.521957763449913e-05, -3.74956650676685e-09),
            (41.0, 0.6, 0.2549972761309934, -4.039658235557904e-05),
            (41.0, 0.9, 1.3025433589533826, -0.0005204626599559934),
            (41.0, 0.9999, 4.0842859434063685, -0.00965923821115661),
            (1000.0, 0.50001, 2.5072550101853938e-05, -6.268134395342659e-12),
            (1000.0, 0.6, 0.2534145158394987, -6.742336706875275e-08),
            (1000.0, 0.9, 1.2823987214609245, -8.47727324151476e-07),
            (1000.0, 0.9999, 3.732851604575396, -1.3881091749644032e-05),
            (100000.0, 0.50001, 2.5066345414606104e-05, -6.266586357275642e-16),
            (100000.0, 0.6, 0.2533477771571799, -6.740224482886592e-12),
            (100000.0, 0.9, 1.2815600314493611, -8.465961850127137e-11),
            (100000.0, 0.9999, 3.719154382641372, -1.3790176025037739e-09),
            (10000000.0, 0.50001, 2.506628337547794e-05, -6.266570847806857e-20),
            (10000000.0, 0.6, 0.25334710987600295, -6.74020333353858e-16),
            (10000000.0, 0.9, 1.281551650203083, -8.465848813006952e-15),
            (10000000.0, 0.9999, 3.7190178643822778, -1.3789270267862928e-13),
        ] {
            let [df] = Jet::variables([df]);
            let law = StudentT::new(0.0.into(), 1.0.into(), df).unwrap();
            // 1 - p is rounded: both from p
            let got = law.quantile(f64::into(p));
            close(got.re, t, 1e-13 + 1e-15 / (p - 0.5));
            close(got.eps[0], slope, 1e-13 + 2e-15 / (p - 0.5));
        }
    }

    /// The symmetric middle, where derivatives in ν vanish and the first one in p is 1/f.
    #[test]
    fn median_moves_with_p_only() {
        let [df, p] = Jet::second_order([5.0, 0.5]);
        let law = StudentT::new(0.0.into(), 1.0.into(), df).unwrap();
        let (t, gradient, hessian) = law.quantile(p).hessian();
        assert_eq!((t, gradient[0], hessian[0][0], hessian[1][1]), (0.0, 0.0, 0.0, 0.0));
        close(gradient[1], (-StudentT::new(0.0, 1.0, 5.0).unwrap().ln_pdf(0.0)).exp(), 1e-15);
    }

    #[test]
    fn refuses() {
        assert_eq!(StudentT::new(0.0, 1.0, -1.0).unwrap_err().parameter(), "df");
        assert_eq!(StudentT::new(f64::NAN, 1.0, 1.0).unwrap_err().parameter(), "location");
        assert_eq!(StudentT::new(0.0, 0.0, 1.0).unwrap_err().parameter(), "scale");
    }
}
