//! A draw with its dual weight: what makes an average right where the draw itself carries no derivative, or not all of it.
//!
//! The average of `weight * f(value)` is unbiased for the expectation of f and, differentiated, for its derivatives of every
//! order that the scalar carries. A weight's real part is 1 where the value is drawn from the very law that is meant, so the
//! values of averages are those of plain Monte Carlo; importance weights may have any real part.
//!
//! # The trap
//! Automatic differentiation sees a drawn number as a constant. Differentiating an average of f(x) then gives the
//! derivative of f alone, and differentiating the estimator f(x) d ln p(x)/dθ once more misses terms. With z normal with
//! mean 0 and standard deviation σ = 1, E\[z²\] = σ² has the derivatives 2 and 2:
//!
//! | what is averaged and differentiated | first | second |
//! |---|---|---|
//! | z², z a constant | 0 | 0 |
//! | z² ln p(z; σ), the "surrogate loss"; its value is wrong too | 2 | -8 |
//! | z² e^(ln p(z; σ) - value of ln p) | 2 | 2 |
//!
//! The last line is the weight of [`score`] (Foerster et al. 2018, "DiCE: the infinitely differentiable Monte Carlo
//! estimator", in forward mode). The example `score_trap` prints these numbers.
//!
//! Here are draws by their score, products of weights, and particles: normalization and resampling. Baselines and control
//! variates are with the estimates.

mod filter;
mod particles;

pub use filter::{Particle, ln_normalize};
pub use particles::{Resampling, effective_size, normalize, self_normalized};

#[cfg(feature = "nalgebra")]
use crate::distr::Multivariate;
use crate::distr::mixture::{Components, Mixture};
use crate::distr::{Continuous, Discrete};
use crate::scalar::Scalar;
#[cfg(feature = "nalgebra")]
use nalgebra::allocator::Allocator;
#[cfg(feature = "nalgebra")]
use nalgebra::{DefaultAllocator, Dim, OMatrix};
use rand::Rng;

/// A value and the weight that it has in averages.
///
/// ```
/// use reparam::prelude::*;
/// use reparam::weighted::Weighted;
/// // a coin with P(heads) = p, seen to fall heads
/// let [p] = Jet::variables([0.25]);
/// let coin = Weighted::score(true, p.ln());
/// assert_eq!(coin.weight, Jet { re: 1.0, eps: [4.0] });
/// let prize = coin.map(|heads| if heads { p * 3.0 } else { 0.0.into() });
/// assert_eq!(prize.term(), Jet { re: 0.75, eps: [6.0] });
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted<T, S> {
    /// What was drawn.
    pub value: T,
    /// Its weight.
    pub weight: S,
}

impl<T, S: Scalar> Weighted<T, S> {
    /// A value of weight 1.
    pub fn one(value: T) -> Self {
        Weighted { value, weight: S::from(1.0) }
    }

    /// A value drawn with probability or density p, whose logarithm is `ln_p` at the value as a constant: the weight
    /// p / value of p, with real part 1.
    ///
    /// Unbiased where what can be drawn does not depend on the parameters: the support stays, and a probability that is
    /// zero has no derivative.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// use reparam::weighted::Weighted;
    /// let [p] = Jet::second_order([0.25]); // E of a coin's heads is p: derivatives 1 and 0
    /// let (value, first, second) = Weighted::score(1.0, p.ln()).weight.hessian();
    /// assert_eq!((value, first[0], second[0][0]), (1.0, 4.0, 0.0)); // p/0.25
    /// ```
    ///
    /// Source: Foerster et al. 2018, "DiCE: the infinitely differentiable Monte Carlo estimator".
    pub fn score(value: T, ln_p: S) -> Self {
        Weighted { value, weight: ln_p.with_re(0.0).exp() }
    }

    /// A value drawn from another law than the one that is meant: the weight is e^`ln_weight`, the ratio of the law that is
    /// meant to the law drawn from.
    ///
    /// ```
    /// use reparam::weighted::Weighted;
    /// assert_eq!(Weighted::importance((), 2f64.ln()).weight, 2.0);
    /// ```
    pub fn importance(value: T, ln_weight: S) -> Self {
        Weighted { value, weight: ln_weight.exp() }
    }

    /// f of the value, with the same weight.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Weighted<U, S> {
        Weighted { value: f(self.value), weight: self.weight }
    }

    /// A draw that depends on this one: the weights multiply.
    ///
    /// In a sequence, let each cost have the product of the weights of the draws before it, not those after: their mean is
    /// 1, so that they add nothing but variance.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// use reparam::weighted::Weighted;
    /// let [p] = Jet::variables([0.5]);
    /// let two = Weighted::score(1, p.ln()).and_then(|k| Weighted::score(k + 1, p.ln()));
    /// assert_eq!((two.value, two.weight.eps), (2, [4.0])); // d ln p²
    /// ```
    pub fn and_then<U>(self, f: impl FnOnce(T) -> Weighted<U, S>) -> Weighted<U, S> {
        let next = f(self.value);
        Weighted { value: next.value, weight: self.weight * next.weight }
    }

    /// Two independent draws as a pair: the weights multiply.
    pub fn zip<U>(self, other: Weighted<U, S>) -> Weighted<(T, U), S> {
        Weighted { value: (self.value, other.value), weight: self.weight * other.weight }
    }
}

impl<S: Scalar> Weighted<S, S> {
    /// weight · value: what is averaged.
    pub fn term(self) -> S {
        self.weight * self.value
    }

