//! Successes in a number of trials.

use super::search::{cornish_fisher, from_guess, from_zero};
use super::{ChoiceLaw, leaves_one, leaves_zero, weight};
use crate::distr::BinomialSampler;
use crate::noise::unit;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special;
use rand::Rng;

/// The number of successes in n trials that succeed with probability p.
///
/// Two-sided weights: (n - k) p' up, -k p' down. Their sum of sizes is n |p'| whatever k is, and they are finite at p =
/// 0 and 1. One-sided: (n - k) p'/(1 - p) up or -k p'/p down.
#[derive(Clone, Copy, Debug)]
pub struct Binomial<S> {
    /// The number of trials, at most 2^53.
    pub n: u64,
    /// The probability of success.
    pub p: S,
}

/// Above, draws by rejection: exact, but not by inversion.
const LARGE: u64 = 1_000_000;

/// ln of n over k.
fn ln_paths(n: f64, k: f64) -> f64 {
    special::ln_gamma_1p(n) - special::ln_gamma_1p(k) - special::ln_gamma_1p(n - k)
}

impl<S: Scalar> Binomial<S> {
    /// a / b, 0 where a is: with p = 0 no success, with p = 1 no failure has been drawn.
    fn ratio(a: f64, b: f64) -> f64 {
        if a == 0.0 { 0.0 } else { a / b }
    }

    /// -F''_k / p_k and -F''_(k-1) / p_k, times q and p.
    fn curvatures(&self, k: f64) -> (f64, f64) {
        let (n, p, q) = (self.n as f64, self.p.re(), 1.0 - self.p.re());
        let up = if n == k { 0.0 } else { (n - k) * (Self::ratio(k, p) - Self::ratio(n - 1.0 - k, q)) };
        let down = if k == 0.0 { 0.0 } else { k * (Self::ratio(k - 1.0, p) - Self::ratio(n - k, q)) };
        (up, down)
    }
}

impl<S: Scalar> ChoiceLaw<S> for Binomial<S> {
    fn check(&self) -> Result<(), LawError> {
        check!("a binomial choice", n, self.n as f64; "at most 2^53" if self.n <= 1 << 53);
        check!("a binomial choice", p, self.p.re(); UNIT);
        Ok(())
    }
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64 {
        let (n, p) = (self.n, self.p.re());
        if n > LARGE {
            return BinomialSampler::draw_once(n, p, noise);
        }
        // n - k is binomial too: from the end that is nearer
        let (u, p, flipped) = if p > 0.5 { (1.0 - unit(noise), 1.0 - p, true) } else { (unit(noise), p, false) };
        let (trials, q) = (n as f64, 1.0 - p);
        let odds = p / q;
        let ratio = |k: f64| (trials - k + 1.0) / k * odds;
        let mean = trials * p;
        let k = if mean < 32.0 {
            from_zero(u, math::exp(trials * math::ln_1p(-p)), n, ratio)
        } else {
            let std_dev = math::sqrt(mean * q);
            from_guess(
                u,
                cornish_fisher(u, mean, std_dev, (q - p) / std_dev),
                n,
                |k| if k == trials { 1.0 } else { special::inc_beta(trials - k, k + 1.0, q) },
                |k| math::exp(ln_paths(trials, k) + k * math::ln(p) + (trials - k) * math::ln_1p(-p)),
                ratio,
            )
        };
        if flipped { n - k } else { k }
    }
    fn score(&self, k: u64) -> S {
        let (won, lost) = (k as f64, (self.n - k) as f64);
        let wins = if won > 0.0 { self.p.ln() * won } else { S::from(0.0) };
        if lost > 0.0 { wins + (-self.p).ln_1p() * lost } else { wins }
    }
    fn pmf(&self, k: u64) -> S {
        let (p, q) = (self.p, -self.p + 1.0);
        if self.n > 1000 && p.re() > 0.0 && q.re() > 0.0 {
            return (self.score(k) + ln_paths(self.n as f64, k as f64)).exp();
        }
        let powers = p.powi(k as i32) * q.powi((self.n - k) as i32);
        if powers.max_abs() == 0.0 {
            return powers;
        }
        powers * (0..k.min(self.n - k)).fold(1.0, |paths, i| paths * (self.n - i) as f64 / (i + 1) as f64)
    }
    fn mean_variance(&self) -> Option<(S, S)> {
        let mean = self.p * self.n as f64;
        Some((mean, mean * (-self.p + 1.0)))
    }
    fn support(&self) -> Option<u64> {
        Some(self.n.saturating_add(1))
    }
    fn is_blind(&self) -> bool {
        self.n > 0 && (leaves_zero(self.p) || leaves_one(self.p))
    }
    fn alternatives(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        let (mut up, mut down) = self.curvatures(k as f64);
        let n = self.n as f64;
        // at an end the next value is empty too: what moves on from it in second order is seen from here
        if S::ORDER > 1 && self.n > 1 && k == 0 && self.p.re() == 0.0 {
            up -= n * (n - 1.0);
            visit(2, weight(self.p, 0.0, n * (n - 1.0)));
        }
        if S::ORDER > 1 && self.n > 1 && k == self.n && self.p.re() == 1.0 {
            down += n * (n - 1.0);
            visit(k - 2, weight(self.p, 0.0, n * (n - 1.0)));
        }
        if k < self.n {
            visit(k + 1, weight(self.p, (self.n - k) as f64, up));
        }
        if k > 0 {
            visit(k - 1, weight(self.p, -(k as f64), -down));
        }
    }
    fn one_sided(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        let (p, q) = (self.p.re(), 1.0 - self.p.re());
        let (up, down) = self.curvatures(k as f64);
        if k < self.n {
            visit(k + 1, weight(self.p, (self.n - k) as f64 / q, up / q));
        }
        if k > 0 {
            visit(k - 1, weight(self.p, -(k as f64) / p, -down / p));
        }
    }
}

