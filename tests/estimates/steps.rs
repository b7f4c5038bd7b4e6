//! Steps: rules against formulas by hand, averages against theory, states that go on to the same bits.

use nalgebra::Matrix2;
use reparam::objective;
use reparam::prelude::*;
use reparam::program::{Plain, Stream};
use reparam::step::{Adam, Average, Fisher, Rule, Schedule, Sgd, StepError, clip_norm};
use reparam::{estimate::Scatter, noise};

/// Kingma & Ba's algorithm 1 by mpmath at 40 digits: gradients and rates of four steps, the start, and the points after them.
#[test]
fn adam_takes_the_steps_of_its_paper() {
    let rates = [0.125, 0.125, 0.0625, 0.0625];
    let cases = [
        ([0.5, -2.0, 0.25, 1e-3], 1.0, [0.8750000025, 0.9449379387750698, 0.9669632367980622, 0.9849875108273378]),
        (
            [-3e5, 1e5, 7.0, -1e4],
            -2.0,
            [-1.8750000000000042, -1.824972678505703, -1.8056379308922839, -1.7886583712487316],
        ),
        // as small as ε
        (
            [1e-9, -1e-9, 3e-9, 0.0],
            0.0,
            [-0.011363636363636364, -0.01076555023923445, -0.016397899670016126, -0.020480535485549747],
        ),
    ];
    // the three as three parameters, and in a Vec
    let mut theta = cases.map(|(_, start, _)| start);
    let (mut adam, mut dynamic) = (Adam::new(&theta), Adam::new(&theta.to_vec()));
    let mut on_heap = theta.to_vec();
    for t in 0..4 {
        let gradient = cases.map(|(gradients, _, _)| gradients[t]);
        adam.step(&mut theta, &gradient, rates[t]).unwrap();
        dynamic.step(&mut on_heap, &gradient, rates[t]).unwrap();
        for (x, (_, _, expected)) in theta.iter().zip(&cases) {
            assert!((x - expected[t]).abs() < 1e-14 * (1.0 + expected[t].abs()), "{t}: {x} {}", expected[t]);
        }
        assert_eq!(theta.as_slice(), on_heap);
    }
    assert_eq!(adam.steps(), 4);
}

/// Momentum 3/4, rate 1/2, gradients 1, 2, -4: by hand. All numbers are binary fractions, so that the bits are those.
#[test]
fn momentum_by_hand() {
    let (mut plain, mut ahead) = ([0.0], [0.0]);
    let mut sgd = Sgd::new(&plain).momentum(0.75).unwrap();
    let mut nesterov = Sgd::new(&ahead).nesterov(0.75).unwrap();
    // v = 1, 11/4, -31/16
    let expected = [(-0.5, -0.875), (-1.875, -2.90625), (-0.90625, -0.1796875)];
    for (g, (x, y)) in [1.0, 2.0, -4.0].into_iter().zip(expected) {
        sgd.step(&mut plain, &[g], 0.5).unwrap();
        nesterov.step(&mut ahead, &[g], 0.5).unwrap();
        assert_eq!((plain[0], ahead[0]), (x, y));
    }
    // uphill
    let mut up = [1.0];
    Sgd::new(&up).step(&mut up, &[2.0], -0.25).unwrap();
    assert_eq!(up, [1.5]);
}

