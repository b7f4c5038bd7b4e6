//! Photons scattered by electrons: a rejection sampler of the Klein-Nishina formula, differentiated in three ways.
//!
//! A photon whose energy is k times an electron's at rest (511 keV) leaves under an angle of cosine c with the part
//! P = 1/(1 + k (1 - c)) of its energy, and
//!
//! ```text
//! q(c) ∝ P² (P + 1/P - 1 + c²),  -1 <= c <= 1.
//! ```
//!
//! Codes for radiation transport draw c by rejection. How does the mean energy E\[P\] change with k? The accepted proposal
//! jumps with k, so that its own derivative is not the answer: a weight that carries the derivative of the acceptance is
//! right, and relaxed acceptance is off by an amount that falls with its temperature.

use gallery::{Error, Generator};
use reparam::estimate::{self, Estimate};
use reparam::noise;
use reparam::prelude::*;
use reparam::rejection::{Candidate, Rejection, RejectionError, Relaxed, ln_normalizer};

/// An electron's energy at rest, in keV.
pub const ELECTRON: f64 = 510.998_95;

/// The part of its energy that a photon keeps.
pub fn kept<S: Scalar>(k: S, c: S) -> S {
    (k * (-c + 1.0) + 1.0).recip()
}

/// ln q without its normalizing constant.
pub fn ln_density<S: Scalar>(k: S, c: S) -> S {
    let p = kept(k, c);
    p.ln() * 2.0 + (p + p.recip() - 1.0 + c * c).ln()
}

/// ln of the integral of q over c.
pub fn ln_total<S: Scalar>(k: S) -> S {
    ln_normalizer(-1.0, 1.0, PANELS, |c| ln_density(k, c))
}

/// Each panel changes q by little, up to the highest energy.
const PANELS: usize = 64;

/// E\[P\], by integration.
pub fn mean_kept<S: Scalar>(k: S) -> S {
    (ln_normalizer(-1.0, 1.0, PANELS, |c| ln_density(k, c) + kept(k, c).ln()) - ln_total(k)).exp()
}

/// A proposal whose density falls like 1/(1 + b (1 - c)), b >= 0: uniform for b = 0, forwards for large b.
#[derive(Clone, Copy, Debug)]
pub struct Proposal<S> {
    /// How much it prefers to go forwards.
    pub b: S,
}

impl<S: Scalar> Proposal<S> {
    /// The cosine at a uniform number: 1 - ((1 + 2 b)^u - 1)/b.
    pub fn cosine(&self, u: f64) -> S {
        if self.b.re() == 0.0 {
            return S::from(1.0 - 2.0 * u);
        }
        -((self.b * 2.0).ln_1p() * u).exp_m1().over(self.b) + 1.0
    }

    /// The logarithm of its density.
    pub fn ln_pdf(&self, c: S) -> S {
        if self.b.re() == 0.0 {
            return S::from(-std::f64::consts::LN_2);
        }
        (self.b.over((self.b * 2.0).ln_1p())).ln() - (self.b * (-c + 1.0)).ln_1p()
    }

    /// The logarithm of the largest ratio of q to the proposal's density, and where it is: on a grid, then by thirds.
    ///
    /// At the largest ratio its slope in c is 0 or c is an end: the derivatives are those at that c.
    pub fn ln_bound(&self, k: S) -> (S, f64) {
        let ratio = |c: f64| ln_density(k, S::from(c)) - self.ln_pdf(S::from(c));
        let at = |i: i32| -f64::cos(std::f64::consts::PI * f64::from(i) / 256.0);
        let best = (0..=256).max_by(|i, j| ratio(at(*i)).re().total_cmp(&ratio(at(*j)).re())).unwrap_or(0);
        let (mut low, mut high) = (at((best - 1).max(0)), at((best + 1).min(256)));
        for _ in 0..80 {
            let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if ratio(a).re() < ratio(b).re() { low = a } else { high = b }
        }
        let peak = [low, 0.5 * (low + high), high, at(best)]
            .into_iter()
            .max_by(|a, b| ratio(*a).re().total_cmp(&ratio(*b).re()));
        let peak = peak.unwrap_or(1.0);
        (ratio(peak), peak)
    }

