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
    /// All to the jump along the flux, as in stochastic triples (Arya et al. 2022): right derivatives. Weights are often 0 where
    /// probabilities are near 0 or 1.
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
    three_runs: Option<&mut Stream>,
    mut visit: impl FnMut(Candidate<N>),
) {
    if let Some((w, to, from)) = three_runs.and_then(|noise| law.difference(k, noise)) {
        return visit(Candidate::new(site, to, Some(from).filter(|i| *i != k), w.eps));
    }
    match weights {
        Weights::TwoSided => law.alternatives(k, |to, w| visit(Candidate::new(site, to, None, w.eps))),
        Weights::OneSided => law.one_sided(k, |to, w| {
            // not max, which would hide a NaN
            let positive = w.eps.map(|e| if e < 0.0 { 0.0 } else { e });
            visit(Candidate::new(site, to, None, positive));
        }),
    }
}

/// The largest number of candidates that a reservoir keeps.
pub(crate) const MAX_KEPT: usize = 16;

/// Keeps candidates with probabilities proportional to their sizes, independently of each other, in one pass.
#[derive(Clone)]
pub(crate) struct Reservoir<const N: usize> {
    pub weights: Weights,
    pub three_runs: bool,
    /// The sum of all sizes.
    pub total: f64,
    /// The sum at which one of the kept is replaced next.
    next: f64,
    noise: Stream,
    /// The noise of [`ChoiceLaw::difference`].
    differences: Stream,
    /// The sum at which each of the kept is replaced next, and the kept.
    kept: [(f64, Candidate<N>); MAX_KEPT],
    count: usize,
}

impl<const N: usize> Reservoir<N> {
    pub fn new(count: usize) -> Self {
        Reservoir {
            weights: Weights::TwoSided,
            three_runs: false,
            total: 0.0,
            next: 0.0,
            noise: Stream::new(0),
            differences: Stream::new(0),
            kept: [(0.0, Candidate::NONE); MAX_KEPT],
            count: count.clamp(1, MAX_KEPT),
        }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    pub fn resize(&mut self, count: usize) {
        self.count = count.clamp(1, MAX_KEPT);
    }

    /// Empties it, for a run with these random numbers of its own.
    #[inline]
    pub fn start(&mut self, noise: Stream) {
        self.noise = noise;
        if self.three_runs {
            self.differences = Stream::at(self.noise.next_u64());
        }
        self.total = 0.0;
        self.next = 0.0;
        for kept in &mut self.kept[..self.count] {
            kept.0 = 0.0;
        }
    }

    /// What was kept, of a total above 0.
    pub fn kept(&self) -> impl Iterator<Item = &Candidate<N>> {
        self.kept[..self.count].iter().map(|(_, candidate)| candidate)
    }

    /// A number from the reservoir's own noise.
    pub fn unit(&mut self) -> f64 {
        self.noise.unit()
    }
}

impl<const N: usize> Observer<Jet<f64, N>> for Reservoir<N> {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<Jet<f64, N>>>(&mut self, law: &L, site: Site, k: u64) {
        let Reservoir { weights, three_runs, total, next, noise, differences, kept, count } = self;
        candidates(law, site.number, k, *weights, three_runs.then_some(differences), |candidate| {
            *total += candidate.size;
            if *total >= *next && candidate.size > 0.0 {
                *next = replace(&mut kept[..*count], *total, noise, candidate);
            }
        });
    }
}

/// Puts the candidate in the place of those that are replaced at this sum, and tells the sum at which one is replaced next.
#[inline]
fn replace<const N: usize>(
    kept: &mut [(f64, Candidate<N>)],
    total: f64,
    noise: &mut Stream,
    candidate: Candidate<N>,
) -> f64 {
    let mut next = f64::INFINITY;
    for kept in kept {
        if total >= kept.0 {
            // kept until the sum is t with probability total / t
            *kept = (total / noise.unit(), candidate);
        }
        next = next.min(kept.0);
    }
    next
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
        candidates(law, site.number, k, self.weights, None, |candidate| {
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
