//! Smooth functions of expectations: ratios, logarithms, variances, with standard errors by the delta method.

use super::components::{Component, Components};
use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::moments::Moments;
use super::notes::Notes;
use super::report::{Estimate, Order, Summary};
use super::returned::Returned;
use crate::distr::Kept;
use crate::program::Values;
use crate::scalar::Jet;

/// The numbers in which a function of expectations runs: derivatives in the parameters, and twice in the direction of a
/// sample.
pub type Moved<const N: usize> = Jet<Jet<Jet<f64, N>, 1>, 1>;

/// A smooth function of expectations about to be estimated: made by [`Estimator::function`].
#[must_use = "nothing is estimated until it is run"]
#[derive(Clone, Debug)]
pub struct OfExpectations<M, G> {
    estimator: Estimator<M>,
    g: G,
}

impl<M: Sampler> Estimator<M> {
    /// A smooth function g of the expectations, one or several: a ratio, a logarithm, a variance, in the value and its
    /// derivatives in the parameters.
    ///
    /// * Bias: of order 1/n², as that of order 1/n, half of g'' times the variance, is estimated and subtracted.
    /// * Standard errors: by the delta method, from the deviations of all samples in the direction of g' (for a
    ///   derivative: in that of both what it is and what it multiplies).
    /// * Cost: the samples are made twice, on the same random numbers; no covariances are kept.
    ///
    /// g gets the results with their derivatives, as many as the program returns, and returns a number, an array or a
    /// `Vec`.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // mean and variance of e^z, z normal with standard deviation s; and ln E[e^z] = s²/2
    /// let e = estimate::pathwise([0.5], |[s], chance| {
    ///     let x = (s * chance.normal()).exp();
    ///     [x, x * x]
    /// })
    /// .samples(100_000)
    /// .function(|[m, m2]| [*m2 - *m * *m, m.ln()])
    /// .run_seed(1)
    /// .unwrap();
    /// assert!((e.value[1] - 0.125).abs() < 5.0 * e.value_se[1]);
    /// assert!((e.gradient[1][0] - 0.5).abs() < 5.0 * e.gradient_se[1][0]);
    /// let exact = 0.5f64.exp() - 0.25f64.exp();
    /// assert!((e.value[0] - exact).abs() < 5.0 * e.value_se[0]);
    /// ```
    pub fn function<const N: usize, G, O>(self, g: G) -> OfExpectations<M, G>
    where
        M: Sampler<Number = Jet<f64, N>>,
        G: Fn(&<M::Values as Values>::Of<Moved<N>>) -> O,
        O: Returned<Moved<N>>,
    {
        OfExpectations { estimator: self, g }
    }
}

/// Samples of the influence that each has on g of the means, and of what it adds to the bias.
struct Influence<'a, M: Sampler, G> {
    inner: &'a M,
    mean: &'a <M::Values as Values>::Of<M::Number>,
    g: &'a G,
}

impl<M: Sampler, G> Sealed for Influence<'_, M, G> {}

