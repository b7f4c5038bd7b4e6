//! Programs with choices: what a gradient costs against runs that give the value only.

use crate::{Ratios, rng};
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use reparam::estimate;
use reparam::prelude::*;
use reparam::program::{Plain, Stream};

/// Steps of ±1, up with probability exp(-X/p); the square of the end.
#[derive(Clone, Copy)]
struct Walk {
    steps: u32,
}

impl Program for Walk {
    type Theta = [f64; 1];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[p]: &[S; 1], chance: &mut C) -> S {
        let mut x = 0.0;
        for _ in 0..self.steps {
            x += if chance.bernoulli((-S::from(x).over(p)).exp()) { 1.0 } else { -1.0 };
        }
        S::from(x * x)
    }
}

/// Steps until |x| > 3.
#[derive(Clone, Copy)]
struct ExitTime;

impl Program for ExitTime {
    type Theta = [f64; 1];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[p]: &[S; 1], chance: &mut C) -> S {
        let (mut x, mut steps) = (0i32, 0.0);
        while x.abs() <= 3 {
            x += if chance.bernoulli(p) { 1 } else { -1 };
            steps += 1.0;
        }
        S::from(steps)
    }
}

/// Runs that a call makes.
const RUNS: u64 = 256;

fn gradient<P: Program<Theta = [f64; 1], Output = f64> + Copy>(ratios: &Ratios, name: &str, theta: f64, f: P) {
    let (mut a, mut b, mut c) = (rng(), rng(), rng());
    let plain = |rng: &mut Xoshiro256PlusPlus| -> f64 {
        (0..RUNS).map(|_| program::run(&f, &[theta], rng.next_u64()).unwrap()).sum()
    };
    ratios.case(
        &format!("gradient by replay {name}"),
        || estimate::replay([theta], f).samples(RUNS).run(&mut a).unwrap(),
        "runs in f64",
        || plain(&mut b),
    );
    ratios.case(
        &format!("gradient by score {name}"),
        || estimate::score([theta], f).samples(RUNS).run(&mut a).unwrap(),
        "runs in f64",
        || plain(&mut c),
    );
}

pub fn run(ratios: &Ratios) {
    gradient(ratios, "walk of 10", 20.0, Walk { steps: 10 });
    gradient(ratios, "walk of 50", 100.0, Walk { steps: 50 });
    gradient(ratios, "exit time", 0.6, ExitTime);
    let f = program!(|[p]: [S; 1], chance| -> S {
        let trials = chance.binomial(10, p);
        S::from(chance.binomial(trials, p) as f64)
    });
    gradient(ratios, "binomial of binomial", 0.6, f);
    interface(ratios);
    many(ratios);
    tables(ratios);
}

/// A draw by the handle, which may have a table of the law, or by the law's formulas on the same noise.
fn drawn<S: Scalar, const BY_TABLES: bool>(chance: &mut impl Chance<S>, law: &impl Continuous<S>) -> S {
    if BY_TABLES { chance.draw(law) } else { law.sample(&mut chance.generator()) }
}

/// The mean of one draw.
#[derive(Clone, Copy)]
struct OfGamma<const BY_TABLES: bool>;

impl<const BY_TABLES: bool> Program for OfGamma<BY_TABLES> {
    type Theta = [f64; 2];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[a, b]: &[S; 2], chance: &mut C) -> S {
        drawn::<S, BY_TABLES>(chance, &Gamma::new(a, b).unwrap())
    }
}

/// The same of the beta law.
#[derive(Clone, Copy)]
struct OfBeta<const BY_TABLES: bool>;

impl<const BY_TABLES: bool> Program for OfBeta<BY_TABLES> {
    type Theta = [f64; 2];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[a, b]: &[S; 2], chance: &mut C) -> S {
        drawn::<S, BY_TABLES>(chance, &Beta::new(a, b).unwrap())
    }
}

/// A gamma posterior of the rate of eight Poisson counts, by variational inference: the evidence bound, ln q at the draw being a
/// constant in the parameters of q.
#[derive(Clone, Copy)]
struct OfPosterior<const BY_TABLES: bool>;

