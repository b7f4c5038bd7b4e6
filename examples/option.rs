//! A call option and one that is void below a barrier: delta and vega by plain draws and by quasi-random points.
//!
//! A plain `if` on the price would lose what the barrier does to the derivatives, silently. Survival is a choice here
//! (`threshold`), or a weight, which has less variance.

use reparam::distr::LawError;
use reparam::estimate;
use reparam::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let names = ["spot", "vol"];
    let call = program!(|[spot, vol]: [S; 2], chance| -> S {
        let price = spot * (vol * chance.normal() - vol * vol * 0.5).exp();
        (price - 100.0).max(S::from(0.0))
    });
    let plain = estimate::pathwise_program([100.0, 0.2], call).samples(32 * 1024).run_seed(1)?;
    let quasi = estimate::quasi([100.0, 0.2], call).run_seed(1)?;
    println!("a call, by 32768 plain samples:\n{}\n", plain.named(&names));
    println!("the same by as many quasi-random points:\n{}\n", quasi.named(&names));
    println!("exactly (Black & Scholes): delta 0.539828, vega 39.695255\n");

    // twelve days, void below 90
    let void = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let mut x = spot.ln();
        for _ in 0..12 {
            let law = Normal::new(x - vol * vol * (0.5 / 12.0), vol * (1.0f64 / 12.0).sqrt())?;
            let (alive, price) = chance.threshold(&law, S::from(90f64.ln()));
            if !alive {
                return Ok(S::from(0.0));
            }
            x = price;
        }
        Ok((x.exp() - 100.0).max(S::from(0.0)))
    });
    let weighted = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let (mut x, mut ln_survival) = (spot.ln(), S::from(0.0));
        for _ in 0..12 {
            let law = Normal::new(x - vol * vol * (0.5 / 12.0), vol * (1.0f64 / 12.0).sqrt())?;
            let (price, alive) = chance.threshold_weight(&law, S::from(90f64.ln()));
            (x, ln_survival) = (price, ln_survival + alive);
        }
        Ok((x.exp() - 100.0).max(S::from(0.0)) * ln_survival.exp())
    });
    let e = estimate::mix([100.0, 0.2], void).samples(32 * 1024).run_seed(1)?;
    println!("with a barrier, survival as a choice:\n{}\n", e.named(&names));
    let e = estimate::quasi([100.0, 0.2], weighted).run_seed(1)?;
    println!("survival as a weight, by quasi-random points:\n{}", e.named(&names));
    Ok(())
}
