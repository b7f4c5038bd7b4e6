//! The law of θ = logit X for X of the beta law, of which the beta laws, Fisher's F and their like are monotone maps.
//!
//! Its density has no power singularity, and neither its draws nor their derivatives leave the range of doubles where X is
//! within a rounding of an end. Each law says how θ maps to its variable; everything else is here, once.

mod place;

pub(crate) use place::{Place, exp_of_value, is_moderate, odds};

use super::{Form, NearEnd};
use crate::distr::table::{BetaInverse, BetaTable, Known, Nearer, Shapes, Tables};
use crate::noise::gamma::GammaSampler;
use crate::parameter::is_probability;
use crate::scalar::{Scalar, math};
use crate::special::{self, IncBetaConstants, UnitPoint};
use rand::Rng;

/// The two shapes, with what derivatives at fixed noise need of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BetaLogit<S> {
    pub a: S,
    pub b: S,
    constants: IncBetaConstants,
    noise: [GammaSampler; 2],
}

/// A draw in doubles: odds x / (1 - x) as ratio e^e, whose logarithm does not leave the range of doubles.
#[derive(Clone, Copy)]
pub(crate) struct LogitNoise {
    ratio: f64,
    e: f64,
}

impl LogitNoise {
    /// The draw at a probability.
    #[inline(always)]
    pub fn at_probability(inverse: &BetaInverse, at: Nearer) -> Option<Self> {
        let [ratio, e] = inverse.odds(at)?;
        Some(LogitNoise { ratio, e })
    }

    #[inline]
    pub fn odds(self) -> f64 {
        if self.e == 0.0 { self.ratio } else { self.ratio * math::exp(self.e) }
    }

    /// θ, the logarithm of the odds.
    #[inline]
    pub fn theta(self) -> f64 {
        math::ln(self.ratio) + self.e
    }

    /// x and 1 - x.
    #[inline]
    pub fn unit(self) -> (f64, f64) {
        let odds = self.odds();
        // the smaller odds, which do not overflow
        let inverse = 1.0 / odds;
        let small = if odds < inverse { odds } else { inverse };
        let large = 1.0 / (1.0 + small);
        // exchanged without a branch, which draws make unpredictable
        let [far, near] = [large, small * large].map(f64::to_bits);
        let exchanged = (far ^ near) & 0u64.wrapping_sub(u64::from(odds <= 1.0));
        (f64::from_bits(far ^ exchanged), f64::from_bits(near ^ exchanged))
    }

    /// The point with this θ.
    #[inline]
    pub fn at(self, theta: f64) -> UnitPoint<f64> {
        let odds = self.odds();
        if !(1e-290..1e290).contains(&odds) {
            return UnitPoint::from_logit(theta);
        }
        let (x, y) = self.unit();
        UnitPoint { x, y, ln_x: -math::ln_1p(1.0 / odds), ln_y: -math::ln_1p(odds) }
    }
}

/// Whether a parameter is a shape that all formulas can take, with squares and quotients of two of them inside the range of
/// doubles.
#[inline]
pub(crate) fn is_shape<S: Scalar>(shape: S) -> bool {
    (1e-100..=1e100).contains(&shape.re())
}

/// How a plain draw gets its derivatives.
pub(crate) trait LogitLift<S: Scalar> {
    /// θ of a draw.
    fn lift_draw(&self, noise: LogitNoise) -> S;

    /// The same for those who do not ask for its value, which takes a logarithm, and know x and 1 - x.
    #[inline(always)]
    fn lift_without_value(&self, noise: LogitNoise, _unit: (f64, f64)) -> S {
        self.lift_draw(noise)
    }
}

/// By formulas.
impl<S: Scalar> LogitLift<S> for BetaLogit<S> {
    #[inline]
    fn lift_draw(&self, noise: LogitNoise) -> S {
        let theta = noise.theta();
        if S::ORDER == 0 { S::from(theta) } else { self.lift(theta, noise.at(theta)) }
    }
}

/// By a table.
pub(crate) struct ByTable<'a, S, const M: usize> {
    pub law: &'a BetaLogit<S>,
    pub table: &'a BetaTable<M>,
}

impl<S: Scalar, const M: usize> LogitLift<S> for ByTable<'_, S, M> {
    #[inline(always)]
    fn lift_draw(&self, noise: LogitNoise) -> S {
        self.lift_without_value(noise, noise.unit()).with_re(noise.theta())
    }

    #[inline(always)]
    fn lift_without_value(&self, noise: LogitNoise, (x, y): (f64, f64)) -> S {
        self.table.lift([self.law.a, self.law.b], x, y).unwrap_or_else(|| self.law.lift_draw(noise))
    }
}

