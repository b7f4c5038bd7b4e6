//! Estimates in reverse mode against those in jets, and against closed forms.

use reparam::distr::LawError;
use reparam::estimate::{self, BLOCK, EstimateError, Estimator, GradientSource, WithGradient};
use reparam::prelude::*;
use reparam_adjoint::{ScoreError, Var};

/// A regression with a gamma noise: parameters meet, draws have shapes.
fn model<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Result<[S; 2], LawError> {
    let mut sum = S::from(0.0);
    for (i, t) in theta.iter().enumerate() {
        let z = chance.draw(&Gamma::new(t.exp() + 0.5, S::from(1.0))?);
        sum += (z * *t + theta[(i + 1) % theta.len()] * chance.normal()).sin();
    }
    Ok([sum, sum * sum * 0.1])
}

fn theta(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * 0.7).sin()).collect()
}

/// One seed gives one estimate in both modes: values bit for bit, gradients to rounding.
#[test]
fn as_in_jets() {
    let program = program!(|theta: &[S], chance| -> Result<[S; 2], LawError> { model(theta, chance) });
    for n in [1, 8, 21] {
        let theta = theta(n);
        let reverse = reparam_adjoint::pathwise_program(&theta, program).samples(BLOCK + 500).run_seed(3).unwrap();
        let forward = estimate::pathwise_program_dyn(&theta, program).samples(BLOCK + 500).run_seed(3).unwrap();
        let closure = reparam_adjoint::pathwise(&theta, model);
        assert_eq!(closure.samples(BLOCK + 500).run_seed(3).unwrap(), reverse);
        assert_eq!((reverse.value, reverse.value_se), (forward.value, forward.value_se));
        for k in 0..2 {
            for i in 0..n {
                for (a, b) in [
                    (reverse.gradient[k][i], forward.gradient[k][i]),
                    (reverse.gradient_se[k][i], forward.gradient_se[k][i]),
                ] {
                    assert!((a - b).abs() < 1e-12 * (1.0 + b.abs()), "{n} {k} {i}: {a}, not {b}");
                }
            }
        }
    }
}

/// The same bits from any number of threads, and from parts put together in any order.
#[test]
fn one_seed_one_estimate() {
    let theta = theta(30);
    let e = || reparam_adjoint::pathwise(&theta, model).samples(5 * BLOCK);
    let expected = e().run_seed(7).unwrap();
    for threads in [1, 2, 3, 7] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| e().par_run_seed(7)).unwrap(), expected);
    }
    let mut parts = e().part(7, 3..5).unwrap();
    parts.merge(&e().part(7, 0..1).unwrap()).unwrap();
    parts.merge(&e().part(7, 1..3).unwrap()).unwrap();
    assert_eq!(e().of_parts(&parts).unwrap(), expected);
}

/// Thousands of shapes: E Σ x² of gamma variables of rate 1 is Σ α (α + 1).
#[test]
fn thousands_of_parameters() {
    let shapes: Vec<f64> = (0..4096).map(|i| 0.2 + f64::from(i) / 500.0).collect();
    let e = reparam_adjoint::pathwise(&shapes, |shapes, rng| -> Result<Var, LawError> {
        shapes.iter().try_fold(Var::from(0.0), |sum, a| Ok(sum + Gamma::new(*a, 1.0.into())?.sample(rng).powi(2)))
    })
    .samples(400)
    .run_seed(1)
    .unwrap();
    let z = |i: usize| (e.gradient[i] - (2.0 * shapes[i] + 1.0)) / e.gradient_se[i];
    let rms = ((0..4096).map(|i| z(i).powi(2)).sum::<f64>() / 4096.0).sqrt();
    // the rms of 4096 normal deviations has the standard error .011; these are of 400 skewed samples each
    assert!((rms - 1.0).abs() < 0.055, "{rms}");
    assert!((0..4096).all(|i| z(i).abs() < 8.0));
}

