//! Draws of discrete laws against rand_distr's.

use crate::Ratios;
use reparam::prelude::*;

pub fn run(ratios: &Ratios) {
    for p in [0.3, 0.9] {
        let theirs = rand::distr::Bernoulli::new(p).unwrap();
        ratios.draws(&format!("draw bernoulli {p}"), Bernoulli::new(p).unwrap(), "rand::Bernoulli", theirs);
    }
    for (n, p) in [(10, 0.3), (1000, 0.005), (1000, 0.3), (1_000_000_000, 0.7)] {
        let theirs = rand_distr::Binomial::new(n, p).unwrap();
        ratios.draws(&format!("draw binomial {n} {p}"), Binomial::new(n, p).unwrap(), "rand_distr::Binomial", theirs);
    }
    for rate in [0.5, 5.0, 20.0, 1e6] {
        // counts, as ours are
        let theirs = rand_distr::Poisson::<f64>::new(rate).unwrap().map(|k| k as u64);
        ratios.draws(&format!("draw poisson {rate}"), Poisson::new(rate).unwrap(), "rand_distr::Poisson", theirs);
    }
    for p in [0.9, 0.3, 0.001] {
        let theirs = rand_distr::Geometric::new(p).unwrap();
        ratios.draws(&format!("draw geometric {p}"), Geometric::new(p).unwrap(), "rand_distr::Geometric", theirs);
    }
    for (all, good, draws) in [(100, 40, 10), (1000, 300, 200), (1_000_000, 300_000, 10_000)] {
        let ours = Hypergeometric::<f64>::new(all, good, draws).unwrap();
        let theirs = rand_distr::Hypergeometric::new(all, good, draws).unwrap();
        ratios.draws(&format!("draw hypergeometric {all} {good} {draws}"), ours, "rand_distr::Hypergeometric", theirs);
    }
    for (n, s) in [(10, 1.5), (1_000_000, 1.0), (1_000_000, 0.5)] {
        let theirs = rand_distr::Zipf::<f64>::new(n as f64, s).unwrap();
        ratios.draws::<u64, f64>(&format!("draw zipf {n} {s}"), Zipf::new(n, s).unwrap(), "rand_distr::Zipf", theirs);
    }
    let theirs = rand_distr::Zeta::<f64>::new(2.5).unwrap();
    ratios.draws::<u64, f64>("draw zeta 2.5", Zeta::new(2.5).unwrap(), "rand_distr::Zeta", theirs);
    for k in [3, 100] {
        let weights: Vec<f64> = (1..=k).map(f64::from).collect();
        let theirs = rand_distr::weighted::WeightedAliasIndex::new(weights.clone()).unwrap();
        let ours = Categorical::new(weights).unwrap();
        ratios.draws(&format!("draw categorical {k}"), ours, "rand_distr::WeightedAliasIndex", theirs);
    }
}