/// The number of successes in n trials, each with probability 1 / (1 + e^-logit): for probabilities that round to 0 or
/// 1.
///
/// Weights are those of [`Binomial`]; its score is right where that of a rounded probability is not.
#[derive(Clone, Copy, Debug)]
pub struct BinomialLogit<S> {
    /// The number of trials, at most 2^53.
    pub n: u64,
    /// ln(p / (1 - p)); infinities are certainties.
    pub logit: S,
}

impl<S: Scalar> BinomialLogit<S> {
    fn by_probability(&self) -> Binomial<S> {
        Binomial { n: self.n, p: self.logit.sigmoid() }
    }
}

impl<S: Scalar> ChoiceLaw<S> for BinomialLogit<S> {
    fn check(&self) -> Result<(), LawError> {
        check!("a binomial choice", n, self.n as f64; "at most 2^53" if self.n <= 1 << 53);
        let logit = self.logit.re();
        check!("a binomial choice", logit: "a number" if !logit.is_nan());
        Ok(())
    }
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64 {
        self.by_probability().draw(noise)
    }
    fn score(&self, k: u64) -> S {
        // k ln p + (n - k) ln q, of which what is multiplied by 0 is left out
        let part = |times: u64, ln: S| if times > 0 { ln * times as f64 } else { S::from(0.0) };
        part(k, -(-self.logit).softplus()) + part(self.n - k, -self.logit.softplus())
    }
    fn pmf(&self, k: u64) -> S {
        self.by_probability().pmf(k)
    }
    fn mean_variance(&self) -> Option<(S, S)> {
        let mean = self.logit.sigmoid() * self.n as f64;
        Some((mean, mean * (-self.logit).sigmoid()))
    }
    fn support(&self) -> Option<u64> {
        Some(self.n.saturating_add(1))
    }
    fn is_blind(&self) -> bool {
        false
    }
    fn alternatives(&self, k: u64, visit: impl FnMut(u64, S)) {
        self.by_probability().alternatives(k, visit);
    }
    fn one_sided(&self, k: u64, visit: impl FnMut(u64, S)) {
        self.by_probability().one_sided(k, visit);
    }
}