impl<M, G, O, const N: usize> Sampler for Influence<'_, M, G>
where
    M: Sampler<Number = Jet<f64, N>>,
    G: Fn(&<M::Values as Values>::Of<Moved<N>>) -> O,
    O: Returned<Moved<N>>,
{
    type Values = O::Values;
    /// g' and g'' in the direction of a sample's deviation from the mean.
    type Number = Jet<Jet<f64, N>, 1>;
    type Error = M::Error;
    type Estimate = ();
    type State = M::State;

    fn laws(state: &mut M::State) -> Option<&mut Kept> {
        M::laws(state)
    }

    fn parameters(&self) -> &[f64] {
        self.inner.parameters()
    }

    fn batch(&self) -> u64 {
        self.inner.batch()
    }

    fn start(&self, first: u64, seeds: Seeds) -> M::State {
        self.inner.start(first, seeds)
    }

    fn batch_mean(
        &self,
        state: &mut M::State,
        first: u64,
        seeds: Seeds,
    ) -> Result<<O::Values as Values>::Of<Self::Number>, EstimateError<M::Error>> {
        let x = self.inner.batch_mean(state, first, seeds)?;
        let (mean, x) = (M::Values::slice(self.mean), M::Values::slice(&x));
        if mean.len() != x.len() {
            return Err(EstimateError::Results { sample: first, expected: mean.len(), found: x.len() });
        }
        let moved = along::<M::Values, N>(self.mean, |k| x[k] - mean[k]);
        let (value, at) = ((self.g)(&moved).result(), At { sample: first, seed: seeds.seed });
        let value = value.map_err(|_| at.not_finite())?;
        Ok(O::Values::map(&value, |y: &Moved<N>| Jet { re: y.eps[0].re, eps: [y.eps[0].eps[0]] }))
    }

    fn estimate(&self, _: &Moments<O::Values, Self::Number>) {}
}

/// Where something went wrong.
struct At {
    sample: u64,
    seed: u64,
}

impl At {
    fn not_finite<E>(&self) -> EstimateError<E> {
        EstimateError::NotFinite { sample: self.sample, seed: self.seed, result: 0, component: Component::Value }
    }
}

/// The means, moving in this direction: ε₁ d + ε₂ d.
fn along<V: Values, const N: usize>(
    mean: &V::Of<Jet<f64, N>>,
    direction: impl Fn(usize) -> Jet<f64, N>,
) -> V::Of<Moved<N>> {
    let mut k = 0;
    V::map(mean, |m: &Jet<f64, N>| {
        let d = direction(k);
        k += 1;
        Jet { re: Jet { re: *m, eps: [d] }, eps: [Jet { re: d, eps: [Jet::from(0.0)] }] }
    })
}

/// What a function of expectations is estimated as.
type FunctionEstimate<O, const N: usize> = Estimate<
    <<O as Returned<Moved<N>>>::Values as Values>::Of<[f64; N]>,
    <<O as Returned<Moved<N>>>::Values as Values>::Of<f64>,
>;

impl<M, G> OfExpectations<M, G> {
    /// The number of samples.
    pub fn samples(self, samples: u64) -> Self
    where
        M: Sampler,
    {
        OfExpectations { estimator: self.estimator.samples(samples), ..self }
    }

    /// The estimate, with one number of `rng` as the seed.
    ///
    /// # Errors
    /// Those of [`Estimator::run`]; also if g is not finite at the means or has no finite derivatives there.
    pub fn run<const N: usize, O, R>(self, rng: &mut R) -> Result<FunctionEstimate<O, N>, EstimateError<M::Error>>
    where
        M: Sampler<Number = Jet<f64, N>>,
        G: Fn(&<M::Values as Values>::Of<Moved<N>>) -> O,
        O: Returned<Moved<N>>,
        R: rand::Rng + ?Sized,
    {
        self.run_seed(rng.next_u64())
    }

    /// The estimate with this seed.
    ///
    /// # Errors
    /// Those of [`OfExpectations::run`].
    pub fn run_seed<const N: usize, O>(self, seed: u64) -> Result<FunctionEstimate<O, N>, EstimateError<M::Error>>
    where
        M: Sampler<Number = Jet<f64, N>>,
        G: Fn(&<M::Values as Values>::Of<Moved<N>>) -> O,
        O: Returned<Moved<N>>,
    {
        self.by(
            seed,
            |estimator, samples, seeds| estimator.moments(samples, seeds),
            |estimator, samples, seeds| estimator.moments(samples, seeds),
        )
    }

