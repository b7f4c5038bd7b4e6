//! What variance reductions gain: the tables of docs/reductions.md.
//!
//! `cargo run --release --example reductions > docs/reductions.md`; it takes some minutes.

mod asian;

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::LawError;
use reparam::estimate::{self, ControlVariates, Estimate, HessianEstimate};
use reparam::prelude::*;
use std::time::Instant;

/// A number, its standard error, and the half width of its 95 % interval in those.
type Number = (f64, f64, f64);

/// All numbers of an estimate from so many samples, by the seed.
type Runs<'a> = &'a dyn Fn(u64, u64) -> Vec<Number>;

fn numbers<const N: usize>(e: &Estimate<[f64; N]>) -> Vec<Number> {
    let width = e.half_width(0.95);
    let gradient = e.gradient.into_iter().zip(e.gradient_se).map(|(x, se)| (x, se, width));
    std::iter::once((e.value, e.value_se, width)).chain(gradient).collect()
}

/// Gamma, vanna, volga.
fn second(e: &HessianEstimate<[[f64; 2]; 2], [f64; 2]>) -> Vec<Number> {
    let width = e.half_width(0.95);
    [(0, 0), (0, 1), (1, 1)].map(|(i, j)| (e.hessian[i][j], e.hessian_se[i][j], width)).to_vec()
}

/// Mean squares of the standard errors of a few runs of `samples`, and the time of a run.
fn errors(run: Runs<'_>, samples: u64) -> (Vec<f64>, f64) {
    let (repeats, begin) = (8, Instant::now());
    let mut squares = vec![0.0; run(samples, 0).len()];
    for seed in 1..=repeats {
        squares.iter_mut().zip(run(samples, seed)).for_each(|(s, (_, se, _))| *s += se * se / repeats as f64);
    }
    (squares, begin.elapsed().as_secs_f64() / (repeats + 1) as f64)
}

/// In how many of 1000 repeats 95 % intervals cover, in percent.
fn coverage(run: Runs<'_>, samples: u64, exact: &[f64]) -> Vec<f64> {
    let mut inside = vec![0.0; exact.len()];
    for seed in 0..1000 {
        for (k, (x, se, width)) in run(samples, seed).into_iter().enumerate() {
            inside[k] += f64::from(u8::from((x - exact[k]).abs() <= width * se)) / 10.0;
        }
    }
    inside
}

/// One line for each number: what a method gains over another one, and what its intervals cover.
fn rows(method: &str, problem: &str, names: &[&str], exact: &[f64], plain: Runs<'_>, run: Runs<'_>, bias: &str) {
    let samples = 1 << 16;
    let ((before, plain_time), (after, time)) = (errors(plain, samples), errors(run, samples));
    let (at_100, at_1000) = (coverage(run, 100, exact), coverage(run, 1000, exact));
    for (k, name) in names.iter().enumerate() {
        let (gain, cost) = (before[k] / after[k], time / plain_time);
        println!(
            "| {method} | {problem} | {name} | {gain:.1} | {cost:.1} | {:.1} | {:.1} | {:.1} | {bias} |",
            gain / cost,
            at_100[k],
            at_1000[k]
        );
    }
}

/// Randomizations are 32: so many points each.
fn points(samples: u64) -> u64 {
    (samples / 32).max(1)
}

const THETA: [f64; 2] = [100.0, 0.2];
const NAMES: [&str; 3] = ["value", "delta", "vega"];
/// A call at strike 100, and at 160, by Black & Scholes.
const CALL: [f64; 3] = [7.965567455405796, 0.539827837277029, 39.69525474770118];
const FAR: [f64; 3] = [0.07959754796555606, 0.012223896711822049, 3.1738355958190881];

fn call(strike: f64) -> impl Program<Theta = [f64; 2], Output = f64> + Copy + Sync {
    program!(|[spot, vol]: [S; 2], chance| using (strike: f64) -> S {
        ((vol * chance.normal() - vol * vol * 0.5).exp() * spot - strike).max(S::from(0.0))
    })
}

/// The same with a draw of a law, which has a score.
fn call_of_law() -> impl Program<Theta = [f64; 2], Output = Result<f64, LawError>> + Copy + Sync {
    program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let price = chance.draw(&LogNormal::new(spot.ln() - vol * vol * 0.5, vol)?);
        Ok((price - 110.0).max(S::from(0.0)))
    })
}

