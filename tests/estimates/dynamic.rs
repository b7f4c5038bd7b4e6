//! Estimators at a number of parameters known at run time: against closed forms, enumeration and their twins of a fixed
//! number.

use crate::martingale::exact_sir;
use rand::{RngExt, seq::SliceRandom};
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::estimate::{self, Estimate, EstimateError};
use reparam::prelude::*;
use reparam::program;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Within five standard errors of what is exact.
fn close(name: &str, e: &Estimate<Vec<f64>>, value: f64, gradient: &[f64]) {
    // 1e-12: what does not vary is off by rounding
    let near = |got: f64, want: f64, se: f64| (got - want).abs() <= 5.0 * se + 1e-12 * want.abs();
    assert!(near(e.value, value, e.value_se), "{name}: {} ± {}, not {value}", e.value, e.value_se);
    assert_eq!(e.gradient.len(), gradient.len(), "{name}");
    for (i, want) in gradient.iter().enumerate() {
        let (got, se) = (e.gradient[i], e.gradient_se[i]);
        assert!(near(got, *want, se), "{name}, {i}: {got} ± {se}, not {want}");
    }
}

/// The same numbers as at a fixed number of parameters, to this part of a standard error.
fn same<const N: usize>(name: &str, any: &Estimate<Vec<f64>>, fixed: &Estimate<[f64; N]>, part: f64) {
    let differ = |a: f64, b: f64, se: f64| (a - b).abs() > part * se + 1e-12 * b.abs();
    assert_eq!((any.samples, any.observations, any.notes), (fixed.samples, fixed.observations, fixed.notes), "{name}");
    assert!(!differ(any.value, fixed.value, fixed.value_se), "{name}: {} {}", any.value, fixed.value);
    for i in 0..N {
        let (a, b, se) = (any.gradient[i], fixed.gradient[i], fixed.gradient_se[i]);
        assert!(!differ(a, b, se), "{name}, {i}: {a}, not {b} ± {se}");
        let (a, b) = (any.gradient_se[i], fixed.gradient_se[i]);
        assert!(!differ(a, b, b), "{name}, {i}: an error of {a}, not {b}");
    }
}

/// The same program at a fixed number of parameters and at any: closed forms of neither are needed to hold one against
/// the other.
macro_rules! twins {
    (|$theta:ident: $n:literal, $chance:ident| $body:block) => {
        (program!(|$theta: [S; $n], $chance| -> S { $body }), program!(|$theta: &[S], $chance| -> S { $body }))
    };
}

/// Coins, cells, counts and a draw that moves; random control flow.
macro_rules! mixed {
    () => {
        twins!(|t: 3, chance| {
            let mut sum = t[1] * chance.normal();
            for turn in 0..3 {
                if chance.bernoulli(t[0]) {
                    sum += S::from(chance.binomial(4, t[1]) as f64);
                } else if turn > 0 && chance.event(t[0] * t[2]) {
                    return sum * 2.0;
                }
                sum += S::from((chance.categorical(&[t[0], t[1], t[0] * t[1]]) * (turn + 1)) as f64);
            }
            sum + chance.poisson(t[2]) as f64
        })
    };
}

/// Every probability depends on ten parameters: numbers of few derivatives are full, and runs in jets take over.
macro_rules! dense {
    () => {
        twins!(|t: 10, chance| {
            let mean = t.iter().fold(S::from(0.0), |sum, t| sum + *t) / 10.0;
            let heads = (0..5).filter(|_| chance.bernoulli(mean)).count() as f64;
            t[9] * heads * heads
        })
    };
}

const DENSE: [f64; 10] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.35, 0.25, 0.15, 0.45, 0.3];

/// E = t₉ (5 m + 20 m²)
fn exact_dense() -> (f64, Vec<f64>) {
    let mean = DENSE.iter().sum::<f64>() / 10.0;
    let square = 5.0 * mean + 20.0 * mean * mean;
    let mut gradient = vec![0.3 * (5.0 + 40.0 * mean) / 10.0; 10];
    gradient[9] += square;
    (0.3 * square, gradient)
}