/// Errors are those of every estimate, with sample and seed.
#[test]
fn errors_name_sample_and_seed() {
    fn run<G: GradientSource>(e: Estimator<WithGradient<'_, G>>) -> EstimateError<G::Error>
    where
        G::Error: std::fmt::Debug,
    {
        e.samples(100).run_seed(5).map(|_| ()).unwrap_err()
    }
    let e =
        run(reparam_adjoint::pathwise(&[1.0, -1.0], |x, rng| Ok::<_, LawError>(Normal::new(x[0], x[1])?.sample(rng))));
    assert!(
        matches!(e, EstimateError::Program { sample: 0, seed: 5, error } if error.parameter() == "std_dev"),
        "{e:?}"
    );
    let e = run(reparam_adjoint::pathwise(&[1.0, 0.0], |x, _| x[0] + x[1].sqrt()));
    let gradient = estimate::pathwise([1.0, 0.0], |[x, y], _| x + y.sqrt()).samples(100).run_seed(5).unwrap_err();
    assert_eq!(e, gradient);
    let coin = program!(|p: &[S], chance| -> S { S::from(f64::from(u8::from(chance.bernoulli(p[0])))) });
    assert!(matches!(run(reparam_adjoint::pathwise_program(&[1.5], coin)), EstimateError::Choice { sample: 0, .. }));
    let e = run(reparam_adjoint::pathwise(
        &[1.0],
        |x, chance| {
            if chance.uniform() < 0.1 { vec![x[0]; 2] } else { vec![x[0]; 3] }
        },
    ));
    assert!(matches!(e, EstimateError::Results { .. }), "{e:?}");
}

/// Choices whose logits depend on all parameters, and on a derivative of their own.
fn choices<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> [S; 2] {
    let logit = theta.iter().enumerate().fold(S::from(0.1), |sum, (i, t)| sum + *t * (0.1 * (i as f64 + 1.0)));
    let heads = (0..4).filter(|_| chance.bernoulli_logit(logit)).count() as f64;
    let second = if chance.bernoulli(theta[0] * theta[0]) { heads * heads } else { 1.0 };
    [S::from(heads), theta[1] * heads * second]
}

/// Scores against enumeration.
#[test]
fn scores() {
    let program = program!(|theta: &[S], chance| -> [S; 2] { choices(theta, chance) });
    let theta = [0.5, -0.4, 0.3];
    let fixed = program!(|theta: [S; 3], chance| -> [S; 2] { choices(&theta, chance) });
    let exact = program::enumerate(&Jet::variables(theta), fixed).run().unwrap().value;
    let e = reparam_adjoint::score(&theta, program).samples(20_000).run_seed(5).unwrap();
    for (k, exact) in exact.into_iter().enumerate() {
        assert!((e.value[k] - exact.re).abs() < 5.0 * e.value_se[k], "{k}: {} ± {}", e.value[k], e.value_se[k]);
        for i in 0..3 {
            let (got, se, want) = (e.gradient[k][i], e.gradient_se[k][i], exact.eps[i]);
            assert!(
                (got - want).abs() < 5.0 * se && se < 0.03 * want.abs().max(0.3),
                "{k} {i}: {got} ± {se}, not {want}"
            );
        }
    }
}

/// What scores miss, and a program's own error, are said.
#[test]
fn scores_that_cannot_be_had() {
    let never = program!(|theta: &[S], chance| -> S { S::from(f64::from(u8::from(chance.bernoulli(theta[0])))) });
    let e = reparam_adjoint::score(&[0.0], never).run_seed(1).unwrap_err();
    assert!(matches!(e, EstimateError::Program { error: ScoreError::EmptyCell { choice: 0 }, .. }), "{e}");
    assert!(e.to_string().contains("replay_dyn"), "{e}");
    let invalid = program!(|theta: &[S], chance| -> S { S::from(f64::from(u8::from(chance.bernoulli(theta[0])))) });
    let e = reparam_adjoint::score(&[1.5], invalid).run_seed(1).unwrap_err();
    assert!(matches!(e, EstimateError::Choice { .. }), "{e:?}");
    let ragged =
        program!(|theta: &[S], chance| -> Vec<S> { vec![theta[0]; 1 + usize::from(chance.bernoulli(theta[0]))] });
    let e = reparam_adjoint::score(&[0.5], ragged).run_seed(1).unwrap_err();
    assert!(matches!(e, EstimateError::Program { error: ScoreError::Results { .. }, .. }), "{e}");
}
