//! Small inputs that have misled: ends of ranges, tiny numbers, settings out of range, loops that do not end.

use reparam::estimate::{self, EstimateError};
use reparam::prelude::*;
use reparam::program::{self, EnumerateError, Weights};

/// Second derivatives at the ends, where the neighbour of the only value is empty too: E k² of binomial, Poisson and
/// geometric numbers.
#[test]
fn curvature_at_the_ends() {
    fn check(name: &str, theta: f64, want: f64, f: impl Program<Theta = [f64; 1], Output = f64> + Copy) {
        let e = estimate::replay_hessian([theta], f).samples(400_000).run_seed(1).unwrap();
        let (got, se) = (e.hessian[0][0], e.hessian_se[0][0]);
        // each of the two or three alternatives is met
        assert!(se < 0.05 * want.max(1.0), "{name} at {theta}: {got} ± {se}");
        assert!((got - want).abs() <= 5.0 * se, "{name} at {theta}: {got} ± {se}, not {want}");
    }
    let binomial = |n: u64| program!(|[p]: [S; 1], chance| using (n: u64) -> S { S::from((chance.binomial(n, p) as f64).powi(2)) });
    let poisson = program!(|[rate]: [S; 1], chance| -> S { S::from((chance.poisson(rate) as f64).powi(2)) });
    let geometric = program!(|[p]: [S; 1], chance| -> S { S::from((chance.geometric(p) as f64).powi(2)) });
    // n p + n (n - 1) p²: 2 n (n - 1)
    for (n, want) in [(1, 0.0), (2, 4.0), (3, 12.0), (5, 40.0)] {
        for p in [0.0, 1.0] {
            check("binomial", p, want, binomial(n));
        }
    }
    // rate + rate², and (q + q²)/p²
    check("Poisson", 0.0, 2.0, poisson);
    check("geometric", 1.0, 6.0, geometric);
}

/// One-sided weights where what moves leaves an empty cell.
#[test]
fn one_sided_weights_at_empty_cells() {
    let cells = program!(|w: [S; 3], chance| -> S { S::from([1.0, 5.0, -2.0][chance.ordered(&w)]) });
    let e = estimate::replay([0.5, 0.0, 0.5], cells).weights(Weights::OneSided).samples(40_000).run_seed(1).unwrap();
    // Σ v_k w_k / Σ w_k
    for (i, want) in [1.5, 5.5, -1.5].into_iter().enumerate() {
        assert!((e.gradient[i] - want).abs() < 5.0 * e.gradient_se[i], "{i}: {} ± {}", e.gradient[i], e.gradient_se[i]);
    }
    let coin = program!(|[p]: [S; 1], chance| -> S { S::from(if chance.bernoulli(p) { 10.0 } else { -1.0 }) });
    for p in [0.0, 1.0] {
        let e = estimate::replay([p], coin).weights(Weights::OneSided).run_seed(1).unwrap();
        assert_eq!((e.gradient, e.gradient_se), ([11.0], [0.0]));
    }
}

/// Where replay and score agree but for rounding, their difference says nothing: the mix is replay.
#[test]
fn mixing_rounding_noise() {
    // 3 x² of a coin or a normal number; s has a pathwise derivative only: (1 - p) 6 s
    let f = program!(|[p, m, s]: [S; 3], chance| -> Result<S, reparam::distr::LawError> {
        let x = if chance.bernoulli(p) { S::from(1.0) } else { chance.draw(&Normal::new(m, s)?) };
        Ok(x * x * 3.0)
    });
    let theta = [0.4, 0.3, 0.5];
    for seed in 0..400 {
        // the same samples
        let mix = estimate::mix(theta, f).samples(112).run_seed(seed).unwrap();
        let replay = estimate::replay(theta, f).samples(112).run_seed(seed).unwrap();
        let apart = (mix.gradient[2] - replay.gradient[2]).abs();
        assert!(apart < 1e-12, "{apart:e}");
    }
}

#[test]
fn tiny_numbers_have_errors() {
    for scale in [1e-165, 1e-170, 1e-300] {
        let e = estimate::pathwise([scale], |[x], chance| x * chance.normal()).run_seed(1).unwrap();
        assert!(e.value_se > 0.0 && (e.value.abs() < 5.0 * e.value_se) && e.gradient_se[0] > 0.005, "{e:?}");
    }
}