impl<const BY_TABLES: bool> Program for OfPosterior<BY_TABLES> {
    type Theta = [f64; 2];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[a, b]: &[S; 2], chance: &mut C) -> S {
        let q = Gamma::new(a, b).unwrap();
        let rate = drawn::<S, BY_TABLES>(chance, &q);
        let fixed = Gamma::new(S::from(a.re()), S::from(b.re())).unwrap();
        let ln_rate = rate.ln();
        let counts = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        counts.iter().fold(-fixed.ln_pdf(rate) - rate, |sum, k| sum + ln_rate * *k - rate)
    }
}

/// Ten chi-squared draws, as of a sum of squares in a model of variances.
#[derive(Clone, Copy)]
struct OfSquares<const BY_TABLES: bool>;

impl<const BY_TABLES: bool> Program for OfSquares<BY_TABLES> {
    type Theta = [f64; 2];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[df, scale]: &[S; 2], chance: &mut C) -> S {
        let law = ChiSquared::new(df).unwrap();
        (0..10).fold(S::from(0.0), |sum, _| sum + (scale * drawn::<S, BY_TABLES>(chance, &law)).ln())
    }
}

/// Claims of an insurance: their number is a choice, and each has a gamma size.
#[derive(Clone, Copy)]
struct OfClaims<const BY_TABLES: bool>;

impl<const BY_TABLES: bool> Program for OfClaims<BY_TABLES> {
    type Theta = [f64; 3];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[rate, a, b]: &[S; 3], chance: &mut C) -> S {
        let (claims, size) = (chance.poisson(rate), Gamma::new(a, b).unwrap());
        (0..claims).fold(S::from(0.0), |sum, _| sum + drawn::<S, BY_TABLES>(chance, &size))
    }
}

/// Estimates of 10 000 samples whose laws get tables, against the same by the laws' formulas.
fn tables(ratios: &Ratios) {
    macro_rules! compare {
        ($name:literal, $estimator:ident, $theta:expr, $program:ident) => {
            ratios.case(
                concat!($name, ", tables on its own"),
                || estimate::$estimator($theta, $program::<true>).run_seed(1).unwrap(),
                "by formulas",
                || estimate::$estimator($theta, $program::<false>).run_seed(1).unwrap(),
            );
        };
    }
    compare!("gradient by pathwise_program of gamma [2.5 2.0]", pathwise_program, [2.5, 2.0], OfGamma);
    compare!("gradient by pathwise_program of beta [2.0 3.0]", pathwise_program, [2.0, 3.0], OfBeta);
    compare!("gradient of the evidence bound of a gamma posterior", pathwise_program, [32.0, 9.0], OfPosterior);
    compare!("gradient by pathwise_program of ten chi_squared draws", pathwise_program, [5.0, 2.0], OfSquares);
    compare!("gradient by score of five gamma claims", score, [5.0, 2.5, 2.0], OfClaims);
    compare!("gradient by mix of five gamma claims", mix, [5.0, 2.5, 2.0], OfClaims);
    compare!("Hessian by pathwise_program_hessian of gamma [2.5 2.0]", pathwise_program_hessian, [2.5, 2.0], OfGamma);
}

/// What handles and estimators add to loops by hand.
fn interface(ratios: &Ratios) {
    let (mut a, mut b) = (Stream::new(1), Stream::new(1));
    ratios.case(
        "exit time on a plain handle",
        || {
            let mut chance = Plain::new(&mut a);
            (0..RUNS).map(|_| -> f64 { ExitTime.run(&[0.6], &mut chance) }).sum::<f64>()
        },
        "a loop by hand",
        || {
            let mut total = 0.0;
            for _ in 0..RUNS {
                let (mut x, mut steps) = (0i32, 0.0);
                while x.abs() <= 3 {
                    x += if b.unit() < 0.6 { 1 } else { -1 };
                    steps += 1.0;
                }
                total += steps;
            }
            total
        },
    );
    const SAMPLES: u64 = 100 * estimate::BLOCK;
    let mut seed = 0;
    let mut rng = Stream::new(2);
    ratios.case(
        "pathwise (mu + s z)^2, 102 400 samples",
        || {
            seed += 1;
            let f = |[mu, s]: [Jet<f64, 2>; 2], chance: &mut estimate::Handle<Jet<f64, 2>>| {
                (mu + s * chance.normal()).powi(2)
            };
            estimate::pathwise([0.3, 1.2], f).samples(SAMPLES).run_seed(seed).unwrap()
        },
        "sums by hand",
        || {
            let [mu, s] = Jet::variables([0.3, 1.2]);
            let (mut sums, mut squares) = ([0.0; 3], [0.0; 3]);
            for _ in 0..SAMPLES {
                let x: Jet<f64, 2> = (mu + s * reparam::noise::normal(&mut rng)).powi(2);
                for (i, x) in [x.re, x.eps[0], x.eps[1]].into_iter().enumerate() {
                    sums[i] += x;
                    squares[i] += x * x;
                }
            }
            (sums, squares)
        },
    );
}