/// The square of the number of heads of coins with a parameter each.
fn coins() -> impl Program<Theta = [f64], Output = f64> + Copy + Sync {
    program!(|p: &[S], chance| -> S {
        let heads = p.iter().filter(|p| chance.bernoulli(**p)).count() as f64;
        S::from(heads * heads)
    })
}

/// E = T² + Σ p (1 - p), T = Σ p, and its gradient.
fn exact_coins(p: &[f64]) -> (f64, Vec<f64>) {
    let total: f64 = p.iter().sum();
    let value = total * total + p.iter().map(|p| p * (1.0 - p)).sum::<f64>();
    (value, p.iter().map(|p| 1.0 + 2.0 * (total - p)).collect())
}

/// Probabilities from a fifth to four fifths.
fn probabilities(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.5 + 0.3 * (i as f64 * 0.7).sin()).collect()
}

/// The value and derivatives of a program at three parameters by enumeration.
fn listed<P: Program<Theta = [f64; 3], Output = f64>>(theta: [f64; 3], program: P) -> Jet<f64, 3> {
    program::enumerate(&Jet::variables(theta), program).run().unwrap().value
}

#[test]
fn martingale_as_with_a_fixed_number() {
    let theta = [0.4, 0.3, 1.5];
    let (fixed, any) = mixed!();
    let f = estimate::martingale(theta, fixed).samples(20_000).run_seed(3).unwrap();
    same("mixed", &estimate::martingale_dyn(&theta, any).samples(20_000).run_seed(3).unwrap(), &f, 1e-6);
    let (fixed, any) = dense!();
    let f = estimate::martingale(DENSE, fixed).samples(20_000).run_seed(4).unwrap();
    let e = estimate::martingale_dyn(&DENSE, any).samples(20_000).run_seed(4).unwrap();
    same("dense", &e, &f, 1e-6);
    let (value, gradient) = exact_dense();
    close("dense", &e, value, &gradient);
}

#[test]
fn martingale_against_enumeration_and_an_exact_chain() {
    let (fixed, any) = twins!(|t: 3, chance| {
        let k = chance.binomial(6, t[0]);
        let j = chance.categorical(&[t[1], t[2], t[1] * t[2]]);
        let i = chance.scope(|chance| chance.binomial(k, t[1]));
        S::from((i * i) as f64 + (k * j as u64) as f64) + t[2]
    });
    let theta = [0.6, 0.3, 0.7];
    let exact = listed(theta, fixed);
    let e = estimate::martingale_dyn(&theta, any).samples(20_000).run_seed(3).unwrap();
    close("cells", &e, exact.re, &exact.eps);

    // a rate for each of thirty days: the derivatives in all of them add up to that in the one rate of the chain
    let days = program!(|t: &[S], chance| -> S {
        let (mut s, mut i) = (25u64, 5u64);
        for infection in &t[1..] {
            let infected = chance.binomial(s, -(-*infection * (i as f64 / 30.0)).exp_m1());
            let recovered = chance.binomial(i, -(-t[0]).exp_m1());
            (s, i) = (s - infected, i + infected - recovered);
        }
        S::from(s as f64)
    });
    let mut theta = [0.4; 31];
    theta[0] = 0.15;
    let exact: Jet<f64, 2> = exact_sir(Jet::variables([0.4, 0.15]));
    let run = estimate::martingale_dyn(&theta, days).samples(40_000);
    let of_sum = run.covariances().run_seed(1).unwrap();
    let number = |i| (0, estimate::Component::Gradient(i));
    let e = &of_sum.estimate;
    let variance: f64 =
        (1..31).flat_map(|i| (1..31).map(move |j| (i, j))).map(|(i, j)| of_sum.covariance(number(i), number(j))).sum();
    let (sum, se) = (e.gradient[1..].iter().sum::<f64>(), variance.sqrt());
    assert!((sum - exact.eps[0]).abs() < 5.0 * se, "{sum} ± {se}, not {}", exact.eps[0]);
    assert!((e.gradient[0] - exact.eps[1]).abs() < 5.0 * e.gradient_se[0]);
    assert!((e.value - exact.re).abs() < 5.0 * e.value_se);
    let scores = estimate::score_dyn(&theta, days).samples(40_000).run_seed(1).unwrap();
    let gain = (0..31).map(|i| (scores.gradient_se[i] / e.gradient_se[i]).powi(2)).fold(f64::INFINITY, f64::min);
    println!("31 parameters: the variance of plain scores is at least {gain:.1} times that with controls");
    assert!(gain > 2.0);
}

