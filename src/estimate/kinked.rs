//! Second derivatives of results with kinks: the score of the pathwise derivative.

use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::moments::Moments;
use super::pilot::{OfPilot, noted};
use super::report::Order;
use crate::distr::Kept;
use crate::program::{
    Chance, ErrorOf, Outcome, Plain, Program, ResultsOf, ScoreOfPath, Scores, Stream, Values, ValuesOf, Watched,
};
use crate::scalar::Jet;
use core::array;

/// Two derivatives, the outer one along draws that move and the inner one by scores.
type Second<const N: usize> = Jet<Jet<f64, N>, N>;

/// The value, gradient and Hessian of a program whose result has kinks (`max`, `abs`), or jumps in its first
/// derivatives: first derivatives along the draws, second ones by the score of those.
///
/// With h = df(X(θ), θ)/dθ along the draws, a function of the draws and θ, the Hessian is E\[(h - b) s + ∂h/∂θ\], where
/// the draws stand still in ∂h/∂θ, s is their score and b the gradient of a pilot; and the mean of it and its
/// transpose.
///
/// * Needs: parameters that enter through the laws that are drawn from, by [`Chance::draw`], as far as the result has
///   kinks in them: plain noise ([`Chance::normal`]) and laws of vectors have no score here, and what a kink says of a
///   second derivative is lost there as in [`pathwise_hessian`](super::pathwise_hessian); a note says that there are
///   some. Results that are continuous along the draws. Choices have their scores in both derivatives.
/// * Bias: none.
/// * Variance: that of first derivatives times a score: below that of second derivatives by scores alone, which
///   multiply the result by the square of one (14 to 20 times for gamma, vanna and volga of a call). It grows with the
///   number of draws. Samples are as skewed as a power of a normal variable: 95 % intervals of those three cover in 94,
///   87, 77 % at 100 samples, in 95, 94, 92 % at 1000, as they should at 10 000; by scores alone in 80, 63, 48 % at
///   100.
/// * Cost: one run in numbers with second derivatives a sample, two densities for each draw.
/// * When: gamma and vanna of options, anything with a `max` in it. Smooth results have less variance by
///   [`pathwise_hessian`](super::pathwise_hessian).
///
/// Source: Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §7.3 (mixed estimators).
///
/// ```
/// use reparam::{distr::LawError, estimate, prelude::*};
/// // a call at a strike of 100
/// let call = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
///     let price = chance.draw(&LogNormal::new(spot.ln() - vol * vol * 0.5, vol)?);
///     Ok((price - 100.0).max(S::from(0.0)))
/// });
/// let e = estimate::kinked_hessian([100.0, 0.2], call).samples(20_000).run_seed(1).unwrap();
/// // gamma φ(0.1)/(100 · 0.2)
/// assert!((e.hessian[0][0] - 0.01984762737385059).abs() < 5.0 * e.hessian_se[0][0]);
/// ```
pub fn kinked_hessian<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<Kinked<N, P>> {
    Estimator::new(Kinked { theta, program, baseline: OfPilot::NONE })
}

/// A program with kinks: see [`kinked_hessian`].
#[derive(Clone)]
pub struct Kinked<const N: usize, P: Program> {
    theta: [f64; N],
    program: P,
    /// Mean results of a pilot, to whose gradients scores are relative.
    baseline: OfPilot<ResultsOf<P>, Jet<f64, N>>,
}

impl<const N: usize, P: Program> Sealed for Kinked<N, P> {}

impl<const N: usize, P: Program<Theta = [f64; N]>> Sampler for Kinked<N, P> {
    type Values = ResultsOf<P>;
    type Number = Second<N>;
    type Error = ErrorOf<P>;
    type Estimate = <Second<N> as Order<N>>::Estimate<ResultsOf<P>>;
    /// Tables of the laws that runs draw often.
    type State = Kept;

    const ORDER: usize = 2;

    fn laws(laws: &mut Kept) -> Option<&mut Kept> {
        Some(laws)
    }

    fn parameters(&self) -> &[f64] {
        &self.theta
    }

    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.baseline = OfPilot::from_runs(&self.program, &Jet::variables(self.theta), seeds, batches)?;
        Ok(())
    }

    fn start(&self, _: u64, _: Seeds) -> Kept {
        Kept::default()
    }

    #[inline(always)]
    fn batch_mean(
        &self,
        laws: &mut Kept,
        sample: u64,
        seeds: Seeds,
    ) -> Result<ValuesOf<P, Second<N>>, EstimateError<ErrorOf<P>>> {
        let plain = Plain::with_laws(Stream::at(seeds.of(sample)), seeds.limit, laws.lend());
        let mut chance = ScoreOfPath::<_, N>::new(Watched::new(plain, Scores::<Second<N>>::new()));
        let result = P::Output::result(self.program.run(&<Second<N> as Order<N>>::variables(self.theta), &mut chance));
        let f = EstimateError::of_sample(sample, seeds.seed, Chance::<Second<N>>::fault(&chance), result)?;
        if let Some(choice) = chance.inner.observer.blind() {
            return Err(EstimateError::EmptyCell { sample, seed: seeds.seed, choice });
        }
        let (weight, of_choices) = (chance.weight(), chance.inner.observer.weight());
        let mut k = 0;
        Ok(ResultsOf::<P>::map(&f, |f: &Second<N>| {
            let b = self.baseline.get(k).eps;
            k += 1;
            let h = (*f * of_choices).eps;
            let by_row: [[f64; N]; N] = array::from_fn(|i| ((h[i] - b[i]) * weight).eps);
            let eps =
                array::from_fn(|i| Jet { re: h[i].re, eps: array::from_fn(|j| 0.5 * (by_row[i][j] + by_row[j][i])) });
            Jet { re: Jet { re: f.re.re, eps: h.map(|h| h.re) }, eps }
        }))
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, Second<N>>) -> Self::Estimate {
        noted::<P, Second<N>, N>(&self.program, &self.theta, moments)
    }
}
