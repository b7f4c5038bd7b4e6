//! Handles: the same program, the same values in every scalar and under every handle; events, races, thresholds, counts
//! in cells, paths.

use nalgebra::{Matrix2, Vector2};
use rand_xoshiro::{Xoshiro256PlusPlus as Generator, rand_core::SeedableRng};
use reparam::distr::LawError;
use reparam::estimate;
use reparam::prelude::*;
use reparam::program::{self, Antithetic, Coupled, Outcome, Parameters, Plain, Quasi, Scores, Sobol, Values, Watched};
use reparam::relax::RelaxedOneHotCategorical;

/// The results of a program under every handle, as bits.
fn bits<P: Program, S: Scalar>(program: &P, theta: &<P::Theta as Parameters>::Of<S>) -> Vec<u64> {
    fn run<P: Program, S: Scalar, C: Chance<S>>(
        out: &mut Vec<u64>,
        program: &P,
        theta: &<P::Theta as Parameters>::Of<S>,
        mut chance: C,
    ) {
        let Ok(values) = P::Output::result::<S>(program.run(theta, &mut chance)) else { panic!("an error") };
        let values: &[S] = <<P::Output as Outcome>::Values as Values>::slice(&values);
        out.extend(values.iter().map(|x| x.re().to_bits()));
        assert_eq!(chance.fault(), None);
    }
    let mut out = Vec::new();
    for seed in 0..20 {
        let rng = Generator::seed_from_u64(seed);
        run::<P, S, _>(&mut out, program, theta, Plain::new(rng.clone()));
        run::<P, S, _>(&mut out, program, theta, Antithetic::new(rng.clone(), false));
        run::<P, S, _>(&mut out, program, theta, Antithetic::new(rng, true));
        run::<P, S, _>(&mut out, program, theta, Coupled::new(seed));
        run::<P, S, _>(&mut out, program, theta, Watched::new(Coupled::new(seed), Scores::new()));
        run::<P, S, _>(&mut out, program, theta, Quasi::new(&mut Sobol::new(seed), seed));
    }
    assert!(out.iter().all(|x| f64::from_bits(*x).is_finite()));
    out
}

/// The same in `f64`, jets of first and second order, and jets that are constants.
fn same_everywhere<P: Program<Theta = [f64; N]>, const N: usize>(program: P, theta: [f64; N]) {
    let want = bits::<P, f64>(&program, &theta);
    assert_eq!(want, bits::<P, Jet<f64, N>>(&program, &Jet::variables(theta)));
    assert_eq!(want, bits::<P, Jet<Jet<f64, N>, N>>(&program, &Jet::second_order(theta)));
    assert_eq!(want, bits::<P, Jet<f64, 8>>(&program, &theta.map(Jet::constant)));
}

#[test]
fn programs_have_one_value() {
    same_everywhere(
        program!(|[p]: [S; 1], chance| -> S {
            let (mut x, mut steps) = (0i32, 0.0);
            while x.abs() <= 3 {
                x += if chance.bernoulli(p) { 1 } else { -1 };
                steps += 1.0;
            }
            S::from(steps)
        }),
        [0.6],
    );
    let days = 12;
    same_everywhere(
        program!(|[spot, vol]: [S; 2], chance| using (days: u32) -> Result<S, LawError> {
            let dt = 1.0 / f64::from(days);
            let mut x = spot.ln();
            for _ in 0..days {
                let law = Normal::new(x - vol * vol * (0.5 * dt), vol * dt.sqrt())?;
                let (alive, price) = chance.threshold(&law, S::from(90f64.ln()));
                if !alive {
                    return Ok(S::from(0.0));
                }
                x = price;
            }
            Ok((x.exp() - 100.0).max(S::from(0.0)))
        }),
        [100.0, 0.2],
    );
    same_everywhere(
        program!(|[fail, repair]: [S; 2], chance| -> [S; 2] {
            let (mut up, mut left, mut all_up) = (3u32, S::from(3.0), S::from(0.0));
            while let Some((who, wait)) = chance.race(&[fail * f64::from(up), repair * f64::from(3 - up)], left) {
                if up == 3 {
                    all_up += wait;
                }
                left -= wait;
                up = if who == 0 { up - 1 } else { up + 1 };
            }
            [S::from(f64::from(up)), all_up]
        }),
        [0.5, 1.0],
    );
    same_everywhere(
        program!(|[shape, rate]: [S; 2], chance| -> Result<Vec<S>, LawError> {
            let law = Gamma::new(shape, rate)?;
            Ok((0..3).map(|_| chance.scope(|chance| chance.draw(&law) + chance.exponential())).collect())
        }),
        [2.5, 2.0],
    );
}

