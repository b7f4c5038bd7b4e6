//! Beyond the mean: quantiles, the mean beyond them, probabilities, logarithms of exponentials, second derivatives of
//! kinks; all against closed forms.

use reparam::distr::LawError;
use reparam::estimate::{self, EstimateError};
use reparam::prelude::*;
use reparam::program::{ErrorOf, Outcome};

/// Φ⁻¹(.95) and φ(it)/.05.
const Z: f64 = 1.6448536269514722;
const ES: f64 = 2.0627128075074257;

/// How often 95 % intervals cover, in percent, and the bias in standard deviations.
struct Coverage {
    exact: Vec<f64>,
    inside: Vec<u32>,
    bias: Vec<f64>,
    squares: Vec<f64>,
    repeats: f64,
}

impl Coverage {
    /// Of `repeats` runs, each of which gives numbers, their standard errors and half widths in those.
    fn of(exact: &[f64], repeats: u64, run: impl Fn(u64) -> Vec<(f64, f64, f64)>) -> Self {
        let zero = vec![0.0; exact.len()];
        let (exact, inside, repeats_f) = (exact.to_vec(), vec![0; exact.len()], repeats as f64);
        let mut all = Coverage { exact, inside, bias: zero.clone(), squares: zero, repeats: repeats_f };
        for seed in 0..repeats {
            for (k, (x, se, width)) in run(seed).into_iter().enumerate() {
                let d = x - all.exact[k];
                all.inside[k] += u32::from(d.abs() <= width * se);
                all.bias[k] += d / all.repeats;
                all.squares[k] += d * d / all.repeats;
            }
        }
        all
    }

    fn check(&self, name: &str, percent: std::ops::RangeInclusive<f64>, bias: f64) {
        let covered: Vec<f64> = self.inside.iter().map(|n| 100.0 * f64::from(*n) / self.repeats).collect();
        let off: Vec<f64> = self.bias.iter().zip(&self.squares).map(|(b, s)| b / (s - b * b).sqrt()).collect();
        println!("{name}: intervals cover in {covered:.1?} %, bias {off:.3?} standard deviations");
        assert!(covered.iter().all(|c| percent.contains(c)), "{name}: {covered:?}");
        let most = bias + 5.0 / self.repeats.sqrt();
        assert!(off.iter().all(|b| b.abs() < most), "{name}: {off:?}, not below {most}");
    }
}

fn at_risk<P, const N: usize>(name: &str, theta: [f64; N], i: usize, program: P, exact: [f64; 4])
where
    P: Program<Theta = [f64; N]> + Copy,
    P::Output: Outcome<Values = f64>,
    ErrorOf<P>: std::fmt::Debug,
{
    for (n, percent) in [(400, 89.0..=98.0), (1000, 93.0..=97.0), (10_000, 93.0..=97.0)] {
        let run = |seed| {
            let e = estimate::value_at_risk(theta, 0.95, program).samples(n).run_seed(seed).unwrap();
            let (q, s) = (e.quantile, e.shortfall);
            let (wide, of_tail) = (q.half_width(0.95), s.half_width(0.95));
            vec![
                (q.value, q.value_se, wide),
                (q.gradient[i], q.gradient_se[i], wide),
                (s.value, s.value_se, of_tail),
                (s.gradient[i], s.gradient_se[i], of_tail),
            ]
        };
        Coverage::of(&exact, 1000, run).check(&format!("{name}, {n}"), percent, if n == 400 { 0.15 } else { 0.1 });
    }
}

#[test]
fn quantiles_and_means_beyond_them() {
    let two = program!(|[a, b]: [S; 2], chance| -> S { a * chance.normal() + b * chance.normal() });
    at_risk("a sum of normals", [3.0, 4.0], 0, two, [5.0 * Z, 0.6 * Z, 5.0 * ES, 0.6 * ES]);
    // by scipy: e^(s z), its derivative, E beyond it, e^(s²/2) (s Φ(s - z) + φ(s - z))/.05
    let lognormal = program!(|[s]: [S; 1], chance| -> S { (s * chance.normal()).exp() });
    let exact = [2.276016608514317, 3.743714173516563, 2.858591295312545, 6.124064256138373];
    at_risk("lognormal", [0.5], 0, lognormal, exact);
    // N(0, 1), or N(3, 1) with probability p: (Φ(q) - Φ(q - 3))/f(q), by scipy
    let choice = program!(|[p]: [S; 1], chance| -> S {
        let shift = if chance.bernoulli(p) { 3.0 } else { 0.0 };
        S::from(shift + chance.normal())
    });
    let exact = [3.0277912298369776, 11.198992011918044, 3.8044261329082785, 7.697088276428917];
    at_risk("a choice", [0.1], 0, choice, exact);
}