    /// weight · value - (weight - 1) · baseline, for weights of real part 1.
    ///
    /// The mean is that of [`Weighted::term`] whatever the baseline, so long as this draw had no part in it; the variance of
    /// the derivatives is least for baselines near the mean of the value. The real part is the value's.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// use reparam::weighted::Weighted;
    /// let [p] = Jet::variables([0.5]);
    /// let draw = Weighted::score(Jet::from(10.0), p.ln());
    /// assert_eq!(draw.term().eps, [20.0]);
    /// assert_eq!(draw.with_baseline(9.0.into()), Jet { re: 10.0, eps: [2.0] });
    /// ```
    pub fn with_baseline(self, baseline: S) -> S {
        (self.weight - 1.0) * (self.value - baseline) + self.value
    }
}

/// A draw of a continuous law by its score: the number carries no derivative, its weight carries all of them.
///
/// For functions of the draw that jump, where derivatives along the draw are wrong; where the function is smooth those have
/// less variance, most often by far. The law's support must not depend on its parameters (uniform bounds, say, have no
/// score). [`score_outcome`] is the same for discrete laws; for others, [`Weighted::score`] with the logarithm of the density.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::{estimate, weighted};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // P(z > 1) for a normal z: a jump, whose derivative in the mean is the density at 1
/// let above = |[mean]: [Jet<f64, 1>; 1], rng: &mut _| -> Result<_, LawError> {
///     let z = weighted::score(&Normal::new(mean, 1.0.into())?, rng);
///     Ok(z.map(|z: Jet<f64, 1>| Jet::from(if z.re > 1.0 { 1.0 } else { 0.0 })).term())
/// };
/// let e = estimate::pathwise([0.0], above).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((e.gradient[0] - 0.2419707245).abs() < 5.0 * e.gradient_se[0]);
/// # Ok(()) }
/// ```
pub fn score<S, D, R>(law: &D, rng: &mut R) -> Weighted<S, S>
where
    S: Scalar,
    D: Continuous<S>,
    R: Rng + ?Sized,
{
    let x = S::from(law.sample(rng).re());
    if S::ORDER == 0 { Weighted::one(x) } else { Weighted::score(x, law.ln_pdf(x)) }
}

/// A draw of a mixture whose component is chosen by its score: the number moves with its component's parameters, the
/// weight with the mixture's weights.
///
/// Right whatever lies between the components, where draws of [`Mixture`] mislead if that is little
/// ([`Mixture::overlap`] tells); where components overlap those have less variance, most often by far. A component of
/// weight 0 is never drawn, and its weight has no derivative then.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::{estimate, weighted};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // E[z] = w/2 + (1 - w) 5/2, with a gap between the components
/// let mean = |[w]: [Jet<f64, 1>; 1], rng: &mut _| -> Result<_, LawError> {
///     let laws = [Uniform::new(0.0.into(), 1.0.into())?, Uniform::new(2.0.into(), 3.0.into())?];
///     Ok(weighted::score_component(&Mixture::new([w, -w + 1.0], laws)?, rng).term())
/// };
/// let e = estimate::pathwise([0.25], mean).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((e.gradient[0] + 2.0).abs() < 5.0 * e.gradient_se[0]);
/// # Ok(()) }
/// ```
pub fn score_component<S, C, R>(law: &Mixture<S, C>, rng: &mut R) -> Weighted<S, S>
where
    S: Scalar,
    C: Components<S>,
    R: Rng + ?Sized,
{
    let (k, x) = law.sample_component(rng);
    if S::ORDER == 0 { Weighted::one(x) } else { Weighted::score(x, law.ln_weight(k)) }
}

/// A draw of a law of vectors or matrices by its score: the entries carry no derivative, the weight carries all of
/// them.
///
/// ```
/// use nalgebra::Vector2;
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::weighted;
/// let alpha = Jet::variables([0.5, 2.0]);
/// let law = Dirichlet::new(Vector2::from(alpha)).unwrap();
/// let draw = weighted::score_point(&law, &mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!((draw.weight.re, draw.value[0].eps), (1.0, [0.0, 0.0]));
/// ```
#[cfg(feature = "nalgebra")]
pub fn score_point<S, L, D, K, R>(law: &L, rng: &mut R) -> Weighted<OMatrix<S, D, K>, S>
where
    S: Scalar,
    L: Multivariate<S, Point = OMatrix<S, D, K>>,
    D: Dim,
    K: Dim,
    DefaultAllocator: Allocator<D, K>,
    R: Rng + ?Sized,
{
    let x = law.sample(rng).map(|x| S::from(x.re()));
    if S::ORDER == 0 {
        return Weighted::one(x);
    }
    let ln_pdf = law.ln_pdf(&x);
    Weighted::score(x, ln_pdf)
}

/// A draw of a discrete law by its score: the outcome carries no derivative, its weight carries all of them.
///
/// Right where an outcome of probability 0 has no derivative either.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::{estimate, weighted};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // E[k²] = λ + λ² for a Poisson count
/// let square = |[rate]: [Jet<f64, 1>; 1], rng: &mut _| -> Result<_, LawError> {
///     let k = weighted::score_outcome(&Poisson::new(rate)?, rng);
///     Ok(k.map(|k| Jet::from((k * k) as f64)).term())
/// };
/// let e = estimate::pathwise([2.0], square).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((e.gradient[0] - 5.0).abs() < 5.0 * e.gradient_se[0]);
/// # Ok(()) }
/// ```
pub fn score_outcome<S, D, R>(law: &D, rng: &mut R) -> Weighted<D::Outcome, S>
where
    S: Scalar,
    D: Discrete<S>,
    R: Rng + ?Sized,
{
    let outcome = law.sample(rng);
    if S::ORDER == 0 {
        return Weighted::one(outcome);
    }
    let ln_p = law.ln_pmf(&outcome);
    Weighted::score(outcome, ln_p)
}