/// Births and deaths, each event a race: e, with derivatives e and -e.
#[test]
fn martingale_with_races() {
    let f = program!(|t: &[S], chance| -> S {
        let (mut heads, mut left) = (1u32, S::from(1.0));
        while let Some((who, wait)) = chance.race(&[t[0] * f64::from(heads), t[1] * f64::from(heads)], left) {
            heads = if who == 0 { heads + 1 } else { heads - 1 };
            left -= wait;
        }
        S::from(f64::from(heads))
    });
    let e = 1f64.exp();
    close("races", &estimate::martingale_dyn(&[2.0, 1.0], f).samples(40_000).run_seed(4).unwrap(), e, &[e, -e]);
    // rates of ten parameters: the races of runs in jets are the same ones
    let (fixed, any) = twins!(|t: 10, chance| {
        let rate = t.iter().fold(S::from(0.0), |sum, t| sum + *t);
        let (mut rung, mut left) = ([0.0; 2], S::from(2.0));
        while let Some((who, wait)) = chance.race(&[rate, t[0] * 2.0], left) {
            rung[who] += 1.0;
            left -= wait;
        }
        S::from(rung[0] * rung[0] + rung[1])
    });
    let f = estimate::martingale(DENSE, fixed).samples(20_000).run_seed(5).unwrap();
    let e = estimate::martingale_dyn(&DENSE, any).samples(20_000).run_seed(5).unwrap();
    same("races", &e, &f, 1e-6);
    // N₀ of mean 2 R, N₁ of 4 t₀
    let rate: f64 = DENSE.iter().sum();
    let mut gradient = vec![2.0 + 8.0 * rate; 10];
    gradient[0] += 4.0;
    close("races", &e, 2.0 * rate + 4.0 * rate * rate + 4.0 * DENSE[0], &gradient);
}

/// What a sample of coins with a parameter each costs in plain runs; it is printed, as other processes make it vary.
fn cost(name: &str, run: impl Fn(&[f64], u64)) {
    for n in [100, 400, 1600] {
        let p = probabilities(n);
        let samples = 3200;
        let start = Instant::now();
        run(&p, samples);
        let ours = start.elapsed();
        let start = Instant::now();
        let total: f64 = (0..samples).map(|seed| program::run::<f64, _>(&coins(), &p[..], seed).unwrap()).sum();
        let ratio = ours.as_secs_f64() / start.elapsed().as_secs_f64();
        println!("{name} of {n} parameters: {ratio:.1} plain runs a sample");
        assert!(total > 0.0);
    }
}

/// The number of runs of an estimate: that of scores does not depend on the number of parameters, where each choice depends
/// on one; chunks are N/8, differences 2 N + 1 or those of the directions.
#[test]
fn runs_of_an_estimate() {
    let runs = AtomicU64::new(0);
    let counted = program!(|p: &[S], chance| using (runs: &AtomicU64 = &runs) -> S {
        runs.fetch_add(1, Ordering::Relaxed);
        S::from(p.iter().filter(|p| chance.bernoulli(**p)).count() as f64)
    });
    macro_rules! count {
        ($name:ident, $n:literal $(, $more:expr)*; $e:ident => $set:expr) => {{
            runs.store(0, Ordering::Relaxed);
            let p = probabilities($n);
            let $e = estimate::$name(&p, counted $(, $more)*);
            $set.run_seed(1).unwrap();
            runs.load(Ordering::Relaxed)
        }};
    }
    // 100 that are watched, 250 to learn from, one that finds no law with a table, 512 samples, of which the first runs twice
    assert_eq!(count!(martingale_dyn, 16; e => e.samples(512)), 100 + 250 + 1 + 512 + 1);
    assert_eq!(count!(martingale_dyn, 160; e => e.samples(512)), 100 + 250 + 1 + 512 + 1);
    assert_eq!(count!(finite_difference_dyn, 16, 0.1; e => e.samples(50)), 33 * 51);
    assert_eq!(count!(finite_difference_dyn, 160, 0.1; e => e.samples(50)), 321 * 51);
    assert_eq!(count!(finite_difference_dyn, 160, 0.1; e => e.samples(50).directions(3)), 7 * 51);
    // a pilot of 64 points, and 4 randomizations
    assert_eq!(count!(quasi_dyn, 16; e => e.points(64).samples(4)), 64 + 2 * 4 * 64);
    assert_eq!(count!(quasi_dyn, 160; e => e.points(64).samples(4)), 64 + 20 * 4 * 64);
    // of a mix: scores, a run that keeps an alternative, a replay, and one in jets if that changed the result
    let mixed = [count!(mix_dyn, 16; e => e.samples(512)), count!(mix_dyn, 160; e => e.samples(512))];
    // 8 batches to learn from, 32 of the estimate, the first of them twice
    assert_eq!(mixed, [4 * 16 * 41; 2]);
}