/// Vectors, matrices, relaxed choices and a mixture of products in one program: with matrix products in its scalar.
fn joint() -> impl Program<Theta = [f64; 2], Output = Result<[f64; 4], LawError>> + Copy {
    program!(|[a, b]: [S; 2], chance| -> Result<[S; 4], LawError> {
        let (zero, one) = (S::from(0.0), S::from(1.0));
        let covariance = Matrix2::new(a, one, one, b);
        let x = chance.draw_joint(&MultivariateNormal::from_covariance(Vector2::new(a, b), covariance)?);
        let quadratic = (x.transpose() * covariance * x)[0];
        let p = chance.draw_joint(&Dirichlet::new(Vector2::new(a, b))?);
        let relaxed = RelaxedOneHotCategorical::new(one, [a, b, zero]).expect("valid");
        let [_, second, _] = chance.draw_joint(&relaxed);
        let rows = [(Normal::new(a, one)?, Exponential::new(b)?), (Normal::new(zero, b)?, Exponential::new(a)?)];
        let [y, z] = chance.draw_joint(&FactorizedMixture::new([a, b], rows)?);
        Ok([quadratic, p[0], second, y * z])
    })
}

#[test]
fn laws_of_several_numbers() {
    same_everywhere(joint(), [2.0, 1.5]);
    let plain = estimate::pathwise_program([2.0, 1.5], joint()).samples(65_536).run_seed(1).unwrap();
    let quasi = estimate::quasi([2.0, 1.5], joint()).points(2048).run_seed(2).unwrap();
    for k in 0..4 {
        let pairs = [
            ((plain.value[k], plain.value_se[k]), (quasi.value[k], quasi.value_se[k])),
            ((plain.gradient[k][0], plain.gradient_se[k][0]), (quasi.gradient[k][0], quasi.gradient_se[k][0])),
            ((plain.gradient[k][1], plain.gradient_se[k][1]), (quasi.gradient[k][1], quasi.gradient_se[k][1])),
        ];
        for ((a, a_se), (b, b_se)) in pairs {
            assert!((a - b).abs() < 5.0 * a_se.hypot(b_se), "{k}: {a} ± {a_se}, quasi-random {b} ± {b_se}");
            assert!(b_se < 0.5 * a_se, "{k}: no gain, {a_se} {b_se}");
        }
    }
    // E[xᵀ Σ x] = tr Σ² + μᵀ Σ μ = a² + b² + 2 + a³ + b³ + 2 a b
    let [a, b] = [2.0, 1.5];
    near(
        "quadratic form",
        quasi.value[0],
        quasi.value_se[0],
        a * a + b * b + 2.0 + a * a * a + b * b * b + 2.0 * a * b,
    );
    near("in a", quasi.gradient[0][0], quasi.gradient_se[0][0], 2.0 * a + 3.0 * a * a + 2.0 * b);
    near("a proportion", quasi.value[1], quasi.value_se[1], a / (a + b));
    // the mean of the product in each component: a/b and 0/a
    near("a mixture", quasi.value[3], quasi.value_se[3], a / (a + b) * (a / b));
}

