//! Poisson laws with a gamma law for their rate: what the negative binomial and gamma-Poisson laws share.

use super::cell::entropy_of_cell;
use super::poisson::PoissonSampler;
use super::{Bulk, LnMasses, divergence_sum, entropy_of_many, entropy_sum};
use crate::distr::form::Standard;
use crate::distr::form::of_gamma::StandardGamma;
use crate::quadrature::gauss_legendre::short_nodes;
use crate::scalar::{MAX_ORDER, Scalar, math};
use crate::special::{
    UnitPoint, digamma_difference, inc_beta_ln_probability, inc_beta_probability, ln_binomial_weight,
    ln_binomial_weight_by,
};
use rand::Rng;

/// The law of counts with mass Γ(k + r) / (k! Γ(r)) p^r q^k, q = 1 - p.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GammaMixture<S> {
    r: S,
    /// (p, q).
    at: Unit<S>,
    /// p/q, where that is what is known.
    odds: Option<S>,
    gamma: StandardGamma<f64>,
}

/// A point of the unit interval that can be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Unit<S> {
    x: S,
    y: S,
    ln_x: S,
    ln_y: S,
}

/// ln [Γ(k + r) / (k! Γ(r)) p^r q^k] from ln of the binomial mass of r successes in r + k trials.
fn ln_from_binomial<S: Scalar>(r: S, k: f64, ln_binomial: S) -> S {
    ln_binomial - S::from(k).over(r).ln_1p()
}

/// ln of that mass for real k >= 0, at a point inside (0, 1).
pub(crate) fn ln_negative_binomial<S: Scalar>(r: S, k: f64, at: UnitPoint<S>) -> S {
    ln_from_binomial(r, k, ln_binomial_weight(r, S::from(k), at))
}

/// Laws whose parameters differ by no more than this, relative to their size, are taken as one and a step.
const CLOSE: f64 = 0.1;

/// Whether a step is short beside the parameter.
pub(crate) fn is_close<S: Scalar>(r: S, step: S) -> bool {
    step.re().abs() <= CLOSE * r.re()
}

/// By how much ln Γ(k + r)/Γ(r) grows with r by a short step: ∫ (ψ(k + r) - ψ(r)) dr.
pub(crate) fn ln_rising_growth<S: Scalar>(r: S, step: S, k: f64) -> S {
    if k == 0.0 || step.max_abs() == 0.0 {
        return S::from(0.0);
    }
    let slope = |t: f64| digamma_difference(r + step * t, S::from(k));
    short_nodes().fold(S::from(0.0), |sum, (t, w)| sum + slope(t) * w) * step
}

impl<S: Scalar> GammaMixture<S> {
    /// With p and q as the point has them.
    pub fn new(r: S, at: UnitPoint<S>) -> Self {
        let UnitPoint { x, y, ln_x, ln_y } = at;
        GammaMixture { r, at: Unit { x, y, ln_x, ln_y }, odds: None, gamma: StandardGamma::new(r.re()) }
    }

    /// With p/q = odds.
    pub fn from_odds(r: S, odds: S) -> Self {
        let (x, y) = (odds.over(odds + 1.0), (odds + 1.0).recip());
        let at = UnitPoint { x, y, ln_x: -odds.recip().ln_1p(), ln_y: -odds.ln_1p() };
        GammaMixture { odds: Some(odds), ..Self::new(r, at) }
    }

    fn point(&self) -> UnitPoint<S> {
        let Unit { x, y, ln_x, ln_y } = self.at;
        UnitPoint { x, y, ln_x, ln_y }
    }

    /// Whether p is 1.
    fn is_certain(&self) -> bool {
        self.at.y.re() == 0.0
    }

    /// ln p(k) for real k >= 0.
    pub fn ln_mass(&self, k: f64) -> S {
        if self.is_certain() && k > 0.0 {
            return S::from(f64::NEG_INFINITY);
        }
        if k == 0.0 {
            return self.r * self.at.ln_x;
        }
        match self.odds {
            None => ln_negative_binomial(self.r, k, self.point()),
            Some(odds) => {
                // (r + k) p - r = (k odds - r) q
                let top = (odds * k - self.r).with_re(libm::fma(odds.re(), k, -self.r.re()));
                let ln = ln_binomial_weight_by(self.r, S::from(k), self.point(), top * self.at.y);
                ln_from_binomial(self.r, k, ln)
            }
        }
    }