#[test]
fn settings_out_of_range() {
    let coin = program!(|[p]: [S; 1], chance| -> S { S::from(f64::from(u8::from(chance.bernoulli(p)))) });
    for step in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        let e = estimate::finite_difference([0.5], coin, step).run_seed(1).unwrap_err();
        assert_eq!(e.to_string(), format!("the step must be positive and finite, not {step}"));
    }
    let e = estimate::replay([0.5], coin).roulette(f64::INFINITY).run_seed(1).unwrap_err();
    assert!(e.to_string().contains("roulette"));
    let nan = estimate::Baseline::Constant(f64::NAN);
    assert!(matches!(estimate::score([0.5], coin).baseline(nan).run_seed(1), Err(EstimateError::Setting { .. })));
    for rate in [0.0, 1.5, f64::NAN] {
        let e = estimate::score([0.5], coin).baseline(estimate::Baseline::Moving { rate }).run_seed(1);
        assert!(matches!(e, Err(EstimateError::Setting { .. })), "{rate}");
    }
    for x in [f64::NAN, f64::INFINITY] {
        let e = estimate::mix([x], coin).run_seed(1).unwrap_err();
        assert_eq!(e.to_string(), format!("parameter 0 is {x}"));
    }
}

/// A coin that never shows tails, waited for.
#[test]
fn loops_that_do_not_end() {
    let forever = program!(|[p]: [S; 1], chance| -> S {
        while chance.bernoulli(p) {}
        S::from(1.0)
    });
    assert_eq!(program::enumerate(&[1.0], forever).run(), Err(EnumerateError::TooLong { limit: 4096 }));
    for e in [
        estimate::mix([1.0], forever).choices(1000).run_seed(1).unwrap_err(),
        estimate::score([1.0], forever).choices(1000).run_seed(1).unwrap_err(),
        estimate::replay([1.0], forever).choices(1000).run_seed(1).unwrap_err(),
        estimate::martingale([1.0], forever).choices(1000).run_seed(1).unwrap_err(),
        estimate::pathwise_program([1.0], forever).choices(1000).run_seed(1).unwrap_err(),
        estimate::quasi([1.0], forever).choices(1000).run_seed(1).unwrap_err(),
    ] {
        assert!(e.to_string().contains("more than 1000 choices in a run"), "{e}");
    }
}

/// A probability that has rounded to 1, with a derivative below every other error: nothing that scores would miss.
#[test]
fn probabilities_that_round_to_one() {
    // P(X > -8.3) for a normal X
    let f = program!(|[m]: [S; 1], chance| -> S {
        let p = reparam::special::normal_cdf(m + 8.3);
        S::from(f64::from(u8::from(chance.bernoulli(p))))
    });
    let e = estimate::score([0.0], f).run_seed(1).unwrap();
    assert_eq!((e.value, e.gradient), (1.0, [0.0]));
    assert!(estimate::mix([0.0], f).run_seed(1).is_ok());
    // and one with a derivative that counts: the message says which choice, and what to write
    let certain = program!(|[p]: [S; 1], chance| -> S {
        let first = chance.bernoulli(S::from(0.5));
        S::from(f64::from(u8::from(first & chance.bernoulli(p))))
    });
    let e = estimate::score([1.0], certain).run_seed(1).unwrap_err().to_string();
    assert!(e.contains("choice 1") && e.contains("bernoulli_logit") && e.contains("replay"), "{e}");
    // the mix is replay then
    let e = estimate::mix([1.0], certain).run_seed(1).unwrap();
    assert!((e.gradient[0] - 0.5).abs() < 5.0 * e.gradient_se[0]);
}

/// A coin that no sample has seen come up: what sees only what was drawn has 0 ± 0, and says that this means nothing.
#[test]
fn what_is_too_rare_is_said() {
    let rare = program!(|[p]: [S; 1], chance| -> S { S::from(if chance.bernoulli(p) { 1e6 } else { 5.0 }) });
    let rare_dyn = program!(|p: &[S], chance| -> S { S::from(if chance.bernoulli(p[0]) { 1e6 } else { 5.0 }) });
    let p = [1e-9];
    let differences = || estimate::finite_difference(p, rare, 1e-10);
    let martingale = estimate::martingale(p, rare).run_seed(1).unwrap();
    // the constant of the fit is the result, to rounding
    assert!(martingale.gradient[0].abs() < 1e-12, "{martingale}");
    let notes = [
        estimate::score(p, rare).run_seed(1).unwrap().notes,
        martingale.notes,
        estimate::quasi(p, rare).run_seed(1).unwrap().notes,
        differences().run_seed(1).unwrap().notes,
        differences().richardson().run_seed(1).unwrap().estimate.notes,
        estimate::score_dyn(&p, rare_dyn).run_seed(1).unwrap().notes,
        estimate::martingale_dyn(&p, rare_dyn).run_seed(1).unwrap().notes,
        estimate::score_hessian(p, rare).run_seed(1).unwrap().notes,
    ];
    assert!(notes.iter().all(|notes| notes.still), "{notes:?}");
    let e = estimate::score(p, rare).run_seed(1).unwrap();
    assert!(e.to_string().contains("too rare to have been seen"), "{e}");
    // one that comes up, and one that replay looks at
    assert!(!estimate::score([0.3], rare).run_seed(1).unwrap().notes.still);
    assert!(!estimate::martingale([0.3], rare).run_seed(1).unwrap().notes.still);
    let e = estimate::replay(p, rare).run_seed(1).unwrap();
    assert!((e.gradient[0] - (1e6 - 5.0)).abs() < 5.0 * e.gradient_se[0] + 1e-6 && !e.notes.still, "{e}");
}

