//! Problems at fixed random numbers, and their runs.

use argmin::core::checkpointing::CheckpointingFrequency;
use argmin::core::observers::{Observe, ObserverMode};
use argmin::core::{CostFunction, Error, Executor, Gradient, Hessian, KV, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::{BFGS, LBFGS};
use argmin::solver::trustregion::{Steihaug, TrustRegion};
use argmin_checkpointing_file::FileCheckpoint;
use reparam::estimate::{self, Estimate, EstimateError, Handle};
use reparam::prelude::*;
use reparam_argmin::SameNoise;
use std::cell::Cell;

/// E[(x e^(z/4) - 2)² + (y + z - 1)²] for standard normal z: with E e^(z/4) = e^(1/32) and E e^(z/2) = e^(1/8), the minimum is
/// at x = 2 e^(1/32 - 1/8), y = 1.
fn sample<S: Scalar>([x, y]: [S; 2], chance: &mut impl Chance<S>) -> S {
    let z = chance.normal();
    (x * (z / 4.0).exp() - 2.0).powi(2) + (y + z - 1.0).powi(2)
}

fn mean(theta: &[f64], seed: u64) -> Result<Estimate<[f64; 2]>, EstimateError<std::convert::Infallible>> {
    let f = |theta: [Jet<f64, 2>; 2], chance: &mut Handle<_>| sample(theta, chance);
    estimate::pathwise([theta[0], theta[1]], f).samples(4000).run_seed(seed)
}

/// A bent valley, which takes many steps.
fn valley(theta: &[f64], seed: u64) -> Result<Estimate<[f64; 2]>, EstimateError<std::convert::Infallible>> {
    let f = |[x, y]: [Jet<f64, 2>; 2], chance: &mut Handle<_>| {
        let z = chance.normal();
        (y - x * x).powi(2) * 100.0 + (x - 1.0 + 0.1 * z).powi(2)
    };
    estimate::pathwise([theta[0], theta[1]], f).samples(100).run_seed(seed)
}

fn search() -> BFGS<MoreThuenteLineSearch<Vec<f64>, Vec<f64>, f64>, f64> {
    BFGS::new(MoreThuenteLineSearch::new()).with_tolerance_grad(1e-9).unwrap()
}

fn identity(n: usize) -> Vec<Vec<f64>> {
    (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect()
}

#[test]
fn a_quasi_newton_search_ends_at_the_minimum() {
    let start = vec![0.5, 3.0];
    let run = Executor::new(SameNoise::new(3, mean), search())
        .configure(|state| state.param(start).inv_hessian(identity(2)).max_iters(60))
        .run()
        .unwrap();
    let best = run.state().get_best_param().unwrap();
    // of these random numbers: no slope is left
    let there = mean(best, 3).unwrap();
    assert!(there.gradient.iter().all(|slope| slope.abs() < 1e-7), "{there}");
    // of all: Newton's error of the minimum from that of the gradient
    let fresh = mean(best, 4).unwrap();
    let exact = [2.0 * (1.0f64 / 32.0 - 0.125).exp(), 1.0];
    let curvature = [2.0 * 0.125f64.exp(), 2.0];
    for i in 0..2 {
        let error = there.gradient_se[i].hypot(fresh.gradient_se[i]) / curvature[i];
        assert!((best[i] - exact[i]).abs() < 5.0 * error, "{i}: {best:?} {exact:?} ± {error}");
    }
}

/// argmin asks for the cost and for the gradient; the function runs once for both.
#[test]
fn values_and_gradients_come_from_one_run() {
    let runs = Cell::new(0u64);
    let problem = SameNoise::new(3, |theta: &[f64], seed| {
        runs.set(runs.get() + 1);
        valley(theta, seed)
    });
    let run = Executor::new(problem, search())
        .configure(|state| state.param(vec![-1.2, 1.0]).inv_hessian(identity(2)).max_iters(60))
        .run()
        .unwrap();
    let asked: u64 = ["cost_count", "gradient_count"].iter().map(|name| run.problem().counts[name]).sum();
    assert!(runs.get() > 15 && 2 * runs.get() <= asked + 4, "{} runs, asked {asked} times", runs.get());
}

#[test]
fn held_parameters_stay_and_what_is_to_be_large_is_climbed() {
    let bump = |x: &[f64], _: u64| -> Result<_, EstimateError<LawError>> {
        let [a, b, c] = Jet::<f64, 3>::variables([x[0], x[1], x[2]]);
        let y = -(a - 1.0).powi(2) - (b - a * 2.0).powi(2) - (c - b).powi(2);
        Ok((y.re, y.eps))
    };
    let held = [None, Some(4.0), None];
    let problem = SameNoise::new(0, bump).maximize().holding(&held);
    let start = problem.free(&[0.0, 9.0, 0.0]);
    assert_eq!(start, [0.0, 0.0]);
    let run = Executor::new(problem, search())
        .configure(|state| state.param(start).inv_hessian(identity(2)).max_iters(60))
        .run()
        .unwrap();
    // of -(a - 1)² - (4 - 2 a)² the maximum is at 9/5
    let best = SameNoise::new(0, bump).holding(&held).whole(run.state().get_best_param().unwrap());
    assert!((best[0] - 1.8).abs() < 1e-6 && best[1] == 4.0 && (best[2] - 4.0).abs() < 1e-6, "{best:?}");
    assert!((run.state().get_best_cost() - (0.64 + 0.16)).abs() < 1e-12);
}

#[test]
fn hessians_serve_trust_regions() {
    let curved = |theta: &[f64], seed: u64| {
        let f = |theta: [Jet<Jet<f64, 2>, 2>; 2], chance: &mut Handle<_>| sample(theta, chance);
        estimate::pathwise_hessian([theta[0], theta[1]], f).samples(1000).run_seed(seed)
    };
    let problem = SameNoise::new(5, curved);
    let h = problem.hessian(&vec![0.5, 3.0]).unwrap();
    assert!((h[0][0] - 2.0 * 0.125f64.exp()).abs() < 0.3 && h[1] == [0.0, 2.0], "{h:?}");
    assert_eq!(SameNoise::new(5, curved).holding(&[Some(0.5), None]).hessian(&vec![3.0]).unwrap(), [[2.0]]);
    let region = TrustRegion::new(Steihaug::new().with_max_iters(10));
    let run = Executor::new(problem, region).configure(|state| state.param(vec![0.5, 3.0]).max_iters(8)).run();
    let best = run.unwrap().state().get_best_param().unwrap().clone();
    assert!((best[0] - 2.0 * (1.0f64 / 32.0 - 0.125).exp()).abs() < 0.1, "{best:?}");
}

/// Stops a run in this step, as a machine that is turned off does.
struct TurnedOff(u64);

impl<I: State> Observe<I> for TurnedOff {
    fn observe_iter(&mut self, state: &I, _: &KV) -> Result<(), Error> {
        if state.get_iter() == self.0 { Err(Error::msg("turned off")) } else { Ok(()) }
    }
}

#[test]
fn a_resumed_run_ends_at_the_same_bits() {
    let folder = std::env::temp_dir().join(format!("reparam-argmin-test-{}", std::process::id()));
    let folder = folder.to_str().unwrap();
    let executor = || {
        let limited = LBFGS::new(MoreThuenteLineSearch::new(), 4).with_tolerance_grad(1e-9).unwrap();
        Executor::new(SameNoise::new(3, valley), limited).configure(|state| state.param(vec![-1.2, 1.0]).max_iters(100))
    };
    let file = || FileCheckpoint::new(folder, "fit", CheckpointingFrequency::Always);
    let whole = executor().run().unwrap();
    assert!(whole.state().get_iter() > 10);
    let stopped = executor().checkpointing(file()).add_observer(TurnedOff(7), ObserverMode::Always).run();
    assert_eq!(stopped.err().unwrap().to_string(), "turned off");
    let resumed = executor().checkpointing(file()).run().unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    assert_eq!(resumed.state().get_iter(), whole.state().get_iter());
    assert_eq!(resumed.state().get_best_param(), whole.state().get_best_param());
    // it did go on, and did not begin again
    assert!(resumed.problem().counts["gradient_count"] < whole.problem().counts["gradient_count"]);
}

#[test]
fn errors_say_what_and_where() {
    let of = |e: Error| e.to_string();
    let refused = SameNoise::new(1, |x: &[f64], _| Normal::new(0.0, x[0]).map(|law| (law.entropy(), [1.0])));
    assert!(of(refused.cost(&vec![-1.0]).unwrap_err()).contains("std_dev of a normal law"));
    let nothing = SameNoise::new(1, |x: &[f64], _| Ok::<_, LawError>((x[0].ln(), [1.0 / x[0]])));
    assert_eq!(of(nothing.cost(&vec![-1.0]).unwrap_err()), "the function is NaN, or has such derivatives, at [-1.0]");
    let short = SameNoise::new(1, |_: &[f64], _| Ok::<_, LawError>((1.0, [1.0])));
    assert_eq!(of(short.gradient(&vec![1.0, 2.0]).unwrap_err()), "a gradient in 1 of 2 parameters");
    let held = SameNoise::new(1, mean).holding(&[Some(1.0), None]);
    assert_eq!(of(held.cost(&vec![1.0, 2.0]).unwrap_err()), "2 parameters for a problem with 1 that are not held");
}
