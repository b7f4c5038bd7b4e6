//! Designs: a letter out of K at each of some positions, with the least cost. Shared by `molecule` and `protein`.
//!
//! A design is drawn position by position with probabilities softmax(logits), and the logits are trained to make the
//! expected cost small: a search among K^positions designs becomes one along a gradient. Of a discrete choice there is no
//! derivative of the draw; what takes its place is a [`Method`].

mod search;

pub use search::{Annealed, annealed, exhaustive, random};

use crate::{Error, Generator};
use reparam::noise;
use reparam::prelude::*;
use reparam::relax::{Annealing, gumbel_noise, relaxed_one_hot};
use reparam::scalar::softmax;
use reparam::step::{Adam, Rule, Schedule};

/// What a design costs. Designs are relaxed to a point of the simplex at each position.
pub trait Objective<const K: usize>: Sync {
    /// The number of positions.
    fn positions(&self) -> usize;

    /// The cost of a design.
    fn cost(&self, design: &[usize]) -> f64;

    /// The slopes of the relaxed cost, which is the cost at the corners of the simplices.
    fn slopes(&self, relaxed: &[[f64; K]]) -> Vec<[f64; K]>;

    /// The cost of each letter at a position, all others as they are, up to a constant.
    fn alternatives(&self, design: &[usize], position: usize) -> [f64; K];
}

/// Where the gradient comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// Gumbel-softmax: slopes of the relaxed cost at relaxed letters. Biased by the temperature.
    Relaxed,
    /// Slopes at hard letters, derivatives of relaxed ones. Biased in another way.
    StraightThrough,
    /// The cost of every alternative at each position. Unbiased; needs a cost of which that is cheap.
    Replay,
    /// The score function, with the other samples' mean cost as baseline. Unbiased; needs nothing but the cost.
    Score,
}

impl Method {
    /// All of them.
    pub const ALL: [Method; 4] = [Method::Relaxed, Method::StraightThrough, Method::Replay, Method::Score];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Method::Relaxed => "Gumbel-softmax",
            Method::StraightThrough => "straight-through",
            Method::Replay => "replay of alternatives",
            Method::Score => "score function",
        }
    }
}

/// A gradient: for each position and letter the mean over samples and its standard error.
pub type Gradient<const K: usize> = Vec<[(f64, f64); K]>;

/// A design and its cost.
pub type Found = (Vec<usize>, f64);

/// The better of two.
fn better(a: Found, b: Found) -> Found {
    if b.1 < a.1 { b } else { a }
}

/// The gradient of the expected cost in the logits, from at least two samples, and the best design among them (of relaxed
/// letters, the largest).
pub fn gradient<const K: usize>(
    objective: &impl Objective<K>,
    logits: &[[f64; K]],
    method: Method,
    temperature: f64,
    samples: usize,
    rng: &mut Generator,
) -> (Gradient<K>, Found) {
    let mut best = (Vec::new(), f64::INFINITY);
    let mut sums = vec![[(0.0, 0.0); K]; logits.len()];
    let mut add = |position: usize, slope: [f64; K]| {
        for (sum, g) in sums[position].iter_mut().zip(slope) {
            *sum = (sum.0 + g, sum.1 + g * g);
        }
    };
    if method == Method::Score {
        let designs: Vec<Vec<usize>> = (0..samples).map(|_| draw(logits, rng)).collect();
        let costs: Vec<f64> = designs.iter().map(|d| objective.cost(d)).collect();
        let sum: f64 = costs.iter().sum();
        let p: Vec<[f64; K]> = logits.iter().map(probabilities).collect();
        for (design, cost) in designs.iter().zip(&costs) {
            if *cost < best.1 {
                best = (design.clone(), *cost);
            }
            let advantage = cost - (sum - cost) / (samples as f64 - 1.0);
            for (position, (p, letter)) in p.iter().zip(design).enumerate() {
                let mut slope = p.map(|p| -p * advantage);
                slope[*letter] += advantage;
                add(position, slope);
            }
        }
    } else {
        for _ in 0..samples {
            let design = one_sample(objective, logits, method, temperature, rng, &mut add);
            let cost = objective.cost(&design);
            best = better(best, (design, cost));
        }
    }
    let n = samples as f64;
    let moments = |(sum, square): (f64, f64)| (sum / n, ((square - sum * sum / n).max(0.0) / (n * (n - 1.0))).sqrt());
    (sums.into_iter().map(|row| row.map(moments)).collect(), best)
}