#[test]
fn rates_of_schedules() {
    let close = |x: f64, y: f64| assert!((x - y).abs() <= 1e-15 * y.abs(), "{x} {y}");
    let power = Schedule::power(0.5, 0.75, 16.0).unwrap();
    close(power.rate(0), 0.5);
    close(power.rate(240), 0.5 / 8.0); // 16^(3/4) = 8
    let linear = Schedule::linear(0.8, 0.2, 6).unwrap();
    [0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.2]
        .iter()
        .enumerate()
        .for_each(|(t, rate)| close(linear.rate(t as u64), *rate));
    let cosine = Schedule::cosine(1.0, 0.5, 6).unwrap().warm_up(3);
    // (1 + cos(π t/6))/2 at t = 2: 3/4
    for (t, rate) in [(0, 0.25), (1, 0.5), (2, 0.75), (3, 1.0), (5, 0.875), (6, 0.75), (7, 0.625), (9, 0.5), (99, 0.5)]
    {
        close(cosine.rate(t), rate);
    }
    close(Schedule::constant(0.25).unwrap().rate(u64::MAX), 0.25);
    // no steps at all, and the last of all numbers
    close(Schedule::linear(0.25, 0.125, 0).unwrap().rate(0), 0.125);
    assert!(Schedule::constant(1.0).unwrap().warm_up(u64::MAX).rate(u64::MAX - 1) <= 1.0);
    for wrong in [
        Schedule::constant(f64::NAN),
        Schedule::constant(-1.0),
        Schedule::power(1.0, 1.01, 1.0),
        Schedule::power(1.0, 0.5, 0.0),
        Schedule::linear(1.0, 2.0, 5),
        Schedule::cosine(1.0, -0.5, 5),
    ] {
        assert!(matches!(wrong, Err(StepError::Setting { .. })), "{wrong:?}");
    }
    assert_eq!(Schedule::power(0.1, 2.0, 1.0).unwrap_err().to_string(), "exponent must be in [0, 1], not 2.0");
}

/// The Hessian of a quadratic, and the covariance of the noise of its gradients.
const HESSIAN: [[f64; 2]; 2] = [[2.0, 0.6], [0.6, 0.5]];
const NOISE: [f64; 2] = [1.0, 0.7];

/// Ends of many descents of that quadratic: mean squares of the averages' components and of the last points', times the number
/// of steps.
fn descents(steps: u64, runs: u64) -> [[f64; 2]; 2] {
    let schedule = Schedule::power(0.4, 0.65, 10.0).unwrap();
    let mut squares = [[0.0; 2]; 2];
    for run in 0..runs {
        let (mut x, mut rng) = ([0.1, -0.1], Stream::new(run));
        let (mut sgd, mut average) = (Sgd::new(&x), Average::new(&x));
        for step in 0..steps {
            let e = NOISE.map(|s| s * noise::normal(&mut rng));
            let gradient = [0, 1].map(|i| HESSIAN[i][0] * x[0] + HESSIAN[i][1] * x[1] + e[i]);
            sgd.step(&mut x, &gradient, schedule.rate(step)).unwrap();
            // beyond the start, which the average would keep
            if step >= steps / 10 {
                average.push(&x).unwrap();
            }
        }
        assert_eq!(average.count(), steps - steps / 10);
        for i in 0..2 {
            squares[0][i] += average.count() as f64 * average.mean()[i].powi(2) / runs as f64;
            squares[1][i] += average.count() as f64 * x[i].powi(2) / runs as f64;
        }
    }
    squares
}

/// Polyak & Juditsky's theorem 2: n times the covariance of the average tends to H⁻¹ V H⁻¹, whatever the rates. The mean
/// square over 400 runs has a relative error of √(2/400) = 7 %; what is of smaller order in n is allowed 15 %.
#[test]
fn the_average_reaches_the_least_variance_and_the_last_point_does_not() {
    let h = Matrix2::new(HESSIAN[0][0], HESSIAN[0][1], HESSIAN[1][0], HESSIAN[1][1]);
    let inverse = h.try_inverse().unwrap();
    let least = inverse * Matrix2::new(NOISE[0] * NOISE[0], 0.0, 0.0, NOISE[1] * NOISE[1]) * inverse;
    let [average, last] = descents(20_000, 400);
    for i in 0..2 {
        let ratio = average[i] / least[(i, i)];
        assert!((ratio - 1.0).abs() < 0.15 + 5.0 * 0.0707, "{i}: {ratio}");
        assert!(last[i] > 5.0 * average[i], "{i}: {last:?} {average:?}");
    }
    // 1/n: a fifth of the steps has five times the mean square, so that the product is the same
    let [shorter, _] = descents(4_000, 400);
    for i in 0..2 {
        assert!((shorter[i] / average[i]).ln().abs() < 5.0 * 0.1 + 0.2, "{i}: {shorter:?} {average:?}");
    }
}

