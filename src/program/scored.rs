//! Handles that take draws by their scores: where a result jumps or has a kink, draws that move do not show it.

use super::choice::ChoiceLaw;
use super::handed_on::handed_on;
use super::{Chance, Fault};
use crate::distr::{Continuous, Joint};
use crate::scalar::{Jet, Scalar};
use core::array;
use rand::Rng;

/// Any handle, whose draws of laws of one number stand still: their derivatives are in a weight, by the law's score.
///
/// Laws of vectors keep draws that move.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{prelude::*, program::{ByScore, Plain}};
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let mut chance = ByScore::new(Plain::new(&mut rng));
/// let x: Jet<f64, 1> = chance.draw(&Normal::new(Jet::variable(0.0, 0), 1.0.into()).unwrap());
/// // the score of the mean is x
/// assert_eq!((x.eps, chance.weight().eps), ([0.0], [x.re]));
/// ```
#[derive(Clone, Debug)]
pub struct ByScore<H, S> {
    /// The handle inside.
    pub inner: H,
    ln_weight: S,
    plain: bool,
    /// Whether a support has been seen to move, where that is looked at.
    moving: Option<bool>,
}

impl<H, S: Scalar> ByScore<H, S> {
    /// The handle `inner`, with draws that stand still.
    #[inline]
    pub fn new(inner: H) -> Self {
        ByScore { inner, ln_weight: S::from(0.0), plain: false, moving: None }
    }

    /// The same, which looks at the supports of the laws that are drawn from.
    pub(crate) fn looking(inner: H) -> Self {
        ByScore { moving: Some(false), ..ByScore::new(inner) }
    }

    /// Whether a law has had a support that moves with the parameters and ends where its density is not 0.
    pub(crate) fn had_moving_support(&self) -> bool {
        self.moving == Some(true)
    }

    /// The product of f(x) / re(f(x)) over all draws, f their densities: its real part is 1.
    #[inline]
    pub fn weight(&self) -> S {
        self.ln_weight.with_re(0.0).exp()
    }

    /// Whether there was randomness that has no score: plain noise, a law of vectors, a generator of the program's own.
    #[inline]
    pub fn had_plain_noise(&self) -> bool {
        self.plain
    }
}

/// Any handle, whose draws move in one direction of derivatives, the outer one, and stand still in the other: the score
/// of the pathwise derivative, for second derivatives of results with kinks.
///
/// A draw X of a law with density f moves with velocity u = ∂X/∂θ at fixed noise. As a function of X and θ it has the
/// derivative ∂u/∂θ at fixed X, which the inner derivatives of the outer ones become: with the derivatives X', X'' at
/// fixed noise it is X'' + X' d(ln f(X))/dθ, from the continuity of probability.
#[derive(Clone, Debug)]
pub(crate) struct ScoreOfPath<H, const N: usize> {
    pub inner: H,
    /// The scores of all draws.
    ln_weight: [f64; N],
}

impl<H, const N: usize> ScoreOfPath<H, N> {
    #[inline]
    pub fn new(inner: H) -> Self {
        ScoreOfPath { inner, ln_weight: [0.0; N] }
    }

    /// The product of f(x) / re(f(x)) over all draws, to first order.
    #[inline]
    pub fn weight(&self) -> Jet<f64, N> {
        Jet { re: 1.0, eps: self.ln_weight }
    }
}

impl<S: Scalar, H: Chance<S>> Chance<S> for ByScore<H, S> {
    handed_on!(S, H, |self| self.inner, self.plain = true);

    #[inline(always)]
    #[track_caller]
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64 {
        self.inner.choose(law)
    }
    #[inline]
    fn draw(&mut self, law: &impl Continuous<S>) -> S {
        let x = S::from(self.inner.draw(law).re());
        if S::ORDER > 0 {
            self.ln_weight += law.ln_pdf(x);
        }
        if let Some(moving) = &mut self.moving {
            let (lower, upper) = law.support();
            let moves = |end: S| end.re().is_finite() && end.with_re(0.0).max_abs() > 0.0;
            *moving |= [lower, upper].into_iter().any(|end| moves(end) && law.pdf(S::from(end.re())).re() > 0.0);
        }
        x
    }
}

impl<H: Chance<Jet<Jet<f64, N>, N>>, const N: usize> Chance<Jet<Jet<f64, N>, N>> for ScoreOfPath<H, N> {
    handed_on!(Jet<Jet<f64, N>, N>, H, |self| self.inner);

    #[inline(always)]
    #[track_caller]
    fn choose(&mut self, law: &impl ChoiceLaw<Jet<Jet<f64, N>, N>>) -> u64 {
        self.inner.choose(law)
    }
    #[inline]
    fn draw(&mut self, law: &impl Continuous<Jet<Jet<f64, N>, N>>) -> Jet<Jet<f64, N>, N> {
        let x = self.inner.draw(law);
        let along = law.ln_pdf(x);
        let score = law.ln_pdf(Jet::from(x.re.re)).re.eps;
        self.ln_weight.iter_mut().zip(score).for_each(|(sum, s)| *sum += s);
        let velocity = |i: usize| Jet {
            re: x.eps[i].re,
            eps: array::from_fn(|j| x.eps[i].eps[j] + along.eps[i].re * x.re.eps[j]),
        };
        Jet { re: Jet::from(x.re.re), eps: array::from_fn(velocity) }
    }
}
