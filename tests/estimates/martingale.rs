//! Scores with martingale controls: against exact chains and enumeration, and their variance against plain scores.

use reparam::estimate::{self, Estimate};
use reparam::prelude::*;
use reparam::program;

type Pair = Jet<f64, 2>;

fn close<const N: usize>(name: &str, e: &Estimate<[f64; N]>, exact: (f64, [f64; N])) {
    // 1e-12: what does not vary is off by rounding
    let near = |got: f64, want: f64, se: f64| (got - want).abs() < 5.0 * se + 1e-12 * want.abs();
    assert!(near(e.value, exact.0, e.value_se), "{name}: {} ± {}, not {}", e.value, e.value_se, exact.0);
    for i in 0..N {
        let (got, se) = (e.gradient[i], e.gradient_se[i]);
        assert!(near(got, exact.1[i], se), "{name}: {got} ± {se}, not {}", exact.1[i]);
    }
}

/// An epidemic among 30 people, 5 of them infected, 30 days: the final number of those never infected, and the largest
/// of the infected.
pub fn sir() -> impl Program<Theta = [f64; 2], Output = [f64; 2]> + Copy {
    program!(|[infection, recovery]: [S; 2], chance| -> [S; 2] {
        let (mut s, mut i, mut peak) = (25u64, 5u64, 5u64);
        for _ in 0..30 {
            let infected = chance.binomial(s, -(-infection * (i as f64 / 30.0)).exp_m1());
            let recovered = chance.binomial(i, -(-recovery).exp_m1());
            (s, i) = (s - infected, i + infected - recovered);
            peak = peak.max(i);
        }
        [S::from(s as f64), S::from(peak as f64)]
    })
}

/// E of the final number by the chain's distribution, day after day, with its derivatives.
pub fn exact_sir<S: Scalar>([infection, recovery]: [S; 2]) -> S {
    let choose = |n: usize, k: usize| (0..k).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64);
    let binomial = |n: usize, p: S| -> Vec<S> {
        (0..=n).map(|k| p.powi(k as i32) * (-p + 1.0).powi((n - k) as i32) * choose(n, k)).collect()
    };
    let mut now = vec![vec![S::from(0.0); 31]; 31];
    now[25][5] = S::from(1.0);
    for _ in 0..30 {
        let mut next = vec![vec![S::from(0.0); 31]; 31];
        for i in 0..=30 {
            let by_infection = -(-infection * (i as f64 / 30.0)).exp_m1();
            let recoveries = binomial(i, -(-recovery).exp_m1());
            for s in (0..=30 - i).filter(|s| now[*s][i].re() > 0.0) {
                for (a, p) in binomial(s, by_infection).into_iter().enumerate() {
                    for (b, q) in recoveries.iter().enumerate() {
                        next[s - a][i + a - b] += now[s][i] * p * *q;
                    }
                }
            }
        }
        now = next;
    }
    let mut mean = S::from(0.0);
    now.iter().enumerate().for_each(|(s, row)| row.iter().for_each(|p| mean += *p * s as f64));
    mean
}

#[test]
fn an_epidemic_of_thirty() {
    let theta = [0.4, 0.15];
    let exact: Pair = exact_sir(Jet::variables(theta));
    let e = estimate::martingale(theta, sir()).samples(40_000).run_seed(1).unwrap();
    let plain = estimate::score(theta, sir()).samples(40_000).run_seed(1).unwrap();
    for i in 0..2 {
        let (got, se) = (e.gradient[0][i], e.gradient_se[0][i]);
        assert!((got - exact.eps[i]).abs() < 5.0 * se, "{i}: {got} ± {se}, not {}", exact.eps[i]);
        for k in 0..2 {
            let gain = (plain.gradient_se[k][i] / e.gradient_se[k][i]).powi(2);
            println!("result {k}, parameter {i}: variance of plain scores {gain:.1} times that with controls");
            assert!(gain > 3.0);
        }
    }
    assert!((e.value[0] - exact.re).abs() < 5.0 * e.value_se[0]);
    assert!(e.value_se[0] < plain.value_se[0]);
}