/// What is captured comes as it is, or by reference; a closure of a generic function as well.
#[test]
fn captures() {
    struct Own(Vec<f64>);
    fn scaled<F: Fn(f64) -> f64 + Copy>(f: F) -> impl Program<Theta = [f64; 1], Output = f64> + Copy {
        program!(|[x]: [S; 1], chance| using [F: Fn(f64) -> f64 + Copy] (f: F) -> S { x * f(chance.uniform().ceil() + 1.0) })
    }
    let values = vec![1.0, 2.0, 4.0];
    let all = program!(|[p]: [S; 1], _chance| using (own: Own = Own(values.clone()), slice: &[f64] = &values, n: usize = 2) -> S {
        p * (own.0.iter().sum::<f64>() + slice[..n].iter().sum::<f64>())
    });
    assert_eq!(program::run(&all, &[2.0], 1), Ok(20.0));
    let three = 3.0;
    assert_eq!(program::run(&scaled(|x| x * three), &[5.0], 1), Ok(30.0));
    let sums = program!(|theta: &[S], chance| using (values: &[f64] = &values) -> Vec<S> {
        theta.iter().zip(values).map(|(t, v)| *t * *v * chance.exponential()).collect()
    });
    let e = estimate::pathwise_program_dyn(&[1.0, 1.0, 1.0], sums).run_seed(1).unwrap();
    for (k, v) in values.iter().enumerate() {
        assert!((e.value[k] - v).abs() < 5.0 * e.value_se[k]);
        for i in 0..3 {
            let want = if i == k { *v } else { 0.0 };
            assert!((e.gradient[k][i] - want).abs() <= 5.0 * e.gradient_se[k][i], "{k} {i}");
        }
    }
}

/// What comes after a scope does not depend on how many numbers it used, under any handle that has places.
#[test]
fn scopes_keep_places() {
    fn after<C: Chance<f64>>(used: usize, mut chance: C) -> [f64; 2] {
        let before = chance.uniform();
        chance.scope(|chance| (0..used).for_each(|_| assert!(chance.normal().is_finite())));
        [before, chance.uniform()]
    }
    for seed in 0..10 {
        let quasi = |used| after(used, Quasi::new(&mut Sobol::new(seed), 1));
        let watched = |used| after(used, Watched::new(Quasi::new(&mut Sobol::new(seed), 1), ()));
        let coupled = |used| after(used, Coupled::new(seed));
        for used in [1, 3, 4, 5, 100] {
            assert_eq!(quasi(0), quasi(used));
            assert_eq!(quasi(0), watched(used));
            assert_eq!(coupled(0), coupled(used));
        }
    }
}

/// Hazards that round to certainty on either side keep their derivatives.
#[test]
fn events_at_the_ends() {
    // nothing happens: P = e^-h, whose derivative is -1 at any small h
    let none = program!(|[h]: [S; 1], chance| -> S { S::from(f64::from(u8::from(!chance.event(h)))) });
    let e = estimate::score([1e-20], none).run_seed(1).unwrap();
    assert_eq!((e.value, e.gradient[0], e.gradient_se[0]), (1.0, 0.0, 0.0));
    let e = estimate::replay([1e-20], none).run_seed(1).unwrap();
    assert_eq!((e.value, e.gradient[0]), (1.0, -1.0));
    let exact = program::enumerate(&Jet::variables([1e-20]), none).run().unwrap().value;
    assert_eq!((exact.re, exact.eps), (1.0, [-1.0]));
    // and with certainty
    let e = estimate::score([800.0], none).run_seed(1).unwrap();
    assert_eq!((e.value, e.gradient[0]), (0.0, 0.0));
    let e = estimate::score([f64::MAX], none).run_seed(1).unwrap();
    assert_eq!((e.value, e.gradient[0]), (0.0, 0.0));
    assert!(estimate::score([-1.0], none).run_seed(1).is_err());
    // scores, replay and exact derivatives agree in the middle: e^-h
    for h in [0.01, 0.7, 5.0f64] {
        let want = -(-h).exp();
        let s = estimate::score([h], none).samples(40_000).run_seed(2).unwrap();
        let r = estimate::replay([h], none).samples(40_000).run_seed(3).unwrap();
        assert!((s.gradient[0] - want).abs() < 5.0 * s.gradient_se[0] + 1e-15, "{h}");
        assert!((r.gradient[0] - want).abs() < 5.0 * r.gradient_se[0] + 1e-15, "{h}");
        for weights in [program::Weights::OneSided, program::Weights::TwoSided] {
            let r = estimate::replay([h], none).weights(weights).samples(40_000).run_seed(3).unwrap();
            assert!((r.gradient[0] - want).abs() < 5.0 * r.gradient_se[0] + 1e-15, "{h}");
        }
    }
}

