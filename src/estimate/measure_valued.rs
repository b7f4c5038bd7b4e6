//! Measure-valued derivatives: the derivative of a density as a difference of two densities.

use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::moments::Moments;
use super::pathwise::Handle;
use super::report::Order;
use super::returned::Returned;
use crate::distr::{Exponential, Gamma, Normal, Weibull};
use crate::noise;
use crate::parameter::LawError;
use crate::program::choice::{ChoiceLaw, Poisson};
use crate::program::{Chance, Plain, Stream, Values};
use crate::scalar::{Jet, math};
use core::marker::PhantomData;
use rand::distr::Distribution;
use rand::{Rng, RngExt};

/// The derivative of a law in one of its parameters: c (p₊ - p₋), with draws of p₊, p₋ and the law itself that are
/// coupled, so that ∂E\[f\] = c E\[f(x₊) - f(x₋)\] has a small variance for a smooth f.
///
/// | law, parameter | c | x₊ | x₋ |
/// |---|---|---|---|
/// | normal, mean | 1/(σ sqrt(2π)) | μ + σ R | μ - σ R, R of the Rayleigh law |
/// | normal, standard deviation | 1/σ | μ + σ M, M of the two-sided Maxwell law | μ + σ M U, U uniform |
/// | Poisson, rate | 1 | k + 1 | k |
/// | exponential, rate | 1/λ | x | x + an independent one |
/// | gamma, rate | shape/rate | x | x + an exponential one of this rate |
/// | Weibull, scale | shape/scale | s (E₁ + E₂)^(1/k) | s E₁^(1/k), E₁, E₂ exponential |
///
/// Source: Pflug 1989; Mohamed, Rosca, Figurnov & Mnih 2020, section 6 and table 1.
#[derive(Clone, Copy, Debug)]
pub struct WeakDerivative {
    law: Law,
}

#[derive(Clone, Copy, Debug)]
enum Law {
    NormalMean { mean: f64, std_dev: f64 },
    NormalStdDev { mean: f64, std_dev: f64 },
    Poisson { rate: f64 },
    Exponential { law: Exponential<f64>, rate: f64 },
    Gamma { law: Gamma<f64>, shape: f64, rate: f64 },
    Weibull { scale: f64, shape: f64 },
}

/// A draw of the law, one of p₊, one of p₋.
struct Draws {
    plain: f64,
    plus: f64,
    minus: f64,
}

impl WeakDerivative {
    /// In the mean of a normal law.
    ///
    /// # Errors
    /// Those of [`Normal::new`].
    pub fn normal_mean(mean: f64, std_dev: f64) -> Result<Self, LawError> {
        Normal::new(mean, std_dev).map(|_| WeakDerivative { law: Law::NormalMean { mean, std_dev } })
    }

    /// In the standard deviation of a normal law.
    ///
    /// # Errors
    /// Those of [`Normal::new`].
    pub fn normal_std_dev(mean: f64, std_dev: f64) -> Result<Self, LawError> {
        Normal::new(mean, std_dev).map(|_| WeakDerivative { law: Law::NormalStdDev { mean, std_dev } })
    }

    /// In the rate of a Poisson law.
    ///
    /// # Errors
    /// If `rate` is not in [0, 2^52].
    pub fn poisson_rate(rate: f64) -> Result<Self, LawError> {
        Poisson { rate }.check().map(|()| WeakDerivative { law: Law::Poisson { rate } })
    }

    /// In the rate of an exponential law.
    ///
    /// # Errors
    /// Those of [`Exponential::new`].
    pub fn exponential_rate(rate: f64) -> Result<Self, LawError> {
        Exponential::new(rate).map(|law| WeakDerivative { law: Law::Exponential { law, rate } })
    }

    /// In the rate of a gamma law.
    ///
    /// # Errors
    /// Those of [`Gamma::new`].
    pub fn gamma_rate(shape: f64, rate: f64) -> Result<Self, LawError> {
        Gamma::new(shape, rate).map(|law| WeakDerivative { law: Law::Gamma { law, shape, rate } })
    }

    /// In the scale of a Weibull law.
    ///
    /// # Errors
    /// Those of [`Weibull::new`].
    pub fn weibull_scale(scale: f64, shape: f64) -> Result<Self, LawError> {
        Weibull::new(scale, shape).map(|_| WeakDerivative { law: Law::Weibull { scale, shape } })
    }

