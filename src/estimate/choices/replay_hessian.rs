//! Second derivatives by coupled replay.

use super::{At, ByChoices, Method, Sampled};
use crate::estimate::estimator::{Estimator, Runs, sealed::Sealed};
use crate::estimate::moments::Moments;
use crate::estimate::report::Order;
use crate::program::{Candidate, Pair, Program, ResultsOf, Values, ValuesOf, real_parts};
use crate::scalar::Jet;

/// The value, gradient and Hessian of a program with choices by coupled replay, in four runs:
///
/// ∂²f + Σ_j (ω_j (f^j - f) + w_j ⊗ D_j + D_j ⊗ w_j), where w_j and ω_j are the weights of first and second order of an
/// alternative, f^j is the result with it, and D_j is what it changes of the first-order estimate over the choices
/// after it.
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
/// let f = program!(|[p]: [S; 1], chance| -> S {
///     let trials = chance.binomial(10, p);
///     S::from(chance.binomial(trials, p) as f64)
/// });
/// let e = estimate::replay_hessian([0.6], f).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.hessian[0][0] - 20.0).abs() < 5.0 * e.hessian_se[0][0]);
/// ```
pub fn replay_hessian<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<ByChoices<ReplayHessian, P, [f64; N]>> {
    ByChoices::about(theta, program, ReplayHessian)
}

/// Replay of two choices as a method: see [`replay_hessian`].
#[derive(Clone, Copy, Debug)]
pub struct ReplayHessian;

/// The kept pair of alternatives and what it changes, for one result.
struct Change<'a, const N: usize> {
    pair: &'a Pair<N>,
    /// The result with the kept alternative less the one without.
    change: f64,
    /// What the alternative changes of the first-order estimate over the choices after it.
    difference: [f64; N],
}

impl<const N: usize> Change<'_, N> {
    fn add_to(&self, f: &mut Jet<Jet<f64, N>, N>) {
        let kept = &self.pair.kept;
        let scale = self.pair.total / kept.size;
        let (w, d) = (kept.first.weight, self.difference);
        for a in 0..N {
            f.re.eps[a] += scale * w[a] * self.change;
            f.eps[a].re += scale * w[a] * self.change;
            for b in 0..N {
                f.eps[a].eps[b] += scale * (kept.second[a][b] * self.change + (w[a] * d[b] + w[b] * d[a]));
            }
        }
    }
}

impl ReplayHessian {
    fn sample<P: Program<Theta = [f64; N]>, const N: usize>(
        program: &P,
        theta: &[f64; N],
        at: At<'_>,
    ) -> Sampled<P, Jet<Jet<f64, N>, N>> {
        let (mut f, pair) = at.run(program, &Jet::second_order(*theta), &[], Pair::new(at.aside()))?;
        if pair.total == 0.0 {
            return Ok(f);
        }
        let first = (pair.kept.first.site, pair.kept.first.to);
        let (mut with, race) = at.run(program, &Jet::variables(*theta), &[first], pair.after.again())?;

        // the first-order estimates over the choices after the kept one, with and without it
        if race.total > 0.0 {
            let jumped = at.values(program, theta, &[first, (race.kept.site, race.kept.to)])?;
            add_jump::<P, N>(at, &mut with, &jumped, &race.kept, race.total)?;
        }
        let mut without = ResultsOf::<P>::map(&f, |f: &Jet<Jet<f64, N>, N>| f.re);
        let after = &pair.after;
        if after.total > 0.0 {
            let jumped = at.values(program, theta, &[(after.kept.site, after.kept.to)])?;
            add_jump::<P, N>(at, &mut without, &jumped, &after.kept, after.total)?;
        }

        // both changed in derivatives only: their real parts are the results with and without the alternative
        at.both::<ResultsOf<P>, Jet<f64, N>, Jet<f64, N>, _>(&mut with, &without, |with, without| *with -= without)?;
        at.both::<ResultsOf<P>, Jet<Jet<f64, N>, N>, Jet<f64, N>, _>(&mut f, &with, |f, d| {
            Change { pair: &pair, change: d.re, difference: d.eps }.add_to(f);
        })?;
        Ok(f)
    }
}

/// Adds the candidate's weight, scaled to norm 1, times `total` times what it changes.
fn add_jump<P: Program<Theta = [f64; N]>, const N: usize>(
    at: At<'_>,
    f: &mut ValuesOf<P, Jet<f64, N>>,
    jumped: &ValuesOf<P, f64>,
    candidate: &Candidate<N>,
    total: f64,
) -> Result<(), crate::estimate::EstimateError<crate::program::ErrorOf<P>>> {
    let mut change = jumped.clone();
    let value = real_parts::<ResultsOf<P>, Jet<f64, N>>(f);
    at.both::<ResultsOf<P>, f64, f64, _>(&mut change, &value, |to, from| *to = total * (*to - from))?;
    at.both::<ResultsOf<P>, Jet<f64, N>, f64, _>(f, &change, |f, change| {
        for (e, w) in f.eps.iter_mut().zip(candidate.weight) {
            *e += w / candidate.size * change;
        }
    })
}

impl Sealed for ReplayHessian {}

impl<P: Program<Theta = [f64; N]>, const N: usize> Method<P, [f64; N]> for ReplayHessian {
    type Number = Jet<Jet<f64, N>, N>;
    type Estimate = <Jet<Jet<f64, N>, N> as Order<N>>::Estimate<ResultsOf<P>>;

    const ORDER: usize = 2;

    fn mean(&mut self, program: &P, theta: &[f64; N], first: u64, runs: Runs<'_>) -> Sampled<P, Self::Number> {
        Self::sample(program, theta, At::new(first, runs))
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, Self::Number>) -> Self::Estimate {
        Order::estimate(moments, 1)
    }
}