/// A law that is a rising map of θ.
pub(crate) trait FromLogit<S: Scalar>: Copy {
    /// The law of θ.
    fn theta(&self) -> &BetaLogit<S>;
    /// The variable at a finite θ.
    fn at(&self, theta: S) -> S;
    /// A draw.
    #[inline]
    fn at_draw(&self, by: &impl LogitLift<S>, noise: LogitNoise) -> S {
        self.at(by.lift_draw(noise))
    }
    /// The ends of the support.
    fn ends(&self) -> (S, S);
    /// Where an argument lies.
    fn place(&self, x: S) -> Place<S>;
    /// ln f(x) inside the support.
    fn ln_pdf_inside(&self, x: S, at: UnitPoint<S>) -> S;
    /// The density next to a finite end.
    fn near_end(&self, _upper: bool, _d: S) -> Option<NearEnd<S>> {
        None
    }
    /// -E[ln f(X)].
    fn surprise(&self) -> S;
    /// A tail at x, which rises or falls, or its logarithm, from what it is by the law of θ.
    #[inline]
    fn tail(&self, _x: S, _rises: bool, _is_ln: bool, by_theta: impl Fn(&Self) -> S) -> S {
        by_theta(self)
    }
    /// A quantile at p, a probability or its logarithm, from what it is by the law of θ.
    #[inline]
    fn inverse(&self, _p: S, by_theta: impl Fn(&Self) -> S) -> S {
        by_theta(self)
    }
    /// Whether draws take their derivatives from a table of θ's.
    #[inline]
    fn takes_tables(&self) -> bool {
        true
    }
}

/// The law of a [`FromLogit`] one.
#[derive(Clone, Copy)]
pub(crate) struct OfLogit<'a, L>(pub &'a L);

impl<L> OfLogit<'_, L> {
    /// The variable at θ, infinite or not.
    #[inline]
    fn at_any<S: Scalar>(&self, theta: S) -> S
    where
        L: FromLogit<S>,
    {
        match theta.re() {
            f64::NEG_INFINITY => self.0.ends().0,
            f64::INFINITY => self.0.ends().1,
            r if r.is_nan() => S::from(f64::NAN),
            _ => self.0.at(theta),
        }
    }

    /// The variable at a θ, a quantile of its law at p.
    #[inline]
    fn inverse<S: Scalar>(&self, p: S, quantile: impl Fn(&BetaLogit<S>) -> S) -> S
    where
        L: FromLogit<S>,
    {
        self.0.inverse(p, |law| OfLogit(law).at_any(quantile(law.theta())))
    }

    /// The tail at x or its logarithm: the limits outside of the support, `f` of the shapes and the point inside.
    #[inline]
    fn tail<S: Scalar>(&self, x: S, [below, above]: [f64; 2], f: impl Fn(S, S, UnitPoint<S>) -> S) -> S
    where
        L: FromLogit<S>,
    {
        let is_ln = below.is_infinite() || above.is_infinite();
        self.0.tail(x, below < above, is_ln, |law| match law.place(x) {
            Place::Below | Place::LowerEnd => S::from(below),
            Place::Above | Place::UpperEnd => S::from(above),
            Place::Nowhere => S::from(f64::NAN),
            Place::Inside(at) => f(law.theta().a, law.theta().b, at),
        })
    }
}