/// Programs whose paths can be listed: all kinds of choices, random control flow, scopes, continuous draws besides,
/// choices without noise.
#[test]
fn against_enumeration() {
    macro_rules! check {
        ($name:literal, $theta:expr, $program:expr) => {
            let (theta, f) = ($theta, $program);
            let exact = program::enumerate(&Jet::variables(theta), f).run().unwrap().value;
            let e = estimate::martingale(theta, f).samples(20_000).run_seed(3).unwrap();
            close($name, &e, (exact.re, exact.eps));
            // the value of a mix is that of replay, bit for bit
            let mixed = estimate::mix(theta, f).controls().samples(20_000).run_seed(3).unwrap();
            close(concat!($name, ", mixed"), &mixed, (exact.re, exact.eps));
            assert_eq!(mixed.value, estimate::replay(theta, f).samples(20_000).run_seed(3).unwrap().value);
        };
    }
    check!(
        "nested",
        [0.6, 0.3],
        program!(|[p, q]: [S; 2], chance| -> S {
            let k = chance.binomial(6, p);
            S::from((chance.binomial(k, q) as f64).powi(2))
        })
    );
    check!(
        "by logits",
        [0.3, -1.0],
        program!(|[a, b]: [S; 2], chance| -> S {
            let k = chance.binomial_logit(4, a * 2.0);
            S::from((k + chance.binomial_logit(k, b)) as f64)
        })
    );
    check!(
        "cells",
        [0.2, 0.5],
        program!(|[p, q]: [S; 2], chance| -> S {
            let k = chance.categorical(&[p, q, p * q]);
            let j = chance.categorical_logits(&[p, q * 3.0, S::from(0.1), -p]);
            let i = chance.ordered(&[p, q, q, p]);
            S::from((k * 7 + j * j + i) as f64)
        })
    );
    check!(
        "random flow",
        [0.4, 0.7],
        program!(|[p, q]: [S; 2], chance| -> S {
            let mut sum = 0.0;
            for turn in 0..4 {
                if chance.bernoulli(p) {
                    sum += chance.scope(|chance| (0..2).filter(|_| chance.bernoulli_logit(q)).count() as f64);
                } else if turn > 1 && chance.event(p * q) {
                    return S::from(sum * 10.0);
                }
            }
            S::from(sum)
        })
    );
    check!(
        "certain",
        [0.4],
        program!(|[p]: [S; 1], chance| -> S {
            let n = if chance.bernoulli(S::from(1.0)) { 3 } else { 0 };
            S::from(chance.binomial(n, p) as f64)
        })
    );
}

/// Infinitely many values, and draws that move: E (k + s z)² = λ + λ² + s², E of j failures is (1 - p)/p.
#[test]
fn counts_and_draws() {
    let f = program!(|[rate, s, p]: [S; 3], chance| -> S {
        let k = chance.poisson(rate) as f64;
        let z = s * chance.normal();
        (z + k).powi(2) + chance.geometric(p) as f64
    });
    let e = estimate::martingale([3.0, 0.5, 0.3], f).samples(40_000).run_seed(2).unwrap();
    close("counts and draws", &e, (12.25 + 0.7 / 0.3, [7.0, 1.0, -1.0 / 0.09]));
}