/// The first of exponential clocks: who, when, and whether in time; by the closed forms of all three, with derivatives.
#[test]
fn races() {
    // [P(first), E wait, P(none)] of clocks a and b until T = 0.8
    let race = program!(|[a, b]: [S; 2], chance| -> [S; 3] {
        match chance.race(&[a, b], S::from(0.8)) {
            None => [S::from(0.0), S::from(0.0), S::from(1.0)],
            Some((who, wait)) => [S::from(f64::from(u8::from(who == 0))), wait, S::from(0.0)],
        }
    });
    let [a, b] = Jet::<f64, 2>::variables([1.0, 2.5]);
    let total: Jet<f64, 2> = a + b;
    let none = (-total * 0.8).exp();
    let exact = [a / total * (-none + 1.0), (-none + 1.0) / total - none * 0.8, none];
    let e = estimate::score([1.0, 2.5], race).samples(200_000).run_seed(1).unwrap();
    for k in 0..3 {
        assert!((e.value[k] - exact[k].re).abs() < 5.0 * e.value_se[k], "{k}");
        for i in 0..2 {
            let (got, se) = (e.gradient[k][i], e.gradient_se[k][i]);
            assert!((got - exact[k].eps[i]).abs() < 5.0 * se, "{k} {i}: {got} ± {se}, not {}", exact[k].eps[i]);
        }
    }
    // without a horizon, and without rates
    let mut chance = Coupled::new(1);
    assert!((0..100).all(|_| chance.race(&[1.0, 2.0], f64::INFINITY).is_some()));
    assert!(chance.race(&[0.0, 0.0], 1.0).is_none());
}

/// Counts in cells: means n p, covariances -n p q, also where cells are empty.
#[test]
fn counts_in_cells() {
    let f = program!(|[p, q]: [S; 2], chance| -> [S; 4] {
        let mut counts = [0; 4];
        chance.multinomial(6, &[p, S::from(0.0), q, -p - q + 1.0], &mut counts);
        assert_eq!((counts[1], counts.iter().sum::<u64>()), (0, 6));
        [counts[0], counts[2], counts[3], counts[0] * counts[2]].map(|x| S::from(x as f64))
    });
    let [p, q] = Jet::<f64, 2>::variables([0.2, 0.3]);
    let exact = program::enumerate(&[p, q], f).run().unwrap().value;
    for (got, want) in exact.into_iter().zip([p * 6.0, q * 6.0, (-p - q + 1.0) * 6.0, p * q * 30.0]) {
        let (got, want): (Jet<f64, 2>, Jet<f64, 2>) = (got, want);
        assert!((got.re - want.re).abs() < 1e-13);
        (0..2).for_each(|i| assert!((got.eps[i] - want.eps[i]).abs() < 1e-12, "{got:?} {want:?}"));
    }
}