    /// The same on the threads of rayon's current pool, bit for bit.
    ///
    /// # Errors
    /// Those of [`OfExpectations::run`].
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let ratio = || {
    ///     let f = |[x]: [Jet<f64, 1>; 1], chance: &mut estimate::Handle<_>| [x * chance.exponential(), x + chance.uniform()];
    ///     estimate::pathwise([2.0], f).function(|[a, b]: &[estimate::Moved<1>; 2]| *a / *b)
    /// };
    /// assert_eq!(ratio().par_run_seed(1), ratio().run_seed(1));
    /// ```
    #[cfg(feature = "rayon")]
    pub fn par_run_seed<const N: usize, O>(self, seed: u64) -> Result<FunctionEstimate<O, N>, EstimateError<M::Error>>
    where
        M: Sampler<Number = Jet<f64, N>> + Sync,
        M::Error: Send,
        <M::Values as Values>::Of<M::Number>: Sync,
        Moments<M::Values, M::Number>: Send,
        G: Fn(&<M::Values as Values>::Of<Moved<N>>) -> O + Sync,
        O: Returned<Moved<N>>,
        Moments<O::Values, Jet<Jet<f64, N>, 1>>: Send,
    {
        self.by(
            seed,
            |estimator, samples, seeds| estimator.par_moments(samples, seeds),
            |estimator, samples, seeds| estimator.par_moments(samples, seeds),
        )
    }

    /// The estimate, with two ways to get moments: of the samples, and of their influences.
    fn by<const N: usize, O>(
        self,
        seed: u64,
        of_samples: impl Fn(&Estimator<M>, u64, Seeds) -> Result<Moments<M::Values, M::Number>, EstimateError<M::Error>>,
        of_influences: impl Fn(
            &Estimator<Influence<'_, M, G>>,
            u64,
            Seeds,
        ) -> Result<Moments<O::Values, Jet<Jet<f64, N>, 1>>, EstimateError<M::Error>>,
    ) -> Result<FunctionEstimate<O, N>, EstimateError<M::Error>>
    where
        M: Sampler<Number = Jet<f64, N>>,
        G: Fn(&<M::Values as Values>::Of<Moved<N>>) -> O,
        O: Returned<Moved<N>>,
    {
        let mut estimator = self.estimator;
        let (samples, seeds) = estimator.begin(seed)?;
        let moments = of_samples(&estimator, samples, seeds)?;
        let value = (self.g)(&along::<M::Values, N>(moments.mean(), |_| Jet::from(0.0))).result();
        let value = value.map_err(|_| EstimateError::Overflow)?;
        let at_means: &[Moved<N>] = O::Values::slice(&value);
        if let Some(result) = at_means.iter().position(|y| !y.all_finite()) {
            return Err(EstimateError::Function { result });
        }
        let influence = Influence { inner: &estimator.sampler, mean: moments.mean(), g: &self.g };
        let influences = of_influences(&estimator.beside(influence), samples, seeds)?;

        let (mean, se) = (influences.mean(), influences.standard_error());
        let mut k = 0;
        // less the bias: half of the mean of g'' over the number of observations
        let corrected = O::Values::map(&value, |y: &Moved<N>| {
            let curvature: Jet<Jet<f64, N>, 1> = O::Values::slice(mean)[k];
            k += 1;
            y.re.re - curvature.eps[0] * (0.5 / moments.count() as f64)
        });
        let se = O::Values::map(&se, |se: &Jet<Jet<f64, N>, 1>| se.re);
        let both = O::Values::slice(&corrected).iter().zip(O::Values::slice(&se));
        let is_bad = |(y, se): (&Jet<f64, N>, &Jet<f64, N>)| !(y.all_finite() && se.all_finite());
        if let Some(result) = both.map(is_bad).position(|bad| bad) {
            return Err(EstimateError::Function { result });
        }
        Ok(<Jet<f64, N> as Order<N>>::report::<O::Values>(Summary {
            samples: moments.count() * estimator.sampler.batch(),
            observations: moments.count(),
            mean: corrected,
            se,
            notes: Notes::of(&moments),
        }))
    }
}
