//! Variance reductions against closed forms: what they gain, what their intervals cover, and their bits.

use reparam::distr::LawError;
use reparam::estimate::{self, Estimate, EstimateError};
use reparam::prelude::*;

/// 95 % intervals of value and derivative cover in 93 to 97 % of 2000 repeats, or from `least` per mille on.
fn covers_from<const N: usize>(
    least: u32,
    name: &str,
    exact: [f64; 2],
    i: usize,
    run: impl Fn(u64) -> Estimate<[f64; N]>,
) {
    let mut inside = [0; 2];
    for seed in 0..2000 {
        let e = run(seed);
        let width = e.half_width(0.95);
        inside[0] += u32::from((e.value - exact[0]).abs() <= width * e.value_se);
        inside[1] += u32::from((e.gradient[i] - exact[1]).abs() <= width * e.gradient_se[i]);
    }
    println!("{name}: intervals cover in {:.1?} %", inside.map(|n| f64::from(n) / 20.0));
    assert!(inside.iter().all(|n| (2 * least..=1940).contains(n)), "{name}: {inside:?} of 2000");
}

fn covers<const N: usize>(name: &str, exact: [f64; 2], i: usize, run: impl Fn(u64) -> Estimate<[f64; N]>) {
    covers_from(930, name, exact, i, run);
}

/// sin(m + s z): the value, and its derivatives.
fn wave() -> impl Program<Theta = [f64; 2], Output = f64> + Copy + Sync {
    program!(|[m, s]: [S; 2], chance| -> S { (m + s * chance.normal()).sin() })
}

fn of_wave([m, s]: [f64; 2]) -> [f64; 3] {
    let fall = (-0.5 * s * s).exp();
    [m.sin() * fall, m.cos() * fall, -s * m.sin() * fall]
}

/// A call at the money, spot 100, volatility .2: price and delta by Black & Scholes.
const CALL: [f64; 2] = [7.965567455405796, 0.539827837277029];

fn call() -> impl Program<Theta = [f64; 2], Output = f64> + Copy + Sync {
    program!(|[spot, vol]: [S; 2], chance| -> S {
        ((vol * chance.normal() - vol * vol * 0.5).exp() * spot - 100.0).max(S::from(0.0))
    })
}

/// How many times the variance of plain samples is that of as many others.
fn gain<const N: usize>(plain: &Estimate<[f64; N]>, e: &Estimate<[f64; N]>, i: usize) -> [f64; 2] {
    let per_sample = |se: f64, samples: u64| se * se * samples as f64;
    [
        per_sample(plain.value_se, plain.samples) / per_sample(e.value_se, e.samples),
        per_sample(plain.gradient_se[i], plain.samples) / per_sample(e.gradient_se[i], e.samples),
    ]
}

#[test]
fn antithetic_pairs() {
    let theta = [100.0, 0.2];
    // of 50 pairs, which are skewed, somewhat less
    for (n, least) in [(100, 910), (1000, 930)] {
        covers_from(least, &format!("antithetic, {n}"), CALL, 0, |seed| {
            estimate::antithetic(theta, call()).samples(n).run_seed(seed).unwrap()
        });
    }
    let plain = estimate::pathwise_program(theta, call()).samples(100_000).run_seed(1).unwrap();
    let e = estimate::antithetic(theta, call()).samples(100_000).run_seed(1).unwrap();
    let [price, delta] = gain(&plain, &e, 0);
    println!("antithetic: price {price:.2}, delta {delta:.2} times");
    // 1.6 and 5.8 by an independent prototype
    assert!((price - 1.6).abs() < 0.15 && (delta - 5.8).abs() < 0.6);
    // an even result: pairs say the same twice
    let square = program!(|[s]: [S; 1], chance| -> S { (s * chance.normal()).powi(2) });
    let plain = estimate::pathwise_program([1.0], square).samples(100_000).run_seed(1).unwrap();
    let e = estimate::antithetic([1.0], square).samples(100_000).run_seed(1).unwrap();
    assert!((gain(&plain, &e, 0)[0] - 0.5).abs() < 0.05);
    // choices by their scores: E k² of a binomial number
    let count = program!(|[p]: [S; 1], chance| -> S { S::from((chance.binomial(12, p) as f64).powi(2)) });
    let e = estimate::antithetic([0.4], count).samples(40_000).run_seed(1).unwrap();
    assert!((e.value - 25.92).abs() < 5.0 * e.value_se && (e.gradient[0] - 117.6).abs() < 5.0 * e.gradient_se[0]);
    let h = estimate::antithetic_hessian([0.4], count).samples(100_000).run_seed(1).unwrap();
    assert!((h.hessian[0][0] - 264.0).abs() < 5.0 * h.hessian_se[0][0], "{h}");
}

