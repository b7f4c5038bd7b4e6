//! The variances of estimators of d/dμ and d/dσ of E[f(z)], z normal, against those of Mohamed, Rosca, Figurnov & Mnih
//! 2020 (computed exactly), and measure-valued derivatives of other laws against exact ones.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::estimate::{self, Estimate, WeakDerivative};
use reparam::prelude::*;
use std::error::Error;

const SAMPLES: u64 = 1 << 21;

fn rng() -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(1)
}

/// Gradient within 5 standard errors, and the variance of a sample within 5 %.
fn close<const N: usize>(what: &str, e: &Estimate<[f64; N]>, parameter: usize, gradient: f64, variance: f64) {
    let (got, se) = (e.gradient[parameter], e.gradient_se[parameter]);
    assert!((got - gradient).abs() < 5.0 * se + 1e-4 * gradient.abs(), "{what}: {got} ± {se}, not {gradient}");
    let ratio = se * se * e.samples as f64 / variance;
    println!("{what}: variance {:.5}, ratio to the table's {ratio:.4}", ratio * variance);
    assert!((ratio - 1.0).abs() < 0.05, "{what}: variance {}, not {variance}", ratio * variance);
}

/// For each parameter: gradient, and variances by score, pathwise and measure-valued derivatives.
fn row(cost: impl Cost, exact: [[f64; 4]; 2]) {
    let theta = [1.0, 1.0];
    let pathwise = estimate::pathwise(theta, |[mean, std_dev]: [Jet<f64, 2>; 2], rng: &mut _| {
        Normal::new(mean, std_dev).map(|law| cost.of(law.sample(rng)))
    });
    let pathwise = pathwise.samples(SAMPLES).run(&mut rng()).unwrap();
    // the score of a continuous draw: the law's own density, at a point that carries no derivative
    let score = estimate::pathwise(theta, |[mean, std_dev]: [Jet<f64, 2>; 2], rng: &mut _| {
        Normal::new(mean, std_dev).map(|law| {
            let z = law.sample(rng).re.into();
            law.ln_pdf(z).with_re(0.0).exp() * cost.of(z)
        })
    });
    let score = score.samples(SAMPLES).run(&mut rng()).unwrap();
    let laws = [WeakDerivative::normal_mean(1.0, 1.0), WeakDerivative::normal_std_dev(1.0, 1.0)];
    for (i, law) in laws.into_iter().enumerate() {
        let [gradient, by_score, by_path, by_measure] = exact[i];
        close(&format!("{} {i} score", cost.name()), &score, i, gradient, by_score);
        close(&format!("{} {i} pathwise", cost.name()), &pathwise, i, gradient, by_path);
        let measure =
            estimate::measure_valued(law.unwrap(), |x, _| cost.of(x)).samples(SAMPLES).run(&mut rng()).unwrap();
        close(&format!("{} {i} measure-valued", cost.name()), &measure, 0, gradient, by_measure);
    }
}

trait Cost {
    fn of<S: Scalar>(&self, z: S) -> S;
    fn name(&self) -> &str;
}

macro_rules! costs {
    ($($test:ident: $name:literal, |$z:ident| $cost:expr, $exact:expr;)*) => {
        $(#[test]
        fn $test() {
            struct It;
            impl Cost for It {
                fn of<S: Scalar>(&self, $z: S) -> S {
                    $cost
                }
                fn name(&self) -> &str {
                    $name
                }
            }
            row(It, $exact);
        })*
    };
}

costs! {
    square: "z^2", |z| z * z, [[2.0, 30.0, 4.0, 1.0930], [2.0, 136.0, 12.0, 8.0]];
    bell: "exp(-z^2)", |z| (-z * z).exp(),
        [[-0.27579, 0.17575, 0.21172, 0.012568], [-0.091931, 0.17669, 0.17573, 0.070665]];
    narrow_bell: "exp(-10 z^2)", |z| (z * z * -10.0).exp(),
        [[-0.12909, 0.07694, 0.94163, 0.020656], [-0.0061472, 0.0090346, 0.89205, 0.11673]];
    slow_cosine: "cos(z/2)", |z| (z * 0.5).cos(),
        [[-0.21155, 0.45525, 0.039285, 0.0082755], [-0.19362, 0.79866, 0.087513, 0.065266]];
    fast_cosine: "cos(5z)", |z| (z * 5.0).cos(), [[1.79e-5, 0.5, 12.5, 0.29572], [-2.6e-5, 1.0, 12.5, 1.0]];
}

/// Means and second moments of laws, and their derivatives.
#[test]
fn other_laws() -> Result<(), Box<dyn Error>> {
    let near = |what: &str, law: WeakDerivative, value: f64, derivative: f64| {
        let e = estimate::measure_valued(law, |x, _| x * x).samples(400_000).run(&mut rng()).unwrap();
        assert!((e.value - value).abs() < 5.0 * e.value_se, "{what}: {e}");
        assert!((e.gradient[0] - derivative).abs() < 5.0 * e.gradient_se[0], "{what}: {e}, not {derivative}");
        assert!(e.gradient_se[0] < 0.01 * derivative.abs(), "{what}: {e}");
    };
    near("normal mean", WeakDerivative::normal_mean(0.7, 1.5)?, 0.49 + 2.25, 1.4);
    near("normal standard deviation", WeakDerivative::normal_std_dev(0.7, 1.5)?, 0.49 + 2.25, 3.0);
    near("Poisson", WeakDerivative::poisson_rate(3.0)?, 12.0, 7.0);
    // 2/λ², a(a+1)/b²
    near("exponential", WeakDerivative::exponential_rate(1.7)?, 2.0 / 2.89, -4.0 / 4.913);
    near("gamma", WeakDerivative::gamma_rate(2.5, 1.7)?, 8.75 / 2.89, -17.5 / 4.913);
    // s² Γ(1 + 2/k) with k = 2
    near("Weibull", WeakDerivative::weibull_scale(1.3, 2.0)?, 1.69, 2.6);

    assert!(WeakDerivative::poisson_rate(-1.0).is_err() && WeakDerivative::normal_mean(0.0, 0.0).is_err());
    let e = estimate::measure_valued(WeakDerivative::poisson_rate(1.0)?, |_, _| f64::NAN).run_seed(1);
    assert_eq!(e.unwrap_err().to_string(), "sample 0 of seed 1: the value is not finite");
    Ok(())
}