impl<S: Scalar, L: FromLogit<S>> Form<S> for OfLogit<'_, L> {
    type Noise = LogitNoise;

    #[inline]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> LogitNoise {
        self.0.theta().draw(rng)
    }
    #[inline]
    fn sample_of(&self, noise: LogitNoise) -> S {
        self.0.at_draw(self.0.theta(), noise)
    }
    fn support(&self) -> (S, S) {
        self.0.ends()
    }
    fn ln_pdf(&self, x: S) -> S {
        let end = |upper| self.0.near_end(upper, S::from(0.0)).map_or(S::from(f64::NEG_INFINITY), |near| near.ln_pdf());
        match self.0.place(x) {
            Place::Below | Place::Above => S::from(f64::NEG_INFINITY),
            Place::LowerEnd => end(false),
            Place::UpperEnd => end(true),
            Place::Nowhere => S::from(f64::NAN),
            Place::Inside(at) => self.0.ln_pdf_inside(x, at),
        }
    }
    fn pdf(&self, x: S) -> S {
        self.ln_pdf(x).exp()
    }
    fn cdf(&self, x: S) -> S {
        self.tail(x, [0.0, 1.0], |a, b, at| special::inc_beta_probability(a, b, at, false))
    }
    fn sf(&self, x: S) -> S {
        self.tail(x, [1.0, 0.0], |a, b, at| special::inc_beta_probability(a, b, at, true))
    }
    fn ln_cdf(&self, x: S) -> S {
        self.tail(x, [f64::NEG_INFINITY, 0.0], |a, b, at| special::inc_beta_ln_probability(a, b, at, false))
    }
    fn ln_sf(&self, x: S) -> S {
        self.tail(x, [0.0, f64::NEG_INFINITY], |a, b, at| special::inc_beta_ln_probability(a, b, at, true))
    }
    fn quantile(&self, p: S) -> S {
        if is_probability(p) { self.inverse(p, |theta| theta.quantile(p, false)) } else { S::from(f64::NAN) }
    }
    fn isf(&self, q: S) -> S {
        if is_probability(q) { self.inverse(q, |theta| theta.quantile(q, true)) } else { S::from(f64::NAN) }
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.inverse(ln_p, |theta| theta.quantile_ln(ln_p, false))
    }
    fn isf_ln(&self, ln_q: S) -> S {
        self.inverse(ln_q, |theta| theta.quantile_ln(ln_q, true))
    }
    fn entropy(&self) -> S {
        self.0.surprise()
    }
    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        self.0.near_end(upper, d)
    }
    fn median(&self) -> S {
        self.quantile(S::from(0.5))
    }
    #[inline]
    fn shapes(&self) -> Option<Shapes> {
        let law = self.0.theta();
        self.0.takes_tables().then(|| Shapes::Beta(law.a.re(), law.b.re()))
    }
    #[inline]
    fn draw_by_tables(&self, tables: &Tables, at: Nearer) -> Option<S> {
        let Tables::Beta(table, Some(inverse)) = tables else { return None };
        let noise = LogitNoise::at_probability(inverse, at)?;
        Some(self.0.at_draw(&ByTable { law: self.0.theta(), table }, noise))
    }
    #[inline(always)]
    fn sample_by<R: Rng + ?Sized>(&self, known: &mut impl Known, rng: &mut R) -> S {
        let law = self.0.theta();
        let noise = self.noise(rng);
        match Form::<S>::shapes(self).and_then(|shapes| known.tables(shapes)) {
            Some(Tables::Beta(table, _)) if S::ORDER == 1 => self.0.at_draw(&ByTable { law, table }, noise),
            Some(Tables::SecondOfBeta(table)) if S::ORDER == 2 => self.0.at_draw(&ByTable { law, table }, noise),
            _ => self.sample_of(noise),
        }
    }
}

impl<S: Scalar> BetaLogit<S> {
    #[inline]
    pub fn new(a: S, b: S) -> Self {
        let constants = if S::ORDER == 0 { IncBetaConstants::UNUSED } else { IncBetaConstants::new(a.re(), b.re()) };
        BetaLogit { a, b, constants, noise: [a, b].map(|shape| GammaSampler::new(shape.re())) }
    }

    /// The law in plain numbers.
    pub fn re(&self) -> BetaLogit<f64> {
        BetaLogit { a: self.a.re(), b: self.b.re(), constants: self.constants, noise: self.noise }
    }

    /// The table of derivatives in the shapes.
    pub fn table<const M: usize>(&self) -> BetaTable<M> {
        BetaTable::new(self.a.re(), self.b.re())
    }

    /// The quantile function.
    pub fn inverse(&self) -> BetaInverse {
        BetaInverse::new(self.a.re(), self.b.re())
    }

    /// A draw in doubles: the odds of two gamma variables.
    #[inline]
    pub fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> LogitNoise {
        let [x, y] = [self.noise[0].draw(rng), self.noise[1].draw(rng)];
        LogitNoise { ratio: x.g / y.g, e: y.e - x.e }
    }

    /// θ with its derivatives at fixed noise.
    #[inline]
    pub fn lift(&self, theta: f64, at: UnitPoint<f64>) -> S {
        special::inc_beta_lift(self.a, self.b, theta, at, &self.constants, None)
    }

    /// θ at a uniform number in (0, 1), with its derivatives there.
    #[cfg(feature = "nalgebra")]
    pub fn draw_at(&self, u: f64) -> S {
        if u <= 0.5 { self.quantile(S::from(u), false) } else { self.quantile(S::from(1.0 - u), true) }
    }