fn asian() -> impl Program<Theta = [f64; 2], Output = f64> + Copy + Sync {
    program!(|[spot, vol]: [S; 2], chance| -> S {
        let (mut x, mut sum) = (S::from(0.0), S::from(0.0));
        for _ in 0..16 {
            x += vol * (0.25 * chance.normal()) - vol * vol * (0.5 / 16.0);
            sum += x.exp();
        }
        (spot * (sum / 16.0) - 100.0).max(S::from(0.0))
    })
}

fn plain<P: Program<Theta = [f64; 2], Output = f64> + Copy>(program: P) -> impl Fn(u64, u64) -> Vec<Number> {
    move |n, seed| numbers(&estimate::pathwise_program(THETA, program).samples(n).run_seed(seed).unwrap())
}

/// A call with the price at its end as a control, whose mean is the spot.
fn controlled(samples: u64, seed: u64) -> Vec<Number> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let [spot, vol] = Jet::variables(THETA);
    let mut sums = ControlVariates::new();
    for _ in 0..samples {
        let price = (vol * reparam::noise::normal(&mut rng) - vol * vol * 0.5).exp() * spot;
        sums.push((price - 100.0).max(Jet::from(0.0)), [price - spot]);
    }
    numbers(&sums.estimate().unwrap())
}

fn digital() {
    let exact = [0.28212143828542195, 0.01689265652997424, 0.6360945003225313];
    let law = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let price = chance.draw(&LogNormal::new(spot.ln() - vol * vol * 0.5, vol)?);
        Ok(S::from(if price.re() > 110.0 { 1.0 } else { 0.0 }))
    });
    let two_steps = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let step = |x: S| Normal::new(x - vol * vol * 0.25, vol * 0.5f64.sqrt());
        let x = chance.draw(&step(spot.ln())?);
        Ok(step(x)?.sf(S::from(110f64.ln())))
    });
    let by_choice = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let law = LogNormal::new(spot.ln() - vol * vol * 0.5, vol)?;
        Ok(S::from(if chance.threshold(&law, S::from(110.0)).0 { 1.0 } else { 0.0 }))
    });
    let ratio = |n, seed| numbers(&estimate::likelihood_ratio(THETA, law).samples(n).run_seed(seed).unwrap());
    let summed = |n, seed| numbers(&estimate::pathwise_program(THETA, two_steps).samples(n).run_seed(seed).unwrap());
    let score = |n, seed| numbers(&estimate::score(THETA, by_choice).samples(n).run_seed(seed).unwrap());
    rows("`threshold` as a choice", "digital", &NAMES, &exact, &ratio, &score, "none");
    rows("last step summed out", "digital, two steps", &NAMES, &exact, &ratio, &summed, "none");
}

fn hessian() {
    let exact = [0.018581922182971666, 1.0713423940142178, 40.3414941626033];
    let scores =
        |n, seed| second(&estimate::likelihood_ratio_hessian(THETA, call_of_law()).samples(n).run_seed(seed).unwrap());
    let mixed = |n, seed| second(&estimate::kinked_hessian(THETA, call_of_law()).samples(n).run_seed(seed).unwrap());
    rows("`kinked_hessian`", "call, strike 110", &["gamma", "vanna", "volga"], &exact, &scores, &mixed, "none");
}

/// A call on the mean of a path: by draws day after day, by the bridge, and with the mean summed out.
fn asians() {
    let (in_order, name, exact) = (asian(), "Asian, 16 steps", &asian::EXACT);
    let pairs = |n, seed| numbers(&estimate::antithetic(THETA, in_order).samples(n).run_seed(seed).unwrap());
    rows("`antithetic`", name, &NAMES, exact, &plain(in_order), &pairs, "none");
    let latin =
        |n, seed| numbers(&estimate::latin_hypercube(THETA, in_order).points(points(n)).run_seed(seed).unwrap());
    rows("`latin_hypercube`", name, &NAMES, exact, &plain(in_order), &latin, "none");
    let sobol = |n, seed| numbers(&estimate::quasi(THETA, in_order).points(points(n)).run_seed(seed).unwrap());
    rows("`quasi`", name, &NAMES, exact, &plain(in_order), &sobol, "none");
    let bridge = |n, seed| numbers(&estimate::quasi(THETA, asian::kinked()).points(points(n)).run_seed(seed).unwrap());
    rows("`quasi`, `brownian`", name, &NAMES, exact, &plain(in_order), &bridge, "none");
    let summed =
        |n, seed| numbers(&estimate::pathwise_program(THETA, asian::smooth()).samples(n).run_seed(seed).unwrap());
    rows("mean summed out", name, &NAMES, exact, &plain(in_order), &summed, "none");
    let both = |n, seed| numbers(&estimate::quasi(THETA, asian::smooth()).points(points(n)).run_seed(seed).unwrap());
    rows("mean summed out, `quasi`", name, &NAMES, exact, &plain(in_order), &both, "none");
}

