//! Draws of the laws of counts: by a table where the variance is small, as a rounded function of a normal number where it is not.

use crate::noise;
use crate::quadrature::gauss_legendre::integrate_short;
use crate::scalar::math;
use rand::Rng;

/// A law on 0, 1, ..., with one mode, skewed to the right if at all.
pub(crate) trait Counts {
    /// The largest count.
    fn last(&self) -> f64;
    fn mean(&self) -> f64;
    fn variance(&self) -> f64;
    /// The third central moment divided by the variance.
    fn skew(&self) -> f64;
    /// p(0), asked for at variances below 10.
    fn none(&self) -> f64;
    /// p(k) / p(k - 1) for k from 1 to the last.
    fn ratio(&self, k: f64) -> f64;
    /// ln p(k).
    fn ln_mass(&self, k: f64) -> f64;
}

/// The variance at which rounding takes over.
const WIDE: f64 = 10.0;

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum CountSampler {
    Table(Table),
    Rounded(Rounded),
}

impl CountSampler {
    #[inline]
    pub fn new(law: &impl Counts) -> Self {
        if law.variance() < WIDE {
            CountSampler::Table(Table::new(law))
        } else {
            CountSampler::Rounded(Rounded::new(law))
        }
    }

    #[inline]
    pub fn draw<R: Rng + ?Sized>(&self, law: &impl Counts, rng: &mut R) -> u64 {
        match self {
            CountSampler::Table(table) => table.draw(law, rng),
            CountSampler::Rounded(rounded) => rounded.draw(law, rng),
        }
    }
}

/// A draw of a law that is used once, without a table.
#[inline]
pub(crate) fn draw_once<R: Rng + ?Sized>(law: &impl Counts, rng: &mut R) -> u64 {
    if law.variance() < WIDE { search_until_found(law, rng) } else { Rounded::new(law).draw(law, rng) }
}

/// The count at which the sum of masses passes u. None if rounding has left nothing to pass it.
fn search(law: &impl Counts, u: f64) -> Option<u64> {
    let (mut k, mut mass) = (0.0, law.none());
    let mut sum = mass;
    while u > sum {
        // masses this small beyond the mode add up to nothing
        if k == law.last() || (mass < 1e-25 && k > law.mean()) {
            return None;
        }
        k += 1.0;
        mass *= law.ratio(k);
        sum += mass;
    }
    Some(k as u64)
}

#[inline]
fn search_until_found<R: Rng + ?Sized>(law: &impl Counts, rng: &mut R) -> u64 {
    loop {
        if let Some(k) = search(law, noise::uniform(rng)) {
            return k;
        }
    }
}

/// The number of counts in a table.
const COUNTS: usize = 16;

/// The cdf at counts around the mean, compared all at once: nothing can foresee where a search would end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Table {
    first: u64,
    cdf: [f64; COUNTS],
}

impl Table {
    #[inline]
    fn new(law: &impl Counts) -> Self {
        let first = (law.mean() - 7.0).max(0.0) as u64;
        let mut mass = law.none();
        let mut sum = mass;
        for k in 1..=first {
            mass *= law.ratio(k as f64);
            sum += mass;
        }
        let mut cdf = [sum; COUNTS];
        for (i, value) in cdf.iter_mut().enumerate().skip(1) {
            let k = (first + i as u64) as f64;
            if k <= law.last() {
                mass *= law.ratio(k);
                sum += mass;
            }
            *value = sum;
        }
        Table { first, cdf }
    }

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, law: &impl Counts, rng: &mut R) -> u64 {
        let u = noise::uniform(rng);
        let above: u64 = self.cdf.iter().map(|c| u64::from(u > *c)).sum();
        if above == COUNTS as u64 || (self.first > 0 && above == 0) {
            // outside the table: its sums are those of the search
            return search(law, u).unwrap_or_else(|| search_until_found(law, rng));
        }
        self.first + above
    }
}

