//! Control variates with fitted coefficients: what their intervals cover at few samples, and their bias.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::estimate::{ControlVariates, Estimate};
use reparam::noise;
use reparam::prelude::*;

/// E[e^z] for a normal z with standard deviation 1/2, with z and z² - σ² as controls: what they leave is skewed.
fn run(n: u64, seed: u64) -> Estimate<[f64; 1]> {
    let [s] = Jet::variables([0.5]);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut controlled = ControlVariates::new();
    for _ in 0..n {
        let z = s * noise::normal(&mut rng);
        controlled.push(z.exp(), [z, z * z - s * s]);
    }
    controlled.estimate().unwrap()
}

const EXACT: [f64; 2] = [1.1331484530668263, 0.5665742265334132]; // e^(1/8), half of it

/// By residuals they would cover in 47, 70, 83, 92 % (value) and 45, 68, 82, 93 % (derivative).
#[test]
fn intervals_cover() {
    const REPEATS: u64 = 4000;
    for (n, range) in [(10, 0.89..=0.93), (32, 0.93..=0.97), (100, 0.93..=0.97), (1000, 0.93..=0.97)] {
        let (mut inside, mut sum, mut squares) = ([0; 2], [0.0; 2], [0.0; 2]);
        for seed in 0..REPEATS {
            let e = run(n, seed);
            let width = e.half_width(0.95);
            let numbers = [(e.value, e.value_se), (e.gradient[0], e.gradient_se[0])];
            for (k, (got, se)) in numbers.into_iter().enumerate() {
                let d = got - EXACT[k];
                inside[k] += u32::from(d.abs() <= width * se);
                (sum[k], squares[k]) = (sum[k] + d / REPEATS as f64, squares[k] + d * d / REPEATS as f64);
            }
        }
        let bias: Vec<f64> = (0..2).map(|k| sum[k] / (squares[k] - sum[k] * sum[k]).sqrt()).collect();
        let inside = inside.map(|k| f64::from(k) / REPEATS as f64);
        println!("{n} samples: inside {inside:?}, bias {bias:.3?} standard deviations");
        assert!(inside.iter().all(|n| range.contains(n)), "{n}: {inside:?}");
        // as documented; 5 standard errors of it are 0.08
        let most = if n < 100 { 0.12 } else { 0.06 };
        assert!(bias.iter().all(|b| b.abs() < most + 0.08), "{n}: {bias:?}");
    }
}

#[test]
fn few_samples_are_noted() {
    assert!(run(31, 1).notes.few_for_controls && run(31, 1).to_string().contains("fewer than 32 samples"));
    let e = run(32, 1);
    assert!(!e.notes.few_for_controls);
    assert_eq!((e.samples, e.observations), (32, 32));
    // groups of samples beyond
    assert_eq!((run(1000, 1).samples, run(1000, 1).observations), (1000, 32));
}

/// Without controls the jackknife of single samples is the usual standard error; a control that varies in one sample
/// only is lost with it.
#[test]
fn known_cases() {
    let mut plain = ControlVariates::<Jet<f64, 1>, 0>::new();
    [4.0, 7.0, 13.0, 16.0].into_iter().for_each(|x| plain.push(Jet::from(1e9 + x), []));
    let e = plain.estimate().unwrap();
    assert!((e.value - (1e9 + 10.0)).abs() < 1e-6 && (e.value_se - 7.5f64.sqrt()).abs() < 1e-12, "{e:?}");

    let mut spike = ControlVariates::<Jet<f64, 1>, 1>::new();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    for i in 0..100 {
        spike.push(Jet::from(noise::normal(&mut rng)), [Jet::from(f64::from(u8::from(i == 37)))]);
    }
    let e = spike.estimate().unwrap();
    // 1/sqrt(100), known to an eighth from 32 groups
    assert!((e.value_se - 0.1).abs() < 0.06, "{e:?}");
}