/// The interval from the order of the samples covers too, and the estimated bias is of the size that a parabola leaves.
#[test]
fn order_statistics_and_bias() {
    let loss = program!(|[s]: [S; 1], chance| -> S { (s * chance.normal()).exp() });
    let mut inside = 0;
    for seed in 0..1000 {
        let e = estimate::value_at_risk([0.5], 0.9, loss).samples(1000).run_seed(seed).unwrap();
        let q = (0.5 * 1.2815515655446004f64).exp();
        inside += u32::from(e.interval[0] <= q && q <= e.interval[1]);
        assert!(e.gradient_bias[0].abs() < e.quantile.gradient_se[0], "{e}");
    }
    assert!((940..=980).contains(&inside), "{inside}");
}

#[test]
fn probabilities_and_excesses() {
    let two = program!(|[a, b]: [S; 2], chance| -> S { a * chance.normal() + b * chance.normal() });
    // at 7, by mpmath: Φ(-1.4), φ(1.4) 1.4 a/25, 5 (φ(1.4) - 1.4 Φ(-1.4)), φ(1.4) a/5
    let exact = [0.08075665923377105, 0.025154214226805135, 0.18334071354232694, 0.08983647938144691];
    for n in [1000, 10_000] {
        let run = |seed| {
            let e = estimate::exceedance([3.0, 4.0], 7.0, two).samples(n).run_seed(seed).unwrap();
            let (p, x) = (e.probability, e.excess);
            let width = p.half_width(0.95);
            vec![
                (p.value, p.value_se, width),
                (p.gradient[0], p.gradient_se[0], width),
                (x.value, x.value_se, width),
                (x.gradient[0], x.gradient_se[0], width),
            ]
        };
        Coverage::of(&exact, 1000, run).check(&format!("exceedance, {n}"), 93.0..=97.0, 0.1);
    }
    // a choice, and a result that has few values: no bias, and no density
    let dice = program!(|[p]: [S; 1], chance| -> S { S::from(chance.binomial(10, p) as f64) });
    // P(k > 5) at p = .4 by its sum, and 10 C(9, 5) p^5 (1 - p)^4
    let exact = [0.1662386176, 10.0 * 126.0 * 0.4f64.powi(5) * 0.6f64.powi(4)];
    let run = |seed| {
        let p = estimate::exceedance([0.4], 5.0, dice).samples(1000).run_seed(seed).unwrap().probability;
        vec![(p.value, p.value_se, p.half_width(0.95)), (p.gradient[0], p.gradient_se[0], p.half_width(0.95))]
    };
    Coverage::of(&exact, 4000, run).check("of a count", 93.0..=97.0, 0.0);
}

#[test]
fn logarithms_of_mean_exponentials() {
    let f = program!(|[m, s]: [S; 2], chance| -> S { m + s * chance.normal() });
    for n in [100, 1000] {
        let run = |seed| {
            let e = estimate::ln_mean_exp([800.0, 0.5], f).samples(n).run_seed(seed).unwrap();
            let width = e.half_width(0.95);
            assert!((e.gradient[0] - 1.0).abs() < 1e-12);
            vec![(e.value, e.value_se, width), (e.gradient[1], e.gradient_se[1], width)]
        };
        Coverage::of(&[800.125, 0.5], 1000, run).check(&format!("ln E exp, {n}"), 93.0..=97.0, 0.05);
    }
    // ln E e^(2 k) of a coin is ln(1 + (e² - 1) p)
    let coin = program!(|[p]: [S; 1], chance| -> S { S::from(if chance.bernoulli(p) { 2.0 } else { 0.0 }) });
    let over = 2f64.exp_m1();
    let run = |seed| {
        let e = estimate::ln_mean_exp([0.3], coin).samples(1000).run_seed(seed).unwrap();
        let width = e.half_width(0.95);
        vec![(e.value, e.value_se, width), (e.gradient[0], e.gradient_se[0], width)]
    };
    let exact = [(0.3 * over).ln_1p(), over / (1.0 + 0.3 * over)];
    Coverage::of(&exact, 1000, run).check("ln E exp of a coin", 93.0..=97.0, 0.05);
    // a tail that a few samples decide is noted
    let e = estimate::ln_mean_exp([0.0, 4.0], f).samples(20_000).run_seed(1).unwrap();
    assert!(e.notes.dominated, "{e}");
}

/// A call at a strike of 110 with spot 100 and volatility .2, by Black & Scholes in mpmath: delta, vega; gamma, vanna,
/// volga.
const CALL: [f64; 5] =
    [0.353253691528063, 37.16384436594333, 0.018581922182971666, 1.0713423940142178, 40.3414941626033];