    /// ln of the density of θ, x^a y^b / B(a, b).
    #[inline]
    pub fn ln_pdf(&self, at: UnitPoint<S>) -> S {
        special::ln_beta_density(self.a, self.b, at)
    }

    /// ln of the density of X = sigmoid θ; the powers are α - 1 and β - 1 in the derivatives too.
    #[inline]
    pub fn ln_pdf_of_unit(&self, at: UnitPoint<S>) -> S {
        let re = at.re();
        let value = special::ln_beta_density(self.a.re(), self.b.re(), re) - re.ln_x - re.ln_y;
        let ln = (self.a - 1.0) * at.ln_x + (self.b - 1.0) * at.ln_y - special::ln_beta(self.a, self.b);
        ln.with_re(value)
    }

    /// The density of X = sigmoid θ at this distance from an end.
    pub fn near_end_of_unit(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        let (own, other) = if upper { (self.b, self.a) } else { (self.a, self.b) };
        let ln_factor = (other - 1.0) * (-d).ln_1p() + ln_inverse_beta(own, other);
        Some(NearEnd { exponent: own - 1.0, ln_factor })
    }

    /// The density of a multiple of the odds e^θ next to 0.
    pub fn near_zero_of_odds(&self, d: S, unit: S) -> Option<NearEnd<S>> {
        let (a, b) = (self.a, self.b);
        let ln_factor = -(a + b) * d.over(unit).ln_1p() + (ln_inverse_beta(a, b) - a * unit.ln());
        Some(NearEnd { exponent: a - 1.0, ln_factor })
    }

    /// ln of the density of the odds e^θ.
    #[inline]
    pub fn ln_pdf_of_odds(&self, odds: S, at: UnitPoint<S>) -> S {
        self.ln_pdf_at_ln_odds(odds.ln(), at)
    }

    /// ln of the density of the odds e^θ, from their logarithm.
    #[inline]
    pub fn ln_pdf_at_ln_odds(&self, ln_odds: S, at: UnitPoint<S>) -> S {
        let value = special::ln_beta_density(self.a.re(), self.b.re(), at.re()) - ln_odds.re();
        // not by the logarithm of the odds: where they are large, a (ln x - ln y) + (a + b) ln y would round what is left of a ln x
        let ln = (self.a - 1.0) * at.ln_x + (self.b + 1.0) * at.ln_y - special::ln_beta(self.a, self.b);
        ln.with_re(value)
    }

    /// The θ of a probability in [0, 1], of the upper tail or not.
    #[inline]
    pub fn quantile(&self, p: S, upper: bool) -> S {
        // the smaller tail; at 1/2 the lower, so that the median is one number
        let exchange = p.re() > 0.5 || (p.re() == 0.5 && upper);
        if exchange { self.quantile_ln((-p + 1.0).ln(), !upper) } else { self.quantile_ln(p.ln(), upper) }
    }

    /// The θ of the logarithm of a probability, of the upper tail or not.
    #[inline]
    pub fn quantile_ln(&self, ln: S, upper: bool) -> S {
        if upper {
            special::logit_inc_beta_complement_inv_ln(self.a, self.b, ln)
        } else {
            special::logit_inc_beta_inv_ln(self.a, self.b, ln)
        }
    }

    /// -E[ln f(θ)].
    pub fn entropy(&self) -> S {
        special::entropy_of_logit_beta(self.a, self.b)
    }

    /// E[θ] = ψ(a) - ψ(b).
    pub fn mean(&self) -> S {
        // from the smaller shape, which the other one's rounding might exceed
        let difference = self.a - self.b;
        if difference.re() < 0.0 {
            -special::digamma_difference(self.a, -difference)
        } else {
            special::digamma_difference(self.b, difference)
        }
    }

    /// -E[ln X], X = sigmoid θ.
    pub fn minus_mean_ln_x(&self) -> S {
        special::digamma_difference(self.a, self.b)
    }

    /// -E[ln(1 - X)].
    pub fn minus_mean_ln_y(&self) -> S {
        special::digamma_difference(self.b, self.a)
    }

    /// The divergence, which no monotone map changes.
    pub fn kl_divergence(&self, other: &Self) -> S {
        special::beta_divergence([self.a, self.b], [other.a, other.b], [other.a - self.a, other.b - self.b])
    }
}

