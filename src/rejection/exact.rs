//! Rejection with a dual weight: exact derivatives of every order.

use super::{MOST_PROPOSALS, RejectionError};
use crate::distr::Continuous;
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Jet, Scalar, math};
use crate::weighted::Weighted;
use rand::{Rng, SeedableRng};

/// How far above the bound the logarithm of a ratio may be through rounding.
const ROUNDING: f64 = 1e-9;

fn check_bound(ln_bound: f64) -> Result<(), LawError> {
    check!("a rejection sampler", ln_bound: "finite" if ln_bound.is_finite());
    Ok(())
}

fn check_margin(margin: f64) -> Result<(), LawError> {
    check!("a rejection sampler", margin: "finite" if margin.is_finite());
    Ok(())
}

/// A proposal, and how its target's density compares with its own.
///
/// ```
/// use reparam::prelude::*;
/// use reparam::rejection::Candidate;
/// // from uniform noise ε by x = ε^(1/a) to the density 6 x (1 - x): the Jacobian is taken by differentiation
/// let a = Jet::<f64, 1>::variable(2.0, 0);
/// let c = Candidate::of_map(0.25, 0.0, |e| e.powd(Jet::constant(a.recip())), |x: Jet<f64, 1>| (x * (-x + 1.0) * 6.0).ln());
/// assert_eq!(c.value.re, 0.5);
/// assert!((c.ln_ratio.re - 1.5f64.ln()).abs() < 1e-15); // the proposal's density is 2 x
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate<T, S> {
    /// x = h(ε; θ): noise put through a differentiable map, with its derivatives in θ.
    pub value: T,
    /// ln (target(x; θ) / proposal(x; θ)) at x with its derivatives; -inf where the target is 0.
    pub ln_ratio: S,
}

impl<T, S: Scalar> Candidate<T, S> {
    /// A candidate that is never accepted: noise that the map has no value for.
    pub fn never(value: T) -> Self {
        Candidate { value, ln_ratio: S::from(f64::NEG_INFINITY) }
    }
}

impl<S: Scalar> Candidate<S, S> {
    /// The candidate x = h(ε; θ) from noise ε whose density has the logarithm `ln_noise` (up to a constant): the proposal's
    /// density is that of the noise over |dh/dε|, which is taken by differentiating h.
    pub fn of_map(
        noise: f64,
        ln_noise: f64,
        map: impl FnOnce(Jet<S, 1>) -> Jet<S, 1>,
        ln_target: impl FnOnce(S) -> S,
    ) -> Self {
        let x = map(Jet::variable(S::from(noise), 0));
        Candidate { value: x.re, ln_ratio: ln_target(x.re) + x.eps[0].abs().ln() - ln_noise }
    }
}

/// A rejection sampler whose draws have the dual weight that makes averages right to every order.
///
/// Proposals x = h(ε; θ) with density r are accepted with probability q/(M r), q the target's density and e^`ln_bound` = M.
/// The accepted noise then has the density π(ε; θ) ∝ q(h(ε; θ); θ) |∂h/∂ε|, in which neither M nor the law of the noise is
/// left. Seen as a constant of the weight π(ε; θ) / value of π, that noise gives
///
/// E\[f\] = mean of weight · f(h(ε; θ)),   weight = e^(ln q - ln r - its value),
///
/// unbiased and differentiable as often as one likes, with one accepted proposal per draw. The bound's derivative never
/// enters. The better the proposal follows the target as θ moves, the smaller the weight's derivatives; a proposal without
/// derivatives gives the score function, one that is the target itself a weight of 1.
///
/// Source: Naesseth et al. 2017, "Reparameterization gradients through acceptance-rejection sampling algorithms".
///
/// # Normalization
/// The derivatives of the target's normalizing constant enter the weight. Where ln q includes it, [`Rejection::draw`]. Where
/// it does not,
///
/// * [`ln_normalizer`](super::ln_normalizer) computes it in one dimension, with derivatives: subtract it in ln q;
/// * [`Rejection::draw_unnormalized`] corrects for it without bias, by as many further draws as there are orders;
/// * [`self_normalized`](crate::weighted::self_normalized) averages many draws with a bias of order 1/n.
///
/// # Conditions
/// At fixed noise the ratio is differentiable in θ, and what noise can be accepted does not depend on θ, or the density
/// falls to 0 there (with as many derivatives as are asked for).
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::rejection::{Rejection, RejectionError};
/// use reparam::estimate;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // a normal target with standard deviation s from logistic proposals of scale s
/// let program = |[s]: [Jet<f64, 1>; 1], rng: &mut estimate::Handle<_>| -> Result<_, RejectionError> {
///     let target = Normal::new(0.0.into(), s)?;
///     let proposal = Logistic::new(0.0.into(), s * 0.7)?;
///     let sampler = Rejection::from_law(0.2, &proposal, |x| target.ln_pdf(x))?;
///     Ok(sampler.draw(rng)?.map(|x: Jet<f64, 1>| x * x).term())
/// };
/// let e = estimate::pathwise([1.5], program).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((e.gradient[0] - 3.0).abs() < 5.0 * e.gradient_se[0]); // E[x²] = s²
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rejection<F> {
    candidate: F,
    ln_bound: f64,
    most: u64,
}