#[test]
fn martingale_of_four_hundred_coins() {
    let p = probabilities(400);
    let (value, gradient) = exact_coins(&p);
    let e = estimate::martingale_dyn(&p, coins()).samples(20_000).run_seed(1).unwrap();
    close("coins", &e, value, &gradient);
    let scores = estimate::score_dyn(&p, coins()).samples(20_000).run_seed(1).unwrap();
    let gain = (0..400).map(|i| (scores.gradient_se[i] / e.gradient_se[i]).powi(2)).fold(f64::INFINITY, f64::min);
    println!("400 coins: the variance of plain scores is at least {gain:.0} times that with controls");
    assert!(gain > 3.0);
    cost("martingale_dyn", |p, n| {
        estimate::martingale_dyn(p, coins()).samples(n).run_seed(1).unwrap();
    });
}

/// Draws that move and a choice among them, by points, on mirrored noise, by scores.
macro_rules! smooth {
    () => {
        twins!(|t: 10, chance| {
            let mut x = S::from(0.0);
            for t in t.iter() {
                x += *t * chance.normal() + *t * *t * chance.exponential();
            }
            if chance.bernoulli(t[0]) { x.exp() } else { x * t[9] }
        })
    };
}

/// E of [`smooth`]: p Π e^(t²/2) / (1 - t²) + (1 - p) t₉ Σ t².
fn exact_smooth<S: Scalar>(t: [S; 10]) -> S {
    let squares = t.iter().fold(S::from(0.0), |sum, t| sum + *t * *t);
    let product = t.iter().fold((squares * 0.5).exp(), |product, t| product / (-*t * *t + 1.0));
    t[0] * product + (-t[0] + 1.0) * t[9] * squares
}

/// Exact results are those of a moment generating function, which the largest parameters make heavy of tail.
const SMOOTH: [f64; 10] = [0.1, 0.2, 0.15, 0.12, 0.18, 0.05, 0.08, 0.11, 0.09, 0.14];

#[test]
fn points_and_mirrors_as_with_a_fixed_number() {
    let exact: Jet<f64, 10> = exact_smooth(Jet::variables(SMOOTH));
    macro_rules! check {
        ($any:ident, $fixed:ident $(, $more:expr)* ; $e:ident => $set:expr) => {{
            let (fixed, any) = smooth!();
            let f = { let $e = estimate::$fixed(SMOOTH, fixed $(, $more)*); $set.run_seed(3).unwrap() };
            let e = { let $e = estimate::$any(&SMOOTH, any $(, $more)*); $set.run_seed(3).unwrap() };
            same(stringify!($any), &e, &f, 1e-9);
            close(stringify!($any), &e, exact.re, &exact.eps);
            e
        }};
    }
    let quasi = check!(quasi_dyn, quasi; e => e.points(1024));
    let latin = check!(latin_hypercube_dyn, latin_hypercube; e => e.points(500));
    let strata = check!(stratified_dyn, stratified, [16, 16]; e => e);
    assert_eq!([quasi.samples, latin.samples, strata.samples], [32 * 1024, 32 * 500, 32 * 256]);
    check!(antithetic_dyn, antithetic; e => e.samples(20_000));
    let (_, any) = smooth!();
    let plain = estimate::score_dyn(&SMOOTH, any).samples(32 * 1024).run_seed(3).unwrap();
    let gain = (0..10).map(|i| plain.gradient_se[i] / quasi.gradient_se[i]).fold(f64::INFINITY, f64::min);
    println!("errors of scores at random points are {gain:.1} times those at quasi-random ones, or more");
    assert!(gain > 1.5);
}

