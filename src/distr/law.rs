//! What a continuous law is.

use super::table::{Known, Nearer, Shapes, Tables};
use crate::scalar::Scalar;
use core::f64::consts::LN_2;
use rand::Rng;
use rand::distr::Distribution;

/// A continuous law on the real line, with parameters, arguments and results of one scalar type.
///
/// Arguments that are constants are written `2.0.into()` or `S::from(2.0)`. At every argument of a double each method has
/// a value, and NaN only for NaN or for a probability outside [0, 1].
///
/// At a finite end of the support derivatives in x, or in a parameter that moves the end, are those from inside: the slope of a distribution function
/// is the density there, infinite where that is, and ln F is -inf without a slope where F is 0. A density that begins like a power of the distance
/// has infinite derivatives where that has; at the shape between those at which it is 0 and infinite, ln f has the slope -inf in the shape. A quantile at a probability of exactly 0 or 1 moves
/// with it by 1/f, f the density from inside: infinite where that is 0; an infinite end does not move.
///
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Normal::new(1.0, 2.0)?;
/// assert_eq!(law.cdf(1.0), 0.5);
/// assert_eq!(law.mean(), Some(1.0));
///
/// // the derivative of the 97.5 % quantile in mean and standard deviation
/// let [mean, std_dev] = Jet::variables([1.0, 2.0]);
/// let q = Normal::new(mean, std_dev)?.quantile(0.975.into());
/// assert!((q.eps[0] - 1.0).abs() < 1e-15 && (q.eps[1] - 1.959963984540054).abs() < 1e-15);
/// # Ok(()) }
/// ```
pub trait Continuous<S: Scalar>: Distribution<S> {
    /// The ends of the support, -inf and inf among them.
    fn support(&self) -> (S, S);

    /// The logarithm of the density; -inf outside the support.
    fn ln_pdf(&self, x: S) -> S;

    /// The density f(x) = dF/dx; 0 outside the support.
    fn pdf(&self, x: S) -> S {
        self.ln_pdf(x).exp()
    }

    /// The distribution function F(x) = P(X <= x), accurate in the lower tail.
    fn cdf(&self, x: S) -> S;

    /// The survival function 1 - F(x) = P(X > x), accurate in the upper tail.
    fn sf(&self, x: S) -> S;

    /// ln F(x), accurate in both tails.
    fn ln_cdf(&self, x: S) -> S;

    /// ln(1 - F(x)), accurate in both tails.
    fn ln_sf(&self, x: S) -> S;

    /// The x with F(x) = p: the inverse of [`Continuous::cdf`]. NaN for p outside [0, 1].
    fn quantile(&self, p: S) -> S;

    /// The x with 1 - F(x) = q: the inverse of [`Continuous::sf`]. NaN for q outside [0, 1].
    fn isf(&self, q: S) -> S;

    /// The x with ln F(x) = `ln_p`, in closed form where the law has one: for probabilities below the range of doubles.
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() < -LN_2 { self.quantile(ln_p.exp()) } else { self.isf(-ln_p.exp_m1()) }
    }

    /// The x with ln(1 - F(x)) = `ln_q`, in closed form where the law has one.
    fn isf_ln(&self, ln_q: S) -> S {
        if ln_q.re() < -LN_2 { self.isf(ln_q.exp()) } else { self.quantile(-ln_q.exp_m1()) }
    }

    /// E\[X\]: infinite where the integral diverges to infinity, `None` where it does not exist.
    fn mean(&self) -> Option<S>;

    /// E[(X - E X)²]: infinite where the integral diverges, `None` where the mean is not finite.
    fn variance(&self) -> Option<S>;

    /// The differential entropy -E[ln f(X)], in nats.
    fn entropy(&self) -> S;

    /// The point of highest density; `None` where there is no single one or the density has no bound.
    fn mode(&self) -> Option<S>;

    /// The x with F(x) = 1/2.
    fn median(&self) -> S {
        self.quantile(S::from(0.5))
    }

    /// Whether single points have mass, which densities stand for there: as the bounds of a
    /// [`Censored`](super::Censored) law.
    fn has_atoms(&self) -> bool {
        false
    }

    /// What its tables depend on, for handles that keep some; `None` for a law without tables.
    #[doc(hidden)]
    #[inline]
    fn shapes(&self) -> Option<Shapes> {
        None
    }

    /// The draw at a probability by tables of its shapes; `None` where they do not reach.
    #[doc(hidden)]
    #[inline]
    fn draw_by_tables(&self, tables: &Tables, at: Nearer) -> Option<S> {
        let _ = (tables, at);
        None
    }

    /// A draw whose derivatives are from the handle's tables, where it has some for this law.
    #[doc(hidden)]
    #[inline(always)]
    fn sample_by<R: Rng + ?Sized>(&self, known: &mut impl Known, rng: &mut R) -> S {
        let _ = known;
        self.sample(rng)
    }
}

/// The draw at a uniform number in (0, 1): the quantile, from the nearer tail.
#[inline]
pub(crate) fn draw_at<S: Scalar>(law: &impl Continuous<S>, u: f64) -> S {
    if u <= 0.5 { law.quantile(S::from(u)) } else { law.isf(S::from(1.0 - u)) }
}