/// Robbins & Monro with rates 1/(H t): the last point itself is the mean of all it has seen.
#[test]
fn rates_of_one_over_t_make_the_mean() {
    let schedule = Schedule::power(1.0, 1.0, 1.0).unwrap();
    let (mut x, mut rng, mut mean) = ([5.0], Stream::new(1), Average::new(&[0.0]));
    let mut sgd = Sgd::new(&x);
    for step in 0..1000 {
        let y = 3.0 + noise::normal(&mut rng);
        let gradient = [x[0] - y];
        sgd.step(&mut x, &gradient, schedule.rate(step)).unwrap();
        mean.push(&[y]).unwrap();
        assert!((x[0] - mean.mean()[0]).abs() < 1e-12);
    }
}

#[test]
fn refused_steps_change_nothing() {
    let mut theta = [1.0, 2.0];
    let mut adam = Adam::new(&theta);
    adam.step(&mut theta, &[0.5, -0.5], 0.1).unwrap();
    let before = (theta, adam.clone());
    let mut refused = |theta: &mut [f64], gradient: &[f64], rate: f64| {
        let error = adam.step(theta, gradient, rate).unwrap_err();
        assert_eq!(adam, before.1);
        error.to_string()
    };
    let mut at = theta;
    let messages = [
        refused(&mut at, &[0.0, f64::NAN], 0.1),
        refused(&mut at, &[-1e200, 0.0], 0.1),
        refused(&mut at, &[0.0], 0.1),
        refused(&mut [0.0; 3], &[0.0; 2], 0.1),
        refused(&mut [0.0, f64::INFINITY], &[0.0; 2], 0.1),
        refused(&mut at, &[0.0; 2], f64::NAN),
    ];
    assert_eq!(at, before.0);
    assert_eq!(
        messages,
        [
            "the gradient in parameter 1 must be in [-1e150, 1e150], not NaN",
            "the gradient in parameter 0 must be in [-1e150, 1e150], not -1e200",
            "gradient: 1 entries for a rule made for 2",
            "parameters: 3 entries for a rule made for 2",
            "parameter 1 must be in [-1e150, 1e150], not inf",
            "rate must be in [-1e150, 1e150], not NaN",
        ]
    );
    assert!(Sgd::new(&theta).momentum(1.0).is_err() && Sgd::new(&theta).nesterov(f64::NAN).is_err());
    assert!(Adam::new(&theta).decays(0.9, 1.0).is_err() && Adam::new(&theta).epsilon(0.0).is_err());
    let mut average = Average::new(&theta);
    assert!(average.push(&[1.0, f64::NAN]).is_err() && average.push(&[1.0]).is_err());
    assert_eq!(average.count(), 0);
}

#[test]
fn clipping_keeps_the_direction_at_every_size() {
    for size in [1e-300, 1e-160, 1.0, 1e148] {
        let mut gradient = [3.0 * size, -4.0 * size, 12.0 * size];
        let norm = clip_norm(&mut gradient, 6.5 * size).unwrap();
        assert!((norm / size / 13.0 - 1.0).abs() < 1e-15, "{norm}");
        for (g, expected) in gradient.iter().zip([1.5, -2.0, 6.0]) {
            assert!((g / size / expected - 1.0).abs() < 1e-14, "{gradient:?}");
        }
    }
    assert_eq!(clip_norm(&mut [], 1.0), Ok(0.0));
    let mut wrong = [1.0, f64::INFINITY];
    assert!(matches!(clip_norm(&mut wrong, 1.0), Err(StepError::Gradient { parameter: 1, .. })));
    assert!(matches!(clip_norm(&mut [1.0], f64::NAN), Err(StepError::Setting { name: "longest", .. })));
}

