//! The alternatives of a run: some kept at random, or all of them.

use super::{ChoiceLaw, Observer, Site, Stream};
use crate::scalar::{Jet, math};
use rand::Rng;

/// How the flux of probability between two values is shared between their jumps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weights {
    /// By probability: the weights of least second moment for a pair, the same for all parameters.
    #[default]
    TwoSided,
    /// All to the jump along the flux, as in stochastic triples (Arya et al. 2022): right derivatives. Weights are
    /// often 0 where probabilities are near 0 or 1.
    OneSided,
}

/// A choice that could have been another.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<const N: usize> {
    pub site: u64,
    /// The value to jump to.
    pub to: u64,
    /// The value to jump from, if not the one drawn.
    pub from: Option<u64>,
    pub weight: [f64; N],
    /// The Euclidean norm of the weight.
    pub size: f64,
}

impl<const N: usize> Candidate<N> {
    pub const NONE: Self = Candidate { site: 0, to: 0, from: None, weight: [0.0; N], size: 0.0 };

    #[inline(always)]
    pub fn new(site: u64, to: u64, from: Option<u64>, weight: [f64; N]) -> Self {
        Candidate { site, to, from, weight, size: norm(&weight) }
    }
}

/// The Euclidean norm.
#[inline(always)]
pub(crate) fn norm<const N: usize>(x: &[f64; N]) -> f64 {
    if N == 1 { x[0].abs() } else { math::sqrt(x.iter().map(|x| x * x).sum()) }
}

/// All alternatives to k that have a weight.
#[inline(always)]
fn candidates<L: ChoiceLaw<Jet<f64, N>>, const N: usize>(
    law: &L,
    site: u64,
    k: u64,
    weights: Weights,
    mut visit: impl FnMut(Candidate<N>),
) {
    match weights {
        Weights::TwoSided => law.alternatives(k, |to, w| visit(Candidate::new(site, to, None, w.eps))),
        // a jump out of an empty cell is seen from the other side only
        Weights::OneSided if law.is_blind() => {
            law.alternatives(k, |to, w| visit(Candidate::new(site, to, None, w.eps)))
        }
        Weights::OneSided => law.one_sided(k, |to, w| {
            // not max, which would hide a NaN
            let positive = w.eps.map(|e| if e < 0.0 { 0.0 } else { e });
            visit(Candidate::new(site, to, None, positive));
        }),
    }
}

/// The largest number of candidates that a reservoir keeps.
pub(crate) const MAX_KEPT: usize = 16;

/// The number of candidates that are decided about together.
const BLOCK: usize = 64;

/// Keeps candidates with probabilities proportional to their sizes, independently of each other, in one pass.
///
/// Candidates wait in a block. One of a full block takes the place of what was kept before, with the block's share of
/// the sum of sizes as probability: one decision for a block in place of one for each candidate, which no processor
/// could foresee.
#[derive(Clone)]
pub(crate) struct Reservoir<const N: usize> {
    pub weights: Weights,
    pub three_runs: bool,
    noise: Stream,
    /// The noise of [`ChoiceLaw::difference`].
    differences: Stream,
    /// The candidates of the block, and the sums of all sizes up to each.
    block: [Candidate<N>; BLOCK],
    sums: [f64; BLOCK],
    kept: [Candidate<N>; MAX_KEPT],
    count: usize,
}

impl<const N: usize> Reservoir<N> {
    pub fn new(count: usize) -> Self {
        Reservoir {
            weights: Weights::TwoSided,
            three_runs: false,
            noise: Stream::new(0),
            differences: Stream::new(0),
            block: [Candidate::NONE; BLOCK],
            sums: [0.0; BLOCK],
            kept: [Candidate::NONE; MAX_KEPT],
            count: count.clamp(1, MAX_KEPT),
        }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    pub fn resize(&mut self, count: usize) {
        self.count = count.clamp(1, MAX_KEPT);
    }

    /// Watches a run, with these random numbers of its own.
    #[inline]
    pub fn fill(&mut self, noise: Stream) -> Filling<'_, N> {
        self.noise = noise;
        if self.three_runs {
            self.differences = Stream::at(self.noise.next_u64());
        }
        Filling { reservoir: self, total: 0.0, before: 0.0, waiting: 0 }
    }