fn importance() {
    let far = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let law = Normal::new(spot.ln() - vol * vol * 0.5, vol)?;
        let other = Normal::new(S::from(165f64.ln()), S::from(0.2))?;
        let (x, ln_weight) = chance.draw_from(&other, &law);
        Ok((x.exp() - 160.0).max(S::from(0.0)) * ln_weight.exp())
    });
    let run = |n, seed| numbers(&estimate::pathwise_program(THETA, far).samples(n).run_seed(seed).unwrap());
    rows("`draw_from`", "call, strike 160", &NAMES, &FAR, &plain(call(160.0)), &run, "none");
}

fn differences() {
    // the same call at a volatility of .21
    let after = [100.0, 0.21];
    let d1 = 0.105f64;
    let price = 100.0 * at_the_money(d1);
    let exact = [price - CALL[0]];
    let alone = |n: u64, seed: u64| {
        let [a, b] = [(after, seed), (THETA, seed + 1_000_000)]
            .map(|(theta, seed)| estimate::pathwise_program(theta, call(100.0)).samples(n).run_seed(seed).unwrap());
        vec![(a.value - b.value, a.value_se.hypot(b.value_se), a.half_width(0.95))]
    };
    let common = |n: u64, seed: u64| {
        let e = estimate::difference((after, call(100.0)), (THETA, call(100.0))).samples(n).run_seed(seed).unwrap();
        vec![(e.value, e.value_se, e.half_width(0.95))]
    };
    rows("`difference`", "call, vol .21 less .2", &["value"], &exact, &alone, &common, "none");
}

/// 2 Φ(d) - 1: a call at the money over its spot.
fn at_the_money(d: f64) -> f64 {
    let law = Normal::new(0.0, 1.0).unwrap();
    law.cdf(d) - law.cdf(-d)
}

/// The cost of a precision by levels, and by the finest of them alone.
fn levels() {
    let program = |level: u32| {
        program!(|[spot, vol]: [S; 2], chance| using (level: u32) -> S {
            let n = 1 << level;
            let times: Vec<f64> = (1..=n).map(|k| f64::from(k) / f64::from(n)).collect();
            let (mut path, mut before, mut x) = (vec![0.0; times.len()], 0.0, spot);
            chance.brownian(&times, &mut path);
            for w in path {
                let (dw, dt) = (w - before, 1.0 / f64::from(n));
                x *= vol * dw + vol * vol * (0.5 * (dw * dw - dt)) + 0.05 * dt + 1.0;
                before = w;
            }
            (x - 1.0).max(S::from(0.0))
        })
    };
    println!(
        "\nA call with a rate of 5 % on Milstein steps, exactly 0.109864 (not discounted), delta 0.669482, vega 0.394479;"
    );
    println!("costs in paths of one step, and those of the finest level alone at the same variance:\n");
    println!(
        "| precision | price | delta | vega | bias, estimated | levels | cost | precision² · cost | finest alone |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for precision in [4e-3, 2e-3, 1e-3, 5e-4, 2.5e-4] {
        let e = estimate::multilevel([1.0, 0.2], precision, program).run_seed(1).unwrap();
        let x = &e.estimate;
        let shown = |x: f64, se: f64| format!("{x:.5} ± {se:.5}");
        let finest = 2f64.powi(e.levels.len() as i32 - 1) * e.levels[0].variance / (0.5 * precision * precision);
        println!(
            "| {precision} | {} | {} | {} | {:.1e} | {} | {:.0} | {:.3} | {finest:.0} |",
            shown(x.value, x.value_se),
            shown(x.gradient[0], x.gradient_se[0]),
            shown(x.gradient[1], x.gradient_se[1]),
            e.bias,
            e.levels.len(),
            e.cost(),
            e.cost() * precision * precision,
        );
    }
}