    /// The probability that a proposal is accepted: the integral of q over its largest ratio.
    pub fn acceptance(&self, k: S) -> S {
        (ln_total(k) - self.ln_bound(k).0).exp()
    }
}

/// The proposal that is accepted most often: where the derivative of the acceptance in ln b changes its sign. (There may be
/// a kink, where the largest ratio moves from one end to the other: Newton's method would not do.)
pub fn best_proposal(k: f64) -> f64 {
    let (mut low, mut high) = (-10.0, 12.0);
    for _ in 0..50 {
        let middle = Jet::<f64, 1>::variable(0.5 * (low + high), 0);
        let slope = Proposal { b: middle.exp() }.acceptance(Jet::from(k)).eps[0];
        if slope > 0.0 { low = middle.re } else { high = middle.re }
    }
    f64::exp(0.5 * (low + high))
}

type One = Jet<f64, 1>;
type Handle = estimate::Handle<One>;

/// How derivatives pass the acceptance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// Not at all: the derivative along the accepted proposal alone. Wrong.
    Ignored,
    /// By a weight; right.
    Weighted,
    /// Acceptance by degrees, at a temperature; biased.
    Relaxed(f64),
}

/// E\[P\] and its derivative in k, by draws.
///
/// # Errors
/// The energy or temperature is out of range.
pub fn gradient(method: Method, k: f64, b: f64, draws: u64, rng: &mut Generator) -> Result<Estimate<[f64; 1]>, Error> {
    let proposal = Proposal { b: One::from(b) };
    let ln_bound = Proposal { b }.ln_bound(k).0;
    let baseline = One::from(mean_kept(k));
    // the sampler has bound and proposal of its own, fixed as in a code that is there already
    let candidate = move |k: One, u: f64| {
        let c = proposal.cosine(u);
        Candidate { value: c, ln_ratio: ln_density(k, c) - proposal.ln_pdf(c) }
    };
    let f = |[k]: [One; 1], rng: &mut Handle| -> Result<One, RejectionError> {
        if let Method::Relaxed(temperature) = method {
            let propose = |rng: &mut Handle| {
                let Candidate { value, ln_ratio } = candidate(k, noise::uniform(rng));
                ([kept(k, value)], ln_ratio - ln_bound)
            };
            return Ok(Relaxed::new(temperature)?.draw(rng, propose)?.value[0]);
        }
        let sampler = Rejection::new(ln_bound + 1e-12, |rng: &mut Handle| candidate(k, noise::uniform(rng)))?;
        match method {
            Method::Ignored => Ok(kept(k, sampler.draw(rng)?.value)),
            _ => {
                let draw = sampler.draw_unnormalized(rng)?;
                Ok(draw.map(|c| kept(k, c)).with_baseline(baseline))
            }
        }
    };
    Ok(estimate::pathwise([k], f).samples(draws).par_run(rng)?)
}

