//! Scores with martingale controls.

use super::controls::{Gathering, LeastSquares, Plan, Using, Watching};
use super::{At, ByChoices, Method, Sampled};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Runs, Seeds, sealed::Sealed};
use crate::estimate::moments::Moments;
use crate::estimate::notes::Notes;
use crate::estimate::report::Order;
use crate::program::{ErrorOf, ParametersOf, Program, ResultsOf, Values};
use crate::scalar::Jet;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

/// The value and gradient of a program with choices by scores whose noise is mostly known: the one to start with for
/// counts, populations and many choices.
///
/// A choice k with mean m and variance v given the past has the residual z = (k - m)/√v. Whatever g the past says, E\[S
/// g z\] = E\[g m'/√v\], S the sum of all scores: a control whose expectation is known for every parameter. So with any
/// coefficients c, learned from other samples,
///
/// S (f - c₀ - Σ z c·g) + Σ (m'/√v) c·g
///
/// has the expectation of S f, without what the linear response of f to the choices adds to its variance; likewise with
/// z² - 1 and v'/v. The same choice in the same line of the program is one kind; coefficients vary with the kind and
/// how often it was met. Twelve g per kind and time come from means, their largest so far, and standard deviations.
///
/// The mean of a cell's number says little. So among four cells and more that have no order, each has the residual
/// 1{it is chosen} - p besides, with E\[S g (1{it is chosen} - p)\] = E\[g p'\] and a g of 1 at four nodes of time.
///
/// A [`race`](crate::program::Chance::race) is one event of a known density here, its time a constant: each clock has the residual
/// 1{it rings} - rate · time, and eight g from the rates at six nodes of time.
///
/// * Needs: what [`score`](super::score) needs.
/// * Bias: none. Continuous draws keep their pathwise derivatives.
/// * Variance: that of scores times what a regression of the result on the choices' residuals leaves over: a tenth or
///   less for populations of hundreds; it gains nothing where single choices decide everything.
///   Where that is little it has heavy tails: 95 % intervals of the derivative of P(k ≥ 5), k binomial of 12 trials, cover in 91 %
///   at 100 samples and 94 % at 1000.
/// * Cost: one run in jets a sample, with a few dozen operations a choice; up to 2000 more samples to learn from.
/// * When: counts up to some thousands, jumps, extinction, chemical reactions, many parameters
///   ([`martingale_dyn`](super::martingale_dyn): any number of them). For populations of ten thousand and more,
///   [`finite_difference`](super::finite_difference) has less variance, and a bias.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // 30 people, 5 of them infected: the number of those who never are
/// let sir = program!(|[infection, recovery]: [S; 2], chance| -> S {
///     let (mut s, mut i) = (25u64, 5u64);
///     for _ in 0..30 {
///         let infected = chance.binomial(s, -(-infection * (i as f64 / 30.0)).exp_m1());
///         let recovered = chance.binomial(i, -(-recovery).exp_m1());
///         (s, i) = (s - infected, i + infected - recovered);
///     }
///     S::from(s as f64)
/// });
/// let by_scores = estimate::score([0.4, 0.15], sir).run_seed(1).unwrap();
/// let e = estimate::martingale([0.4, 0.15], sir).run_seed(1).unwrap();
/// assert!(e.gradient_se[0] < 0.5 * by_scores.gradient_se[0]);
/// let both = e.gradient_se[0].hypot(by_scores.gradient_se[0]);
/// assert!((e.gradient[0] - by_scores.gradient[0]).abs() < 5.0 * both);
/// ```
pub fn martingale<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<ByChoices<Martingale, P, [f64; N]>> {
    ByChoices::about(theta, program, Martingale::new())
}

/// Scores with martingale controls as a method: see [`martingale`].
#[derive(Clone, Debug)]
pub struct Martingale {
    learned: Option<Learned>,
}

/// What samples beside those of the estimate have said.
#[derive(Clone, Debug)]
pub struct Learned(Arc<Coefficients>);

#[derive(Debug)]
struct Coefficients {
    plan: Plan,
    /// Of each result, the constant.
    constants: Vec<f64>,
    /// Of each result, one coefficient a control.
    controls: Vec<Vec<f64>>,
    /// Whether all samples had the same results.
    still: bool,
}

