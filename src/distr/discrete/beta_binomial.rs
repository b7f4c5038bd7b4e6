//! The beta-binomial law.

use super::binomial::BinomialSampler;
use super::gamma_mixture::{is_close, ln_negative_binomial, ln_rising_growth};
use super::tails::SmallerTail;
use super::{
    Bulk, Discrete, DiscreteUnivariate, LnMasses, discrete_family, divergence_sum, entropy_sum, ln_sum, tails,
};
use crate::distr::KlDivergence;
use crate::distr::form::of_logit::BetaLogit;
use crate::distr::form::share;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special::UnitPoint;
use rand::Rng;
use rand::distr::Distribution;

/// The [beta-binomial law](https://en.wikipedia.org/wiki/Beta-binomial_distribution): the number of successes in n trials whose
/// probability is drawn once from the beta law with shapes α and β.
///
/// # Mass function
/// C(n, k) B(k + α, n - k + β) / B(α, β), k = 0 to n. It is computed as what two negative binomial laws with r = α and r = β say of
/// the successes and of the failures, given what that with r = α + β says of all trials; each has its deviance, and no large
/// logarithms cancel. The tails are sums of masses, of a few thousand terms at the most.
///
/// # Derivatives
/// Draws are plain counts. d ln p(k)/dα = ψ(k + α) - ψ(α) - ψ(n + α + β) + ψ(α + β), likewise in β.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [alpha, beta] = Jet::variables([1.0, 1.0]);
/// let law = BetaBinomial::new(9, alpha, beta)?; // uniform on 0 to 9
/// assert!((law.pmf(&3).re - 0.1).abs() < 1e-15);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaBinomial<S> {
    trials: u64,
    alpha: S,
    beta: S,
    probability: BetaLogit<f64>,
}

impl<S: Scalar> BetaBinomial<S> {
    /// The law of the successes in `trials` trials of one probability from the beta law with these shapes.
    ///
    /// # Errors
    /// If `trials` is above 1e15, or `alpha` or `beta` is not in [1e-10, 1e10].
    pub fn new(trials: u64, alpha: S, beta: S) -> Result<Self, LawError> {
        check!("a beta-binomial law", trials, trials as f64; COUNT);
        check!("a beta-binomial law", alpha: [1e-10, 1e10]);
        check!("a beta-binomial law", beta: [1e-10, 1e10]);
        Ok(BetaBinomial { trials, alpha, beta, probability: BetaLogit::new(alpha.re(), beta.re()) })
    }

    /// ln p(k) for real k in [0, n].
    fn ln_mass(&self, k: f64) -> S {
        let n = self.trials as f64;
        if n == 0.0 {
            return S::from(0.0);
        }
        ln_counts_given_total([(self.alpha, k), (self.beta, n - k)].into_iter())
    }

    /// Both tails by summation of the smaller one; k below n.
    fn tails(&self, k: u64) -> SmallerTail<S> {
        let (k, n, mean) = (k as f64, self.trials as f64, self.mean());
        let bulk = Bulk::of(mean, self.variance());
        SmallerTail::new(k >= mean.re(), |upper| {
            let (low, high) = if upper { (k + 1.0, n) } else { (0.0, k) };
            ln_sum(low, high, bulk, |k| self.ln_mass(k))
        })
    }

    fn tail(&self, k: u64, upper: bool) -> S {
        if k >= self.trials {
            return S::from(if upper { 0.0 } else { 1.0 });
        }
        self.tails(k).of(upper)
    }

    fn ln_tail(&self, k: u64, upper: bool) -> S {
        if k >= self.trials {
            return S::from(if upper { f64::NEG_INFINITY } else { 0.0 });
        }
        self.tails(k).ln_of(upper)
    }
}

/// ln of the probability of counts k_i, of negative binomial laws with parameters r_i and one p, given their sum, which is positive:
/// it does not depend on p, and with p = r/(r + n) nothing cancels.
pub(crate) fn ln_counts_given_total<S: Scalar>(cells: impl Iterator<Item = (S, f64)> + Clone) -> S {
    let (r, n) = cells.clone().fold((S::from(0.0), 0.0), |(r, n), (r_i, k_i)| (r + r_i, n + k_i));
    let at = point_of_total(r, n);
    cells.fold(-ln_cell(r, n, at), |sum, (r, k)| sum + ln_cell(r, k, at))
}