#[test]
fn latin_hypercubes_and_strata() {
    let theta = [1.0, 0.5];
    let [value, _, in_s] = of_wave(theta);
    // 128 and 1024 samples in 32 randomizations
    for n in [4, 32] {
        covers(&format!("Latin hypercube, {n}"), [value, in_s], 1, |seed| {
            estimate::latin_hypercube(theta, wave()).points(n).run_seed(seed).unwrap()
        });
        covers(&format!("strata, {n}"), [value, in_s], 1, |seed| {
            estimate::stratified(theta, wave(), [n as u32]).run_seed(seed).unwrap()
        });
    }
    // where one cell has a kink and decides alone, 32 randomizations are nearly coins
    covers_from(870, "strata at a kink", CALL, 0, |seed| {
        estimate::stratified([100.0, 0.2], call(), [100]).run_seed(seed).unwrap()
    });
    // of one uniform draw both are strata: the variance falls as the third power of their number
    let f = program!(|[s]: [S; 1], chance| -> S { (s * chance.uniform()).exp() });
    let se = |n: u32| estimate::stratified([0.7], f, [n]).samples(512).run_seed(1).unwrap().gradient_se[0];
    let order = (se(16) / se(256)).log2() / 4.0;
    println!("strata: standard error of order {order:.2}");
    assert!((order - 1.5).abs() < 0.1);

    // a sum of ten draws, and a product of two: additive, and not at all
    let sum =
        program!(|[s]: [S; 1], chance| -> S { (0..10).fold(S::from(0.0), |sum, _| sum + (s * chance.normal()).exp()) });
    let product = program!(|[s]: [S; 1], chance| -> S { s * chance.normal() * (s * chance.normal()) });
    let plain = estimate::pathwise_program([0.3], sum).samples(32 * 256).run_seed(1).unwrap();
    let additive = gain(&plain, &estimate::latin_hypercube([0.3], sum).points(256).run_seed(1).unwrap(), 0);
    let plain = estimate::pathwise_program([0.3], product).samples(64 * 256).run_seed(1).unwrap();
    let latin = estimate::latin_hypercube([0.3], product).points(256).samples(64).run_seed(1).unwrap();
    let interaction = gain(&plain, &latin, 0);
    println!("Latin hypercube: {additive:.0?} times for a sum, {interaction:.2?} for a product");
    assert!(additive[0] > 200.0 && additive[1] > 80.0);
    // from 64 randomizations a variance is known to 18 %
    assert!((interaction[0] - 1.0).abs() < 0.6);
    // two dimensions of strata take the product as well
    let grid = estimate::stratified([0.3], product, [16, 16]).samples(64).run_seed(1).unwrap();
    assert!(gain(&plain, &grid, 0)[0] > 10.0);

    let too_many = estimate::stratified([0.3], product, [1 << 20, 1 << 20]).run_seed(1);
    assert!(matches!(too_many, Err(EstimateError::Setting { .. })));
}

