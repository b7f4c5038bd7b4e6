//! Searches without gradients, to compare with.

use super::Objective;
use crate::Generator;
use reparam::noise;

/// The best design and its cost, among all of them: K^positions evaluations.
pub fn exhaustive<const K: usize>(objective: &impl Objective<K>) -> (Vec<usize>, f64) {
    let mut design = vec![0; objective.positions()];
    let mut best = (design.clone(), objective.cost(&design));
    // counts in base K
    while let Some(place) = design.iter().position(|letter| *letter < K - 1) {
        design[..place].fill(0);
        design[place] += 1;
        let cost = objective.cost(&design);
        if cost < best.1 {
            best = (design.clone(), cost);
        }
    }
    best
}

fn letter<const K: usize>(rng: &mut Generator) -> usize {
    below(K, rng)
}

fn below(count: usize, rng: &mut Generator) -> usize {
    ((noise::uniform(rng) * count as f64) as usize).min(count - 1)
}

/// The best of designs at random.
pub fn random<const K: usize>(
    objective: &impl Objective<K>,
    evaluations: usize,
    rng: &mut Generator,
) -> (Vec<usize>, f64) {
    let mut best = (Vec::new(), f64::INFINITY);
    for _ in 0..evaluations {
        let design: Vec<usize> = (0..objective.positions()).map(|_| letter::<K>(rng)).collect();
        let cost = objective.cost(&design);
        if cost < best.1 {
            best = (design, cost);
        }
    }
    best
}

/// What simulated annealing found.
#[derive(Clone, Debug)]
pub struct Annealed {
    /// The best design.
    pub design: Vec<usize>,
    /// Its cost.
    pub cost: f64,
    /// Evaluations and the least cost so far.
    pub path: Vec<(f64, f64)>,
}

/// Simulated annealing: a new letter at a position, or two letters exchanged, accepted by the rule of Metropolis at
/// temperatures that fall by the same factor in each step (Kirkpatrick, Gelatt & Vecchi 1983).
pub fn annealed<const K: usize>(
    objective: &impl Objective<K>,
    evaluations: usize,
    hottest: f64,
    coldest: f64,
    rng: &mut Generator,
) -> Annealed {
    let positions = objective.positions();
    let mut design: Vec<usize> = (0..positions).map(|_| letter::<K>(rng)).collect();
    let mut cost = objective.cost(&design);
    let mut out = Annealed { design: design.clone(), cost, path: vec![(1.0, cost)] };
    for step in 1..evaluations {
        let temperature = hottest * (coldest / hottest).powf(step as f64 / evaluations as f64);
        let mut proposal = design.clone();
        let place = below(positions, rng);
        if noise::uniform(rng) < 0.5 {
            proposal[place] = letter::<K>(rng);
        } else {
            proposal.swap(place, below(positions, rng));
        }
        let proposed = objective.cost(&proposal);
        if proposed < cost || noise::uniform(rng) < ((cost - proposed) / temperature).exp() {
            (design, cost) = (proposal, proposed);
        }
        if cost < out.cost {
            (out.design, out.cost) = (design.clone(), cost);
            out.path.push((step as f64, cost));
        }
    }
    out.path.push((evaluations as f64, out.cost));
    out
}