/// Births at rate 2 a head and deaths at rate 1, until time 1: e, with derivatives e and -e. A step of Gillespie's
/// algorithm is a race.
#[test]
fn births_and_deaths() {
    let f = program!(|[birth, death]: [S; 2], chance| -> S {
        let (mut heads, mut left) = (1u32, S::from(1.0));
        while let Some((who, wait)) = chance.race(&[birth * f64::from(heads), death * f64::from(heads)], left) {
            heads = if who == 0 { heads + 1 } else { heads - 1 };
            left -= wait;
        }
        S::from(f64::from(heads))
    });
    let e = 1f64.exp();
    close("martingale", &estimate::martingale([2.0, 1.0], f).samples(40_000).run_seed(4).unwrap(), (e, [e, -e]));
    let mix = estimate::mix([2.0, 1.0], f).samples(40_000);
    close("mix with controls", &mix.clone().controls().run_seed(4).unwrap(), (e, [e, -e]));
    close("mix", &mix.run_seed(4).unwrap(), (e, [e, -e]));
}

/// Arrivals at rate b, departures at rate d a head, until time 5: Poisson counts with mean m = b/d (1 - e^(-5 d)). A race is
/// one event of a known density here, and what its clocks lack of their rates are the controls.
#[test]
fn races() {
    let f = program!(|[arrival, departure]: [S; 2], chance| -> [S; 3] {
        let (mut heads, mut left, mut waits) = (0u32, S::from(5.0), S::from(0.0));
        while let Some((who, wait)) = chance.race(&[arrival, departure * f64::from(heads)], left) {
            waits += wait * f64::from(heads);
            heads = if who == 0 { heads + 1 } else { heads - 1 };
            left -= wait;
        }
        let heads = f64::from(heads);
        [S::from(heads), S::from(heads * heads), waits + left * heads]
    });
    let theta = [10.0, 1.0];
    let [arrival, departure]: [Pair; 2] = Jet::variables(theta);
    let mean = |time: f64| arrival / departure * (-(departure * -time).exp() + 1.0);
    let m = mean(5.0);
    // the last is ∫ E heads
    let area = arrival / departure * 5.0 - m / departure;
    let e = estimate::martingale(theta, f).samples(20_000).run_seed(5).unwrap();
    let scores = estimate::score(theta, f).samples(20_000).run_seed(5).unwrap();
    for (k, exact) in [m, m + m * m, area].into_iter().enumerate() {
        assert!((e.value[k] - exact.re).abs() < 5.0 * e.value_se[k], "{k}: {} not {}", e.value[k], exact.re);
        for i in 0..2 {
            let (got, se) = (e.gradient[k][i], e.gradient_se[k][i]);
            assert!((got - exact.eps[i]).abs() < 5.0 * se, "{k}, {i}: {got} ± {se}, not {}", exact.eps[i]);
            let gain = (scores.gradient_se[k][i] / se).powi(2);
            println!("result {k}, parameter {i}: variance of plain scores {gain:.0} times that with controls");
            assert!(gain > 300.0);
        }
    }
}