/// P of all above 0, by scores of the draws; laws whose ends move, and noise without a score, in the second chunk too.
#[test]
fn likelihood_ratios_as_with_a_fixed_number() {
    let fixed = program!(|t: [S; 10], chance| -> Result<S, LawError> {
        let mut above = 0.0;
        for t in t.iter() {
            above += f64::from(u8::from(chance.draw(&Normal::new(*t, S::from(1.0))?).re() > 0.5));
        }
        Ok(S::from(above * above) + f64::from(u8::from(chance.bernoulli(t[9]))))
    });
    let any = program!(|t: &[S], chance| -> Result<S, LawError> {
        let mut above = 0.0;
        for t in t.iter() {
            above += f64::from(u8::from(chance.draw(&Normal::new(*t, S::from(1.0))?).re() > 0.5));
        }
        Ok(S::from(above * above) + f64::from(u8::from(chance.bernoulli(t[9]))))
    });
    let f = estimate::likelihood_ratio(DENSE, fixed).samples(20_000).run_seed(3).unwrap();
    let e = estimate::likelihood_ratio_dyn(&DENSE, any).samples(20_000).run_seed(3).unwrap();
    same("likelihood_ratio_dyn", &e, &f, 1e-9);
    // coins that are heads with probability Φ(t - 1/2)
    let p = DENSE.map(|t| 1.0 - Normal::new(t, 1.0).unwrap().cdf(0.5));
    let slope = DENSE.map(|t| Normal::new(t, 1.0).unwrap().pdf(0.5));
    let (value, heads) = exact_coins(&p);
    let mut gradient: Vec<f64> = heads.iter().zip(slope).map(|(d, slope)| d * slope).collect();
    gradient[9] += 1.0;
    close("likelihood_ratio_dyn", &e, value + DENSE[9], &gradient);
    assert!(!e.notes.moving_support && !e.notes.plain_noise);

    let moving = program!(|t: &[S], chance| -> Result<S, LawError> {
        let last = t[t.len() - 1];
        Ok(chance.draw(&Uniform::new(S::from(0.0), last)?))
    });
    assert!(estimate::likelihood_ratio_dyn(&DENSE, moving).run_seed(1).unwrap().notes.moving_support);
    let noise = program!(|t: &[S], chance| -> S { t[0] * chance.normal() });
    assert!(estimate::likelihood_ratio_dyn(&DENSE, noise).run_seed(1).unwrap().notes.plain_noise);
}

