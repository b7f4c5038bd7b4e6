//! Randomized quasi-Monte Carlo.

mod dynamic;

pub use dynamic::{QuasiDyn, latin_hypercube_dyn, quasi_dyn, stratified_dyn};

use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::moments::Moments;
use super::notes::Notes;
use super::pilot::{OfPilot, weighted};
use super::report::Order;
use crate::distr::{Counts, Lent, Often, What};
use crate::program::{
    Chance, ErrorOf, Latin, Outcome, ParametersOf, PointSet, Program, Quasi as Point, ResultsOf, Sobol, Strata, Values,
    ValuesOf,
};
use crate::scalar::Jet;
use core::cell::Cell;
use core::marker::PhantomData;
use core::ops::AddAssign;

/// The value and gradient of a program by quasi-random points: Sobol's, scrambled, each draw a coordinate through its
/// quantile.
///
/// * Needs: draws by quantile, so laws with a distribution function; programs that draw the same things in the same
///   order, mostly.
/// * Bias: none.
/// * Variance: for smooth results of few important draws it falls faster than 1/n, in practice by factors of 100 to 10
///   000 from 4096 points; kinks and jumps, choices, and many draws of equal importance leave less of that. Errors are
///   those of independent randomizations, 32 unless [`Estimator::samples`] says another number.
/// * Cost: a quantile for each draw. Those of gamma, beta, Student's t and von Mises laws and of what is made of them are
///   from tables, about as fast as random draws, where the law has the same shapes again and again: a pilot of 256 points
///   counts them before the estimate begins. Where shapes differ from point to point, and in laws of vectors or matrices,
///   truncations, mixtures and other laws made of these, they are roots, 30 to 100 times as slow.
/// * When: pathwise derivatives of smooth programs, to many digits. Choices enter by their scores.
///
/// Source: Owen 1997; L'Ecuyer & Lemieux 2002.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // a European call: delta and vega
/// let call = program!(|[spot, vol]: [S; 2], chance| -> S {
///     ((vol * chance.normal() - vol * vol * 0.5).exp() * spot - 100.0).max(S::from(0.0))
/// });
/// let quasi = estimate::quasi([100.0, 0.2], call).points(1024).run_seed(1).unwrap();
/// let plain = estimate::pathwise_program([100.0, 0.2], call).samples(32 * 1024).run_seed(1).unwrap();
/// // the exact ones, by Black & Scholes
/// assert!((quasi.gradient[0] - 0.539827837277029).abs() < 5.0 * quasi.gradient_se[0]);
/// assert!((quasi.gradient[1] - 39.695254747701177).abs() < 5.0 * quasi.gradient_se[1]);
/// assert!(quasi.gradient_se[1] < 0.05 * plain.gradient_se[1]);
/// ```
pub fn quasi<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<Quasi<Jet<f64, N>, N, P>> {
    about(theta, program)
}

/// [`quasi`] with the Hessian as well.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[s]: [S; 1], chance| -> S { (s * chance.normal()).exp() });
/// let e = estimate::quasi_hessian([0.5], f).points(1024).run_seed(1).unwrap();
/// // e^(s²/2) (1 + s²)
/// assert!((e.hessian[0][0] - 1.25 * 0.125f64.exp()).abs() < 5.0 * e.hessian_se[0][0]);
/// ```
pub fn quasi_hessian<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<Quasi<Jet<Jet<f64, N>, N>, N, P>> {
    about(theta, program)
}

/// Draws of one law by the pilot's 256 points from which on it gets tables: an estimate makes a hundred times as many, and
/// tables take as long as some 1000 quantiles.
const OFTEN: u64 = 64;

/// Randomizations where nothing else is said.
const RANDOMIZATIONS: u64 = 32;

/// The value and gradient of a program on a Latin hypercube: in every dimension each of n cells has one of n points.
///
/// * Needs: what [`quasi`] needs.
/// * Bias: none.
/// * Variance: that of what is left of the result when a sum of functions of one draw each is taken from it, over n. So
///   a sum of many draws gains much, and an interaction of two nothing; never worse than n - 1 plain samples. Errors
///   are those of independent randomizations, 32 unless [`Estimator::samples`] says another number. 95 % intervals
///   cover in 93 to 95 % for smooth results; where a kink in one draw leaves one cell to decide, in 89 % at 100 points,
///   93 at 1000.
/// * Cost: a quantile for each draw; four bytes a point and draw.
/// * When: many draws of equal importance whose effects add up; for few of them [`quasi`] gains more.
///
/// Source: McKay, Beckman & Conover 1979; Stein 1987; Owen 1997 (the bound).
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // Σ e^(s z) of ten: E is 10 e^(s²/2)
/// let f = program!(|[s]: [S; 1], chance| -> S {
///     (0..10).fold(S::from(0.0), |sum, _| sum + (s * chance.normal()).exp())
/// });
/// let latin = estimate::latin_hypercube([0.5], f).points(256).run_seed(1).unwrap();
/// let plain = estimate::pathwise_program([0.5], f).samples(32 * 256).run_seed(1).unwrap();
/// assert!((latin.gradient[0] - 5.0 * 0.125f64.exp()).abs() < 5.0 * latin.gradient_se[0]);
/// assert!(latin.gradient_se[0] < 0.2 * plain.gradient_se[0]);
/// ```
pub fn latin_hypercube<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<Quasi<Jet<f64, N>, N, P, Latin>> {
    on(theta, program, Latin::new(POINTS, 0), POINTS)
}