    /// c.
    fn constant(&self) -> f64 {
        match self.law {
            // 1/sqrt(2π)
            Law::NormalMean { std_dev, .. } => 0.3989422804014327 / std_dev,
            Law::NormalStdDev { std_dev, .. } => 1.0 / std_dev,
            Law::Poisson { .. } => 1.0,
            Law::Exponential { rate, .. } => 1.0 / rate,
            Law::Gamma { shape, rate, .. } => shape / rate,
            Law::Weibull { scale, shape } => shape / scale,
        }
    }

    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> Draws {
        match self.law {
            Law::NormalMean { mean, std_dev } => {
                let r = math::sqrt(2.0 * noise::exponential(rng)) * std_dev;
                Draws { plain: mean + std_dev * noise::normal(rng), plus: mean + r, minus: mean - r }
            }
            Law::NormalStdDev { mean, std_dev } => {
                // the norm of three normal numbers, with the sign of one of them
                let e = [noise::normal(rng), noise::normal(rng), noise::normal(rng)];
                let m = math::sqrt(e[0] * e[0] + e[1] * e[1] + e[2] * e[2]).copysign(e[0]) * std_dev;
                let minus = mean + m * noise::uniform(rng);
                Draws { plain: minus, plus: mean + m, minus }
            }
            Law::Poisson { rate } => {
                let k = Poisson { rate }.draw(&mut Stream::new(rng.random())) as f64;
                Draws { plain: k, plus: k + 1.0, minus: k }
            }
            Law::Exponential { law, rate } => {
                let x = law.sample(rng);
                Draws { plain: x, plus: x, minus: x + noise::exponential(rng) / rate }
            }
            Law::Gamma { law, rate, .. } => {
                let x = law.sample(rng);
                Draws { plain: x, plus: x, minus: x + noise::exponential(rng) / rate }
            }
            Law::Weibull { scale, shape } => {
                let e = noise::exponential(rng);
                let x = scale * math::powf(e, 1.0 / shape);
                Draws { plain: x, plus: scale * math::powf(e + noise::exponential(rng), 1.0 / shape), minus: x }
            }
        }
    }
}

/// The value of E\[f(x)\], and its derivative in one parameter of the law of x, by coupled measure-valued derivatives.
///
/// f takes a draw, and a handle for what else is random in it: the same noise for x₊ and x₋.
///
/// * Needs: values of f only; f may have jumps and kinks.
/// * Bias: none.
/// * Variance: small for smooth f, as that of pathwise derivatives or less; bounded by that of f for any other.
/// * Cost: two or three runs of f.
/// * When: f is a black box or has jumps, and one parameter of one draw matters.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::estimate::{self, WeakDerivative};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // P(x > 1.5) has the derivative φ(1.5) at mean 0: a jump, to which pathwise derivatives are blind
/// let law = WeakDerivative::normal_mean(0.0, 1.0)?;
/// let e = estimate::measure_valued(law, |x, _| if x > 1.5 { 1.0 } else { 0.0 }).run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((e.gradient[0] - 0.12951759566589174).abs() < 5.0 * e.gradient_se[0]);
/// # Ok(()) }
/// ```
pub fn measure_valued<F, O>(law: WeakDerivative, f: F) -> Estimator<MeasureValued<F, O>>
where
    F: Fn(f64, &mut Handle<f64>) -> O,
    O: Returned<f64>,
{
    Estimator::new(MeasureValued { law, f, kind: PhantomData })
}

/// A function of one draw: see [`measure_valued`].
#[derive(Debug)]
pub struct MeasureValued<F, O> {
    law: WeakDerivative,
    f: F,
    kind: PhantomData<fn() -> O>,
}

impl<F: Clone, O> Clone for MeasureValued<F, O> {
    fn clone(&self) -> Self {
        MeasureValued { law: self.law, f: self.f.clone(), kind: PhantomData }
    }
}

impl<F, O> Sealed for MeasureValued<F, O> {}

impl<F: Fn(f64, &mut Handle<f64>) -> O, O: Returned<f64>> Sampler for MeasureValued<F, O> {
    type Values = O::Values;
    type Number = Jet<f64, 1>;
    type Error = O::Error;
    type Estimate = <Jet<f64, 1> as Order<1>>::Estimate<O::Values>;
    type State = Stream;

    fn parameters(&self) -> &[f64] {
        &[]
    }

    fn start(&self, first: u64, seeds: Seeds) -> Stream {
        Stream::at(seeds.of(first))
    }

    fn batch_mean(
        &self,
        rng: &mut Stream,
        sample: u64,
        seeds: Seeds,
    ) -> Result<<O::Values as Values>::Of<Jet<f64, 1>>, EstimateError<O::Error>> {
        let draws = self.law.draw(rng);
        let noise = rng.random();
        let f = |x| {
            let mut chance = Plain::with_limit(Stream::new(noise), seeds.limit);
            let result = (self.f)(x, &mut chance).result();
            EstimateError::of_sample(sample, seeds.seed, Chance::<f64>::fault(&chance), result)
        };
        let (value, plus) = (f(draws.plain)?, f(draws.plus)?);
        let minus = if draws.minus == draws.plain { value.clone() } else { f(draws.minus)? };
        let (plus, minus) = (O::Values::slice(&plus), O::Values::slice(&minus));
        let mut x = O::Values::map(&value, |v: &f64| Jet::<f64, 1>::constant(*v));
        let numbers = O::Values::slice_mut(&mut x);
        for found in [plus.len(), minus.len()] {
            if found != numbers.len() {
                return Err(EstimateError::Results { sample, expected: numbers.len(), found });
            }
        }
        for (x, (plus, minus)) in numbers.iter_mut().zip(plus.iter().zip(minus)) {
            x.eps = [self.law.constant() * (plus - minus)];
        }
        Ok(x)
    }

    fn estimate(&self, moments: &Moments<O::Values, Jet<f64, 1>>) -> Self::Estimate {
        Order::estimate(moments, 1)
    }
}
