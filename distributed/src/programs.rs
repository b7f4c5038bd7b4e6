//! The programs that the binaries run: an epidemic, by choices, and an option, by quasi-random points.

use reparam::prelude::*;

/// An epidemic among 200 people, 5 of them infected: the largest number of infected within 50 days, as a function of the
/// rates of infection and recovery. Every new infection is a choice.
pub fn epidemic() -> impl Program<Theta = [f64; 2], Output = f64> + Copy + Sync {
    program!(|[infection, recovery]: [S; 2], chance| -> S {
        let (mut healthy, mut infected, mut peak) = (195u64, 5u64, 5u64);
        for _ in 0..50 {
            let new = chance.binomial(healthy, -(-infection * (infected as f64 / 200.0)).exp_m1());
            let recovered = chance.binomial(infected, -(-recovery).exp_m1());
            (healthy, infected) = (healthy - new, infected + new - recovered);
            peak = peak.max(infected);
        }
        S::from(peak as f64)
    })
}

/// Rates of infection and recovery.
pub const RATES: [f64; 2] = [0.4, 0.15];

/// A call option at the money in a year, as a function of spot and volatility.
pub fn call() -> impl Program<Theta = [f64; 2], Output = f64> + Copy + Sync {
    program!(|[spot, vol]: [S; 2], chance| -> S {
        ((vol * chance.normal() - vol * vol * 0.5).exp() * spot - 100.0).max(S::from(0.0))
    })
}

/// Spot and volatility.
pub const MARKET: [f64; 2] = [100.0, 0.2];