/// A run that is written down after 20 of 50 steps, and read again, ends at the same bits.
#[test]
fn states_go_on_to_the_same_bits() {
    fn through_text<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(x: &T) -> T {
        let text = serde_json::to_string(x).unwrap();
        let back = serde_json::from_str(&text).unwrap();
        assert_eq!(&back, x, "{text}");
        back
    }
    fn run<R: Rule + Clone>(rule: R, mut again: impl FnMut(&R) -> R) {
        let schedule = Schedule::cosine(0.1, 0.01, 50).unwrap().warm_up(5);
        let go = |x: &mut [f64; 3], rule: &mut R, average: &mut Average<[f64; 3]>, rate: f64, rng: &mut Stream| {
            let gradient = x.map(|x| (x - 1.0) / 3.0 + noise::normal(rng));
            rule.step(x, &gradient, rate).unwrap();
            average.push(x).unwrap();
        };
        let mut states = Vec::new();
        for stops in [false, true] {
            let (mut x, mut rule, mut rng) = ([0.1, 2.0, -3.0], rule.clone(), Stream::new(5));
            let (mut average, mut schedule) = (Average::new(&x), schedule);
            for step in 0..50 {
                if stops && step == 20 {
                    (rule, average, schedule) = (again(&rule), through_text(&average), through_text(&schedule));
                }
                go(&mut x, &mut rule, &mut average, schedule.rate(step), &mut rng);
            }
            states.push((x.map(f64::to_bits), average));
        }
        assert_eq!(states[0], states[1]);
    }
    let start = [0.1, 2.0, -3.0];
    run(Adam::new(&start).decays(0.8, 0.95).unwrap(), through_text);
    run(Sgd::new(&start).nesterov(0.9).unwrap(), through_text);
    run(Adam::new(&start.to_vec()), through_text);
    run(Sgd::new(&start.to_vec()).momentum(0.5).unwrap(), through_text);

    // what is no state is refused, and says why
    let read = |text: &str| serde_json::from_str::<Adam<[f64; 2]>>(text).unwrap_err().to_string();
    let state = r#"{"decays":[0.9,0.999],"epsilon":1e-8,"steps":3,"mean":[0.5,1],"square":[1,2]}"#;
    assert!(serde_json::from_str::<Adam<[f64; 2]>>(state).is_ok());
    for (from, to, says) in [
        ("[0.5,1]", "[0.5]", "not 2 numbers"),
        ("[0.5,1]", "[0.5,1,2]", "not 2 numbers"),
        ("[1,2]", "[1,-2]", "average of squares must be in [0, 1e300], not -2"),
        ("0.999", "1.5", "decay of the square must be in [0, 1), not 1.5"),
        ("1e-8", "0", "epsilon must be"),
    ] {
        let message = read(&state.replace(from, to));
        assert!(message.contains(says), "{message}");
    }
    let uneven = state.replace("[0.5,1]", "[0.5]");
    assert!(serde_json::from_str::<Adam<Vec<f64>>>(&uneven).is_err());
}

/// A gamma law of shape 2.5 and rate 1.5: F = ((ψ'(a), -1/b), (-1/b, a/b²)); F⁻¹ (1, -2) by mpmath.
#[test]
fn natural_gradients_are_by_the_fisher_information() {
    let law = Gamma::<Jet<f64, 2>>::new(Jet::variable(2.5, 0), Jet::variable(1.5, 1)).unwrap();
    let mut chance = Plain::new(Stream::new(3));
    let (mut fisher, mut dynamic, mut products) = (Fisher::fixed::<2>(), Fisher::dynamic(2), Scatter::<3>::new());
    let runs = 200_000;
    for _ in 0..runs {
        let z = chance.draw(&law);
        let score = objective::score(&law, &z).eps;
        fisher.push(&score).unwrap();
        dynamic.push(&score).unwrap();
        products.push(&[score[0] * score[0], score[0] * score[1], score[1] * score[1]]);
    }
    let (found, exact) = (fisher.information().unwrap(), [0.490_357_756_100_234_9, -2.0 / 3.0, 10.0 / 9.0]);
    let errors = products.covariance().unwrap();
    for (k, (i, j)) in [(0, 0), (0, 1), (1, 1)].into_iter().enumerate() {
        let se = (errors[k][k] / f64::from(runs)).sqrt();
        assert!((found[(i, j)] - exact[k]).abs() < 5.0 * se, "{found} ± {se}");
    }
    let (mut direction, mut other) = ([0.0; 2], [0.0; 2]);
    fisher.natural(&[1.0, -2.0], 0.0, &mut direction).unwrap();
    dynamic.natural(&[1.0, -2.0], 0.0, &mut other).unwrap();
    assert_eq!(direction, other);
    // the condition number of F is 19: errors of a percent become some
    for (found, exact) in direction.iter().zip([-2.213_423_712_936_583, -3.128_054_227_761_95]) {
        assert!((found / exact - 1.0).abs() < 0.1, "{direction:?}");
    }
    // exactly: F natural = g, and with damping (F + diag F) natural = g
    let back = [0, 1].map(|i| found[(i, 0)] * direction[0] + found[(i, 1)] * direction[1]);
    assert!((back[0] - 1.0).abs() < 1e-12 && (back[1] + 2.0).abs() < 1e-12, "{back:?}");
    fisher.natural(&[1.0, -2.0], 1.0, &mut direction).unwrap();
    let back = 2.0 * found[(0, 0)] * direction[0] + found[(0, 1)] * direction[1];
    assert!((back - 1.0).abs() < 1e-12, "{back}");
}