/// The law of ⌊m + σ Z + γ (Z² - 1)⌋, with a normal Z and the moments of the law of counts, as the proposal of a rejection method: nearly
/// always accepted, and nearly always without a look at the mass.
///
/// The polynomial is Cornish and Fisher's (1938), with half a step added to the mean m for what rounding takes away. At a variance v
/// of 10 or more, p(k) / P(proposal = k) is at most M = 1 + 0.08/v and at least M (1 - (0.13 + 0.036 Z⁴)/v) wherever a normal number comes to lie: measured for
/// Poisson, binomial and hypergeometric laws (see the test).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rounded {
    /// A count from which the proposal is counted, for the digits of its fraction.
    base: u64,
    /// m + 1/2 - γ from there.
    centre: f64,
    variance: f64,
    std_dev: f64,
    /// γ
    bend: f64,
}

impl Rounded {
    #[inline]
    fn new(law: &impl Counts) -> Self {
        let (mean, variance, bend) = (law.mean(), law.variance(), law.skew() * (1.0 / 6.0));
        let std_dev = math::sqrt(variance);
        let base = (mean - 10.0 * std_dev).max(0.0) as u64;
        Rounded { base, centre: (mean - base as f64) + (0.5 - bend), variance, std_dev, bend }
    }

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, law: &impl Counts, rng: &mut R) -> u64 {
        loop {
            let (z, u) = (noise::normal(rng), noise::uniform(rng));
            let steps = self.centre + z * (self.std_dev + z * self.bend);
            if self.doubt(z) <= 1.0 - u && steps >= 0.0 {
                return self.base + steps as u64;
            }
            if let Some(k) = self.decide(law, z, steps, u) {
                return k;
            }
        }
    }

    /// The probability above which a proposal may have to be rejected.
    #[inline]
    fn doubt(&self, z: f64) -> f64 {
        let square = z * z;
        (0.13 + 0.036 * square * square) / self.variance
    }

    /// M.
    fn bound(&self) -> f64 {
        1.0 + 0.08 / self.variance
    }

    /// The count if it is accepted.
    #[inline(never)]
    fn decide(&self, law: &impl Counts, z: f64, steps: f64, u: f64) -> Option<u64> {
        let steps = math::floor(steps);
        let k = self.base as f64 + steps;
        // where the polynomial falls, z is -8 or less
        let rises = self.std_dev + 2.0 * z * self.bend > 0.0;
        let accepted = rises
            && (0.0..=law.last()).contains(&k)
            && u * self.bound() * self.proposed(steps) <= math::exp(law.ln_mass(k));
        accepted.then_some(k as u64)
    }

    /// The probability that the proposal is the count at this integer number of steps.
    fn proposed(&self, steps: f64) -> f64 {
        // 1/sqrt(2π)
        const SCALE: f64 = 0.398_942_280_401_432_7;
        let low = self.normal_at(steps);
        SCALE * integrate_short(self.normal_at(steps + 1.0) - low, |t| math::exp(-0.5 * (low + t) * (low + t)))
    }

    /// The z of a number of steps; where there is none, that of the least number.
    fn normal_at(&self, steps: f64) -> f64 {
        let (s, distance) = (self.std_dev, steps - self.centre);
        let root = math::sqrt((s * s + 4.0 * self.bend * distance).max(0.0));
        if root == 0.0 { -0.5 * s / self.bend } else { 2.0 * distance / (s + root) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::discrete::binomial::BinomialCounts;
    use crate::distr::discrete::hypergeometric::{HypergeometricCounts, Urn};
    use crate::distr::discrete::poisson::PoissonCounts;

    /// v (max p/P - M), and the most by which the doubt at any Z falls short of 1 - p/(M P).
    fn slack(law: &impl Counts) -> (f64, f64) {
        let (sampler, v) = (Rounded::new(law), law.variance());
        let (mut most, mut short) = (0.0f64, f64::NEG_INFINITY);
        // every count where there are few, some of each stretch where there are many
        let stride = (0.02 * math::sqrt(v)).max(1.0) as usize;
        let reach = 10.0 * math::sqrt(v);
        for k in ((law.mean() - reach).max(0.0) as u64..=(law.mean() + reach + 40.0) as u64).step_by(stride) {
            let steps = k as f64 - sampler.base as f64;
            let (low, high) = (sampler.normal_at(steps), sampler.normal_at(steps + 1.0));
            let mass = if k as f64 > law.last() { 0.0 } else { math::exp(law.ln_mass(k as f64)) };
            let ratio = mass / sampler.proposed(steps);
            most = most.max(ratio);
            // in a cell, doubt is least at the smallest |Z|
            let z = if low < 0.0 && high > 0.0 { 0.0 } else { low.abs().min(high.abs()) };
            short = short.max(1.0 - ratio / sampler.bound() - sampler.doubt(z));
        }
        (v * (most - sampler.bound()), v * short)
    }

    // a constant of the proposal that is too small for some law: its draws would be wrong without a sign
    #[test]
    fn the_bounds_hold() {
        let variances = [10.0, 10.4, 11.0, 12.5, 15.0, 20.0, 33.0, 70.0, 200.0, 1e3, 1e4, 1e6];
        let (mut most, mut short) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        let mut check = |name: &str, (above, below): (f64, f64)| {
            assert!(above < 0.0 && below < 0.0, "{name}: {above} {below}");
            (most, short) = (most.max(above), short.max(below));
        };
        for v in variances {
            check("Poisson", slack(&PoissonCounts { rate: v }));
            for p in [0.5, 0.45, 0.4, 0.35, 0.3, 0.2, 0.1, 0.01, 1e-6] {
                let n = libm::ceil(v / (p * (1.0 - p))) as u64;
                check("binomial", slack(&BinomialCounts::new(n, p)));
            }
            for (p, f) in
                [(0.5, 0.5), (0.5, 0.1), (0.4, 0.3), (0.3, 0.3), (0.2, 0.05), (0.1, 0.1), (0.01, 0.5), (0.01, 0.01)]
            {
                let all = libm::ceil(v / (p * (1.0 - p) * f * (1.0 - f))) + 1.0;
                let [all, successes, draws] = [all, p * all, f * all].map(libm::ceil);
                let law = HypergeometricCounts::new(Urn { all, successes, draws });
                if law.variance() >= WIDE {
                    check("hypergeometric", slack(&law));
                }
            }
        }
        std::println!("the bound is enough by {:.3}, doubt by {:.3} over the variance", -most, -short);
    }

    // a cell that is not the difference of the polynomial's inverse at its ends
    #[test]
    fn the_proposal_sums_to_one() {
        for rate in [10.0, 60.0, 1e4] {
            let sampler = Rounded::new(&PoissonCounts { rate });
            let reach = 9.0 * math::sqrt(rate);
            let from = (rate - reach) as i64 - sampler.base as i64;
            let to = (rate + reach) as i64 + 60 - sampler.base as i64;
            let sum: f64 = (from..to).map(|s| sampler.proposed(s as f64)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{rate}: {sum}");
        }
    }

    // cells outside the table, and tables whose end is the last count
    #[test]
    fn search_and_table_agree() {
        for rate in [1e-300, 0.3, 6.9, 9.99] {
            let law = PoissonCounts { rate };
            let table = Table::new(&law);
            for (i, c) in table.cdf.iter().enumerate() {
                let at = table.first + i as u64;
                if *c < 1.0 {
                    assert_eq!((search(&law, *c), search(&law, c.next_up())), (Some(at), Some(at + 1)), "{rate}");
                }
            }
        }
        assert_eq!(search(&BinomialCounts::new(3, 0.0), 1.0), Some(0));
        assert_eq!(Table::new(&BinomialCounts::new(0, 0.5)).cdf, [1.0; COUNTS]);
    }
}
