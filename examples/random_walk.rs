//! A program with a `while` loop: how long a random walk takes to leave an interval, and how that depends on its two
//! parameters.
//!
//! `cargo run --release --example random_walk`

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::estimate;
use reparam::prelude::*;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    // a step up with probability `up`; after it a rest, of a geometric number of ticks
    let ticks = program!(|[up, move_on]: [S; 2], chance| -> S {
        let (mut x, mut ticks) = (0i32, 0.0);
        while x.abs() <= 3 {
            x += if chance.bernoulli(up) { 1 } else { -1 };
            ticks += 1.0 + chance.geometric(move_on) as f64;
        }
        S::from(ticks)
    });
    let theta = [0.6, 0.5];
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);

    // E[steps] = 4 (2 P(up) - 1) / (2 up - 1) with P(up) = 1 / (1 + ((1 - up) / up)⁴), each of 1 / move_on ticks on average
    let [up, move_on] = Jet::variables(theta);
    let odds = (-up + 1.0).over(up).powi(4);
    let exact = ((odds + 1.0).recip() * 2.0 - 1.0).over(up * 2.0 - 1.0).over(move_on) * 4.0;
    println!("exact\nvalue    {:.4}\nd/dθ[0]  {:.4}\nd/dθ[1]  {:.4}\n", exact.re, exact.eps[0], exact.eps[1]);

    let samples = 200_000;
    println!("replay and score, mixed\n{}\n", estimate::mix(theta, ticks).samples(samples).run(&mut rng)?);
    println!("replay\n{}\n", estimate::replay(theta, ticks).samples(samples).run(&mut rng)?);
    println!("score\n{}\n", estimate::score(theta, ticks).samples(samples).run(&mut rng)?);
    println!(
        "finite differences, which are biased\n{}",
        estimate::finite_difference(theta, ticks, 0.02).samples(samples).run(&mut rng)?
    );
    Ok(())
}
