//! Which estimator, and is its gradient right? Three programs through `estimate::compare`.

use reparam::estimate;
use reparam::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let walk = program!(|[up, scale]: [S; 2], chance| -> S {
        let (mut x, mut steps) = (0i32, 0.0);
        while x.abs() <= 3 {
            x += if chance.bernoulli(up) { 1 } else { -1 };
            steps += 1.0;
        }
        scale * steps + scale * chance.normal()
    });
    println!("How long a walk takes:\n\n{}\n", estimate::compare([0.6, 2.0], walk).run_seed(1)?);

    let call = program!(|[spot, vol]: [S; 2], chance| -> S {
        ((vol * chance.normal() - vol * vol * 0.5).exp() * spot - 100.0).max(S::from(0.0))
    });
    println!("\nA call option, smooth but for a kink:\n\n{}\n", estimate::compare([100.0, 0.2], call).run_seed(1)?);

    // who pays above a threshold: the program looks at the draw
    let branch = program!(|[mean]: [S; 1], chance| -> S {
        let loss = mean + chance.normal();
        if loss.re() > 1.0 { loss } else { S::from(0.0) }
    });
    println!("\nA branch on a draw:\n\n{}", estimate::compare([0.5], branch).run_seed(1)?);
    Ok(())
}