/// Runs that are watched for their kinds of choices.
const WATCHED: u64 = 100;

/// The fewest and the most runs that coefficients are learned from.
const LEARNED: (u64, u64) = (250, 2000);

/// The first sample that nothing has been learned from, whatever the length of the estimate.
pub(super) const AFTER_LEARNING: u64 = WATCHED + LEARNED.1;

/// Numbers that are kept while it learns, where more would be learned from: 2000 runs of up to 8000 parameters each.
const KEPT: usize = 1 << 24;

/// What a run has to say: its scores in all parameters, its controls and its results.
pub(super) struct Gathered<D> {
    pub score: D,
    pub controls: Vec<f64>,
    pub results: Vec<f64>,
}

impl Learned {
    /// From samples at these parameters, for an estimate of so many batches.
    pub(super) fn from_runs<P: Program, D: AsRef<[f64]>, const ALONE: bool>(
        program: &P,
        theta: &ParametersOf<P, f64>,
        parameters: usize,
        (batches, seeds): (u64, Seeds),
        mut gather: impl FnMut(At<'_>, &Plan) -> Result<Gathered<D>, EstimateError<ErrorOf<P>>>,
    ) -> Result<Self, EstimateError<ErrorOf<P>>> {
        let mut plan = Plan::default();
        let mut results = 0;
        for sample in 0..WATCHED {
            let watch = Watching::<ALONE>::new(&mut plan);
            let (f, _) = At::new(sample, seeds).run::<f64, P, _>(program, theta, &[], watch)?;
            results = ResultsOf::<P>::slice::<f64>(&f).len();
        }
        plan.settle(WATCHED as f64);

        let most = ((KEPT / parameters.max(1)) as u64).clamp(LEARNED.0, LEARNED.1);
        let runs = (batches / 8).clamp(LEARNED.0, most);
        let mut samples = Vec::with_capacity(runs as usize);
        let mut mean_square = vec![0.0; parameters];
        for sample in WATCHED..WATCHED + runs {
            let gathered = gather(At::new(sample, seeds), &plan)?;
            mean_square.iter_mut().zip(gathered.score.as_ref()).for_each(|(m, s)| *m += s * s / runs as f64);
            samples.push(gathered);
        }
        // the variance that is left, of all parameters alike
        let mut fit = LeastSquares::new(plan.controls(), results);
        for Gathered { score, controls, results } in &samples {
            let share = |(s, m): (&f64, &f64)| if *m > 0.0 { s * s / m } else { 0.0 };
            let weight: f64 = score.as_ref().iter().zip(&mean_square).map(share).sum();
            fit.push(weight, controls, results.iter().copied());
        }
        let mut controls = fit.solve();
        let constants = controls.iter_mut().map(|c| c.remove(0)).collect();
        let still = samples.windows(2).all(|pair| pair[0].results == pair[1].results);
        Ok(Learned(Arc::new(Coefficients { plan, constants, controls, still })))
    }

    /// The number of results.
    pub(super) fn results(&self) -> usize {
        self.0.constants.len()
    }

    /// Whether all samples had the same results.
    pub(super) fn is_still(&self) -> bool {
        self.0.still
    }

    /// What a run is to be watched by, with a place of zeros for each parameter.
    #[inline]
    pub(super) fn using<D: Clone, const ALONE: bool>(&self, zeros: D) -> Using<'_, D, ALONE> {
        Using::new(&self.0.plan, &self.0.controls, zeros)
    }

    /// Adds to the derivatives of result k what its run has to say, and gives its value.
    #[inline(always)]
    pub(super) fn add<D: AsRef<[f64]>, const ALONE: bool>(
        &self,
        using: &Using<'_, D, ALONE>,
        k: usize,
        value: f64,
        gradient: &mut [f64],
    ) -> f64 {
        let rest = value - self.0.constants[k] - using.fitted[k];
        for ((e, s), known) in gradient.iter_mut().zip(using.score.as_ref()).zip(using.known[k].as_ref()) {
            *e += s * rest + known;
        }
        // residuals have mean 0: the value gains as well
        value - using.fitted[k]
    }

