//! Scores in reverse mode, for programs that make choices.

use crate::Var;
use crate::functions::renew;
use crate::tape::Run;
use reparam::estimate::{Estimator, GradientSource, Handle, WithGradient, with_gradient};
use reparam::program::{Outcome, Program, Scores, Values, Watched};
use std::fmt;

/// The number of runs of a sample.
const BATCH: usize = 16;

/// The value and gradient of a [`Program`] of `&[S]` that makes choices, by scores in reverse mode: draws count by their
/// pathwise derivatives, choices by their scores.
///
/// A sample is the mean of 16 runs, the score of each multiplied by how far its result is from the mean of the 15 others
/// (leave-one-out, Mnih & Rezende 2016). As [`reparam::estimate::score_dyn`], for programs whose probabilities depend on
/// many parameters at once: a network that gives logits, say.
///
/// * Needs: probabilities that are not 0 where their derivatives are not; otherwise [`ScoreError::EmptyCell`].
/// * Bias: none.
/// * Variance: that of scores, growing with the number of choices.
/// * Cost: 16 runs in reverse a sample, on one arena, and the way back once for each result.
/// * When: thousands of parameters, each choice depending on many of them. Where each depends on a few,
///   [`reparam::estimate::score_dyn`] and [`reparam::estimate::replay_dyn`] need no arena.
///
/// ```
/// use reparam::prelude::*;
/// // 100 coins whose logits are sums of all parameters: E of the number of heads is 100 sigmoid(Σ θ)
/// let heads = program!(|theta: &[S], chance| -> S {
///     let logit = theta.iter().fold(S::from(0.0), |sum, t| sum + *t);
///     S::from((0..100).filter(|_| chance.bernoulli_logit(logit)).count() as f64)
/// });
/// let e = reparam_adjoint::score(&[0.0; 1000], heads).samples(500).run_seed(1).unwrap();
/// assert!((e.gradient[999] - 25.0).abs() < 5.0 * e.gradient_se[999]);
/// ```
pub fn score<P: Program<Theta = [f64]>>(theta: &[f64], program: P) -> Estimator<WithGradient<'_, Score<P>>> {
    with_gradient(theta, Score { program })
}

/// A program by its scores in reverse mode: see [`score`].
#[derive(Clone, Copy, Debug)]
pub struct Score<P> {
    program: P,
}

/// Why there is no sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScoreError<E> {
    /// The program's own error.
    Program(E),
    /// A choice has a value that can never be drawn, but has a derivative, which scores miss.
    EmptyCell {
        /// The number of the choice, counted through the runs of the block.
        choice: u64,
    },
    /// Two runs returned different numbers of results.
    Results {
        /// That of the first.
        expected: usize,
        /// That of the other.
        found: usize,
    },
}

impl<E: fmt::Display> fmt::Display for ScoreError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScoreError::Program(error) => error.fmt(f),
            ScoreError::EmptyCell { choice } => {
                write!(
                    f,
                    "choice {choice} has a value of probability 0 with a derivative, which scores miss: use replay_dyn"
                )
            }
            ScoreError::Results { expected, found } => write!(f, "{found} results, where another run had {expected}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for ScoreError<E> {}

type ValuesOf<P> = <<<P as Program>::Output as Outcome>::Values as Values>::Of<Var>;

impl<P: Program<Theta = [f64]>> GradientSource for Score<P> {
    type Scalar = Var;
    type Values = <P::Output as Outcome>::Values;
    type Error = ScoreError<<P::Output as Outcome>::Error>;
    type Work = Vec<Var>;

    fn work(&self, theta: &[f64]) -> Vec<Var> {
        theta.iter().map(|t| Var::from(*t)).collect()
    }

    fn sample(&self, theta: &[f64], x: &mut Vec<Var>, chance: &mut Handle<Var>) -> Result<Vec<f64>, Self::Error> {
        let run = Run::new(theta.len());
        renew(&run, theta, x);
        let mut runs: Vec<(ValuesOf<P>, Var)> = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            let mut watched = Watched::new(&mut *chance, Scores::new());
            let y = P::Output::result(self.program.run(x, &mut watched)).map_err(ScoreError::Program)?;
            if let Some(choice) = watched.observer.blind() {
                return Err(ScoreError::EmptyCell { choice });
            }
            runs.push((y, watched.observer.weight()));
        }
        let results: Vec<(&[Var], Var)> = runs.iter().map(|(y, w)| (Self::Values::slice(y), *w)).collect();
        let count = results[0].0.len();
        if let Some((other, _)) = results.iter().find(|(y, _)| y.len() != count) {
            return Err(ScoreError::Results { expected: count, found: other.len() });
        }
        let mut row = Vec::with_capacity(count * (1 + theta.len()));
        for k in 0..count {
            let sum: f64 = results.iter().map(|(y, _)| y[k].value()).sum();
            let mut mean = Var::from(0.0);
            for (y, weight) in &results {
                let others = (sum - y[k].value()) / (BATCH - 1) as f64;
                // the weight is 1 with the score as its derivative
                mean += y[k] + (*weight - 1.0) * (y[k].value() - others);
            }
            mean /= BATCH as f64;
            row.push(mean.value());
            run.back(mean.derivative(), |d| row.extend_from_slice(d));
        }
        Ok(row)
    }
}