fn call() -> impl Program<Theta = [f64; 2], Output = Result<f64, LawError>> + Copy + Sync {
    program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let price = chance.draw(&LogNormal::new(spot.ln() - vol * vol * 0.5, vol)?);
        Ok((price - 110.0).max(S::from(0.0)))
    })
}

#[test]
fn second_derivatives_of_a_call() {
    let (theta, n) = ([100.0, 0.2], 200_000);
    let e = estimate::kinked_hessian(theta, call()).samples(n).run_seed(1).unwrap();
    let scores = estimate::likelihood_ratio_hessian(theta, call()).samples(n).run_seed(1).unwrap();
    for (name, e) in [("score of the path", &e), ("scores alone", &scores)] {
        let got = [e.gradient[0], e.gradient[1], e.hessian[0][0], e.hessian[0][1], e.hessian[1][1]];
        let se = [e.gradient_se[0], e.gradient_se[1], e.hessian_se[0][0], e.hessian_se[0][1], e.hessian_se[1][1]];
        for (k, want) in CALL.into_iter().enumerate() {
            assert!((got[k] - want).abs() < 5.0 * se[k], "{name} {k}: {} ± {}, not {want}", got[k], se[k]);
        }
        assert_eq!(e.hessian[0][1], e.hessian[1][0]);
    }
    // gamma, vanna, volga: the variance of scores alone is larger by these factors
    let gain = |i: usize, j: usize| (scores.hessian_se[i][j] / e.hessian_se[i][j]).powi(2);
    println!("variance of scores alone: {:.0} {:.0} {:.0} times", gain(0, 0), gain(0, 1), gain(1, 1));
    assert!(gain(0, 0) > 4.0 && gain(0, 1) > 4.0 && gain(1, 1) > 4.0);
    // noise without a score loses gamma, and is noted
    let of_noise = program!(|[spot, vol]: [S; 2], chance| -> S {
        (spot * (vol * chance.normal() - vol * vol * 0.5).exp() - 110.0).max(S::from(0.0))
    });
    let blind = estimate::kinked_hessian(theta, of_noise).samples(1000).run_seed(1).unwrap();
    assert!(blind.notes.plain_noise && blind.to_string().contains("have no score"));
    assert!(!e.notes.plain_noise && !scores.notes.plain_noise);
    let parts = estimate::likelihood_ratio(theta, of_noise).samples(5000);
    assert_eq!(parts.of_parts(&parts.part(3, 0..parts.blocks()).unwrap()).unwrap(), parts.run_seed(3).unwrap());
    // what pathwise derivatives miss: gamma, all of it
    let lost = estimate::pathwise_program_hessian(theta, call()).samples(n).run_seed(1).unwrap();
    assert!((lost.hessian[0][0] - CALL[2]).abs() > 100.0 * lost.hessian_se[0][0]);
}

/// Samples of volga are as skewed as a third power of a normal variable: it takes 10 000 of them. (At 100 samples
/// intervals of gamma, vanna, volga cover in 94, 87, 77 %, by scores alone in 80, 63, 48.)
#[test]
fn second_derivatives_cover() {
    for (n, parts) in [(100, 1), (1000, 2), (10_000, 3)] {
        let run = |seed| {
            let e = estimate::kinked_hessian([100.0, 0.2], call()).samples(n).run_seed(seed).unwrap();
            let width = e.half_width(0.95);
            let h = |i: usize, j: usize| (e.hessian[i][j], e.hessian_se[i][j], width);
            vec![h(0, 0), h(0, 1), h(1, 1)][..parts].to_vec()
        };
        let exact = &CALL[2..2 + parts];
        Coverage::of(exact, 1000, run).check(&format!("kinked Hessian, {n}"), 93.0..=97.0, 0.0);
    }
}

/// |X| with X = x + y Z in two draws, the second of which moves with the first, and a choice: a kink at a place that moves.
#[test]
fn draws_that_depend_on_draws_and_choices() {
    let f = program!(|[m, s, p]: [S; 3], chance| -> Result<S, LawError> {
        let first = chance.draw(&Normal::new(m, s)?);
        let second = chance.draw(&Normal::new(first * 0.5, s)?);
        let sign = if chance.bernoulli(p) { 2.0 } else { 1.0 };
        Ok(second.abs() * sign)
    });
    // E|N(μ, σ²)| (1 + p) with μ = m/2, σ² = 1.25 s²: σ √(2/π) e^(-μ²/2σ²) + μ (1 - 2 Φ(-μ/σ))
    let exact = |[m, s, p]: [Jet<Jet<f64, 3>, 3>; 3]| {
        let (mu, sigma) = (m * 0.5, s * 1.25f64.sqrt());
        let z = mu / sigma;
        let law = Normal::new(Jet::from(0.0), Jet::from(1.0)).unwrap();
        (sigma * law.pdf(z) * 2.0 + mu * (-law.cdf(-z) * 2.0 + 1.0)) * (p + 1.0)
    };
    let theta = [0.7, 1.1, 0.3];
    let (value, gradient, hessian) = exact(Jet::second_order(theta)).hessian();
    let e = estimate::kinked_hessian(theta, f).samples(400_000).run_seed(3).unwrap();
    assert!((e.value - value).abs() < 5.0 * e.value_se);
    for i in 0..3 {
        assert!((e.gradient[i] - gradient[i]).abs() < 5.0 * e.gradient_se[i], "{i}: {e}");
        for j in 0..3 {
            let (got, se) = (e.hessian[i][j], e.hessian_se[i][j]);
            assert!((got - hessian[i][j]).abs() <= 5.0 * se, "{i} {j}: {got} ± {se}, not {}", hessian[i][j]);
        }
    }
}