/// P(X > 4), X normal around m, from draws around 4; and the mean of X given that it is beyond.
#[test]
fn importance_sampling() {
    let rare = program!(|[m]: [S; 1], chance| -> Result<S, LawError> {
        let (law, far) = (Normal::new(m, S::from(1.0))?, Normal::new(S::from(4.0), S::from(1.0))?);
        let (x, ln_weight) = chance.draw_from(&far, &law);
        Ok(if x.re() > 4.0 { ln_weight.exp() } else { S::from(0.0) })
    });
    // Φ(-4) and φ(4), by mpmath
    let exact = [3.167124183311992e-5, 1.3383022576488537e-4];
    for (n, least) in [(100, 920), (1000, 930)] {
        covers_from(least, &format!("importance, {n}"), exact, 0, |seed| {
            estimate::pathwise_program([0.0], rare).samples(n).run_seed(seed).unwrap()
        });
    }
    let e = estimate::pathwise_program([0.0], rare).samples(10_000).run_seed(1).unwrap();
    // plain samples: P (1 - P)
    let gain = exact[0] / (e.value_se * e.value_se * 10_000.0);
    println!("importance sampling of a four-sigma event: variance {gain:.0} times less");
    assert!(gain > 3000.0);

    // E[X e^(t X)]/E[e^(t X)] = m + t, with draws around m
    let tilted = program!(|[m, t]: [S; 2], chance| -> Result<[S; 2], LawError> {
        let x = chance.draw(&Normal::new(m, S::from(1.0))?);
        Ok([x, t * x])
    });
    // the derivative is a variance, of weights as well
    for (n, least) in [(100, 840), (1000, 915)] {
        covers_from(least, &format!("self-normalized, {n}"), [0.8, 1.0], 1, |seed| {
            estimate::self_normalized([0.3, 0.5], tilted).samples(n).run_seed(seed).unwrap().estimate
        });
    }
    // (E w)²/E w² = e^(-t²)
    let e = estimate::self_normalized([0.3, 0.5], tilted).samples(50_000).run_seed(1).unwrap();
    assert!((e.size / 50_000.0 - (-0.25f64).exp()).abs() < 0.01, "{e}");
    // weights far out, with logarithms beyond the doubles' exponents
    let far = program!(|[m]: [S; 1], chance| -> [S; 2] {
        let x = m + chance.normal();
        [x, x * 0.5 - 5000.0]
    });
    let e = estimate::self_normalized([0.0], far).samples(10_000).run_seed(1).unwrap();
    assert!((e.estimate.value - 0.5).abs() < 5.0 * e.estimate.value_se);
    let few = estimate::self_normalized([0.0, 3.5], tilted).samples(1000).run_seed(1).unwrap();
    assert!(few.size < 100.0 && few.to_string().contains("a few weights decide"), "{few}");
    // a choice: E[k w]/E[w] = 2 p/(1 + p) with weight 2 for heads
    let coin = program!(|[p]: [S; 1], chance| -> [S; 2] {
        let heads = f64::from(u8::from(chance.bernoulli(p)));
        [S::from(heads), S::from(heads * 2f64.ln())]
    });
    covers("self-normalized, a choice", [0.75, 0.78125], 0, |seed| {
        estimate::self_normalized([0.6], coin).samples(1000).run_seed(seed).unwrap().estimate
    });
    let by_threads = estimate::self_normalized([0.3], coin).samples(5000);
    assert_eq!(by_threads.clone().par_run_seed(2).unwrap(), by_threads.run_seed(2).unwrap());
}