/// Scores do not see how the end of a support moves where the density is not 0: that is said, and only there.
#[test]
fn supports_that_move_are_said() {
    let uniform =
        program!(|[m]: [S; 1], chance| -> Result<S, LawError> { Ok(chance.draw(&Uniform::new(S::from(0.0), m)?)) });
    let pareto =
        program!(|[m]: [S; 1], chance| -> Result<S, LawError> { Ok(chance.draw(&Pareto::new(m, S::from(4.0))?)) });
    for e in [
        estimate::likelihood_ratio([0.5], uniform).run_seed(1).unwrap(),
        estimate::likelihood_ratio([0.5], pareto).run_seed(1).unwrap(),
    ] {
        assert!(e.notes.moving_support && e.to_string().contains("derivatives are wrong"), "{e}");
    }
    assert!(estimate::kinked_hessian([0.5], uniform).run_seed(1).unwrap().notes.moving_support);
    // an end that stays, one that moves where the density is 0, none
    let gamma = program!(|[a]: [S; 1], chance| -> Result<S, LawError> {
        let beta = chance.draw(&Beta::new(S::from(3.0), a)?);
        let shifted = chance.draw(&Gamma::new(a, S::from(1.0))?);
        Ok(chance.draw(&Normal::new(a, S::from(1.0))?) + shifted + beta)
    });
    assert!(!estimate::likelihood_ratio([2.5], gamma).run_seed(1).unwrap().notes.moving_support);
    let triangular = program!(|[m]: [S; 1], chance| -> Result<S, LawError> {
        Ok(chance.draw(&Triangular::new(S::from(0.0), m, S::from(0.3))?))
    });
    assert!(!estimate::likelihood_ratio([2.5], triangular).run_seed(1).unwrap().notes.moving_support);
}

/// Results whose squares are no doubles have no standard errors of 0 or infinity, but an error; a pilot of differences as well.
#[test]
fn tails_and_pilots_beyond_the_doubles() {
    let scaled = |unit: f64| program!(|[m]: [S; 1], chance| using (unit: f64) -> S { (m + chance.normal()) * unit });
    for unit in [1e300, 1e200, 1e-200, 1e-300] {
        let e = estimate::value_at_risk([0.5], 0.9, scaled(unit)).samples(1000).run_seed(1).unwrap_err();
        assert!(e.to_string().contains("the spread of the results"), "{unit}: {e}");
        let e = estimate::exceedance([0.5], unit, scaled(unit)).samples(1000).run_seed(1).unwrap_err();
        assert!(e.to_string().contains("the spread of the results"), "{unit}: {e}");
    }
    let [large, small] = [1e120, 1e-120].map(|unit| {
        let e = estimate::value_at_risk([0.5], 0.9, scaled(unit)).samples(1000).run_seed(1).unwrap();
        (e.quantile.value / unit, e.shortfall.value_se / unit, e.shortfall.gradient[0] / unit)
    });
    assert!((large.0 / small.0 - 1.0).abs() < 1e-12 && (large.1 / small.1 - 1.0).abs() < 1e-9 && large.1 > 0.0);
    assert!((large.2 - 1.0).abs() < 1e-12 && (small.2 - 1.0).abs() < 1e-12);
    let steep = program!(|[m]: [S; 1], chance| -> S { m * 1e200 + chance.normal() });
    let e = estimate::exceedance([0.5e-200], 0.3, steep).samples(1000).run_seed(1).unwrap_err();
    assert!(matches!(e, EstimateError::Overflow), "{e}");

    let mut rng = program::Stream::new(1);
    let e = estimate::finite_difference([0.5], scaled(1e300), 0.1).pilot(100, &mut rng).unwrap_err();
    assert!(matches!(e, EstimateError::Overflow), "{e}");
    let e = estimate::finite_difference([f64::NAN], scaled(1.0), 0.1).pilot(100, &mut rng).unwrap_err();
    assert!(matches!(e, EstimateError::Parameter { parameter: 0, .. }), "{e}");
}