/// One sample of every method but the score function; returns its design.
fn one_sample<const K: usize>(
    objective: &impl Objective<K>,
    logits: &[[f64; K]],
    method: Method,
    temperature: f64,
    rng: &mut Generator,
    add: &mut impl FnMut(usize, [f64; K]),
) -> Vec<usize> {
    if method == Method::Replay {
        let design = draw(logits, rng);
        for (position, logits) in logits.iter().enumerate() {
            // the mean over the position's letters, whose derivative is exact
            let mut p = Jet::variables(*logits);
            softmax(&mut p);
            let costs = objective.alternatives(&design, position);
            let mean = p.iter().zip(costs).fold(Jet::from(0.0), |sum: Jet<f64, K>, (p, cost)| sum + *p * cost);
            add(position, mean.eps);
        }
        return design;
    }
    let letters: Vec<[Jet<f64, K>; K]> = logits.iter().map(|l| relaxed_letter(*l, temperature, rng)).collect();
    let soft: Vec<[f64; K]> = letters.iter().map(|y| y.map(|y| y.re)).collect();
    let design = likeliest(&soft);
    let at = match method {
        Method::StraightThrough => design.iter().map(|letter| one_hot(*letter)).collect(),
        _ => soft,
    };
    for (position, (letter, slopes)) in letters.iter().zip(objective.slopes(&at)).enumerate() {
        let moved = letter.iter().zip(slopes).fold(Jet::from(0.0), |sum: Jet<f64, K>, (y, slope)| sum + *y * slope);
        add(position, moved.eps);
    }
    design
}

/// A relaxed letter with its derivatives in the logits.
fn relaxed_letter<const K: usize>(logits: [f64; K], temperature: f64, rng: &mut Generator) -> [Jet<f64, K>; K] {
    let mut soft = [Jet::from(0.0); K];
    relaxed_one_hot(&Jet::variables(logits), Jet::from(temperature), &gumbel_noise::<K, _>(rng), &mut soft);
    soft
}

fn one_hot<const K: usize>(letter: usize) -> [f64; K] {
    std::array::from_fn(|k| if k == letter { 1.0 } else { 0.0 })
}

fn largest(x: &[f64]) -> usize {
    (0..x.len()).max_by(|i, j| x[*i].total_cmp(&x[*j])).unwrap_or(0)
}

/// Softmax of logits.
pub fn probabilities<const K: usize>(logits: &[f64; K]) -> [f64; K] {
    let mut p = *logits;
    softmax(&mut p);
    p
}

/// A design, drawn position by position.
pub fn draw<const K: usize>(logits: &[[f64; K]], rng: &mut Generator) -> Vec<usize> {
    let letter = |logits: &[f64; K]| {
        let mut u = noise::uniform(rng);
        let p = probabilities(logits);
        p.iter().position(|p| {
            u -= p;
            u < 0.0
        })
    };
    logits.iter().map(letter).map(|letter| letter.unwrap_or(K - 1)).collect()
}

/// The likeliest letters.
pub fn likeliest<const K: usize>(logits: &[[f64; K]]) -> Vec<usize> {
    logits.iter().map(|l| largest(l)).collect()
}

/// How a training goes.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Steps.
    pub steps: u32,
    /// Samples, hence evaluations of the cost, in each.
    pub samples: usize,
    /// The rate at the start; it falls to 0.
    pub rate: f64,
    /// Temperature of the last step; it falls from 1 by the same factor in each.
    pub coldest: f64,
}

/// A training.
#[derive(Clone, Debug)]
pub struct Trained<const K: usize> {
    /// The logits at the end.
    pub logits: Vec<[f64; K]>,
    /// The best of all designs that were drawn, and of the likeliest after each step.
    pub design: Vec<usize>,
    /// Its cost.
    pub cost: f64,
    /// Evaluations and the least cost so far, after each step.
    pub path: Vec<(f64, f64)>,
    /// Temperature and letter probabilities at the start, after a 25th and an eighth of the steps, and at the end.
    pub profiles: Vec<(f64, Vec<[f64; K]>)>,
}

/// Trains logits from equal probabilities, by Adam.
///
/// # Errors
/// The coldest temperature is no temperature below 1, or the rate is not positive.
pub fn train<const K: usize>(
    objective: &impl Objective<K>,
    method: Method,
    plan: Plan,
    rng: &mut Generator,
) -> Result<Trained<K>, Error> {
    let annealing = Annealing::exponential(1.0, plan.coldest, plan.steps.into())?;
    let schedule = Schedule::linear(plan.rate, 0.0, plan.steps.into())?;
    let positions = objective.positions();
    let mut logits = vec![[0.0; K]; positions];
    let mut adam = Adam::new(&logits.as_flattened().to_vec()).decays(0.9, 0.99)?;
    let design = likeliest(&logits);
    let mut out = Trained { cost: objective.cost(&design), design, logits: vec![], path: vec![], profiles: vec![] };
    for step in 0..plan.steps {
        let temperature = annealing.temperature(step.into());
        if [0, plan.steps.div_ceil(25), plan.steps.div_ceil(8)].contains(&step) {
            out.profiles.push((temperature, logits.iter().map(probabilities).collect()));
        }
        let (slopes, drawn) = gradient(objective, &logits, method, temperature, plan.samples, rng);
        let slopes: Vec<f64> = slopes.as_flattened().iter().map(|(slope, _)| *slope).collect();
        adam.step(logits.as_flattened_mut(), &slopes, schedule.rate(step.into()))?;
        let design = likeliest(&logits);
        let likely = objective.cost(&design);
        let (design, cost) = better(drawn, (design, likely));
        if cost < out.cost {
            (out.cost, out.design) = (cost, design);
        }
        out.path.push((f64::from(step + 1) * plan.samples as f64, out.cost));
    }
    out.profiles.push((annealing.temperature(plan.steps.into()), logits.iter().map(probabilities).collect()));
    out.logits = logits;
    Ok(out)
}