/// Variances t and covariances min(s, t) at uneven times, by the bridge.
#[test]
fn brownian_motion() {
    let times = [0.1, 0.4, 0.5, 1.0, 1.7, 3.0];
    let n = 40_000;
    let mut sums = [[0.0; 6]; 6];
    for seed in 0..n {
        let mut path = [0.0; 6];
        Chance::<f64>::brownian(&mut Coupled::new(seed), &times, &mut path);
        for i in 0..6 {
            (0..=i).for_each(|j| sums[i][j] += path[i] * path[j] / n as f64);
        }
    }
    for i in 0..6 {
        for j in 0..=i {
            // Var(w_i w_j) = t_i t_j + min²
            let (want, se) = (times[j], ((times[i] * times[j] + times[j] * times[j]) / n as f64).sqrt());
            assert!((sums[i][j] - want).abs() < 5.0 * se, "{i} {j}: {} not {want}", sums[i][j]);
        }
    }
}

/// A knock-out option: survival by a choice and by a weight have one expectation and one gradient.
#[test]
fn thresholds_and_their_weights_agree() {
    let by_choice = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let mut x = spot.ln();
        for _ in 0..4 {
            let law = Normal::new(x - vol * vol * 0.125, vol * 0.5)?;
            let (alive, price) = chance.threshold(&law, S::from(90f64.ln()));
            if !alive {
                return Ok(S::from(0.0));
            }
            x = price;
        }
        Ok((x.exp() - 100.0).max(S::from(0.0)))
    });
    let by_weight = program!(|[spot, vol]: [S; 2], chance| -> Result<S, LawError> {
        let (mut x, mut ln_p) = (spot.ln(), S::from(0.0));
        for _ in 0..4 {
            let (price, alive) =
                chance.threshold_weight(&Normal::new(x - vol * vol * 0.125, vol * 0.5)?, S::from(90f64.ln()));
            (x, ln_p) = (price, ln_p + alive);
        }
        Ok((x.exp() - 100.0).max(S::from(0.0)) * ln_p.exp())
    });
    let a = estimate::score([100.0, 0.2], by_choice).samples(200_000).run_seed(1).unwrap();
    let b = estimate::quasi([100.0, 0.2], by_weight).points(2048).run_seed(2).unwrap();
    assert!((a.value - b.value).abs() < 5.0 * a.value_se.hypot(b.value_se));
    for i in 0..2 {
        let se = a.gradient_se[i].hypot(b.gradient_se[i]);
        assert!((a.gradient[i] - b.gradient[i]).abs() < 5.0 * se, "{i}: {} {} ± {se}", a.gradient[i], b.gradient[i]);
    }
}

/// Times that are equal, and 0; times that go back are refused.
#[test]
fn paths_at_equal_times() {
    let path = |times: [f64; 5]| {
        let mut path = [f64::NAN; 5];
        Chance::<f64>::brownian(&mut Coupled::new(1), &times, &mut path);
        path
    };
    let [a, b, c, d, e] = path([0.0, 0.0, 1.0, 1.0, 1.0]);
    assert_eq!((a, b), (0.0, 0.0));
    assert!(c != 0.0 && c == d && d == e);
    for times in [[0.0, 1.0, 0.5, 2.0, 3.0], [-1.0, 0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0, f64::NAN]] {
        assert!(std::panic::catch_unwind(|| path(times)).is_err());
    }
}

/// Weights and rates that are no probabilities, in every sample and not only where a run meets them.
#[test]
fn refused_weights_and_rates() {
    for weights in [[0.0, 0.0], [1.5, -0.5], [f64::NAN, 1.0], [f64::INFINITY, 1.0]] {
        let mut chance = Coupled::new(1);
        Chance::<f64>::multinomial(&mut chance, 5, &weights, &mut [0; 2]);
        assert!(Chance::<f64>::fault(&chance).is_some(), "{weights:?}");
    }
    for (rates, left) in
        [([-1e-9, 1e-9], 1.0), ([-1.0, 2.0], f64::INFINITY), ([f64::NAN, 1.0], 1.0), ([1.0, 1.0], -1.0)]
    {
        let mut chance = Coupled::new(1);
        chance.race(&rates, left);
        assert!(Chance::<f64>::fault(&chance).is_some(), "{rates:?}");
    }
}