    /// Adds to them what its scores have to say without controls.
    #[inline(always)]
    pub(super) fn add_scores<D: AsRef<[f64]>, const ALONE: bool>(
        &self,
        using: &Using<'_, D, ALONE>,
        k: usize,
        value: f64,
        gradient: &mut [f64],
    ) {
        let rest = value - self.0.constants[k];
        gradient.iter_mut().zip(using.score.as_ref()).for_each(|(e, s)| *e += s * rest);
    }

    /// One sample.
    #[inline]
    fn sample<P: Program<Theta = [f64; N]>, const N: usize>(
        &self,
        program: &P,
        theta: &[f64; N],
        at: At<'_>,
    ) -> Sampled<P, Jet<f64, N>> {
        let (mut f, using) =
            at.run::<Jet<f64, N>, P, _>(program, &Jet::variables(*theta), &[], self.using::<_, true>([0.0; N]))?;
        if let Some(choice) = using.blind {
            return Err(EstimateError::EmptyCell { sample: at.sample, seed: at.seeds.seed, choice });
        }
        let results: &mut [Jet<f64, N>] = ResultsOf::<P>::slice_mut(&mut f);
        if results.len() != self.results() {
            return Err(EstimateError::Results { sample: at.sample, expected: self.results(), found: results.len() });
        }
        for (k, f) in results.iter_mut().enumerate() {
            f.re = self.add(&using, k, f.re, &mut f.eps);
        }
        Ok(f)
    }
}

/// What scores and controls a run in jets of all parameters has.
pub(super) fn gather<P: Program<Theta = [f64; N]>, const N: usize, const ALONE: bool>(
    program: &P,
    theta: &[f64; N],
    at: At<'_>,
    plan: &Plan,
) -> Result<Gathered<[f64; N]>, EstimateError<ErrorOf<P>>> {
    let watch = Gathering::<_, ALONE>::new(plan, [0.0; N]);
    let (f, watch) = at.run::<Jet<f64, N>, P, _>(program, &Jet::variables(*theta), &[], watch)?;
    if let (Some(choice), true) = (watch.blind, ALONE) {
        return Err(EstimateError::EmptyCell { sample: at.sample, seed: at.seeds.seed, choice });
    }
    at.finite::<ResultsOf<P>, Jet<f64, N>, _>(&f)?;
    let results = ResultsOf::<P>::slice(&f).iter().map(|f: &Jet<f64, N>| f.re).collect();
    Ok(Gathered { score: watch.score, controls: watch.controls, results })
}

/// Whether a value has no error but rounding: residuals round where the results themselves do not differ.
pub(super) fn rounds((value, se): (f64, f64)) -> bool {
    se <= 1e-9 * value.abs()
}

impl Martingale {
    pub(super) fn new() -> Self {
        Martingale { learned: None }
    }
}

impl Sealed for Martingale {}

impl<P: Program<Theta = [f64; N]>, const N: usize> Method<P, [f64; N]> for Martingale {
    type Number = Jet<f64, N>;
    type Estimate = <Jet<f64, N> as Order<N>>::Estimate<ResultsOf<P>>;

    fn learn(
        &mut self,
        program: &P,
        theta: &[f64; N],
        batches: u64,
        seeds: Seeds,
    ) -> Result<(), EstimateError<ErrorOf<P>>> {
        let gather = |at: At<'_>, plan: &Plan| gather::<P, N, true>(program, theta, at, plan);
        self.learned = Some(Learned::from_runs::<P, _, true>(program, theta, N, (batches, seeds), gather)?);
        Ok(())
    }

    #[inline]
    fn mean(&mut self, program: &P, theta: &[f64; N], first: u64, runs: Runs<'_>) -> Sampled<P, Jet<f64, N>> {
        match &self.learned {
            Some(learned) => learned.sample(program, theta, At::new(first, runs)),
            None => Err(EstimateError::TooFewSamples { samples: 0 }),
        }
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, Jet<f64, N>>) -> Self::Estimate {
        let errors = moments.standard_error();
        let values = ResultsOf::<P>::slice(moments.mean()).iter().zip(ResultsOf::<P>::slice(&errors));
        let mut values = values.map(|(x, se): (&Jet<f64, N>, &Jet<f64, N>)| (x.re, se.re));
        let still = self.learned.as_ref().is_some_and(Learned::is_still) && values.all(rounds);
        let mut notes = Notes::of(moments);
        notes.still = still;
        Order::noted(moments, 1, notes)
    }
}
