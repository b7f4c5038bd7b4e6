//! Draws of discrete laws against rand_distr's.

use crate::Ratios;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::prelude::*;

fn case<A, B>(ratios: &Ratios, name: &str, ours: impl Distribution<A>, rival: &str, theirs: impl Distribution<B>) {
    let [mut a, mut b] = [0, 0].map(|_| Xoshiro256PlusPlus::seed_from_u64(1));
    let name = format!("draw {name}");
    ratios.case(&name, || ours.sample(&mut a), rival, || theirs.sample(&mut b));
}

pub fn run(ratios: &Ratios) {
    for p in [0.3, 0.9] {
        let theirs = rand::distr::Bernoulli::new(p).unwrap();
        case(ratios, &format!("bernoulli {p}"), Bernoulli::new(p).unwrap(), "rand::Bernoulli", theirs);
    }
    for (n, p) in [(10, 0.3), (1000, 0.005), (1000, 0.3), (1_000_000_000, 0.7)] {
        let theirs = rand_distr::Binomial::new(n, p).unwrap();
        case(ratios, &format!("binomial {n} {p}"), Binomial::new(n, p).unwrap(), "rand_distr::Binomial", theirs);
    }
    for rate in [0.5, 5.0, 20.0, 1e6] {
        // counts, as ours are
        let theirs = rand_distr::Poisson::<f64>::new(rate).unwrap().map(|k| k as u64);
        case(ratios, &format!("poisson {rate}"), Poisson::new(rate).unwrap(), "rand_distr::Poisson", theirs);
    }
    for p in [0.9, 0.3, 0.001] {
        let theirs = rand_distr::Geometric::new(p).unwrap();
        case(ratios, &format!("geometric {p}"), Geometric::new(p).unwrap(), "rand_distr::Geometric", theirs);
    }
    for (all, good, draws) in [(100, 40, 10), (1000, 300, 200), (1_000_000, 300_000, 10_000)] {
        let ours = Hypergeometric::<f64>::new(all, good, draws).unwrap();
        let theirs = rand_distr::Hypergeometric::new(all, good, draws).unwrap();
        case(ratios, &format!("hypergeometric {all} {good} {draws}"), ours, "rand_distr::Hypergeometric", theirs);
    }
    for (n, s) in [(10, 1.5), (1_000_000, 1.0), (1_000_000, 0.5)] {
        let theirs = rand_distr::Zipf::<f64>::new(n as f64, s).unwrap();
        case::<u64, f64>(ratios, &format!("zipf {n} {s}"), Zipf::new(n, s).unwrap(), "rand_distr::Zipf", theirs);
    }
    let theirs = rand_distr::Zeta::<f64>::new(2.5).unwrap();
    case::<u64, f64>(ratios, "zeta 2.5", Zeta::new(2.5).unwrap(), "rand_distr::Zeta", theirs);
    for k in [3, 100] {
        let weights: Vec<f64> = (1..=k).map(f64::from).collect();
        let theirs = rand_distr::weighted::WeightedAliasIndex::new(weights.clone()).unwrap();
        let ours = Categorical::new(weights).unwrap();
        case(ratios, &format!("categorical {k}"), ours, "rand_distr::WeightedAliasIndex", theirs);
    }
}