/// Races whose horizon is a parameter, that have none, or whose clocks hardly ring or only would.
#[test]
fn unusual_races() {
    // one clock until a time that moves: P(it rings) = 1 - e^(-r t), and its time, cut there
    let f = program!(|[rate, time]: [S; 2], chance| -> [S; 2] {
        match chance.race(&[rate], time) {
            Some((_, wait)) => [S::from(1.0), wait],
            None => [S::from(0.0), time],
        }
    });
    let [rate, time]: [Pair; 2] = Jet::variables([0.8, 1.5]);
    let rings = -(-rate * time).exp_m1();
    let e = estimate::martingale([0.8, 1.5], f).samples(40_000).run_seed(6).unwrap();
    for (k, exact) in [rings, rings / rate].into_iter().enumerate() {
        for i in 0..2 {
            let (got, se) = (e.gradient[k][i], e.gradient_se[k][i]);
            assert!((got - exact.eps[i]).abs() < 5.0 * se, "{k}, {i}: {got} ± {se}, not {}", exact.eps[i]);
        }
    }
    // no horizon, and the time in the result: (a + 2 b)/(a + b)²
    let f = program!(|[a, b]: [S; 2], chance| -> S {
        chance.race(&[a, b], S::from(f64::INFINITY)).map_or(S::from(0.0), |(who, wait)| wait * (1.0 + who as f64))
    });
    let [a, b]: [Pair; 2] = Jet::variables([0.7, 2.0]);
    let exact = (a + b * 2.0) / (a + b).powi(2);
    close(
        "no horizon",
        &estimate::martingale([0.7, 2.0], f).samples(40_000).run_seed(7).unwrap(),
        (exact.re, exact.eps),
    );
    // a clock that rings once in 2000 races, for a large prize: by the past alone it is no control
    let f = program!(|[often, rarely]: [S; 2], chance| -> S {
        let mut sum = 0.0;
        for _ in 0..10 {
            match chance.race(&[often, rarely], S::from(1.0)) {
                Some((0, _)) => sum += 1.0,
                Some(_) => sum += 1000.0,
                None => {}
            }
        }
        S::from(sum)
    });
    let [often, rarely]: [Pair; 2] = Jet::variables([1.0, 0.0005]);
    let rings = -(-(often + rarely)).exp_m1() / (often + rarely) * 10.0;
    let exact = rings * (often + rarely * 1000.0);
    let e = estimate::martingale([1.0, 0.0005], f).samples(40_000).run_seed(8).unwrap();
    close("rare clock", &e, (exact.re, exact.eps));
    // a clock that would ring for another parameter: scores are blind to it, and say so
    let f = program!(|[r]: [S; 1], chance| -> S {
        S::from(chance.race(&[S::from(1.0), r], S::from(1.0)).map_or(0.0, |(who, _)| who as f64))
    });
    assert!(estimate::martingale([0.0], f).run_seed(1).unwrap_err().to_string().contains("probability"));
    assert!(estimate::martingale([-1.0], f).run_seed(1).unwrap_err().to_string().contains("hazard"));
}

/// A chain of five states without an order, each with its reward: by the distribution over states, step by step.
#[test]
fn states_without_an_order() {
    const REWARD: [f64; 5] = [0.0, 5.0, -1.0, 3.0, -4.0];
    /// Logits of the next state.
    fn step<S: Scalar>(state: usize, [a, b]: [S; 2]) -> [S; 5] {
        let mut logits = [S::from(0.0); 5];
        logits[(state + 2) % 5] = a;
        logits[(state * state + 1) % 5] += b;
        logits
    }
    let f = program!(|[a, b]: [S; 2], chance| -> S {
        let (mut state, mut reward) = (0, 0.0);
        for _ in 0..30 {
            state = chance.categorical_logits(&step(state, [a, b]));
            reward += REWARD[state];
        }
        S::from(reward)
    });
    let theta = [0.5, 0.8];
    let [a, b]: [Pair; 2] = Jet::variables(theta);
    let (zero, one) = (Pair::from(0.0), Pair::from(1.0));
    let (mut now, mut exact) = ([one, zero, zero, zero, zero], zero);
    for _ in 0..30 {
        let mut next = [zero; 5];
        for (state, mass) in now.into_iter().enumerate() {
            let weights = step(state, [a, b]).map(Scalar::exp);
            let total = weights.into_iter().fold(zero, |sum, w| sum + w);
            next.iter_mut().zip(weights).for_each(|(next, w)| *next += mass * w / total);
        }
        now = next;
        now.iter().zip(REWARD).for_each(|(mass, reward)| exact += *mass * reward);
    }
    let e = estimate::martingale(theta, f).samples(10_000).run_seed(9).unwrap();
    close("states", &e, (exact.re, exact.eps));
    let scores = estimate::score(theta, f).samples(10_000).run_seed(9).unwrap();
    for i in 0..2 {
        let gain = (scores.gradient_se[i] / e.gradient_se[i]).powi(2);
        println!("parameter {i}: variance of plain scores {gain:.0} times that with controls");
        // 1.4 without a control for each state
        assert!(gain > 50.0);
    }
}
