//! The Concrete law on one-hot vectors.

use super::{gumbel_at, gumbel_noise, largest, ln_softmax, tempered, tempered_softmax};
use crate::distr::{Coordinates, Joint};
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special::ln_gamma;
use core::array;
use rand::Rng;
use rand::distr::Distribution;

/// The relaxed one-hot vector softmax((l + g)/τ) of scores l and Gumbel noise g, for a number of scores known at run time.
///
/// `noise` and `soft` are as long as `scores`; what is longer is cut. No check of the temperature, which must be positive.
///
/// ```
/// use reparam::relax::relaxed_one_hot;
/// let mut soft = [0.0; 2];
/// relaxed_one_hot(&[1.0, 1.0], 0.5, &[0.3, 0.3], &mut soft);
/// assert_eq!(soft, [0.5, 0.5]);
/// ```
pub fn relaxed_one_hot<S: Scalar>(scores: &[S], temperature: S, noise: &[f64], soft: &mut [S]) {
    for ((soft, score), noise) in soft.iter_mut().zip(scores).zip(noise) {
        *soft = *score + *noise;
    }
    tempered_softmax(soft, temperature);
}

/// The relaxed one-hot categorical law, Concrete or Gumbel-softmax, with temperature τ and K logits l.
///
/// A draw is y = softmax((l + g)/τ) with Gumbel noise g: a point of the simplex, whose largest entry is where a categorical
/// draw with probabilities softmax(l) would be 1.
///
/// # Density function
/// f(y) = (K - 1)! τ^(K-1) Π_k p_k y_k^(-τ-1) / (Σ_k p_k y_k^-τ)^K on the simplex, p = softmax(l).
///
/// # Derivatives
/// Those of the formula at fixed noise, to any order; of y in l they are (diag(y) - y yᵀ)/τ. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::relax::{RelaxedOneHotCategorical, straight_through};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let logits = Jet::variables([0.0, 1.0, -1.0]);
/// let law = RelaxedOneHotCategorical::new(0.5.into(), logits)?;
/// let y = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// let sum = y[0] + y[1] + y[2];
/// assert!((sum.re - 1.0).abs() < 1e-15 && sum.eps.iter().all(|e| e.abs() < 1e-15));
/// let hard = straight_through(y); // 0 or 1, with the derivatives of y
/// assert_eq!(hard.map(|h| h.re).iter().sum::<f64>(), 1.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Maddison, Mnih & Teh 2017, "The Concrete distribution"; Jang, Gu & Poole 2017, "Categorical reparameterization with
/// Gumbel-softmax". Entries underflow to 0 at low temperatures; [`RelaxedOneHotCategorical::relax_ln`] does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelaxedOneHotCategorical<S, const K: usize> {
    temperature: S,
    logits: [S; K],
}

impl<S: Scalar, const K: usize> RelaxedOneHotCategorical<S, K> {
    /// The law with a temperature and logits, which need not be normalized.
    ///
    /// # Errors
    /// If the temperature is not in [1e-6, 1e6], or a logit is not in [-1e150, 1e150], or there are none.
    pub fn new(temperature: S, logits: [S; K]) -> Result<Self, LawError> {
        check!("a relaxed one-hot vector", temperature: TEMPERATURE);
        check!("a relaxed one-hot vector", logits, K as f64; "at least one" if K > 0);
        check!("a relaxed one-hot vector", logits: each REAL);
        Ok(RelaxedOneHotCategorical { temperature, logits })
    }

    fn scores(&self, noise: &[f64; K]) -> [S; K] {
        array::from_fn(|k| self.logits[k] + noise[k])
    }

    /// The draw that Gumbel noise makes.
    pub fn relax(&self, noise: &[f64; K]) -> [S; K] {
        let mut y = self.scores(noise);
        tempered_softmax(&mut y, self.temperature);
        y
    }

    /// The logarithm of the draw that Gumbel noise makes: finite, however low the temperature.
    ///
    /// ```
    /// use reparam::relax::RelaxedOneHotCategorical;
    /// let cold = RelaxedOneHotCategorical::new(1e-3, [0.0, 1e4]).unwrap();
    /// assert_eq!(cold.relax(&[0.0, 0.0]), [0.0, 1.0]);
    /// assert_eq!(cold.relax_ln(&[0.0, 0.0]), [-1e7, 0.0]);
    /// ```
    pub fn relax_ln(&self, noise: &[f64; K]) -> [S; K] {
        let mut ln_y = self.scores(noise);
        tempered(&mut ln_y, self.temperature);
        ln_softmax(&mut ln_y);
        ln_y
    }