/// The value and gradient of a program in strata: a grid of cells over the first K coordinates, with one sample in each
/// cell; further draws are random.
///
/// * Needs: what [`quasi`] needs; the draws that matter first.
/// * Bias: none.
/// * Variance: that within the cells: for a smooth function of one uniform number in m cells of the order of m² times
///   less than that of m plain samples; of a draw without bounds the outermost cells decide, and it is some m times.
///   Errors are those of independent randomizations, 32 unless [`Estimator::samples`] says another number. They cover
///   as those of [`latin_hypercube`].
/// * Cost: a quantile for each draw.
/// * When: one or two draws decide most, the end of a path say, and what comes after is noise.
///
/// Source: Cochran 1977; Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §4.3.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[s]: [S; 1], chance| -> S { (s * chance.normal()).exp() + chance.normal() * 1e-3 });
/// let e = estimate::stratified([0.5], f, [256]).run_seed(1).unwrap();
/// let plain = estimate::pathwise_program([0.5], f).samples(32 * 256).run_seed(1).unwrap();
/// assert!((e.gradient[0] - 0.5 * 0.125f64.exp()).abs() < 5.0 * e.gradient_se[0]);
/// assert!(e.gradient_se[0] < 0.2 * plain.gradient_se[0]);
/// ```
pub fn stratified<P: Program<Theta = [f64; N]>, const N: usize, const K: usize>(
    theta: [f64; N],
    program: P,
    cells: [u32; K],
) -> Estimator<Quasi<Jet<f64, N>, N, P, Strata<K>>> {
    let strata = Strata::new(cells, 0);
    let count = strata.count();
    on(theta, program, strata, count)
}

/// Points of a randomization where nothing else is said.
const POINTS: u64 = 1024;

fn about<S, P: Program<Theta = [f64; N]>, const N: usize>(theta: [f64; N], program: P) -> Estimator<Quasi<S, N, P>>
where
    S: Order<N>,
{
    on(theta, program, Sobol::new(0), POINTS)
}

fn on<S, P, Q, const N: usize>(theta: [f64; N], program: P, set: Q, points: u64) -> Estimator<Quasi<S, N, P, Q>>
where
    S: Order<N>,
    P: Program<Theta = [f64; N]>,
    Q: PointSet + Clone,
{
    let laws = Often::default();
    Estimator::new(Quasi { theta, program, set, points, baseline: OfPilot::NONE, laws, kind: PhantomData })
        .samples(RANDOMIZATIONS)
}

/// A program on quasi-random points: see [`quasi`].
#[derive(Clone)]
pub struct Quasi<S, const N: usize, P: Program, Q = Sobol> {
    theta: [f64; N],
    program: P,
    set: Q,
    points: u64,
    /// Results of a pilot, which scores are relative to.
    baseline: OfPilot<ResultsOf<P>, f64>,
    /// Tables of the laws that the pilot drew often.
    laws: Often,
    kind: PhantomData<fn() -> S>,
}

impl<S: Order<N>, const N: usize, P: Program<Theta = [f64; N]>> Estimator<Quasi<S, N, P>> {
    /// The number of points of a randomization, 1024 otherwise: rounded up to a power of two, for which they are even.
    pub fn points(mut self, points: u64) -> Self {
        self.sampler.points = points.clamp(1, 1 << 32).next_power_of_two();
        self
    }
}

impl<S: Order<N>, const N: usize, P: Program<Theta = [f64; N]>> Estimator<Quasi<S, N, P, Latin>> {
    /// The number of points of a randomization, 1024 otherwise, at most [`Latin::MOST_POINTS`].
    pub fn points(mut self, points: u64) -> Self {
        self.sampler.points = points.clamp(1, Latin::MOST_POINTS);
        self.sampler.set = Latin::new(self.sampler.points, 0);
        self
    }
}

impl<S, const N: usize, P: Program, Q> Sealed for Quasi<S, N, P, Q> {}

/// The points of one randomization after the other.
#[derive(Debug)]
pub struct Points<Q = Sobol>(Q);

