//! The handle through which a program gets all of its randomness.

use super::choice::{
    Bernoulli, BernoulliLogit, Binomial, BinomialLogit, Categorical, CategoricalLogits, ChoiceLaw, Event, Geometric,
    Hypergeometric, Ordered, Poisson, Refused,
};
use super::handed_on::handed_on;
use crate::distr::{Continuous, Gamma, Joint};
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use rand::Rng;

/// The handle through which a program draws: laws, plain noise, and choices.
///
/// [`Plain`](super::Plain) is a generator as a handle, [`Coupled`](super::Coupled) has its random numbers by their
/// place in the program, [`Antithetic`](super::Antithetic) mirrors them, and [`Watched`](super::Watched) observes what
/// another handle chooses.
///
/// Parameters of choices are checked by real part. An invalid one does not stop the run, but its estimate ends with the
/// error and the number of the choice.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handle for draws in `{S}`",
    label = "not a handle for random numbers",
    note = "take `chance: &mut impl Chance<S>`; a generator becomes a handle by `Plain::new(&mut rng)`"
)]
pub trait Chance<S: Scalar>: Sized {
    /// What a handle keeps of the places around a scope.
    type Mark;

    /// A value of any law of choices.
    #[track_caller]
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64;

    /// A draw of a law, with its derivatives.
    fn draw(&mut self, law: &impl Continuous<S>) -> S;

    /// A draw of a law of several numbers, a vector or a matrix, with its derivatives.
    ///
    /// Quasi-random and mirrored handles take a coordinate for each of its random numbers.
    fn draw_joint<L: Joint<S>>(&mut self, law: &L) -> L::Point;

    /// Uniform noise on (0, 1).
    fn uniform(&mut self) -> f64;

    /// Standard normal noise.
    fn normal(&mut self) -> f64;

    /// Exponential noise of mean 1.
    fn exponential(&mut self) -> f64;

    /// A generator for whatever is none of these: vectors, matrices, samplers of your own.
    fn generator(&mut self) -> impl Rng;

    /// Begins a part with random numbers of its own; programs call [`Chance::scope`].
    fn open(&mut self) -> Self::Mark;

    /// Ends it.
    fn close(&mut self, mark: Self::Mark);

    /// The first choice that could not be made, if there is one.
    fn fault(&self) -> Option<Fault>;