/// A digital option on the second of two steps: given the first, the second is summed out, or drawn on one side only.
#[test]
fn conditional_monte_carlo() {
    let theta = [100.0, 0.2];
    let by_choice = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let step = |x: S| Normal::new(x - vol * vol * 0.25, vol * 0.5f64.sqrt());
        let x = chance.draw(&step(spot.ln())?);
        let (above, _) = chance.threshold(&step(x)?, S::from(110f64.ln()));
        Ok(S::from(f64::from(u8::from(above))))
    });
    let summed_out = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let step = |x: S| Normal::new(x - vol * vol * 0.25, vol * 0.5f64.sqrt());
        let x = chance.draw(&step(spot.ln())?);
        let p = step(x)?.sf(S::from(110f64.ln()));
        Ok(chance.sum_out(&[p, -p + 1.0], |_, k| S::from(if k == 0 { 1.0 } else { 0.0 })))
    });
    // Φ(d2) and its derivative in spot, by mpmath
    let exact = [0.28212143828542195, 0.01689265652997424];
    for n in [100, 1000] {
        covers(&format!("summed out, {n}"), exact, 0, |seed| {
            estimate::pathwise_program(theta, summed_out).samples(n).run_seed(seed).unwrap()
        });
    }
    let plain = estimate::score(theta, by_choice).samples(100_000).run_seed(1).unwrap();
    let e = estimate::pathwise_program(theta, summed_out).samples(100_000).run_seed(1).unwrap();
    let gain = [(plain.value_se / e.value_se).powi(2), (plain.gradient_se[0] / e.gradient_se[0]).powi(2)];
    println!("conditional: {gain:.1?} times");
    assert!((plain.gradient[0] - exact[1]).abs() < 5.0 * plain.gradient_se[0]);
    assert!(gain[0] > 1.5 && gain[1] > 3.0);
}

#[test]
fn differences_on_common_numbers() {
    let f = wave();
    let (a, b) = ([1.0, 0.5], [1.0, 0.4]);
    let exact = [of_wave(a)[0] - of_wave(b)[0], of_wave(a)[2] - of_wave(b)[2]];
    for n in [100, 1000] {
        covers(&format!("difference, {n}"), exact, 1, |seed| {
            estimate::difference((a, f), (b, f)).samples(n).run_seed(seed).unwrap()
        });
    }
    // the standard error is of the order of the difference
    let se = |h: f64| estimate::difference(([1.0, 0.5 + h], f), (a, f)).run_seed(1).unwrap().value_se;
    let order = (se(0.1) / se(0.001)).log10() / 2.0;
    assert!((order - 1.0).abs() < 0.05, "{order}");
    // of the order of its root where choices turn out differently
    let count =
        program!(|[p]: [S; 1], chance| -> S { S::from((0..20).filter(|_| chance.bernoulli(p)).count() as f64) });
    let se = |h: f64| estimate::difference(([0.4 + h], count), ([0.4], count)).samples(100_000).run_seed(1).unwrap();
    let order = (se(0.1).value_se / se(0.001).value_se).log10() / 2.0;
    assert!((order - 0.5).abs() < 0.05, "{order}");
    let e = se(0.01);
    assert!((e.value - 0.2).abs() < 5.0 * e.value_se && e.gradient[0].abs() < 5.0 * e.gradient_se[0]);
    let by_threads = estimate::difference((a, f), (b, f)).samples(5000);
    assert_eq!(by_threads.clone().par_run_seed(2).unwrap(), by_threads.run_seed(2).unwrap());
}

/// Steps of a geometric Brownian motion at level l, by Milstein's scheme or Euler's.
fn steps(level: u32, milstein: f64) -> impl Program<Theta = [f64; 2], Output = f64> + Sync {
    program!(|[spot, vol]: [S; 2], chance| using (level: u32, milstein: f64) -> S {
        let n = 1 << level;
        let times: Vec<f64> = (1..=n).map(|k| f64::from(k) / f64::from(n)).collect();
        let (mut path, mut before, mut x) = (vec![0.0; times.len()], 0.0, spot);
        chance.brownian(&times, &mut path);
        for w in path {
            let (dw, dt) = (w - before, 1.0 / f64::from(n));
            x *= vol * dw + vol * vol * (0.5 * milstein * (dw * dw - dt)) + 0.05 * dt + 1.0;
            before = w;
        }
        (x - 1.0).max(S::from(0.0))
    })
}

