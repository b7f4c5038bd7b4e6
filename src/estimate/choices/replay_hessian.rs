//! Second derivatives by coupled replay.

use super::sealed::Sealed;
use super::{ByChoices, Method, aside, finite};
use crate::estimate::error::EstimateError;
use crate::program::{Candidate, Handle, Pair, Program, RunError};
use crate::scalar::Jet;
use rand::Rng;

/// The value, gradient and Hessian of a program with choices by coupled replay, in four runs:
///
/// ∂²f + Σ_j (ω_j (f^j - f) + w_j ⊗ D_j + D_j ⊗ w_j), where w_j and ω_j are the weights of first and second order of an alternative,
/// f^j is the result with it, and D_j is what it changes of the first-order estimate over the choices after it.
///
/// One j is kept, and one choice after it in each of the runs with and without j.
///
/// * Needs: a program that can run again; memory for two alternatives.
/// * Bias: none.
/// * Variance: of the order of W² times the effect of two changed choices. For programs that amplify small changes
///   [`score_hessian`](super::score_hessian) is better.
/// * Cost: a run in `Jet<Jet<f64, N>, N>`, one in `Jet<f64, N>`, two in `f64`.
/// * When: where [`replay`](super::replay) is the better one for gradients and programs are short.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[p]: [S; 1], choose| -> S {
///     let trials = choose.binomial(10, p);
///     S::from(choose.binomial(trials, p) as f64)
/// });
/// let e = estimate::replay_hessian([0.6], f).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.hessian[0][0] - 20.0).abs() < 5.0 * e.hessian_se[0][0]);
/// ```
pub fn replay_hessian<P: Program<N>, const N: usize>(theta: [f64; N], program: P) -> ByChoices<ReplayHessian, P, N> {
    ByChoices::new(theta, program, ReplayHessian)
}

/// Replay of two choices as a method: see [`replay_hessian`].
#[derive(Clone, Copy, Debug)]
pub struct ReplayHessian;

impl ReplayHessian {
    fn sample<P: Program<N>, const N: usize>(
        program: &P,
        theta: [f64; N],
        seed: u64,
    ) -> Result<Jet<Jet<f64, N>, N>, RunError<P::Error>> {
        let (mut f, pair) = Handle::run(program, Jet::second_order(theta), seed, &[], Pair::new(aside(seed)))?;
        if pair.total == 0.0 {
            return Ok(f);
        }
        let kept = &pair.kept;
        let first = (kept.first.site, kept.first.to);
        let (forced, race) = Handle::run(program, Jet::variables(theta), seed, &[first], pair.after.again())?;

        // the first-order estimates over the choices after the kept one, with and without it
        let value = |choices: &[_]| Handle::run(program, theta, seed, choices, ()).map(|(f, _)| f);
        let mut with = forced.eps;
        if race.total > 0.0 {
            let change = value(&[first, (race.kept.site, race.kept.to)])? - forced.re;
            add(&mut with, &race.kept, race.total * change);
        }
        let mut without = f.re.eps;
        let after = &pair.after;
        if after.total > 0.0 {
            add(&mut without, &after.kept, after.total * (value(&[(after.kept.site, after.kept.to)])? - f.re.re));
        }

        let scale = pair.total / kept.size;
        let change = forced.re - f.re.re;
        let w = kept.first.weight;
        for a in 0..N {
            f.re.eps[a] += scale * w[a] * change;
            f.eps[a].re += scale * w[a] * change;
            for b in 0..N {
                let both = w[a] * (with[b] - without[b]) + w[b] * (with[a] - without[a]);
                f.eps[a].eps[b] += scale * (kept.second[a][b] * change + both);
            }
        }
        Ok(f)
    }
}

/// Adds the candidate's weight, scaled to norm 1, times `change`.
fn add<const N: usize>(gradient: &mut [f64; N], candidate: &Candidate<N>, change: f64) {
    for (g, w) in gradient.iter_mut().zip(candidate.weight) {
        *g += w / candidate.size * change;
    }
}

impl Sealed for ReplayHessian {}

impl<P: Program<N>, const N: usize> Method<P, N> for ReplayHessian {
    type Number = Jet<Jet<f64, N>, N>;

    fn batch(&self) -> u64 {
        1
    }

    fn mean<R: Rng + ?Sized>(
        &mut self,
        program: &P,
        theta: [f64; N],
        first: u64,
        rng: &mut R,
    ) -> Result<Self::Number, EstimateError<P::Error>> {
        let sample = Self::sample(program, theta, rng.next_u64());
        finite(sample.map_err(|e| EstimateError::of_run(first, e))?, first)
    }
}