    /// ln f(y), the density with respect to the first K - 1 entries; -inf off the simplex (by more than 1e-9 in the sum).
    ///
    /// An entry of 0 counts as the smallest normal double: the density has a pole or a zero there.
    pub fn ln_pdf(&self, y: &[S; K]) -> S {
        let sum: f64 = y.iter().map(|y| y.re()).sum();
        if !((sum - 1.0).abs() <= 1e-9 && y.iter().all(|y| y.re() >= 0.0)) {
            return S::from(if sum.is_nan() { f64::NAN } else { f64::NEG_INFINITY });
        }
        let ln_y = y.map(|y| if y.re() > 0.0 { y.ln() } else { S::from(math::ln(f64::MIN_POSITIVE)) });
        ln_y.iter().fold(self.ln_pdf_ln(&ln_y), |sum, ln_y| sum - *ln_y)
    }

    /// The logarithm of the density of ln y, with respect to its first K - 1 entries times y_K: what
    /// [`RelaxedOneHotCategorical::relax_ln`] draws from. ln f(y) = this - Σ ln y_k.
    ///
    /// (K - 1)! τ^(K-1) Π_k w_k / (Σ_k w_k)^K with w_k = e^(l_k - τ ln y_k). Does not check that Σ y = 1.
    ///
    /// Source: Maddison, Mnih & Teh 2017, appendix ("ExpConcrete").
    pub fn ln_pdf_ln(&self, ln_y: &[S; K]) -> S {
        let mut w: [S; K] = array::from_fn(|k| self.logits[k] - self.temperature * ln_y[k]);
        ln_softmax(&mut w);
        let free = K as f64 - 1.0;
        w.iter().fold(self.temperature.ln() * free + ln_gamma(K as f64), |sum, w| sum + *w)
    }

    /// A hard one-hot draw with the Rao-Blackwellized derivatives of the straight-through estimator: averaged over
    /// `samples` relaxed draws whose largest entry is the hard one. The mean is that of [`straight_through`], the variance less.
    ///
    /// With the categorical draw d and exponential E_k the noisy scores given d are ln Z - ln E_d at d, and
    /// -ln(E_k e^(-l_k) + E_d / Z) elsewhere, Z = Σ e^(l_k); they are l plus noise, and the noise is a constant to the
    /// derivative.
    ///
    /// No samples count as one. First derivatives; second ones are those of the relaxation.
    ///
    /// Source: Paulus, Maddison & Krause 2021, "Rao-Blackwellizing the straight-through Gumbel-softmax gradient estimator".
    ///
    /// [`straight_through`]: super::straight_through
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::prelude::*;
    /// use reparam::relax::RelaxedOneHotCategorical;
    /// let law = RelaxedOneHotCategorical::new(0.3.into(), Jet::variables([0.0, 1.0])).unwrap();
    /// let y = law.gumbel_rao(100, &mut Xoshiro256PlusPlus::seed_from_u64(1));
    /// assert_eq!(y[0].re + y[1].re, 1.0);
    /// assert!(y[0].eps[0] > 0.0 && (y[0].eps[0] + y[1].eps[0]).abs() < 1e-15);
    /// ```
    pub fn gumbel_rao<R: Rng + ?Sized>(&self, samples: usize, rng: &mut R) -> [S; K] {
        let logits = self.logits.map(|l| l.re());
        let noise = gumbel_noise::<K, R>(rng);
        let drawn = largest(&array::from_fn::<f64, K, _>(|k| logits[k] + noise[k]));
        let mut ln_p = logits;
        ln_softmax(&mut ln_p);
        let samples = samples.max(1);
        let mut mean = [S::from(0.0); K];
        for _ in 0..samples {
            let first = noise::exponential(rng);
            let given: [f64; K] = array::from_fn(|k| {
                // scores relative to ln Z
                let score = if k == drawn {
                    -math::ln(first)
                } else {
                    -ln_add(math::ln(noise::exponential(rng)) - ln_p[k], math::ln(first))
                };
                score - ln_p[k]
            });
            // the noise is drawn for every scalar: what a program draws next is the same
            if S::ORDER > 0 {
                for (mean, y) in mean.iter_mut().zip(self.relax(&given)) {
                    *mean += y / samples as f64;
                }
            }
        }
        array::from_fn(|k| mean[k].with_re(if k == drawn { 1.0 } else { 0.0 }))
    }
}

/// ln(e^a + e^b).
fn ln_add(a: f64, b: f64) -> f64 {
    a.max(b) + math::ln_1p(math::exp(-(a - b).abs()))
}

impl<S: Scalar, const K: usize> Distribution<[S; K]> for RelaxedOneHotCategorical<S, K> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> [S; K] {
        self.relax(&gumbel_noise(rng))
    }
}

impl<S: Scalar, const K: usize> Joint<S> for RelaxedOneHotCategorical<S, K> {
    type Point = [S; K];

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> [S; K] {
        self.relax(&gumbel_at(coordinates))
    }
}