/// 400 coins with a parameter each: what a gradient costs against runs that give the value only.
fn many(ratios: &Ratios) {
    let theta = [0.3; 400];
    let coins =
        program!(|theta: &[S], chance| -> S { S::from(theta.iter().filter(|p| chance.bernoulli(**p)).count() as f64) });
    let seeds = || (0..RUNS).map(|seed| program::run::<f64, _>(&coins, &theta[..], seed).unwrap()).sum::<f64>();
    ratios.case(
        "gradient by replay_dyn, 400 coins of 400 parameters",
        || estimate::replay_dyn(&theta, coins).samples(RUNS).run_seed(1).unwrap(),
        "runs in f64",
        seeds,
    );
    ratios.case(
        "gradient by score_dyn, 400 coins of 400 parameters",
        || estimate::score_dyn(&theta, coins).samples(RUNS).run_seed(1).unwrap(),
        "runs in f64",
        seeds,
    );
    ratios.case(
        "gradient by martingale_dyn, 400 coins of 400 parameters, 4096 samples",
        || estimate::martingale_dyn(&theta, coins).samples(16 * RUNS).run_seed(1).unwrap(),
        "runs in f64",
        || (0..16).map(|_| seeds()).sum::<f64>(),
    );
    ratios.case(
        "gradient by mix_dyn, 400 coins of 400 parameters, 4096 samples",
        || estimate::mix_dyn(&theta, coins).samples(16 * RUNS).run_seed(1).unwrap(),
        "runs in f64",
        || (0..16).map(|_| seeds()).sum::<f64>(),
    );
    ratios.case(
        "gradient by finite_difference_dyn, 40 coins of 40 parameters",
        || estimate::finite_difference_dyn(&theta[..40], coins, 0.1).samples(RUNS).run_seed(1).unwrap(),
        "81 runs in f64 a sample",
        || {
            let run = |seed| program::run::<f64, _>(&coins, &theta[..40], seed).unwrap();
            (0..81 * RUNS).map(run).sum::<f64>()
        },
    );
    let sum = program!(|theta: &[S], chance| -> S {
        theta.iter().fold(S::from(0.0), |sum, t| sum + *t * chance.normal()).exp()
    });
    ratios.case(
        "gradient by quasi_dyn, 64 draws of 64 parameters, 4 times 256 points",
        || estimate::quasi_dyn(&[0.1; 64], sum).points(RUNS).samples(4).run_seed(1).unwrap(),
        "by pathwise_program_dyn",
        || estimate::pathwise_program_dyn(&[0.1; 64], sum).samples(4 * RUNS).run_seed(1).unwrap(),
    );
    let sir = program!(|[infection, recovery]: [S; 2], chance| -> S {
        let (mut s, mut i, mut peak) = (195u64, 5u64, 5u64);
        for _ in 0..50 {
            let infected = chance.binomial(s, -(-infection * (i as f64 / 200.0)).exp_m1());
            let recovered = chance.binomial(i, -(-recovery).exp_m1());
            (s, i) = (s - infected, i + infected - recovered);
            peak = peak.max(i);
        }
        S::from(peak as f64)
    });
    let theta = [0.4, 0.15];
    ratios.case(
        "gradient by martingale, an epidemic of 200, 4096 samples",
        || estimate::martingale(theta, sir).samples(16 * RUNS).run_seed(1).unwrap(),
        "by mix",
        || estimate::mix(theta, sir).samples(16 * RUNS).run_seed(1).unwrap(),
    );
}
