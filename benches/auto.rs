//! What `estimate::auto` chooses, beside every estimator alone: variance times time on fifteen programs.
//!
//! `cargo bench --bench auto` prints a row for each program: the best single estimator, what `auto` took in each of five
//! pilots, and the largest and the middle of the five quotients of both prices. A price is se² times the seconds of the
//! run, the geometric mean over parameters: se² the mean of eight runs, as one run knows it to some per cent only, seconds the
//! least of three, taken in turns. Of two estimators together it is that of their best weights, each at its share of the samples.
//! The time of the pilot is not counted: it is printed as the samples of the best estimator that could be made in it.

#[path = "../tests/common/programs.rs"]
mod programs;

use programs::{Known, of_one_parameter, of_two_parameters};
use reparam::estimate::{self, Kind};
use reparam::prelude::*;
use std::time::Instant;

/// The samples of a run.
const SAMPLES: u64 = 65_536;

/// Randomizations of quasi-random points.
const RANDOMIZATIONS: u64 = 32;

/// Runs that a variance is the mean of.
const REPEATS: u64 = 8;

/// The geometric mean of variance times seconds.
fn price<const N: usize>(variances: [f64; N], seconds: f64) -> f64 {
    (variances.iter().map(|v| (v * seconds).max(1e-300).ln()).sum::<f64>() / N as f64).exp()
}

/// A row for each program; the largest quotient of all.
fn rows<const N: usize, P>(known: &[Known<N, P>]) -> f64
where
    P: Program<Theta = [f64; N], Output = Result<f64, LawError>> + Copy,
{
    let mut worst = 0.0f64;
    for known in known {
        let (theta, f) = (known.theta, known.program);
        let alone = |kind: Kind, seed: u64, samples: u64| match kind {
            Kind::Pathwise => estimate::pathwise_program(theta, f).samples(samples).run_seed(seed).ok(),
            Kind::Quasi => {
                let points = (samples / RANDOMIZATIONS).max(2);
                estimate::quasi(theta, f).samples(RANDOMIZATIONS).points(points).run_seed(seed).ok()
            }
            Kind::Antithetic => estimate::antithetic(theta, f).samples(samples).run_seed(seed).ok(),
            Kind::LikelihoodRatio => estimate::likelihood_ratio(theta, f).samples(samples).run_seed(seed).ok(),
            Kind::Score => estimate::score(theta, f).samples(samples).run_seed(seed).ok(),
            Kind::Martingale => estimate::martingale(theta, f).samples(samples).run_seed(seed).ok(),
            Kind::Replay => estimate::replay(theta, f).samples(samples).run_seed(seed).ok(),
            _ => estimate::mix(theta, f).samples(samples).run_seed(seed).ok(),
        };
        let timed = |kind: Kind, seed: u64, samples: u64| {
            let start = Instant::now();
            alone(kind, seed, samples).map(|e| (e, start.elapsed().as_secs_f64()))
        };
        // se² of so many samples; infinite of what does not run
        let variances = |kind: Kind, samples: u64| {
            let mut sums = [0.0; N];
            for seed in 1..=REPEATS {
                let se = alone(kind, seed, samples).map_or([f64::INFINITY; N], |e| e.gradient_se);
                sums.iter_mut().zip(se).for_each(|(sum, se)| *sum += se * se / REPEATS as f64);
            }
            sums
        };
        let pilot = Instant::now();
        let comparison = estimate::compare(theta, f).run_seed(0).unwrap();
        let pilot = pilot.elapsed().as_secs_f64();
        // those that are right
        let usable: Vec<Kind> = comparison.usable().map(|row| row.kind).collect();
        let mut seconds = vec![f64::INFINITY; usable.len()];
        for round in 0..3 {
            for (kind, least) in usable.iter().zip(&mut seconds) {
                *least = timed(*kind, round, SAMPLES).map_or(*least, |(_, s)| s.min(*least));
            }
        }
        let of = |kind: Kind| seconds[usable.iter().position(|k| *k == kind).unwrap()];
        let prices: Vec<f64> = usable.iter().map(|kind| price(variances(*kind, SAMPLES), of(*kind))).collect();
        // a fast wrong answer is none
        let exact = known.exact();
        for e in usable.iter().filter_map(|kind| alone(*kind, 1, SAMPLES)) {
            let near = |i: usize| (e.gradient[i] - exact.eps[i]).abs() < 7.0 * e.gradient_se[i] + 1e-9;
            assert!((0..theta.len()).all(near), "{}: {e}, not {exact:?}", known.name);
        }
        let best = (0..usable.len()).min_by(|i, j| prices[*i].total_cmp(&prices[*j])).unwrap();
        let mut quotients = Vec::new();
        let mut taken: Vec<String> = Vec::new();
        for seed in 0..5 {
            let found = estimate::auto(theta, f).samples(SAMPLES).run_seed(seed).unwrap();
            quotients.push(match found.by.as_slice() {
                [(kind, _)] => prices[usable.iter().position(|k| k == kind).unwrap()] / prices[best],
                both => {
                    let time: f64 = both.iter().map(|(kind, share)| share * of(*kind)).sum();
                    let mut precision = [0.0; N];
                    for (kind, share) in both {
                        let variances = variances(*kind, (SAMPLES as f64 * share) as u64);
                        precision.iter_mut().zip(variances).for_each(|(sum, v)| *sum += 1.0 / v);
                    }
                    price(precision.map(f64::recip), time) / prices[best]
                }
            });
            let names: Vec<String> = found.by.iter().map(|(kind, _)| format!("{kind:?}").to_lowercase()).collect();
            let name = names.join(" + ");
            if !taken.contains(&name) {
                taken.push(name);
            }
        }
        quotients.sort_by(f64::total_cmp);
        worst = worst.max(quotients[4]);
        println!(
            "| {} | {} | {} | {:.2} | {:.2} | {:.0} |",
            known.name,
            format!("{:?}", usable[best]).to_lowercase(),
            taken.join("; "),
            quotients[4],
            quotients[2],
            pilot / seconds[best] * SAMPLES as f64,
        );
    }
    worst
}

fn main() {
    println!("| program | best alone | taken by `auto` | price: worst of 5 | middle | pilot, as samples |");
    println!("|---|---|---|---|---|---|");
    let worst = rows(&of_two_parameters()).max(rows(&of_one_parameter()));
    println!("\nworst: {worst:.2}");
}