/// Each parameter has a mix of its own: the first coin decides what all others mean, those matter alone.
#[test]
fn mixes() {
    let theta = [0.4, 0.3, 1.5];
    let (fixed, any) = mixed!();
    let f = estimate::mix(theta, fixed).samples(20_000).run_seed(3).unwrap();
    let e = estimate::mix_dyn(&theta, any).samples(20_000).run_seed(4).unwrap();
    // other random numbers choose among alternatives: the same expectations, and errors that are known to a few per cent
    for i in 0..3 {
        let (both, ratio) = (f.gradient_se[i].hypot(e.gradient_se[i]), e.gradient_se[i] / f.gradient_se[i]);
        assert!((f.gradient[i] - e.gradient[i]).abs() < 5.0 * both, "{i}: {} {}", f.gradient[i], e.gradient[i]);
        println!("mix_dyn, parameter {i}: {ratio:.2} times the error of mix");
        assert!(ratio < 1.3, "{i}: {ratio}");
    }
    let f = estimate::mix(theta, fixed).controls().samples(20_000).run_seed(3).unwrap();
    let e = estimate::mix_dyn(&theta, any).controls().samples(20_000).run_seed(4).unwrap();
    for i in 0..3 {
        let (both, ratio) = (f.gradient_se[i].hypot(e.gradient_se[i]), e.gradient_se[i] / f.gradient_se[i]);
        assert!((f.gradient[i] - e.gradient[i]).abs() < 5.0 * both, "{i}: {} {}", f.gradient[i], e.gradient[i]);
        println!("mix_dyn with controls, parameter {i}: {ratio:.2} times the error at a fixed number");
        assert!(ratio < 1.3, "{i}: {ratio}");
    }
    let (_, any) = dense!();
    let (value, gradient) = exact_dense();
    let mix = estimate::mix_dyn(&DENSE, any).samples(20_000);
    close("dense with controls", &mix.clone().controls().run_seed(4).unwrap(), value, &gradient);
    close("dense", &mix.run_seed(4).unwrap(), value, &gradient);

    let game = program!(|p: &[S], chance| -> [S; 2] {
        let sign = if chance.bernoulli(p[0]) { 1.0 } else { -1.0 };
        let heads = p[1..].iter().filter(|p| chance.bernoulli(**p)).count() as f64;
        [S::from(sign * heads), p[3] * heads]
    });
    let p = probabilities(30);
    let e = estimate::mix_dyn(&p, game).samples(40_000).run_seed(1).unwrap();
    let total: f64 = p[1..].iter().sum();
    let near = |k: usize, i: usize, want: f64| {
        let (got, se) = (e.gradient[k][i], e.gradient_se[k][i]);
        assert!((got - want).abs() < 5.0 * se + 1e-12, "{k}, {i}: {got} ± {se}, not {want}");
    };
    near(0, 0, 2.0 * total);
    near(1, 0, 0.0);
    for i in 1..30 {
        near(0, i, 2.0 * p[0] - 1.0);
        near(1, i, p[3] + if i == 3 { total } else { 0.0 });
    }
    let score = estimate::score_dyn(&p, game).samples(40_000).run_seed(1).unwrap();
    let replay = estimate::replay_dyn(&p, game).samples(40_000).run_seed(1).unwrap();
    for i in 0..30 {
        // a β known from finitely many samples costs a few per cent
        let best = score.gradient_se[0][i].min(replay.gradient_se[0][i]);
        assert!(e.gradient_se[0][i] < 1.1 * best, "{i}: {} {best}", e.gradient_se[0][i]);
    }
    cost("mix_dyn", |p, n| {
        estimate::mix_dyn(p, coins()).samples(n).run_seed(1).unwrap();
    });
}

/// Where scores are blind the mix replays those choices, and only those: E = p q of two coins, one of which never comes up
/// or always does; and cells that are empty for one chunk of parameters and not for another.
#[test]
fn mixes_where_scores_are_blind() {
    let two = program!(|p: &[S], chance| -> S {
        let first = chance.bernoulli(p[9]);
        S::from(f64::from(u8::from(first & chance.bernoulli(p[0]))))
    });
    for end in [0.0, 1.0] {
        let mut p = [0.5; 10];
        p[0] = end;
        let mut exact = vec![0.0; 10];
        (exact[0], exact[9]) = (0.5, end);
        let mix = estimate::mix_dyn(&p, two).samples(20_000);
        close("two with controls", &mix.clone().controls().run_seed(1).unwrap(), 0.5 * end, &exact);
        close("two", &mix.run_seed(1).unwrap(), 0.5 * end, &exact);
    }
    // cells p₀, p₉ and the rest: the first is empty, and moves in its own parameter only
    let cells = program!(|p: &[S], chance| -> S {
        let rest = -p[0] - p[9] + 1.0;
        S::from([5.0, 2.0, 1.0][chance.categorical(&[p[0], p[9], rest])])
    });
    let mut p = [0.3; 10];
    p[0] = 0.0;
    let mut exact = vec![0.0; 10];
    (exact[0], exact[9]) = (4.0, 1.0);
    let mix = estimate::mix_dyn(&p, cells).samples(20_000);
    close("cells with controls", &mix.clone().controls().run_seed(1).unwrap(), 1.3, &exact);
    close("cells", &mix.run_seed(1).unwrap(), 1.3, &exact);
}

