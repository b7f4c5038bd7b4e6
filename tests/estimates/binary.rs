//! Estimators of the literature that an example measures: unbiased.

#[path = "../../examples/binary_gradients/coins.rs"]
#[allow(dead_code, reason = "the example has more problems")]
mod coins;
#[path = "../../examples/binary_gradients/written.rs"]
mod written;

use coins::{Coins, ONE, RARE, Toy, exact};
use reparam::estimate;
use written::{Source, Written};

/// A product of three coins and a square of their sum, which no sum of functions of one coin is.
struct Bent;

impl Coins<3> for Bent {
    fn value(&self, [a, b, c]: &[f64; 3]) -> f64 {
        5.0 * a * b * c + (a + 2.0 * b - c).powi(2)
    }
    fn slopes(&self, [a, b, c]: &[f64; 3]) -> [f64; 3] {
        let sum = 2.0 * (a + 2.0 * b - c);
        [5.0 * b * c + sum, 5.0 * a * c + 2.0 * sum, 5.0 * a * b - sum]
    }
}

fn check<const N: usize>(name: &str, f: &impl Coins<N>, theta: &[f64; N]) {
    let [rebar, relax] = [false, true].map(|is_learned| Written::relaxed(f, theta, is_learned));
    // unbiased with any weights, not just those that are good
    let any = match relax.clone() {
        Written::Relaxed { temperature, weights, baseline } => {
            let weights = weights.iter().zip(1..).map(|(w, k)| w + 0.3 * f64::from(k)).collect();
            Written::Relaxed { temperature, weights, baseline: baseline + 0.7 }
        }
        other => other,
    };
    let exact = exact(f, theta);
    for written in [Written::Arm, Written::DisArm, rebar, relax, any] {
        let label = written.to_string();
        let source = Source { coins: f, written };
        let e = estimate::with_gradient(theta, &source).samples(400_000).run_seed(1).unwrap();
        for (i, want) in exact.iter().enumerate() {
            let (got, se) = (e.gradient[i], e.gradient_se[i]);
            println!("{name}, {label}, {i}: {got} ± {se:.1e}, not {want}");
            assert!(
                (got - want).abs() <= 5.0 * se + 1e-12 && se < 0.02,
                "{name}, {label}, {i}: {got} ± {se}, not {want}"
            );
        }
    }
}

#[test]
fn unbiased() {
    check("toy, even", &Toy, &ONE);
    check("toy, rare", &Toy, &RARE);
    check("bent", &Bent, &[0.5, -1.0, 0.2]);
}