    /// What was kept of a run with a total above 0.
    pub fn kept(&self) -> impl Iterator<Item = &Candidate<N>> {
        self.kept[..self.count].iter()
    }

    /// A number from the reservoir's own noise.
    pub fn unit(&mut self) -> f64 {
        self.noise.unit()
    }

    /// Empties the block of candidates, whose sizes make the sum grow from `before` to `total`.
    #[inline(never)]
    fn decide(&mut self, waiting: usize, before: f64, total: f64) {
        for kept in &mut self.kept[..self.count] {
            let at = self.noise.unit() * total;
            if at >= before {
                let chosen = self.sums[..waiting].iter().filter(|sum| **sum <= at).count();
                // none only where the total is 0 or not finite: then nobody asks
                *kept = self.block.get(chosen).copied().unwrap_or(Candidate::NONE);
            }
        }
    }
}

/// A reservoir while it watches a run. What changes with every choice is here and not behind the reference.
pub(crate) struct Filling<'a, const N: usize> {
    reservoir: &'a mut Reservoir<N>,
    /// The sum of all sizes, and that of the sizes before the block.
    total: f64,
    before: f64,
    waiting: usize,
}

impl<const N: usize> Filling<'_, N> {
    #[inline(always)]
    fn add(&mut self, candidate: Candidate<N>) {
        if self.waiting >= BLOCK {
            self.reservoir.decide(BLOCK, self.before, self.total);
            (self.before, self.waiting) = (self.total, 0);
        }
        self.total += candidate.size;
        self.reservoir.block[self.waiting] = candidate;
        self.reservoir.sums[self.waiting] = self.total;
        self.waiting += 1;
    }

    /// Ends it: the sum of all sizes.
    #[inline]
    pub fn end(self) -> f64 {
        self.reservoir.decide(self.waiting, self.before, self.total);
        self.total
    }
}

impl<const N: usize> Observer<Jet<f64, N>> for Filling<'_, N> {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<Jet<f64, N>>>(&mut self, law: &L, site: Site, k: u64) {
        if self.reservoir.three_runs
            && let Some((w, to, from)) = law.difference(k, &mut self.reservoir.differences)
        {
            return self.add(Candidate::new(site.number, to, Some(from).filter(|i| *i != k), w.eps));
        }
        candidates(law, site.number, k, self.reservoir.weights, |candidate| self.add(candidate));
    }
}

/// Shows an observer those choices only that scores are blind to.
pub(crate) struct OfBlind<O>(pub O);

impl<const N: usize, O: Observer<Jet<f64, N>>> Observer<Jet<f64, N>> for OfBlind<O> {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<Jet<f64, N>>>(&mut self, law: &L, site: Site, k: u64) {
        if law.is_blind() {
            self.0.chosen(law, site, k);
        }
    }
}

/// All candidates of a run, up to a limit.
#[cfg(feature = "alloc")]
#[derive(Clone)]
pub(crate) struct Listing<const N: usize> {
    weights: Weights,
    pub limit: usize,
    pub candidates: alloc::vec::Vec<Candidate<N>>,
    /// Whether there were more than the limit.
    pub is_full: bool,
}

#[cfg(feature = "alloc")]
impl<const N: usize> Listing<N> {
    pub fn new(limit: usize) -> Self {
        Listing { weights: Weights::TwoSided, limit, candidates: alloc::vec::Vec::new(), is_full: false }
    }

    /// Empties it, for a run with these weights.
    pub fn start(&mut self, weights: Weights) {
        self.weights = weights;
        self.candidates.clear();
        self.is_full = false;
    }
}

#[cfg(feature = "alloc")]
impl<const N: usize> Observer<Jet<f64, N>> for Listing<N> {
    fn chosen<L: ChoiceLaw<Jet<f64, N>>>(&mut self, law: &L, site: Site, k: u64) {
        candidates(law, site.number, k, self.weights, |candidate| {
            if candidate.size == 0.0 {
                return;
            }
            if self.candidates.len() == self.limit {
                self.is_full = true;
            } else {
                self.candidates.push(candidate);
            }
        });
    }
}