    /// Random numbers of their own for a part of the program: what comes after it does not depend on how many it used.
    #[inline(always)]
    fn scope<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.open();
        let result = part(self);
        self.close(mark);
        result
    }

    /// `true` with probability p.
    #[inline(always)]
    #[track_caller]
    fn bernoulli(&mut self, p: S) -> bool {
        if self.choose(&Bernoulli { p }) == 1 {
            // it stays a branch: arithmetic on the outcome would make all that follows wait for it
            core::hint::black_box(());
            true
        } else {
            false
        }
    }

    /// `true` with probability 1 / (1 + e^-logit): for probabilities that round to 0 or 1.
    #[inline]
    #[track_caller]
    fn bernoulli_logit(&mut self, logit: S) -> bool {
        self.choose(&BernoulliLogit { logit }) == 1
    }

    /// `true` with probability min(ratio, 1), for rejection and Metropolis steps.
    #[inline(always)]
    #[track_caller]
    fn accept(&mut self, ratio: S) -> bool {
        self.bernoulli(if ratio.re() >= 1.0 { S::from(1.0) } else { ratio })
    }

    /// `true` with probability 1 - e^-hazard: whether an event of this rate times duration takes place. Right, with its
    /// score, where that rounds to 0 or 1.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // survival through ten years
    /// let survives = program!(|[hazard]: [S; 1], chance| -> S {
    ///     S::from(f64::from(u8::from((0..10).all(|_| !chance.event(hazard)))))
    /// });
    /// let e = estimate::score([0.1], survives).run(&mut program::Stream::new(1)).unwrap();
    /// assert!((e.gradient[0] + 10.0 * (-1.0f64).exp()).abs() < 5.0 * e.gradient_se[0]);
    /// ```
    #[inline]
    #[track_caller]
    fn event(&mut self, hazard: S) -> bool {
        self.choose(&Event { hazard }) == 1
    }

    /// Which of several exponential clocks rings first, and when: `None` if none does in the time `left`.
    ///
    /// Whether one rings is a choice, and so is which; the time of it is a draw, given that it is before `left`. This
    /// is a step of Gillespie's algorithm that ends at a horizon. Use infinity for no horizon.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // births at rate 2 a head, deaths at rate 1, until time 1, from one head: the mean is e
    /// let population = program!(|[birth, death]: [S; 2], chance| -> S {
    ///     let (mut heads, mut left) = (1u32, S::from(1.0));
    ///     while let Some((who, wait)) = chance.race(&[birth * f64::from(heads), death * f64::from(heads)], left) {
    ///         heads = if who == 0 { heads + 1 } else { heads - 1 };
    ///         left -= wait;
    ///     }
    ///     S::from(f64::from(heads))
    /// });
    /// let e = estimate::score([2.0, 1.0], population).samples(20_000).run(&mut program::Stream::new(1)).unwrap();
    /// assert!((e.gradient[0] - 1f64.exp()).abs() < 5.0 * e.gradient_se[0]);
    /// ```
    #[track_caller]
    fn race(&mut self, rates: &[S], left: S) -> Option<(usize, S)> {
        super::race::by_choices(self, rates, left)
    }

    /// Whether X > at, as a choice by its logit, and then X given which: for a jump in a payoff, a barrier, a spike.
    ///
    /// A plain comparison with a draw would lose the derivative of the probability. See [`Chance::threshold_weight`]
    /// for one side only.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // P(X > 1) of a normal law: its derivative in the mean is φ(1)
    /// let f = program!(|[mean]: [S; 1], chance| -> Result<S, reparam::distr::LawError> {
    ///     let (above, x) = chance.threshold(&Normal::new(mean, S::from(1.0))?, S::from(1.0));
    ///     assert_eq!(x.re() > 1.0, above);
    ///     Ok(S::from(f64::from(u8::from(above))))
    /// });
    /// let e = estimate::score([0.0], f).run(&mut program::Stream::new(1)).unwrap();
    /// assert!((e.gradient[0] - 0.24197072451914337).abs() < 5.0 * e.gradient_se[0]);
    /// ```
    fn threshold(&mut self, law: &impl Continuous<S>, at: S) -> (bool, S) {
        let (above, below) = (law.ln_sf(at), law.ln_cdf(at));
        let is_above = self.bernoulli_logit(above - below);
        let ln_u = crate::scalar::math::ln(self.uniform());
        (is_above, if is_above { law.isf_ln(above + ln_u) } else { law.quantile_ln(below + ln_u) })
    }

    /// X given that X > at, and ln P(X > at): a weight in place of a choice, which has less variance where the other
    /// side contributes nothing.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // E[(X - 1); X > 1] of a normal law: its derivative in the mean is P(X > 1)
    /// let f = program!(|[mean]: [S; 1], chance| -> Result<S, reparam::distr::LawError> {
    ///     let (x, ln_p) = chance.threshold_weight(&Normal::new(mean, S::from(1.0))?, S::from(1.0));
    ///     Ok((x - 1.0) * ln_p.exp())
    /// });
    /// let e = estimate::score([0.0], f).run(&mut program::Stream::new(1)).unwrap();
    /// assert!((e.gradient[0] - 0.15865525393145707).abs() < 5.0 * e.gradient_se[0]);
    /// ```
    fn threshold_weight(&mut self, law: &impl Continuous<S>, at: S) -> (S, S) {
        let above = law.ln_sf(at);
        let ln_u = crate::scalar::math::ln(self.uniform());
        (law.isf_ln(above + ln_u), above)
    }

    /// A draw from another law, `proposal`, in place of the one that is meant, and the logarithm of its weight, the
    /// ratio of their densities there: importance sampling. Multiply what it counts for by e to this, or hand it to
    /// [`self_normalized`](crate::estimate::self_normalized).
    ///
    /// The proposal must give density to all that counts, with heavier tails; its parameters may be any constants.
    ///
    /// ```
    /// use reparam::{distr::LawError, estimate, prelude::*};
    /// // P(X > 5) of a normal law, from one around 5: the derivative in the mean is φ(5)
    /// let f = program!(|[mean]: [S; 1], chance| -> Result<S, LawError> {
    ///     let (law, far) = (Normal::new(mean, S::from(1.0))?, Normal::new(S::from(5.0), S::from(1.0))?);
    ///     let (x, ln_weight) = chance.draw_from(&far, &law);
    ///     Ok(if x.re() > 5.0 { ln_weight.exp() } else { S::from(0.0) })
    /// });
    /// let e = estimate::pathwise_program([0.0], f).run_seed(1).unwrap();
    /// assert!((e.gradient[0] - 1.4867195147342977e-6).abs() < 5.0 * e.gradient_se[0]);
    /// assert!(e.gradient_se[0] < 5e-8);
    /// ```
    fn draw_from(&mut self, proposal: &impl Continuous<S>, law: &impl Continuous<S>) -> (S, S) {
        let x = self.draw(proposal);
        (x, law.ln_pdf(x) - proposal.ln_pdf(x))
    }

    /// k with probability weights\[k\] / Σ weights.
    #[inline]
    #[track_caller]
    fn categorical(&mut self, weights: &[S]) -> usize {
        self.choose(&Categorical::new(weights)) as usize
    }

    /// k with probability e^logits\[k\] / Σ e^logits.
    #[inline]
    #[track_caller]
    fn categorical_logits(&mut self, logits: &[S]) -> usize {
        self.choose(&CategoricalLogits::new(logits)) as usize
    }

    /// k with probability weights\[k\] / Σ weights, where the result changes little from k to k + 1: see
    /// [`Ordered`](super::choice::Ordered).
    #[inline]
    #[track_caller]
    fn ordered(&mut self, weights: &[S]) -> usize {
        self.choose(&Ordered::new(weights)) as usize
    }

    /// The number of successes in n trials.
    #[inline]
    #[track_caller]
    fn binomial(&mut self, n: u64, p: S) -> u64 {
        self.choose(&Binomial { n, p })
    }

    /// The number of successes in n trials, each with probability 1 / (1 + e^-logit).
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // E k² = n p q + n² p²: the derivative in the logit is p q (n (1 - 2 p) + 2 n² p)
    /// let f = program!(|[l]: [S; 1], chance| -> S { S::from((chance.binomial_logit(10, l) as f64).powi(2)) });
    /// let e = estimate::mix([0.0], f).run_seed(1).unwrap();
    /// assert!((e.gradient[0] - 25.0).abs() < 5.0 * e.gradient_se[0]);
    /// ```
    #[inline]
    #[track_caller]
    fn binomial_logit(&mut self, n: u64, logit: S) -> u64 {
        self.choose(&BinomialLogit { n, logit })
    }

    /// A Poisson number with this mean.
    #[inline]
    #[track_caller]
    fn poisson(&mut self, rate: S) -> u64 {
        self.choose(&Poisson { rate })
    }

    /// The number of failures before the first success.
    #[inline]
    #[track_caller]
    fn geometric(&mut self, p: S) -> u64 {
        self.choose(&Geometric { p })
    }

    /// The number of failures before `successes` successes, which need not be a whole number: mean r (1 - p)/p,
    /// variance r (1 - p)/p².
    ///
    /// It is a Poisson choice whose rate is a gamma draw, of shape r, times (1 - p)/p: what the draw moves by with the
    /// parameters has no score, which keeps the variance low. A rate above 2^52 is an error as that of
    /// [`Chance::poisson`].
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // the mean r (1 - p)/p: its derivatives are (1 - p)/p and -r/p²
    /// let f = program!(|[r, p]: [S; 2], chance| -> S { S::from(chance.negative_binomial(r, p) as f64) });
    /// let e = estimate::score([2.5, 0.4], f).run_seed(1).unwrap();
    /// assert!((e.gradient[0] - 1.5).abs() < 5.0 * e.gradient_se[0]);
    /// assert!((e.gradient[1] + 15.625).abs() < 5.0 * e.gradient_se[1]);
    /// ```
    #[inline]
    #[track_caller]
    fn negative_binomial(&mut self, successes: S, p: S) -> u64 {
        match rate_of_failures(successes, p) {
            Ok(law) => {
                let odds = (-p + 1.0).over(p);
                let rate = self.draw(&law) * odds;
                self.poisson(rate)
            }
            Err(error) => self.choose(&Refused(error)),
        }
    }

    /// The number of successes among `draws` without replacement from a population with this many. It has no derivative
    /// of its own: what its whole numbers depend on is in the choices that made them.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // of 20, a binomial number of 12 carry something; 5 are looked at: the mean is 3 p
    /// let f = program!(|[p]: [S; 1], chance| -> S {
    ///     let carriers = chance.binomial(12, p);
    ///     S::from(chance.hypergeometric(20, carriers, 5) as f64)
    /// });
    /// let e = estimate::replay([0.3], f).run_seed(1).unwrap();
    /// assert!((e.gradient[0] - 3.0).abs() < 5.0 * e.gradient_se[0]);
    /// ```
    #[inline]
    #[track_caller]
    fn hypergeometric(&mut self, population: u64, successes: u64, draws: u64) -> u64 {
        self.choose(&Hypergeometric { population, successes, draws })
    }

    /// How n things fall into cells with probabilities weights\[k\] / Σ weights: one binomial choice a cell, of what is
    /// left.
    ///
    /// The counts go into `counts`, as long as `weights`.
    ///
    /// # Panics
    /// If the two are not of one length.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // the product of the counts in two of three cells: n (n - 1) p q
    /// let f = program!(|[p, q]: [S; 2], chance| -> S {
    ///     let mut counts = [0; 3];
    ///     chance.multinomial(10, &[p, q, -p - q + 1.0], &mut counts);
    ///     S::from((counts[0] * counts[1]) as f64)
    /// });
    /// let e = estimate::mix([0.2, 0.3], f).run(&mut program::Stream::new(1)).unwrap();
    /// assert!((e.gradient[0] - 27.0).abs() < 5.0 * e.gradient_se[0]);
    /// ```
    fn multinomial(&mut self, n: u64, weights: &[S], counts: &mut [u64]) {
        assert_eq!(weights.len(), counts.len(), "as many counts as weights");
        if n > 0
            && let Err(error) = Categorical::new(weights).check()
        {
            self.choose(&Refused(error));
        }
        let mut rest = weights.iter().fold(S::from(0.0), |sum, w| sum + *w);
        let mut left = n;
        let last = weights.len().saturating_sub(1);
        for (k, (w, count)) in weights.iter().zip(counts).enumerate() {
            // what is left of the weights may round to less than the next one
            let share = if k == last || w.re() >= rest.re() { S::from(1.0) } else { w.over(rest) };
            *count = if k == last { left } else { self.binomial(left, share) };
            left -= *count;
            rest -= *w;
        }
    }

    /// Standard Brownian motion at ascending times, into `path`: by the bridge, the end first and then the middle of
    /// what is between, so that the first draws carry most of the variance. That is what quasi-random points want; for
    /// others it is the same.
    ///
    /// # Panics
    /// If the two are not of one length, or the times not ascending from 0.
    ///
    /// ```
    /// use reparam::{prelude::*, program::Coupled};
    /// let mut path = [0.0; 3];
    /// Chance::<f64>::brownian(&mut Coupled::new(1), &[0.5, 1.0, 2.0], &mut path);
    /// assert!(path.iter().all(|w| w.abs() < 10.0));
    /// ```
    fn brownian(&mut self, times: &[f64], path: &mut [f64]) {
        assert_eq!(times.len(), path.len(), "as many values as times");
        let ascending = times.iter().all(|t| (0.0..f64::INFINITY).contains(t)) && times.is_sorted();
        assert!(ascending, "finite times, ascending from 0");
        let Some(last) = times.len().checked_sub(1) else { return };
        path[last] = crate::scalar::math::sqrt(times[last]) * self.normal();
        // halves of a row of 2^k times, from the widest: an interval is known by its number
        let mut width = times.len().next_power_of_two();
        while width > 1 {
            let half = width / 2;
            for left in (0..times.len()).step_by(width) {
                // positions count from 1; 0 is the origin
                let (from, middle, to) = (left, left + half, (left + width).min(times.len()));
                if middle >= to {
                    continue;
                }
                let at = |i: usize| if i == 0 { (0.0, 0.0) } else { (times[i - 1], path[i - 1]) };
                let ((t0, w0), (t1, _), (t2, w2)) = (at(from), at(middle), at(to));
                let share = if t2 > t0 { (t1 - t0) / (t2 - t0) } else { 0.0 };
                let std_dev = crate::scalar::math::sqrt((t1 - t0) * (1.0 - share));
                path[middle - 1] = w0 + share * (w2 - w0) + std_dev * self.normal();
            }
            width = half;
        }
    }

    /// Σ p_k `part(k)`, p_k = weights\[k\] / Σ weights: a choice summed out instead of drawn (Rao & Blackwell), which
    /// costs a run of `part` for each cell and leaves no variance of its own. Each part has a scope.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let f = program!(|[p]: [S; 1], chance| -> S {
    ///     chance.sum_out(&[p, -p + 1.0], |chance, k| S::from(k as f64) + chance.uniform() * 1e-9)
    /// });
    /// let e = estimate::replay([0.25], f).samples(100).run(&mut program::Stream::new(1)).unwrap();
    /// assert!((e.value - 0.75).abs() < 1e-8 && (e.gradient[0] + 1.0).abs() < 1e-8);
    /// ```
    fn sum_out(&mut self, weights: &[S], mut part: impl FnMut(&mut Self, usize) -> S) -> S {
        let total = weights.iter().fold(S::from(0.0), |sum, w| sum + *w);
        let mut sum = S::from(0.0);
        for (k, w) in weights.iter().enumerate() {
            sum += self.scope(|chance| part(chance, k)) * *w;
        }
        sum.over(total)
    }
}