/// A point of a randomization, and where what it lacks comes from.
struct AtPoint<'a, Q> {
    set: &'a mut Q,
    key: u64,
    limit: u64,
    laws: Lent<'a>,
}

impl<Q: PointSet> AtPoint<'_, Q> {
    /// A handle that begins with its first coordinate.
    fn handle(&mut self) -> Point<'_, Q> {
        Point::with_laws(self.set, self.key, self.limit, self.laws)
    }
}

/// The sum of what `part` makes of each of so many points; a result has so many numbers of it.
fn over_points<Q: PointSet, V: Values, T: Copy + AddAssign, E>(
    set: &mut Q,
    (points, width): (u64, usize),
    laws: Lent<'_>,
    (sample, seeds): (u64, Seeds),
    mut part: impl FnMut(&mut AtPoint<'_, Q>) -> Result<V::Of<T>, EstimateError<E>>,
) -> Result<V::Of<T>, EstimateError<E>> {
    let seed = seeds.of(sample);
    set.randomize(seed);
    let mut sum: Option<V::Of<T>> = None;
    for i in 0..points {
        let key = seed.wrapping_add(crate::noise::mix(i + 1));
        let x = part(&mut AtPoint { set, key, limit: seeds.limit, laws })?;
        set.step();
        match &mut sum {
            None => sum = Some(x),
            Some(sum) => {
                let (sum, x) = (V::slice_mut(sum), V::slice(&x));
                if sum.len() != x.len() {
                    let (expected, found) = (sum.len() / width, x.len() / width);
                    return Err(EstimateError::Results { sample, expected, found });
                }
                sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += *x);
            }
        }
    }
    sum.ok_or(EstimateError::TooFewSamples { samples: 0 })
}

/// The mean results of some points beside those of an estimate, and tables of the laws that are drawn from there again
/// and again.
fn pilot<P: Program>(
    program: &P,
    theta: &ParametersOf<P, f64>,
    points: u64,
    seeds: Seeds,
) -> Result<(OfPilot<ResultsOf<P>, f64>, Often), EstimateError<ErrorOf<P>>> {
    let points = points.min(256);
    let counts = Cell::new(Counts::default());
    let run = |at: &mut AtPoint<'_, Sobol>| {
        Counts::change(&counts, Counts::begin_run);
        let mut point = at.handle();
        let result = P::Output::result(program.run::<f64, _>(theta, &mut point));
        EstimateError::of_sample(0, seeds.seed, Chance::<f64>::fault(&point), result)
    };
    let counted = Lent::Counted(&counts);
    let sum = over_points::<_, ResultsOf<P>, f64, _>(&mut Sobol::new(0), (points, 1), counted, (0, seeds), run)?;
    let laws = counts.into_inner().often(What::Quantiles, |_| OFTEN);
    Ok((OfPilot::known(ResultsOf::<P>::map(&sum, |x: &f64| x / points as f64)), laws))
}

fn check_points<E>(points: u64) -> Result<(), EstimateError<E>> {
    if points > 1 << 32 {
        let (name, range) = ("the number of cells", "at most 2^32");
        return Err(EstimateError::Setting { name, range, value: points as f64 });
    }
    Ok(())
}

impl<S: Order<N>, const N: usize, P: Program<Theta = [f64; N]>, Q: PointSet + Clone> Sampler for Quasi<S, N, P, Q> {
    type Values = ResultsOf<P>;
    type Number = S;
    type Error = ErrorOf<P>;
    type Estimate = S::Estimate<ResultsOf<P>>;
    type State = Points<Q>;

    fn parameters(&self) -> &[f64] {
        &self.theta
    }

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        check_points(self.points)
    }

    /// One randomization a block: they are long.
    fn block(&self) -> u64 {
        1
    }

    fn learn(&mut self, _: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        (self.baseline, self.laws) = pilot(&self.program, &self.theta, self.points, seeds)?;
        Ok(())
    }

    fn start(&self, _: u64, _: Seeds) -> Points<Q> {
        Points(self.set.clone())
    }

    fn batch_mean(
        &self,
        Points(points): &mut Points<Q>,
        sample: u64,
        seeds: Seeds,
    ) -> Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>> {
        let theta = S::variables(self.theta);
        let run = |at: &mut AtPoint<'_, Q>| {
            weighted::<P, S, _>(&self.program, &theta, at.handle(), &self.baseline, sample, seeds.seed)
        };
        let laws = Lent::Known(&self.laws, 0);
        let sum = over_points::<_, ResultsOf<P>, S, _>(points, (self.points, 1), laws, (sample, seeds), run)?;
        Ok(ResultsOf::<P>::map(&sum, |x: &S| *x / self.points as f64))
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, S>) -> Self::Estimate {
        S::noted(moments, self.points, Notes::of_drawn(moments))
    }
}
