//! Counts of events.

use super::search::{cornish_fisher, from_guess, from_zero};
use super::{ChoiceLaw, leaves_zero, weight};
use crate::distr::PoissonSampler;
use crate::noise::unit;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special;
use rand::Rng;

/// k with probability λ^k e^-λ / k!.
///
/// Weight: λ' from k to k + 1, of either sign, since -F'_k = p_k λ'. One-sided: λ' up or -k λ'/λ down.
#[derive(Clone, Copy, Debug)]
pub struct Poisson<S> {
    /// The mean λ, in [0, 2^52].
    pub rate: S,
}

/// Above, draws by rejection: exact, but not by inversion.
const LARGE: f64 = 1e6;

impl<S: Scalar> ChoiceLaw<S> for Poisson<S> {
    fn check(&self) -> Result<(), LawError> {
        let rate = self.rate.re();
        check!("a Poisson choice", rate: "in [0, 2^52]" if (0.0..=4503599627370496.0).contains(&rate));
        Ok(())
    }
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64 {
        let rate = self.rate.re();
        if rate < 32.0 {
            return from_zero(unit(noise), math::exp(-rate), u64::MAX, |k| rate / k);
        }
        if rate > LARGE {
            return PoissonSampler::draw_once(rate, noise);
        }
        let (u, std_dev) = (unit(noise), math::sqrt(rate));
        from_guess(
            u,
            cornish_fisher(u, rate, std_dev, 1.0 / std_dev),
            u64::MAX,
            |k| special::inc_gamma_q(k + 1.0, rate),
            |k| math::exp(k * math::ln(rate) - rate - special::ln_gamma_1p(k)),
            |k| rate / k,
        )
    }
    fn score(&self, k: u64) -> S {
        if k == 0 { -self.rate } else { self.rate.ln() * k as f64 - self.rate }
    }
    fn pmf(&self, k: u64) -> S {
        if k == 0 { (-self.rate).exp() } else { (self.score(k) - special::ln_gamma_1p(k as f64)).exp() }
    }
    fn mean_variance(&self) -> Option<(S, S)> {
        Some((self.rate, self.rate))
    }
    fn support(&self) -> Option<u64> {
        None
    }
    fn is_blind(&self) -> bool {
        leaves_zero(self.rate)
    }
    fn alternatives(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        // -F''_k / p_k = k/λ - 1
        let mut curvature = if k == 0 { -1.0 } else { k as f64 / self.rate.re() - 1.0 };
        // at rate 0 the value 1 is empty too: what moves on from it in second order is seen from here
        if S::ORDER > 1 && k == 0 && self.rate.re() == 0.0 {
            curvature -= 1.0;
            visit(2, weight(self.rate, 0.0, 1.0));
        }
        visit(k + 1, weight(self.rate, 1.0, curvature));
    }
    fn one_sided(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        let (rate, x) = (self.rate.re(), k as f64);
        visit(k + 1, weight(self.rate, 1.0, if k == 0 { -1.0 } else { x / rate - 1.0 }));
        if k > 0 {
            // F''_(k-1) / p_k = k/λ - k(k-1)/λ²
            visit(k - 1, weight(self.rate, -x / rate, x / rate * (1.0 - (x - 1.0) / rate)));
        }
    }
}