/// Quantiles and what is beyond them: intervals and biases.
fn tails() {
    println!("\n| loss | number | coverage at 1000 | at 10 000 | bias at 1000, in standard deviations |");
    println!("|---|---|---|---|---|");
    let two = program!(|[a, b]: [S; 2], chance| -> S { a * chance.normal() + b * chance.normal() });
    let lognormal = program!(|[s, _t]: [S; 2], chance| -> S { (s * chance.normal()).exp() });
    let (z, es) = (1.6448536269514722, 2.0627128075074257);
    let of_two = [5.0 * z, 0.6 * z, 5.0 * es, 0.6 * es];
    let of_lognormal = [2.276016608514317, 3.743714173516563, 2.858591295312545, 6.124064256138373];
    let risk = |e: estimate::RiskEstimate<2>| {
        let (q, s) = (e.quantile, e.shortfall);
        let (near, beyond) = (q.half_width(0.95), s.half_width(0.95));
        vec![
            (q.value, q.value_se, near),
            (q.gradient[0], q.gradient_se[0], near),
            (s.value, s.value_se, beyond),
            (s.gradient[0], s.gradient_se[0], beyond),
        ]
    };
    let of = |n, seed| risk(estimate::value_at_risk([3.0, 4.0], 0.95, two).samples(n).run_seed(seed).unwrap());
    tail("two normals", &of_two, &of);
    let of = |n, seed| risk(estimate::value_at_risk([0.5, 0.0], 0.95, lognormal).samples(n).run_seed(seed).unwrap());
    tail("lognormal", &of_lognormal, &of);
}

fn tail(loss: &str, exact: &[f64], run: Runs<'_>) {
    let (at_1000, at_10_000) = (coverage(run, 1000, exact), coverage(run, 10_000, exact));
    let all: Vec<Vec<Number>> = (0..1000).map(|seed| run(1000, seed)).collect();
    for (k, name) in ["quantile at 0.95", "its derivative", "mean beyond", "its derivative"].into_iter().enumerate() {
        let off = |e: &Vec<Number>| e[k].0 - exact[k];
        let bias = all.iter().map(off).sum::<f64>() / 1000.0;
        let sd = (all.iter().map(|e| off(e).powi(2)).sum::<f64>() / 1000.0).sqrt();
        println!("| {loss} | {name} | {:.1} | {:.1} | {:.2} |", at_1000[k], at_10_000[k], bias / sd);
    }
}

fn main() {
    println!("# What variance reductions gain\n");
    println!(
        "Made by `cargo run --release --example reductions`. Gains are of variances at as many samples, costs of times; net is"
    );
    println!(
        "gain over cost. Coverage is that of 95 % intervals in 1000 repeats, in percent: at 100 and 1000 samples, by points"
    );
    println!(
        "in 32 randomizations at 96 and 992. The rival is plain pathwise samples, for the digital and second derivatives"
    );
    println!("scores of the draws, for the difference independent runs.");
    println!();
    println!("| method | problem | number | gain | cost | net | at 100 | at 1000 | bias |");
    println!("|---|---|---|---|---|---|---|---|---|");
    let at_100 = call(100.0);
    let pairs = |n, seed| numbers(&estimate::antithetic(THETA, at_100).samples(n).run_seed(seed).unwrap());
    rows("`antithetic`", "call", &NAMES, &CALL, &plain(at_100), &pairs, "none");
    let strata = |n, seed| numbers(&estimate::stratified(THETA, at_100, [points(n) as u32]).run_seed(seed).unwrap());
    rows("`stratified`", "call", &NAMES, &CALL, &plain(at_100), &strata, "none");
    let sobol = |n, seed| numbers(&estimate::quasi(THETA, at_100).points(points(n)).run_seed(seed).unwrap());
    rows("`quasi`", "call", &NAMES, &CALL, &plain(at_100), &sobol, "none");
    rows("`ControlVariates`", "call", &NAMES, &CALL, &plain(at_100), &controlled, "1/n");
    asians();
    importance();
    digital();
    hessian();
    differences();
    levels();
    tails();
}
