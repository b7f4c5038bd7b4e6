//! What a derivative of a draw is: quantile curves, draws that slide as a parameter moves, and averages over fixed noise
//! and fresh noise, of something smooth and of a jump.
//!
//! All of it with a gamma law of rate 1, in its shape.

use gallery::plot::Panel;
use gallery::{Error, Generator};
use rand_xoshiro::rand_core::SeedableRng;
use reparam::noise;
use reparam::prelude::*;

/// The probability that is marked in the first panel.
const MARKED: f64 = 0.6;

/// Draws of the averages.
const DRAWS: usize = 100;

/// Above it a draw counts in the last panel.
const THRESHOLD: f64 = 3.0;

/// Shapes along the axis.
fn shapes() -> impl Iterator<Item = f64> {
    (0..=150).map(|i| 1.0 + 0.02 * f64::from(i))
}

/// The mean of f over draws at these probabilities, for one shape.
fn mean(shape: f64, probabilities: &[f64], f: impl Fn(f64) -> f64) -> Result<f64, LawError> {
    let law = Gamma::new(shape, 1.0)?;
    Ok(probabilities.iter().map(|u| f(law.quantile(*u))).sum::<f64>() / probabilities.len() as f64)
}

/// The panels, from noise of this seed.
///
/// # Errors
/// None for the shapes drawn here.
pub fn panels(seed: u64) -> Result<[Panel; 4], Error> {
    let mut rng = Generator::seed_from_u64(seed);
    let fixed: Vec<f64> = (0..DRAWS).map(|_| noise::uniform(&mut rng)).collect();
    Ok([quantiles()?, sliding()?, square(&fixed, &mut rng)?, jump(&fixed)?])
}

/// Quantile curves for two shapes, and one probability.
fn quantiles() -> Result<Panel, LawError> {
    let mut panel =
        Panel::new("One probability, two shapes", "probability u", "draw z").legend_left().y_range(0.0, 9.0);
    let mut ends = Vec::new();
    for shape in [2.0, 3.0] {
        let law = Gamma::new(shape, 1.0)?;
        let curve = (1..=199).map(|i| 0.005 * f64::from(i)).map(|u| (u, law.quantile(u))).collect();
        panel = panel.line(format!("shape {shape}"), curve);
        ends.push((MARKED, law.quantile(MARKED)));
    }
    Ok(panel.dashed("u fixed", vec![(MARKED, 0.0), (MARKED, 9.0)]).dots("the draw", ends, 5))
}

/// Draws at ten probabilities, against the shape.
fn sliding() -> Result<Panel, LawError> {
    let mut panel = Panel::new("Ten draws at fixed noise", "shape", "draw z");
    for k in 0..10 {
        let u = 0.05 + 0.1 * f64::from(k);
        let path = shapes().map(|a| Ok((a, Gamma::new(a, 1.0)?.quantile(u)))).collect::<Result<_, LawError>>()?;
        panel = panel.line("", path).color(0);
    }
    Ok(panel)
}

/// The mean of z², exactly, over fixed noise, and over fresh noise at each shape.
fn square(fixed: &[f64], rng: &mut Generator) -> Result<Panel, LawError> {
    let at = |a: f64, u: &[f64]| mean(a, u, |z| z * z).map(|y| (a, y));
    let smooth = shapes().map(|a| at(a, fixed)).collect::<Result<_, _>>()?;
    let jagged = shapes()
        .map(|a| at(a, &fixed.iter().map(|_| noise::uniform(rng)).collect::<Vec<_>>()))
        .collect::<Result<_, _>>()?;
    Ok(Panel::new(format!("The mean of z² over {DRAWS} draws"), "shape", "mean of z²")
        .legend_left()
        .line("fresh noise", jagged)
        .color(4)
        .line("fixed noise", smooth)
        .color(1)
        .dashed("truth, a (a + 1)", shapes().map(|a| (a, a * (a + 1.0))).collect())
        .color(6))
}

/// How many draws of twelve are above a threshold, and the probability of it.
fn jump(fixed: &[f64]) -> Result<Panel, LawError> {
    let few = &fixed[..12];
    let above = |z: f64| f64::from(u8::from(z > THRESHOLD));
    let steps = shapes().map(|a| Ok((a, mean(a, few, above)?))).collect::<Result<_, LawError>>()?;
    let truth = shapes().map(|a| Ok((a, Gamma::new(a, 1.0)?.sf(THRESHOLD)))).collect::<Result<_, LawError>>()?;
    Ok(Panel::new(format!("A jump: which of 12 draws are above {THRESHOLD}"), "shape", "share above")
        .legend_left()
        .line("fixed noise: flat between jumps", steps)
        .color(1)
        .dashed("truth", truth)
        .color(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The slope of the mean over fixed noise is the mean of the draws' derivatives: the picture shows what the text says.
    #[test]
    fn the_slope_at_fixed_noise_is_the_mean_of_derivatives() {
        let u: Vec<f64> = (1..100).map(|i| 0.01 * f64::from(i)).collect();
        let slope = |h: f64| {
            let at = |a| mean(a, &u, |z| z * z).unwrap();
            (at(2.0 + h) - at(2.0 - h)) / (2.0 * h)
        };
        let law = Gamma::new(Jet::<f64, 1>::variable(2.0, 0), 1.0.into()).unwrap();
        let derivatives = u.iter().map(|u| law.quantile(Jet::from(*u)).powi(2).eps[0]).sum::<f64>() / u.len() as f64;
        assert!((slope(1e-4) - derivatives).abs() < 1e-6 * derivatives);
    }

    /// The jump's mean is flat between the shapes at which a draw crosses, and the truth is not.
    #[test]
    fn the_mean_of_a_jump_is_flat() {
        let above = |z: f64| f64::from(u8::from(z > THRESHOLD));
        let at = |a| mean(a, &[0.1, 0.5, 0.9], above).unwrap();
        assert_eq!(at(2.0), at(2.0 + 1e-3));
        let sf = |a| Gamma::new(a, 1.0).unwrap().sf(THRESHOLD);
        assert!(sf(2.0 + 1e-3) > sf(2.0) + 1e-4);
    }
}