/// Cosines of scattered photons, and how many proposals they took.
///
/// # Errors
/// The energy is out of range.
pub fn cosines(k: f64, b: f64, draws: u64, rng: &mut Generator) -> Result<(Vec<f64>, u64), Error> {
    let proposal = Proposal { b };
    let ln_bound = proposal.ln_bound(k).0;
    let proposals = std::cell::Cell::new(0);
    let sampler = Rejection::new(ln_bound + 1e-12, |rng: &mut Generator| {
        proposals.set(proposals.get() + 1);
        let c = proposal.cosine(noise::uniform(rng));
        Candidate { value: c, ln_ratio: ln_density(k, c) - proposal.ln_pdf(c) }
    })?;
    let draws =
        (0..draws).map(|_| Ok(sampler.draw::<f64, f64, _>(rng)?.value)).collect::<Result<_, RejectionError>>()?;
    Ok((draws, proposals.get()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;

    /// k, the integral of q, E[P], dE[P]/dk: mpmath at 30 digits
    const EXACT: [[f64; 4]; 3] = [
        [0.1, 2.243_568_399_017_146, 0.917_828_543_067_539_9, -0.677_478_259_951_841_2],
        [1.0, 1.148_607_578_440_115_3, 0.655_518_290_541_808_5, -0.143_215_700_235_754_7],
        [10.0, 0.327_359_371_457_619_73, 0.370_040_303_627_955_6, -0.009_001_374_050_661_547],
    ];

    #[test]
    fn integrals_are_those_of_mpmath() {
        for [k, total, mean, slope] in EXACT {
            let [jet] = Jet::variables([k]);
            let found = mean_kept(jet);
            assert!((ln_total(k).exp() / total - 1.0).abs() < 1e-13, "{k}");
            assert!((found.re - mean).abs() < 1e-13, "{k}: {found:?}");
            assert!((found.eps[0] - slope).abs() < 1e-13, "{k}: {found:?}");
        }
    }

    #[test]
    fn weights_are_right_and_what_ignores_them_is_not() {
        let mut rng = Generator::seed_from_u64(1);
        for [k, _, mean, slope] in EXACT {
            let right = gradient(Method::Weighted, k, k, 100_000, &mut rng).unwrap();
            assert!((right.value - mean).abs() < 5.0 * right.value_se, "{k}: {right:?}");
            assert!((right.gradient[0] - slope).abs() < 5.0 * right.gradient_se[0], "{k}: {right:?}");
            let wrong = gradient(Method::Ignored, k, k, 100_000, &mut rng).unwrap();
            assert!((wrong.value - mean).abs() < 5.0 * wrong.value_se, "{k}: {wrong:?}");
            assert!((wrong.gradient[0] - slope).abs() > 20.0 * wrong.gradient_se[0], "{k}: {wrong:?}");
        }
    }

    #[test]
    fn relaxed_acceptance_is_biased_and_less_so_when_cold() {
        let [k, _, _, slope] = EXACT[1];
        let mut rng = Generator::seed_from_u64(1);
        let mut off = |temperature| {
            let e = gradient(Method::Relaxed(temperature), k, 0.0, 100_000, &mut rng).unwrap();
            ((e.gradient[0] - slope).abs(), e.gradient_se[0])
        };
        let (warm, cold) = (off(1.0), off(0.1));
        assert!(warm.0 > 20.0 * warm.1, "{warm:?}");
        assert!(cold.0 < 0.3 * warm.0 + 5.0 * cold.1, "{warm:?} {cold:?}");
        assert!(cold.1 > warm.1, "{warm:?} {cold:?}");
    }

    #[test]
    fn the_best_proposal_is_that_of_a_search() {
        for [k, ..] in EXACT {
            let best = best_proposal(k);
            let acceptance = |b: f64| Proposal { b }.acceptance(k);
            let searched =
                (0..=4000).map(|i| acceptance(1e-3 * 1e7f64.powf(f64::from(i) / 4000.0))).fold(0.0, f64::max);
            // the grid's points are 0.4 % apart, and at a kink the acceptance changes by no more than that between them
            assert!(acceptance(best) > searched - 1e-12 && acceptance(best) < searched * 1.004, "{k}: {best}");
            // and samplers accept that often
            let (draws, proposals) = cosines(k, best, 20_000, &mut Generator::seed_from_u64(1)).unwrap();
            let p = acceptance(best);
            let found = draws.len() as f64 / proposals as f64;
            assert!((found - p).abs() < 5.0 * (p * p * (1.0 - p) / 20_000.0).sqrt(), "{k}: {found} {p}");
        }
    }
}