/// The same by the tables of who knows them, where there are some and they reach.
#[inline]
pub(crate) fn draw_at_by<S: Scalar>(law: &impl Continuous<S>, u: f64, known: &mut impl Known) -> S {
    let by_tables = |known| law.draw_by_tables(Known::tables(known, law.shapes()?)?, Nearer::new(u, false)?);
    by_tables(known).unwrap_or_else(|| draw_at(law, u))
}

/// The coordinates of a point of the unit cube: uniform numbers in (0, 1), each given once.
///
/// Points that are more even than random ones are made of these, and mirrored ones. Anything that gives a next number
/// is one; a generator gives them by [`noise::uniform`](crate::noise::uniform).
pub trait Coordinates {
    /// The next coordinate.
    fn uniform(&mut self) -> f64;

    /// A generator that one coordinate seeds, for what has no quantile.
    fn generator(&mut self) -> impl Rng;

    /// Standard normal noise from the next coordinate.
    #[inline]
    fn normal(&mut self) -> f64 {
        crate::special::normal_quantile(self.uniform())
    }
}

/// A law of several numbers, whose draws can be made from a point of the unit cube.
///
/// Programs draw from it by [`Chance::draw_joint`](crate::program::Chance::draw_joint).
pub trait Joint<S: Scalar>: Distribution<<Self as Joint<S>>::Point> {
    /// What is drawn: a vector, a matrix, an array.
    type Point;

    /// The draw at these coordinates, with its derivatives at fixed coordinates. It takes as many as it has random
    /// numbers of its own, the same number every time for most laws.
    ///
    /// ```
    /// # #[cfg(feature = "nalgebra")] {
    /// use reparam::{distr::Coordinates, prelude::*};
    /// struct Centre;
    /// impl Coordinates for Centre {
    ///     fn uniform(&mut self) -> f64 {
    ///         0.5
    ///     }
    ///     fn generator(&mut self) -> impl rand::Rng {
    ///         program::Stream::new(1)
    ///     }
    /// }
    /// let law = MultivariateNormal::from_std_devs([1.0, 2.0].into(), [3.0, 4.0].into()).unwrap();
    /// assert_eq!(law.draw_at(&mut Centre), law.mean().unwrap());
    /// # }
    /// ```
    fn draw_at(&self, coordinates: &mut impl Coordinates) -> Self::Point;

    /// A draw whose derivatives are from the handle's tables, where it has some for what this law is made of.
    #[doc(hidden)]
    #[inline(always)]
    fn sample_by<R: Rng + ?Sized>(&self, known: &mut impl Known, rng: &mut R) -> Self::Point {
        let _ = known;
        self.sample(rng)
    }
}

/// The Kullback-Leibler divergence between two laws, in closed form.
///
/// Which pairs have one:
///
/// | from, to | |
/// |---|---|
/// | two laws of one type | every type that says `KlDivergence<S>` among its traits |
/// | `Gamma`, `Exponential`, `Erlang`, `ChiSquared` | each from each |
/// | `InverseGamma`, `InverseChiSquared`, `ScaledInverseChiSquared` | each from each |
/// | `MultivariateNormal`, `LowRankNormal`, `Independent<Normal>` | each from each |
/// | `Dirichlet`, `LogDirichlet` | each from each |
/// | any law of one number | from a normal, exponential or uniform law: [`Normal::kl_divergence_of`](super::Normal::kl_divergence_of), [`Exponential::kl_divergence_of`](super::Exponential::kl_divergence_of), [`Uniform::kl_divergence_of`](super::Uniform::kl_divergence_of) |
///
/// Others are E[ln f(X) - ln g(X)] of draws, which [`estimate::pathwise`](crate::estimate::pathwise) differentiates.
///
/// ```
/// use reparam::prelude::*;
/// let (waiting, model) = (Exponential::new(2.0).unwrap(), Gamma::new(1.0, 3.0).unwrap());
/// // 3/2 - 1 - ln(3/2)
/// assert!((waiting.kl_divergence(&model) - (0.5 - 1.5f64.ln())).abs() < 1e-15);
/// ```
pub trait KlDivergence<S: Scalar, Other = Self> {
    /// E[ln f(X) - ln g(X)] for X from self, f the density of self and g that of `other`, in nats; infinite where `other`
    /// gives no density to a part of the support of self.
    fn kl_divergence(&self, other: &Other) -> S;
}

/// Hands the methods of [`Continuous`] that give numbers to a macro: with no number or one, and what they give.
macro_rules! methods {
    ($then:ident) => {
        $then! {
            support() -> (S, S);
            ln_pdf(x) -> S;
            pdf(x) -> S;
            cdf(x) -> S;
            sf(x) -> S;
            ln_cdf(x) -> S;
            ln_sf(x) -> S;
            quantile(p) -> S;
            isf(q) -> S;
            quantile_ln(ln_p) -> S;
            isf_ln(ln_q) -> S;
            mean() -> Option<S>;
            variance() -> Option<S>;
            entropy() -> S;
            mode() -> Option<S>;
            median() -> S;
        }
    };
}
pub(crate) use methods;
