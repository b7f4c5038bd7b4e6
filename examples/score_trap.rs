//! The trap of the score function: what automatic differentiation makes of an average over drawn numbers, and the
//! weight that makes it right.
//!
//! E[z²] for a normal z with mean 0 and standard deviation σ is σ²; at σ = 1 its derivatives are 2 and 2.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::LawError;
use reparam::estimate::{EstimateError, pathwise_hessian};
use reparam::prelude::*;
use reparam::weighted::{Weighted, score};

type Number = Jet<Jet<f64, 1>, 1>;

fn main() -> Result<(), EstimateError<LawError>> {
    let row = |name: &str, term: fn(&Normal<Number>, Weighted<Number, Number>) -> Number| {
        let program = |[std_dev]: [Number; 1], rng: &mut _| {
            let law = Normal::new(0.0.into(), std_dev)?;
            let z = score(&law, rng);
            Ok(term(&law, z))
        };
        let e = pathwise_hessian([1.0], program).samples(1_000_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
        println!(
            "{name:24} {:8.3} ±{:6.3} {:8.3} ±{:6.3} {:8.3} ±{:6.3}",
            e.value, e.value_se, e.gradient[0], e.gradient_se[0], e.hessian[0][0], e.hessian_se[0][0]
        );
        Ok(())
    };
    println!("averaged                            value       derivative           second");
    row("z², z a constant", |_, z| z.value.powi(2))?;
    row("z² ln p(z; σ)", |law, z| z.value.powi(2) * law.ln_pdf(z.value))?;
    row("weight · z²", |_, z| z.map(|z| z.powi(2)).term())?;
    row("weight · z², baseline 1", |_, z| z.map(|z| z.powi(2)).with_baseline(1.0.into()))?;
    println!("exact                       1                2                2");
    Ok(())
}