    /// p(k).
    pub fn mass(&self, k: u64) -> S {
        if !self.is_certain() {
            return self.ln_mass(k as f64).exp();
        }
        // what derivatives can reach of Γ(k + r) / (k! Γ(r)) p^r q^k
        if k > MAX_ORDER as u64 {
            return S::from(0.0);
        }
        let rising = (0..k).fold(S::from(1.0), |c, i| c * (self.r + i as f64) * self.at.y / (i + 1) as f64);
        rising * (self.r * self.at.ln_x).exp()
    }

    /// P(X > k) where p is 1: what derivatives can reach.
    fn beyond(&self, k: u64) -> S {
        (k.saturating_add(1)..=MAX_ORDER as u64).fold(S::from(0.0), |sum, k| sum + self.mass(k))
    }

    pub fn tail(&self, k: u64, upper: bool) -> S {
        if self.is_certain() {
            let sf = self.beyond(k);
            return if upper { sf } else { -sf + 1.0 };
        }
        inc_beta_probability(self.r, S::from(k as f64 + 1.0), self.point(), upper)
    }

    pub fn ln_tail(&self, k: u64, upper: bool) -> S {
        if self.is_certain() {
            return if upper { S::from(f64::NEG_INFINITY) } else { (-self.beyond(k)).ln_1p() };
        }
        inc_beta_ln_probability(self.r, S::from(k as f64 + 1.0), self.point(), upper)
    }

    pub fn support(&self) -> (u64, u64) {
        (0, if self.is_certain() { 0 } else { u64::MAX })
    }

    /// q/p.
    fn scale(&self) -> S {
        self.odds.map_or_else(|| self.at.y.over(self.at.x), S::recip)
    }

    pub fn mean(&self) -> S {
        self.r * self.scale()
    }

    pub fn variance(&self) -> S {
        self.mean().over(self.at.x)
    }

    /// By summation.
    pub fn entropy(&self) -> S {
        if self.is_certain() {
            return entropy_of_cell(self.at.y * self.r.re(), S::from(f64::NEG_INFINITY));
        }
        let (mean, variance) = (self.mean(), self.variance());
        let asymmetry = self.at.y + 1.0;
        entropy_of_many(variance, (asymmetry * asymmetry).over(self.r * self.at.y))
            .unwrap_or_else(|| entropy_sum(0.0, f64::INFINITY, Bulk::of(mean, variance), |k| self.ln_mass(k)))
    }

    /// By summation.
    pub fn kl_divergence(&self, other: &Self) -> S {
        if self.is_certain() {
            return self.ln_mass(0.0) - other.ln_mass(0.0);
        }
        if other.is_certain() {
            return S::from(f64::INFINITY);
        }
        let bulk = Bulk::of(self.mean(), self.variance());
        let step = self.step(other);
        divergence_sum(0.0, f64::INFINITY, bulk, S::from(0.0), |k| {
            let ln = LnMasses::of(self.ln_mass(k), other.ln_mass(k));
            // r' ln p' - r ln p + k ln(q'/q) and what r does to Γ(k + r)/Γ(r)
            step.map_or(ln, |[of_r, of_p, of_q]| LnMasses {
                r: ln_rising_growth(self.r, of_r, k) + of_r * other.at.ln_x + self.r * of_p + of_q * k,
                ..ln
            })
        })
    }

    /// r' - r, ln(p'/p) and ln(q'/q) for a close law.
    fn step(&self, other: &Self) -> Option<[S; 3]> {
        let of_r = other.r - self.r;
        let (of_p, of_q) = match (self.odds, other.odds) {
            (Some(from), Some(to)) => {
                let step = to - from;
                let of_q = -step.over(from + 1.0).ln_1p();
                (step.over(from).ln_1p() + of_q, of_q)
            }
            _ => {
                let step = other.at.x - self.at.x;
                (step.over(self.at.x).ln_1p(), (-step.over(self.at.y)).ln_1p())
            }
        };
        let is_small = is_close(self.r, of_r) && of_p.re().abs() <= CLOSE && of_q.re().abs() <= CLOSE;
        is_small.then_some([of_r, of_p, of_q])
    }

    /// The smallest integer that is not below (r - 1) q/p - 1.
    pub fn mode(&self) -> u64 {
        (-math::floor(-(self.r.re() - 1.0) * self.scale().re()) - 1.0) as u64
    }

    #[inline]
    pub fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        PoissonSampler::draw_once(self.gamma.draw(rng) * self.scale().re(), rng)
    }
}