#[test]
fn differences_as_with_a_fixed_number() {
    let theta = [0.4, 0.3, 1.5];
    let (fixed, any) = mixed!();
    let steps = [0.05, 0.04, 0.2];
    let f = estimate::finite_difference(theta, fixed, 1.0).steps(steps).samples(5000).run_seed(3).unwrap();
    let e = estimate::finite_difference_dyn(&theta, any, 1.0).steps(steps).samples(5000).run_seed(3).unwrap();
    same("finite_difference_dyn", &e, &f, 0.0);
    // a square in every parameter: differences have no bias
    let p = probabilities(40);
    let (value, gradient) = exact_coins(&p);
    let e = estimate::finite_difference_dyn(&p, coins(), 0.1).samples(4000).run_seed(1).unwrap();
    close("differences", &e, value, &gradient);
    let along = estimate::finite_difference_dyn(&p, coins(), 0.1).directions(3).samples(20_000).run_seed(2).unwrap();
    close("directions", &along, value, &gradient);
    // a derivative's own variance, and a third of the mean squares of the 39 other differences; those of a sample are not
    // independent, so that is to a tenth
    let square = |i: usize| (e.gradient_se[i] * 4000f64.sqrt()).powi(2) + e.gradient[i].powi(2);
    let total: f64 = (0..40).map(square).sum();
    for i in 0..40 {
        let want = (((square(i) - e.gradient[i].powi(2)) / 3.0 + (total - square(i)) / 3.0) / 20_000.0).sqrt();
        let ratio = along.gradient_se[i] / want;
        assert!((0.9..1.1).contains(&ratio), "{i}: {ratio}");
    }
}

#[test]
fn settings_that_cannot_be() {
    let of = |step| estimate::finite_difference_dyn(&[0.5, 0.5], coins(), step);
    for (e, message) in [
        (of(0.0), "the step must be positive and finite, not 0"),
        (of(f64::NAN), "the step must be positive and finite, not NaN"),
        (of(f64::INFINITY), "the step must be positive and finite, not inf"),
        (of(1e-20), "the step must be large enough to move every parameter, not 1e-20"),
        (of(0.1).steps([0.1]), "the number of steps must be that of the parameters, not 1"),
        (of(0.1).steps([0.1, -0.1]), "the step must be positive and finite, not -0.1"),
        (of(0.1).directions(0), "the number of directions must be at least 1, not 0"),
    ] {
        assert_eq!(e.run_seed(1).unwrap_err().to_string(), message);
    }
    // both sides are within the range of a probability, or it is said which is not
    let e = of(0.6).run_seed(1).unwrap_err();
    assert!(matches!(e, EstimateError::Choice { .. }) && e.to_string().contains("1.1"), "{e}");
}

/// The same bits on any number of threads, over parts merged in any order, and through text.
macro_rules! same_bits {
    ($estimator:expr) => {{
        let e = $estimator;
        let want = e.clone().run_seed(5).unwrap();
        for threads in [1, 2, 3, 7] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(pool.install(|| e.clone().par_run_seed(5)).unwrap(), want);
        }
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        for _ in 0..3 {
            let mut blocks: Vec<u64> = (0..e.blocks()).collect();
            blocks.shuffle(&mut rng);
            let mut parts = blocks.into_iter().map(|k| e.part(5, k..k + 1).unwrap());
            let (mut left, mut right) = (parts.next().unwrap(), parts.next().unwrap());
            for part in parts {
                if rng.random() { left.merge(&part).unwrap() } else { right.merge(&part).unwrap() }
            }
            right.merge(&left).unwrap();
            let back = serde_json::from_str(&serde_json::to_string(&right).unwrap()).unwrap();
            assert_eq!(e.of_parts(&back).unwrap(), want);
        }
    }};
}