#[test]
fn jumps_by_scores() {
    // a digital call: Φ(d2), by mpmath
    let digital = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let price = chance.draw(&LogNormal::new(spot.ln() - vol * vol * 0.5, vol)?);
        Ok(S::from(if price.re() > 110.0 { 1.0 } else { 0.0 }))
    });
    let exact = [0.28212143828542195, 0.01689265652997424, 0.6360945003225313];
    for n in [100, 1000] {
        let run = |seed| {
            let e = estimate::likelihood_ratio([100.0, 0.2], digital).samples(n).run_seed(seed).unwrap();
            let width = e.half_width(0.95);
            vec![
                (e.value, e.value_se, width),
                (e.gradient[0], e.gradient_se[0], width),
                (e.gradient[1], e.gradient_se[1], width),
            ]
        };
        Coverage::of(&exact, 1000, run).check(&format!("likelihood ratio, {n}"), 92.0..=97.0, 0.0);
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let f = program!(|[p, s]: [S; 2], chance| -> S {
        let shift = if chance.bernoulli(p) { 3.0 } else { 0.0 };
        s * chance.normal() + shift
    });
    let risk = || estimate::value_at_risk([0.1, 1.0], 0.9, f).samples(5000);
    assert_eq!(risk().par_run_seed(3).unwrap(), risk().run_seed(3).unwrap());
    let beyond = || estimate::exceedance([0.1, 1.0], 2.0, f).samples(5000);
    assert_eq!(beyond().par_run_seed(3).unwrap(), beyond().run_seed(3).unwrap());
    let ln = || estimate::ln_mean_exp([0.1, 1.0], f).samples(5000);
    assert_eq!(ln().par_run_seed(3).unwrap(), ln().run_seed(3).unwrap());
    let kinked = || estimate::kinked_hessian([100.0, 0.2], call()).samples(5000);
    assert_eq!(kinked().par_run_seed(3).unwrap(), kinked().run_seed(3).unwrap());
}

#[test]
fn what_is_refused() {
    let f = program!(|[s]: [S; 1], chance| -> S { s * chance.normal() });
    let risk = |level, n| estimate::value_at_risk([1.0], level, f).samples(n).run_seed(1).map(|_| ());
    for level in [0.0, 1.0, -0.5, f64::NAN] {
        assert!(matches!(risk(level, 1000), Err(EstimateError::Setting { .. })), "{level}");
    }
    assert_eq!(risk(0.99, 900), Err(EstimateError::FewBeyond { beyond: 9, needed: 10 }));
    assert_eq!(risk(0.9, 1), Err(EstimateError::TooFewSamples { samples: 1 }));
    let beyond = estimate::exceedance([1.0], 8.0, f).samples(1000).run_seed(1).unwrap_err();
    assert_eq!(beyond, EstimateError::FewBeyond { beyond: 0, needed: 10 });
    let nowhere = estimate::exceedance([1.0], f64::NAN, f).run_seed(1);
    assert!(matches!(nowhere, Err(EstimateError::Setting { .. })));
    let infinite = program!(|[s]: [S; 1], chance| -> S { s / chance.normal().max(0.0) });
    assert!(matches!(estimate::value_at_risk([1.0], 0.9, infinite).run_seed(1), Err(EstimateError::NotFinite { .. })));
    // a quantile of a count has no derivative
    let count = program!(|[p]: [S; 1], chance| -> S { S::from(chance.binomial(10, p) as f64) });
    let e = estimate::value_at_risk([0.4], 0.9, count).run_seed(1).unwrap_err();
    assert!(matches!(e, EstimateError::Atom { value: 6.0 }), "{e}");
    let nothing = program!(|[p]: [S; 1], _chance| -> S { p });
    assert!(estimate::value_at_risk([0.4], 0.9, nothing).run_seed(1).is_err());
}