/// Mean and its standard error.
pub fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    (mean, (variance / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;

    /// Two positions and a table of costs.
    struct Pair([[f64; 3]; 3]);

    impl Objective<3> for Pair {
        fn positions(&self) -> usize {
            2
        }

        fn cost(&self, design: &[usize]) -> f64 {
            self.0[design[0]][design[1]]
        }

        fn slopes(&self, y: &[[f64; 3]]) -> Vec<[f64; 3]> {
            let first = std::array::from_fn(|a| (0..3).map(|b| self.0[a][b] * y[1][b]).sum());
            vec![first, std::array::from_fn(|b| (0..3).map(|a| self.0[a][b] * y[0][a]).sum())]
        }

        fn alternatives(&self, design: &[usize], position: usize) -> [f64; 3] {
            match position {
                0 => std::array::from_fn(|a| self.0[a][design[1]]),
                _ => self.0[design[0]],
            }
        }
    }

    const PAIR: Pair = Pair([[1.0, 4.0, -2.0], [0.5, 3.0, 0.0], [2.0, -1.0, 7.0]]);
    const LOGITS: [[f64; 3]; 2] = [[0.3, -0.5, 0.0], [0.0, 1.0, -0.2]];

    /// The expected cost, summed over all designs, with its derivatives.
    fn exact() -> [f64; 6] {
        let flat = Jet::<f64, 6>::variables([0.3, -0.5, 0.0, 0.0, 1.0, -0.2]);
        let (mut p, mut q) = ([flat[0], flat[1], flat[2]], [flat[3], flat[4], flat[5]]);
        softmax(&mut p);
        softmax(&mut q);
        let terms = (0..9).map(|i| p[i / 3] * q[i % 3] * PAIR.0[i / 3][i % 3]);
        terms.fold(Jet::from(0.0), |sum, term| sum + term).eps
    }

    #[test]
    fn two_gradients_are_those_of_enumeration() {
        let mut rng = Generator::seed_from_u64(1);
        for method in [Method::Replay, Method::Score] {
            let g = gradient(&PAIR, &LOGITS, method, 1.0, 50_000, &mut rng).0;
            for (i, (mean, se)) in g.into_iter().flatten().enumerate() {
                // samples share the baseline, which is nearly the same for all of so many
                assert!((mean - exact()[i]).abs() < 5.0 * se, "{method:?} {i}: {mean} ± {se}, {}", exact()[i]);
            }
        }
    }

    #[test]
    fn relaxed_gradients_are_biased_and_less_so_when_cold() {
        let mut rng = Generator::seed_from_u64(1);
        let mut off = |temperature: f64| {
            let g = gradient(&PAIR, &LOGITS, Method::Relaxed, temperature, 200_000, &mut rng).0;
            let all = g.into_iter().flatten().zip(exact());
            all.map(|((mean, se), exact)| ((mean - exact).abs(), se))
                .fold((0.0, 0.0), |m: (f64, f64), x| (m.0.max(x.0), m.1.max(x.1)))
        };
        let (warm, cold) = (off(1.0), off(0.1));
        assert!(warm.0 > 10.0 * warm.1, "{warm:?}");
        assert!(cold.0 < 0.3 * warm.0, "{warm:?} {cold:?}");
    }

    #[test]
    fn trainings_and_searches_find_the_least_cost() {
        let plan = Plan { steps: 200, samples: 20, rate: 0.2, coldest: 0.2 };
        let mut rng = Generator::seed_from_u64(1);
        assert_eq!(exhaustive(&PAIR), (vec![0, 2], -2.0));
        for method in [Method::Replay, Method::Score] {
            let trained = train(&PAIR, method, plan, &mut rng).unwrap();
            assert_eq!((trained.design, trained.cost), (vec![0, 2], -2.0), "{method:?}");
        }
        assert_eq!(random(&PAIR, 200, &mut rng).1, -2.0);
        assert_eq!(annealed(&PAIR, 1000, 3.0, 0.05, &mut rng).cost, -2.0);
    }
}