/// p = r/(r + n), a constant.
pub(crate) fn point_of_total<S: Scalar>(r: S, n: f64) -> UnitPoint<S> {
    let all = r.re() + n;
    let (x, y) = (r.re() / all, n / all);
    UnitPoint {
        x: S::from(x),
        y: S::from(y),
        ln_x: S::from(if x < 0.5 { math::ln(x) } else { math::ln_1p(-y) }),
        ln_y: S::from(if y < 0.5 { math::ln(y) } else { math::ln_1p(-x) }),
    }
}

/// (n + A)/(1 + A), how much larger the variance of n trials is than with fixed probabilities, A being the sum of the concentrations.
pub(super) fn overdispersion<S: Scalar>(trials: u64, total: S) -> S {
    S::from(trials as f64 - 1.0).over(total + 1.0) + 1.0
}

/// ln of the negative binomial mass at k.
pub(crate) fn ln_cell<S: Scalar>(r: S, k: f64, at: UnitPoint<S>) -> S {
    if k == 0.0 { r * at.ln_x } else { ln_negative_binomial(r, k, at) }
}

impl<S: Scalar> Distribution<u64> for BetaBinomial<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        let (p, _) = self.probability.draw(rng).unit();
        BinomialSampler::draw_once(self.trials, p, rng)
    }
}

impl<S: Scalar> Discrete<S> for BetaBinomial<S> {
    type Outcome = u64;

    fn ln_pmf(&self, k: &u64) -> S {
        if *k > self.trials { S::from(f64::NEG_INFINITY) } else { self.ln_mass(*k as f64) }
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for BetaBinomial<S> {
    fn support(&self) -> (u64, u64) {
        (0, self.trials)
    }
    tails!();
    fn mean(&self) -> S {
        share(self.alpha, self.beta) * self.trials as f64
    }
    fn variance(&self) -> S {
        self.mean() * share(self.beta, self.alpha) * overdispersion(self.trials, self.alpha + self.beta)
    }
    /// By summation.
    fn entropy(&self) -> S {
        entropy_sum(0.0, self.trials as f64, Bulk::of(self.mean(), self.variance()), |k| self.ln_mass(k))
    }
    fn mode(&self) -> u64 {
        let (a, b, n) = (self.alpha.re(), self.beta.re(), self.trials as f64);
        // p(k)/p(k-1) = (n-k+1)(k-1+a) / (k (n-k+b)) >= 1 up to k = (n+1)(a-1)/(a+b-2)
        if a <= 1.0 || b <= 1.0 {
            return if b < a { self.trials } else { 0 };
        }
        let last = (n + 1.0) * (a - 1.0) / (a + b - 2.0);
        ((-math::floor(-last) - 1.0) as u64).min(self.trials)
    }
}

impl<S: Scalar> KlDivergence<S> for BetaBinomial<S> {
    /// By summation; infinite for an other law of fewer trials.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.trials > other.trials {
            return S::from(f64::INFINITY);
        }
        let bulk = Bulk::of(self.mean(), self.variance());
        let (n, rest) = (self.trials as f64, other.tail(self.trials, true));
        let [alpha, beta] = [other.alpha - self.alpha, other.beta - self.beta];
        let total = self.alpha + self.beta;
        let is_short = self.trials == other.trials && is_close(self.alpha, alpha) && is_close(self.beta, beta);
        divergence_sum(0.0, n, bulk, rest, |k| {
            let ln = LnMasses::of(self.ln_mass(k), other.ln_mass(k));
            if !is_short {
                return ln;
            }
            let of_cells = ln_rising_growth(self.alpha, alpha, k) + ln_rising_growth(self.beta, beta, n - k);
            LnMasses { r: of_cells - ln_rising_growth(total, alpha + beta, n), ..ln }
        })
    }
}

discrete_family!(BetaBinomial, "beta_binomial", "a beta-binomial law", [trials: u64], [alpha, beta]);
