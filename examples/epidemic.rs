//! An epidemic with a rate of infection for each week: how its peak depends on every rate, though it comes of coin
//! tosses.
//!
//! The simulation is ordinary code, with counts from binomial draws and `if` on them. It is written once, for any
//! number; two lines make programs of it, one for a number of rates that is known only when the program runs, one for
//! seven.

use reparam::estimate;
use reparam::prelude::*;

/// There are more weeks than rates.
#[derive(Clone, Copy, Debug)]
struct TooFewRates;

impl std::fmt::Display for TooFewRates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("there are more weeks than rates")
    }
}

/// The largest number of infected among 200 people, five of them infected at first: weekly rates of infection, then the
/// rate of recovery.
fn peak<S: Scalar>(theta: &[S], contacts: &[f64], chance: &mut impl Chance<S>) -> Result<S, TooFewRates> {
    let (recovery, infection) = theta.split_last().ok_or(TooFewRates)?;
    let (mut susceptible, mut infected, mut peak) = (195, 5, 5);
    for (day, contacts) in contacts.iter().enumerate() {
        let rate = *infection.get(day / 7).ok_or(TooFewRates)?;
        let hazard = rate * (contacts * infected as f64 / 200.0);
        let new = chance.binomial(susceptible, -(-hazard).exp_m1());
        let recovered = chance.binomial(infected, -(-*recovery).exp_m1());
        (susceptible, infected) = (susceptible - new, infected + new - recovered);
        peak = peak.max(infected);
    }
    Ok(S::from(peak as f64))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // fewer contacts at weekends
    let contacts: Vec<f64> = (0..42).map(|day| if day % 7 < 5 { 1.0 } else { 0.5 }).collect();
    let theta = [0.5, 0.5, 0.45, 0.4, 0.35, 0.3, 0.15];
    let names = ["week 1", "week 2", "week 3", "week 4", "week 5", "week 6", "recovery"];

    let any = program!(|theta: &[S], chance| using (contacts: &[f64] = &contacts) -> Result<S, TooFewRates> {
        peak(theta, contacts, chance)
    });
    let e = estimate::score_dyn(&theta, any).samples(32_000).run_seed(1)?;
    println!("by scores, for any number of rates:\n{}\n", e.named(&names));

    let seven = program!(|theta: &[S; 7], chance| using (contacts: &[f64] = &contacts) -> Result<S, TooFewRates> {
        peak(theta, contacts, chance)
    });
    let controlled = estimate::martingale(theta, seven).samples(32_000).run_seed(1)?;
    println!("by scores whose noise is mostly known:\n{}\n", controlled.named(&names));

    let gain = |i: usize| (e.gradient_se[i] / controlled.gradient_se[i]).powi(2);
    println!("of the variance for week 1 {:.0} times less, for the recovery {:.0} times less", gain(0), gain(6));
    Ok(())
}