/// A reference to a handle is one.
impl<S: Scalar, C: Chance<S>> Chance<S> for &mut C {
    handed_on!(S, C, |self| (**self));

    #[inline(always)]
    #[track_caller]
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64 {
        C::choose(self, law)
    }
    #[inline(always)]
    #[track_caller]
    fn race(&mut self, rates: &[S], left: S) -> Option<(usize, S)> {
        C::race(self, rates, left)
    }
    #[inline(always)]
    fn draw(&mut self, law: &impl Continuous<S>) -> S {
        C::draw(self, law)
    }
}

/// The law of the rate of a negative binomial choice, but for the odds.
#[inline]
fn rate_of_failures<S: Scalar>(successes: S, p: S) -> Result<Gamma<S>, LawError> {
    check!("a negative binomial choice", successes: [1e-300, 1e150]);
    check!("a negative binomial choice", p: "above 0 and at most 1" if p.re() > 0.0 && p.re() <= 1.0);
    Gamma::new(successes, S::from(1.0))
}

/// Why a choice could not be made. The run has gone on with stand-ins that let loops end; its result means nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Its parameters are invalid.
    Choice {
        /// The number of the choice in its run, from 0.
        choice: u64,
        /// Which of them, and what it was.
        error: LawError,
    },
    /// A run has made more choices than it may: most likely a loop that does not end.
    TooManyChoices {
        /// The limit.
        limit: u64,
    },
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Fault::Choice { choice, error } => write!(f, "choice {choice}: {error}"),
            Fault::TooManyChoices { limit } => {
                write!(f, "more than {limit} choices in a run: a loop that does not end?")
            }
        }
    }
}

