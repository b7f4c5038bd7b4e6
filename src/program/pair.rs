//! Pairs of alternatives of a run: one, and another after it, for second derivatives.

use super::reservoir::norm;
use super::{Candidate, ChoiceLaw, Observer, Site, Stream};
use crate::noise::mix;
use crate::scalar::{Jet, math};
use rand::Rng;

/// An alternative with its weights of first and second order.
#[derive(Clone, Copy)]
pub(crate) struct Second<const N: usize> {
    pub first: Candidate<N>,
    pub second: [[f64; N]; N],
    /// The sum of the norms of both.
    pub size: f64,
}

/// Keeps one alternative with probability in proportion to its size, and one of the choices after it.
pub(crate) struct Pair<const N: usize> {
    noise: Stream,
    /// The sum of all sizes.
    pub total: f64,
    /// The sum at which the kept is replaced.
    threshold: f64,
    pub kept: Second<N>,
    pub after: Race<N>,
}

impl<const N: usize> Pair<N> {
    pub fn new(mut noise: Stream) -> Self {
        let races = noise.next_u64();
        let kept = Second { first: Candidate::NONE, second: [[0.0; N]; N], size: 0.0 };
        Pair { noise, total: 0.0, threshold: 0.0, kept, after: Race::new(races, u64::MAX) }
    }
}

impl<const N: usize> Observer<Jet<Jet<f64, N>, N>> for Pair<N> {
    fn chosen<L: ChoiceLaw<Jet<Jet<f64, N>, N>>>(&mut self, law: &L, site: Site, k: u64) {
        law.alternatives(k, |to, w| {
            let (_, first, second) = w.hessian();
            let first = Candidate::new(site.number, to, None, first);
            // the Frobenius norm, as the Euclidean norm of the rows' norms
            let size = first.size + norm(&second.map(|row| norm(&row)));
            self.total += size;
            if size > 0.0 && self.total >= self.threshold {
                self.threshold = self.total / self.noise.unit();
                self.kept = Second { first, second, size };
                self.after.restart(site.number);
            } else {
                self.after.add(site, first);
            }
        });
    }
}

/// Keeps one of the alternatives after a choice with probability in proportion to its size: the first of exponential
/// arrivals.
///
/// An arrival depends on the place of its choice, so that two runs keep the same alternative where they can.
pub(crate) struct Race<const N: usize> {
    seed: u64,
    after: u64,
    /// The sum of all sizes.
    pub total: f64,
    arrival: f64,
    pub kept: Candidate<N>,
}

impl<const N: usize> Race<N> {
    fn new(seed: u64, after: u64) -> Self {
        Race { seed, after, total: 0.0, arrival: f64::INFINITY, kept: Candidate::NONE }
    }

    /// A race of the same arrivals after the same choice, for another run.
    pub fn again(&self) -> Self {
        Race::new(self.seed, self.after)
    }

    fn restart(&mut self, after: u64) {
        *self = Race::new(self.seed, after);
    }

    fn add(&mut self, site: Site, candidate: Candidate<N>) {
        if site.number <= self.after {
            return;
        }
        self.total += candidate.size;
        if candidate.size > 0.0 {
            let u = Stream::at(mix(mix(site.key ^ self.seed).wrapping_add(candidate.to))).unit();
            let arrival = -math::ln_1p(-u) / candidate.size;
            if arrival < self.arrival {
                (self.arrival, self.kept) = (arrival, candidate);
            }
        }
    }
}

impl<const N: usize> Observer<Jet<f64, N>> for Race<N> {
    fn chosen<L: ChoiceLaw<Jet<f64, N>>>(&mut self, law: &L, site: Site, k: u64) {
        law.alternatives(k, |to, w| self.add(site, Candidate::new(site.number, to, None, w.eps)));
    }
}