impl<F> Rejection<F> {
    /// A sampler of candidates whose `ln_ratio` is at most `ln_bound`.
    ///
    /// The larger the bound, the more proposals: e^`ln_bound` of them per draw, where both densities are normalized. A bound
    /// that is too small is noticed when a candidate exceeds it.
    ///
    /// # Errors
    /// If `ln_bound` is infinite or NaN.
    pub fn new(ln_bound: f64, candidate: F) -> Result<Self, RejectionError> {
        check_bound(ln_bound)?;
        Ok(Rejection { candidate, ln_bound, most: MOST_PROPOSALS })
    }

    /// A sampler whose bound is not known: the largest `ln_ratio` of a number of pilot candidates, plus a margin.
    ///
    /// With n pilots the target's mass above the bound is about 1/n times the mean ratio without a margin; a margin of ln 2
    /// doubles the proposals and covers what smooth ratios add. A draw that meets a larger ratio is an error all the same:
    /// begin anew with that excess as margin.
    ///
    /// # Errors
    /// If no pilot has a finite ratio, or the margin is not finite; if a ratio is NaN or inf.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::noise;
    /// use reparam::rejection::{Candidate, Rejection};
    /// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    /// // uniform proposals for the density 2 x
    /// let candidate = |rng: &mut Xoshiro256PlusPlus| {
    ///     let x = noise::uniform(rng);
    ///     Candidate { value: x, ln_ratio: (2.0 * x).ln() }
    /// };
    /// let sampler = Rejection::with_pilots(1000, 0.1, candidate, &mut rng).unwrap();
    /// assert!((sampler.ln_bound() - 2f64.ln() - 0.1).abs() < 0.02);
    /// ```
    pub fn with_pilots<T, S: Scalar, R: Rng + ?Sized>(
        pilots: u64,
        margin: f64,
        candidate: F,
        rng: &mut R,
    ) -> Result<Self, RejectionError>
    where
        F: Fn(&mut R) -> Candidate<T, S>,
    {
        check_margin(margin)?;
        let mut largest = f64::NEG_INFINITY;
        for _ in 0..pilots {
            let ln_ratio = candidate(rng).ln_ratio.re();
            if ln_ratio.is_nan() || ln_ratio == f64::INFINITY {
                return Err(RejectionError::Density);
            }
            largest = largest.max(ln_ratio);
        }
        Self::new(largest + margin, candidate)
    }

    /// Gives up after this many proposals for one draw, [`MOST_PROPOSALS`] otherwise.
    pub fn at_most(self, proposals: u64) -> Self {
        Rejection { most: proposals, ..self }
    }

    /// The logarithm of the bound on the ratio of densities.
    pub fn ln_bound(&self) -> f64 {
        self.ln_bound
    }