/// A call with a rate of .05, not discounted: price, delta and vega by mpmath. Errors of ten runs are within precision
/// and bias, and the cost grows as precision⁻².
#[test]
fn multilevel_runs() {
    let exact = [0.10986396449700787, 0.6694816568672504, 0.3944793309078889];
    let mut costs = Vec::new();
    for precision in [2e-3, 1e-3, 5e-4] {
        let (mut squares, mut cost) = (0.0, 0.0);
        for seed in 0..10 {
            let e = estimate::multilevel([1.0, 0.2], precision, |l| steps(l, 1.0)).run_seed(seed).unwrap();
            squares += (e.estimate.value - exact[0]).powi(2) / 10.0;
            cost += e.cost() / 10.0;
            assert!(e.converged && e.bias < precision, "{e}");
            for i in 0..2 {
                let (got, se) = (e.estimate.gradient[i], e.estimate.gradient_se[i]);
                let most = 5.0 * se + 2.0 * e.gradient_bias[i];
                assert!((got - exact[1 + i]).abs() < most, "{i}: {got} ± {se}, not {}: {e}", exact[1 + i]);
            }
        }
        println!("precision {precision}: error {:.1e}, cost {cost:.0}", squares.sqrt());
        // of ten runs: 1.35 is 5 standard errors of a root mean square of 10 above 1 and less
        assert!(squares.sqrt() < 1.5 * precision);
        costs.push(cost);
    }
    for pair in costs.windows(2) {
        let growth = pair[1] / pair[0];
        assert!((3.0..5.0).contains(&growth), "{costs:?}");
    }
}

/// Variances of differences fall as 4^-l by Milstein's scheme and 2^-l by Euler's: levels share their random numbers.
#[test]
fn levels_are_coupled() {
    for (milstein, rate) in [(1.0, 2.0), (0.0, 1.0)] {
        let e = estimate::multilevel([1.0, 0.2], 1e-3, |l| steps(l, milstein)).most_levels(7).pilot(4000);
        let e = e.run_seed(1).unwrap();
        let v = |l: usize| e.levels[l].variance;
        let last = e.levels.len() - 1;
        let fall = (v(1) / v(last)).log2() / (last - 1) as f64;
        println!("scheme {milstein}: variances fall as 2^-{fall:.2}\n{e}");
        assert!((fall - rate).abs() < 0.35, "{fall}: {e}");
    }
    let by_threads = || estimate::multilevel([1.0, 0.2], 4e-3, |l| steps(l, 1.0));
    assert_eq!(by_threads().par_run_seed(2).unwrap(), by_threads().run_seed(2).unwrap());
    let refused = estimate::multilevel([1.0, 0.2], 0.0, |l| steps(l, 1.0)).run_seed(1).unwrap_err();
    assert!(refused.to_string().contains("the precision must be positive"));
    // a bias that does not go away is said
    let stuck = estimate::multilevel([1.0, 0.2], 1e-3, |l| steps(l % 2, 0.0)).most_levels(4).run_seed(1).unwrap();
    assert!(!stuck.converged && stuck.to_string().contains("not below the precision"), "{stuck}");
}

#[test]
fn bits_do_not_depend_on_threads() {
    let theta = [100.0, 0.2];
    let e = estimate::antithetic(theta, call()).samples(5000);
    assert_eq!(e.clone().par_run_seed(3).unwrap(), e.run_seed(3).unwrap());
    let e = estimate::latin_hypercube(theta, call()).points(300);
    assert_eq!(e.clone().par_run_seed(3).unwrap(), e.run_seed(3).unwrap());
    let e = estimate::stratified(theta, call(), [20, 3]);
    assert_eq!(e.clone().par_run_seed(3).unwrap(), e.clone().run_seed(3).unwrap());
    assert_eq!(e.run_seed(3).unwrap().samples, 32 * 60);
}