/// Within five standard errors.
fn near(what: &str, got: f64, se: f64, exact: f64) {
    assert!((got - exact).abs() < 5.0 * se, "{what}: {got} ± {se}, not {exact}");
}

/// E k² of a negative binomial number, r o + (r + r²) o² with the odds o = (1 - p)/p, and its derivatives, by every
/// estimator.
#[test]
fn negative_binomial() {
    let square = program!(|[r, p]: [S; 2], chance| -> S { S::from((chance.negative_binomial(r, p) as f64).powi(2)) });
    for theta in [[2.5, 0.4], [0.3, 0.7], [40.0, 0.9]] {
        let [r, p]: [f64; 2] = theta;
        let o = (1.0 - p) / p;
        let exact = r * o + (r + r * r) * o * o;
        let gradient = [o + (1.0 + 2.0 * r) * o * o, -(r + 2.0 * (r + r * r) * o) / (p * p)];
        for (name, e) in [
            ("score", estimate::score(theta, square).samples(40_000).run_seed(1).unwrap()),
            ("replay", estimate::replay(theta, square).samples(40_000).run_seed(2).unwrap()),
            ("mix", estimate::mix(theta, square).samples(40_000).run_seed(3).unwrap()),
        ] {
            near(name, e.value, e.value_se, exact);
            (0..2).for_each(|i| near(name, e.gradient[i], e.gradient_se[i], gradient[i]));
        }
        same_everywhere(square, theta);
    }
    for (theta, name) in [
        ([2.0, 0.0], "the p"),
        ([2.0, 1.1], "the p"),
        ([2.0, f64::NAN], "the p"),
        ([0.0, 0.5], "the successes"),
        ([f64::NAN, 0.5], "the successes"),
    ] {
        let run = program::run::<f64, _>(&square, &theta, 1).unwrap_err().to_string();
        assert!(run.contains(&format!("{name} of a negative binomial choice must be")), "{run}");
    }
}

/// A hypergeometric number of what a binomial choice has made: E h² in closed form, by enumeration and by estimates.
#[test]
fn hypergeometric() {
    let square = program!(|[p]: [S; 1], chance| -> S {
        let carriers = chance.binomial(12, p);
        S::from((chance.hypergeometric(20, carriers, 5) as f64).powi(2))
    });
    // E[h² | K] = a (K/20 - K²/400) + 25 K²/400 with a = 5 · 15/19, and E K² = 12 p + 132 p²
    let (p, a) = (0.3, 5.0 * 15.0 / 19.0);
    let of = |mean: f64, square: f64| a * (mean / 20.0 - square / 400.0) + 25.0 * square / 400.0;
    let (exact, slope) = (of(12.0 * p, 12.0 * p + 132.0 * p * p), of(12.0, 12.0 + 264.0 * p));
    let all = program::enumerate(&Jet::variables([p]), square).run().unwrap();
    assert!((all.value.re - exact).abs() < 1e-12 && (all.value.eps[0] - slope).abs() < 1e-11, "{all:?}");
    for (name, e) in [
        ("score", estimate::score([p], square).samples(20_000).run_seed(1).unwrap()),
        ("replay", estimate::replay([p], square).samples(20_000).run_seed(2).unwrap()),
        ("mix", estimate::mix([p], square).samples(20_000).run_seed(3).unwrap()),
        ("martingale", estimate::martingale([p], square).samples(20_000).run_seed(4).unwrap()),
    ] {
        near(name, e.value, e.value_se, exact);
        near(name, e.gradient[0], e.gradient_se[0], slope);
    }
    same_everywhere(square, [p]);
    let urn = program!(|[p]: [S; 1], chance| -> S { p * chance.hypergeometric(10, 11, 5) as f64 });
    let run = program::run::<f64, _>(&urn, &[1.0], 1).unwrap_err().to_string();
    assert!(run.contains("the successes of a hypergeometric law must be at most the population, not 11"), "{run}");
}