    /// A draw, where the target's density is normalized for all parameters (or the factor it lacks is a constant).
    ///
    /// # Errors
    /// If a candidate's ratio exceeds the bound or is NaN, or if too many candidates were rejected.
    pub fn draw<T, S: Scalar, R: Rng + ?Sized>(&self, rng: &mut R) -> Result<Weighted<T, S>, RejectionError>
    where
        F: Fn(&mut R) -> Candidate<T, S>,
    {
        for _ in 0..self.most {
            let Candidate { value, ln_ratio } = (self.candidate)(rng);
            let margin = ln_ratio.re() - self.ln_bound;
            if margin.is_nan() {
                return Err(RejectionError::Density);
            }
            if margin > ROUNDING {
                return Err(RejectionError::EnvelopeTooSmall { ln_excess: margin });
            }
            if math::ln(noise::uniform(rng)) < margin {
                return Ok(if S::ORDER == 0 { Weighted::one(value) } else { Weighted::score(value, ln_ratio) });
            }
        }
        Err(RejectionError::TooManyProposals { proposals: self.most })
    }

    /// A draw, where the target's density lacks a factor that depends on the parameters: as many further draws as the scalar
    /// has orders of derivative correct for it, without bias.
    ///
    /// The weight w without normalization has the mean Z(θ) / value of Z = 1 + δ. With independent w_1, w_2, ... of the same
    /// law the series 1/(1 + δ) = 1 - δ + δ² - ..., which ends at the order of the scalar since δ has no value, is
    /// estimated by 1 - (w_1 - 1) (1 - (w_2 - 1) (1 - ...)).
    ///
    /// The further draws take their noise from a generator of their own, seeded by `rng`: what a program draws next is the same
    /// for every scalar.
    ///
    /// # Errors
    /// Those of [`Rejection::draw`].
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::prelude::*;
    /// use reparam::rejection::{Candidate, Rejection, RejectionError};
    /// use reparam::{estimate, noise};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // density proportional to x^a on [0, 1], from uniform proposals: E[x] = (a + 1)/(a + 2)
    /// let program = |[a]: [Jet<f64, 1>; 1], rng: &mut estimate::Handle<_>| -> Result<_, RejectionError> {
    ///     let sampler = Rejection::new(0.0, |rng: &mut _| {
    ///         let x = Jet::from(noise::uniform(rng));
    ///         Candidate { value: x, ln_ratio: a * x.ln() }
    ///     })?;
    ///     Ok(sampler.draw_unnormalized(rng)?.term())
    /// };
    /// let e = estimate::pathwise([1.0], program).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
    /// assert!((e.gradient[0] - 1.0 / 9.0).abs() < 5.0 * e.gradient_se[0]);
    /// # Ok(()) }
    /// ```
    pub fn draw_unnormalized<T, S: Scalar, R: Rng + SeedableRng>(
        &self,
        rng: &mut R,
    ) -> Result<Weighted<T, S>, RejectionError>
    where
        F: Fn(&mut R) -> Candidate<T, S>,
    {
        let Weighted { value, weight } = self.draw(rng)?;
        let seed = rng.next_u64();
        if S::ORDER == 0 {
            return Ok(Weighted { value, weight });
        }
        let mut apart = R::seed_from_u64(seed);
        let mut inverse = S::from(1.0);
        for _ in 0..S::ORDER {
            inverse = (-self.draw(&mut apart)?.weight + 1.0) * inverse + 1.0;
        }
        Ok(Weighted { value, weight: weight * inverse })
    }
}

impl Rejection<()> {
    /// A sampler with proposals from a law of this crate, whose draws carry their derivatives.
    ///
    /// `ln_target` is the logarithm of the target's density, and e^`ln_bound` is a bound on its ratio to the proposal's.
    ///
    /// # Errors
    /// If `ln_bound` is infinite or NaN.
    pub fn from_law<'a, S, D, R>(
        ln_bound: f64,
        proposal: &'a D,
        ln_target: impl Fn(S) -> S + 'a,
    ) -> Result<Rejection<impl Fn(&mut R) -> Candidate<S, S> + 'a>, RejectionError>
    where
        S: Scalar + 'a,
        D: Continuous<S>,
        R: Rng + ?Sized,
    {
        Rejection::new(ln_bound, move |rng: &mut R| {
            let x = proposal.sample(rng);
            Candidate { value: x, ln_ratio: ln_target(x) - proposal.ln_pdf(x) }
        })
    }
}