impl core::error::Error for Fault {}

/// The number of choices that a run may make where nothing else is said: 2^32.
pub const MOST_CHOICES: u64 = 1 << 32;

/// Checks and counts the choices of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    /// How many choices there have been.
    pub number: u64,
    limit: u64,
    pub fault: Option<Fault>,
}

impl Guard {
    #[inline(always)]
    pub fn new(limit: u64) -> Self {
        Guard { number: 0, limit, fault: None }
    }

    #[inline(always)]
    pub fn restart(&mut self) {
        (self.number, self.fault) = (0, None);
    }

    /// The number of the next choice; `Err` if it cannot be made.
    #[inline(always)]
    pub fn next<S: Scalar>(&mut self, law: &impl ChoiceLaw<S>) -> Result<u64, ()> {
        let choice = self.number;
        self.number += 1;
        if choice >= self.limit {
            self.note(Fault::TooManyChoices { limit: self.limit });
            return Err(());
        }
        match law.check() {
            Ok(()) => Ok(choice),
            Err(error) => {
                self.note(Fault::Choice { choice, error });
                Err(())
            }
        }
    }

    #[cold]
    fn note(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }
}

/// A value in place of one that cannot be chosen, any of the support: a loop that waits for one of them ends.
#[cold]
pub(super) fn stand_in<R: Rng + ?Sized>(support: Option<u64>, noise: &mut R) -> u64 {
    match support {
        Some(values) => noise.next_u64() % values.max(1),
        None => u64::from(noise.next_u64().trailing_zeros()),
    }
}