#[test]
fn too_few_scores_are_said() {
    let mut fisher = Fisher::fixed::<2>();
    let mut direction = [0.0; 2];
    let error = fisher.natural(&[1.0, 1.0], 0.0, &mut direction).unwrap_err();
    assert_eq!(error, StepError::Singular { scores: 0, parameters: 2 });
    fisher.push(&[1.0, 2.0]).unwrap();
    let error = fisher.natural(&[1.0, 1.0], 0.0, &mut direction).unwrap_err();
    assert!(error.to_string().contains("1 scores of 2 parameters has no inverse"), "{error}");
    assert_eq!(fisher.natural(&[1.0, 1.0], 0.5, &mut direction), Ok(()));
    assert!(fisher.push(&[1.0, f64::NAN]).is_err() && fisher.push(&[1.0]).is_err());
    assert!(fisher.natural(&[1.0], 0.5, &mut direction).is_err());
    assert!(fisher.natural(&[1.0; 2], -0.5, &mut direction).is_err());
    assert!(fisher.natural(&[1.0; 2], 0.5, &mut [0.0; 3]).is_err());
}

/// Along F⁻¹ g a normal law meets a posterior in a dozen steps of the rate 1, whatever the scale of the parameters.
#[test]
fn natural_steps_do_not_mind_the_parameters_scale() {
    // posterior N(100, 0.01): the curvatures in m and ln s differ by 5000
    let target = Normal::new(Jet::<f64, 2>::from(100.0), Jet::from(0.01)).unwrap();
    let (mut theta, mut chance) = ([99.5, -3.0], Plain::new(Stream::new(1)));
    for _ in 0..12 {
        let law = Normal::new(Jet::variable(theta[0], 0), Jet::<f64, 2>::variable(theta[1], 1).exp()).unwrap();
        let (mut fisher, mut gradient) = (Fisher::fixed::<2>(), [0.0; 2]);
        for _ in 0..2000 {
            let z = chance.draw(&law);
            fisher.push(&objective::score(&law, &z).eps).unwrap();
            let bound = target.ln_pdf(z) - objective::ln_density_along(&law, &z);
            (0..2).for_each(|i| gradient[i] += bound.eps[i] / 2000.0);
        }
        let mut direction = [0.0; 2];
        fisher.natural(&gradient, 0.0, &mut direction).unwrap();
        // far off the quadratic model says more
        clip_norm(&mut direction[1..], 0.5).unwrap();
        direction[0] = direction[0].clamp(-1.0, 1.0);
        Sgd::new(&theta).step(&mut theta, &direction, -1.0).unwrap();
    }
    assert!((theta[0] - 100.0).abs() < 1e-4 && (theta[1] - 0.01f64.ln()).abs() < 1e-2, "{theta:?}");
}