#[test]
fn bits_do_not_depend_on_threads_or_parts() {
    let n = 5 * estimate::BLOCK + 100;
    let p = probabilities(9);
    same_bits!(estimate::martingale_dyn(&p, coins()).samples(n));
    same_bits!(estimate::mix_dyn(&p, coins()).samples(n));
    same_bits!(estimate::mix_dyn(&p, coins()).controls().samples(n));
    let pair = program!(|[p, q]: [S; 2], chance| -> S {
        let k = chance.binomial(6, p);
        S::from((chance.binomial(k, q) as f64).powi(2))
    });
    same_bits!(estimate::mix([0.3, 0.6], pair).controls().samples(n));
    same_bits!(estimate::antithetic_dyn(&p, coins()).samples(n));
    same_bits!(estimate::likelihood_ratio_dyn(&p, coins()).samples(n));
    same_bits!(estimate::finite_difference_dyn(&p, coins(), 0.1).samples(n));
    same_bits!(estimate::finite_difference_dyn(&p, coins(), 0.1).directions(2).samples(n));
    // a block is a randomization
    same_bits!(estimate::quasi_dyn(&p, coins()).points(64));
    same_bits!(estimate::latin_hypercube_dyn(&p, coins()).points(64));
    same_bits!(estimate::stratified_dyn(&p, coins(), [8, 8]));
}

/// A coin whose probability is a parameter, and whose other parameters count for nothing.
fn coin() -> impl Program<Theta = [f64], Output = f64> + Copy + Sync {
    program!(|p: &[S], chance| -> S { S::from(f64::from(u8::from(chance.bernoulli(p[0])))) })
}

/// No parameters, parameters that are no numbers, probabilities at and beyond the ends, no results.
#[test]
fn hostile_input() {
    let alone = program!(|_: &[S], chance| -> S { S::from(chance.binomial(4, S::from(0.5)) as f64) });
    let none = program!(|_: &[S], _chance| -> Vec<S> { vec![] });
    macro_rules! common {
        ($name:ident $(, $more:expr)*) => {{
            let run = |theta: &[f64]| estimate::$name(theta, coin() $(, $more)*).samples(1000).run_seed(1);
            close("no parameters", &estimate::$name(&[], alone $(, $more)*).samples(1000).run_seed(1).unwrap(), 2.0, &[]);
            let e = estimate::$name(&[0.5], none $(, $more)*).samples(1000).run_seed(1).unwrap();
            assert_eq!((e.value, e.gradient), (vec![], Vec::<Vec<f64>>::new()));
            assert_eq!(run(&[0.5, f64::NAN]).unwrap_err().to_string(), "parameter 1 is NaN");
            assert_eq!(run(&[0.5, f64::INFINITY]).unwrap_err().to_string(), "parameter 1 is inf");
            let e = run(&[1.5]).unwrap_err();
            assert!(matches!(e, EstimateError::Choice { .. }) && e.to_string().contains("1.5"), "{e}");
            assert!(matches!(
                estimate::$name(&[0.5], coin() $(, $more)*).samples(0).run_seed(1),
                Err(EstimateError::TooFewSamples { samples: 0 })
            ));
            // a parameter without influence is told
            let e = run(&[0.3, 0.5]).unwrap();
            assert!(!e.notes.is_flat(0) && e.notes.is_flat(1), "{e}");
        }};
    }
    common!(martingale_dyn);
    common!(mix_dyn);
    common!(antithetic_dyn);
    common!(likelihood_ratio_dyn);
    common!(finite_difference_dyn, 0.1);
    common!(quasi_dyn);
    common!(latin_hypercube_dyn);
    // at the ends of probabilities scores are blind, and say so
    for p in [0.0, 1.0] {
        for e in [
            estimate::martingale_dyn(&[p], coin()).run_seed(1),
            estimate::quasi_dyn(&[p], coin()).run_seed(1),
            estimate::antithetic_dyn(&[p], coin()).run_seed(1),
            estimate::likelihood_ratio_dyn(&[p], coin()).run_seed(1),
        ] {
            let e = e.unwrap_err();
            assert!(matches!(e, EstimateError::EmptyCell { .. }) && e.to_string().contains("replay"), "{e}");
        }
    }
}