/// -ln B(own, other), the logarithm of `other` itself where `own` is 1 and the density ends with it.
fn ln_inverse_beta<S: Scalar>(own: S, other: S) -> S {
    let ln = -special::ln_beta(own, other);
    if own.re() == 1.0 { ln.with_re(math::ln(other.re())) } else { ln }
}

/// X = sigmoid θ of a draw; where it rounds to an end, its derivatives have gone to 0 as well.
#[inline(always)]
pub(crate) fn unit_draw<S: Scalar>(by: &impl LogitLift<S>, noise: LogitNoise) -> S {
    let (x, y) = noise.unit();
    let slope = x * y;
    if S::ORDER == 0 || slope == 0.0 {
        return S::from(x);
    }
    if S::ORDER == 1 {
        by.lift_without_value(noise, (x, y)).lift(&[x, slope])
    } else {
        by.lift_draw(noise).sigmoid().with_re(x)
    }
}

/// 1 - X of a draw, with all its digits where X rounds to 1.
#[inline(always)]
fn complement_draw<S: Scalar>(by: &impl LogitLift<S>, noise: LogitNoise) -> S {
    let (x, y) = noise.unit();
    let slope = x * y;
    if S::ORDER == 0 || slope == 0.0 {
        return S::from(y);
    }
    if S::ORDER == 1 {
        by.lift_without_value(noise, (x, y)).lift(&[y, -slope])
    } else {
        (-by.lift_draw(noise)).sigmoid().with_re(y)
    }
}

/// lower + (upper - lower) X of a draw, from the nearer end.
#[inline(always)]
pub(crate) fn placed_draw<S: Scalar>(by: &impl LogitLift<S>, noise: LogitNoise, (lower, upper): (S, S)) -> S {
    let width = upper - lower;
    if noise.odds() <= 1.0 { width * unit_draw(by, noise) + lower } else { upper - width * complement_draw(by, noise) }
}

/// The odds of a draw times a factor.
#[inline(always)]
pub(crate) fn odds_draw<S: Scalar>(by: &impl LogitLift<S>, noise: LogitNoise, factor: S) -> S {
    let value = noise.odds() * factor.re();
    if S::ORDER == 0 || !(value > 0.0 && value < f64::INFINITY) {
        return S::from(value);
    }
    if S::ORDER == 1 {
        // the slope of ln factor without a logarithm
        return (by.lift_without_value(noise, noise.unit()) + factor * (1.0 / factor.re())).lift(&[value; 2]);
    }
    exp_of_value(by.lift_draw(noise) + factor.ln(), value)
}

/// The tables of a [`FromLogit`] law.
macro_rules! prepared_by_logit {
    ($law:ident) => {
        impl<S: $crate::scalar::Scalar> $crate::distr::Prepare for $law<S> {
            type First = $crate::distr::table::BetaTable<2>;
            type Second = $crate::distr::table::BetaTable<5>;
            type Inverse = $crate::distr::table::BetaInverse;

            fn first(&self) -> Self::First {
                $crate::distr::form::of_logit::FromLogit::theta(self).table()
            }

            fn second(&self) -> Self::Second {
                $crate::distr::form::of_logit::FromLogit::theta(self).table()
            }

            fn inverse(&self) -> Self::Inverse {
                $crate::distr::form::of_logit::FromLogit::theta(self).inverse()
            }
        }

        impl<S: $crate::scalar::Scalar, const M: usize, Q> ::rand::distr::Distribution<S>
            for $crate::distr::Prepared<$law<S>, $crate::distr::table::BetaTable<M>, Q>
        {
            #[inline(always)]
            fn sample<R: ::rand::Rng + ?Sized>(&self, rng: &mut R) -> S {
                use $crate::distr::form::of_logit::{ByTable, FromLogit};
                let law = self.law().theta();
                self.law().at_draw(&ByTable { law, table: self.table() }, law.draw(rng))
            }
        }

        impl<S: $crate::scalar::Scalar, const M: usize> $crate::distr::prepared::Inverted<S>
            for $crate::distr::Prepared<$law<S>, $crate::distr::table::BetaTable<M>, $crate::distr::table::BetaInverse>
        {
            #[inline(always)]
            fn draw_at(&self, at: $crate::distr::table::Nearer) -> Option<S> {
                use $crate::distr::form::of_logit::{ByTable, FromLogit, LogitNoise};
                let noise = LogitNoise::at_probability(self.inverse(), at)?;
                Some(self.law().at_draw(&ByTable { law: self.law().theta(), table: self.table() }, noise))
            }
        }
    };
}
pub(crate) use prepared_by_logit;
