//! Relaxations: derivatives against finite differences at fixed noise, densities against mpmath, extremes, limits.

use crate::common::{Table, Worst, relative, second_order};
use num_dual::{Dual2_64, HyperDual64};
use proptest::prelude::*;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::noise;
use reparam::prelude::*;
use reparam::relax::*;
use reparam::verify::{self, FIVE_SIGMA, kolmogorov_smirnov, mean_of};

type Xoshiro = Xoshiro256PlusPlus;

/// The parameter that was refused.
fn refused<T: std::fmt::Debug>(made: Result<T, LawError>) -> &'static str {
    made.expect_err("refused").parameter()
}

/// A relaxation of nine scores at a temperature, on fixed noise, summed to one number; x = (τ, scores).
#[derive(Clone, Copy, Debug)]
enum Relaxation {
    OneHot,
    OneHotLn,
    OneHotSlice,
    Bernoulli,
    Subset,
    Permutation,
    NeuralSort,
    SoftSort,
    Binomial,
    Poisson,
    Chain,
    ChainInTurn,
    Select,
}

const ALL: [Relaxation; 13] = [
    Relaxation::OneHot,
    Relaxation::OneHotLn,
    Relaxation::OneHotSlice,
    Relaxation::Bernoulli,
    Relaxation::Subset,
    Relaxation::Permutation,
    Relaxation::NeuralSort,
    Relaxation::SoftSort,
    Relaxation::Binomial,
    Relaxation::Poisson,
    Relaxation::Chain,
    Relaxation::ChainInTurn,
    Relaxation::Select,
];

fn square<S: Scalar>(x: [S; 9]) -> [[S; 3]; 3] {
    std::array::from_fn(|i| std::array::from_fn(|j| x[3 * i + j]))
}

/// Different weights for all entries, so that no derivative drops out.
fn weigh<S: Scalar>(y: &[S]) -> S {
    y.iter().enumerate().fold(S::from(0.0), |sum, (i, y)| sum + *y * (1.0 + i as f64).sqrt())
}

impl Relaxation {
    fn call<S: Scalar>(self, seed: u64, x: &[S]) -> S {
        let rng = &mut Xoshiro::seed_from_u64(seed);
        let (t, l): (S, [S; 9]) = (x[0], std::array::from_fn(|i| x[i + 1]));
        match self {
            Relaxation::OneHot => weigh(&RelaxedOneHotCategorical::new(t, l).unwrap().sample(rng)),
            Relaxation::OneHotLn => weigh(&RelaxedOneHotCategorical::new(t, l).unwrap().relax_ln(&gumbel_noise(rng))),
            Relaxation::OneHotSlice => {
                let mut y = [S::from(0.0); 9];
                relaxed_one_hot(&l, t, &gumbel_noise::<9, _>(rng), &mut y);
                weigh(&y)
            }
            Relaxation::Bernoulli => RelaxedBernoulli::new(t, l[0]).unwrap().sample(rng),
            Relaxation::Subset => weigh(&RelaxedSubset::new(4, t, l).unwrap().sample(rng)),
            Relaxation::Permutation => weigh(RelaxedPermutation::new(t, square(l)).unwrap().sample(rng).as_flattened()),
            Relaxation::NeuralSort => weigh(neural_sort(t, &l).unwrap().as_flattened()),
            Relaxation::SoftSort => weigh(soft_sort(t, &l).unwrap().as_flattened()),
            Relaxation::Binomial => RelaxedCount::<S, 8>::binomial(t, l[0].sigmoid()).unwrap().sample(rng),
            Relaxation::Poisson => RelaxedCount::<S, 30>::poisson(t, l[0].sigmoid() * 4.0).unwrap().sample(rng),
            Relaxation::Chain => {
                let states = [0, 1, 2].map(|i| [l[i], l[i + 1], l[i + 2]]);
                weigh(RelaxedChain::new(t, states, square(l)).unwrap().sample(rng).as_flattened())
            }
            Relaxation::ChainInTurn => {
                let states = [0, 1, 2].map(|i| [l[i], l[i + 1], l[i + 2]]);
                let law = RelaxedChain::new(t, states, square(l)).unwrap();
                weigh(law.relax_in_turn(&std::array::from_fn(|_| gumbel_noise(rng))).as_flattened())
            }
            Relaxation::Select => {
                let y = RelaxedOneHotCategorical::new(t, [l[0], l[1], l[2]]).unwrap().sample(rng);
                weigh(&select(&y, &[[l[3], l[4]], [l[5], l[6]], [l[7], l[8]]]))
            }
        }
    }
}

fn scores(rng: &mut Xoshiro) -> [f64; 9] {
    std::array::from_fn(|_| 2.0 * noise::normal(rng))
}

/// First derivatives in jets, second ones in nested jets, in the temperature and in every score.
#[test]
fn finite_differences_at_fixed_noise() {
    let mut rng = Xoshiro::seed_from_u64(1);
    for relaxation in ALL {
        for (seed, temperature) in [(1, 0.3), (2, 1.0), (3, 3.0), (4, 0.7)] {
            let mut x = [temperature; 10];
            x[1..].copy_from_slice(&scores(&mut rng));
            let result = verify::gradient(x, |x| relaxation.call(seed, &x), 1e-6);
            assert!(result.is_ok(), "{relaxation:?} at {x:?}: {}", result.unwrap_err());
        }
    }
}

/// The real part has the same bits whatever the scalar, and num-dual's derivatives are those of jets.
#[test]
fn scalars_agree() {
    let mut rng = Xoshiro::seed_from_u64(2);
    for relaxation in ALL {
        for (seed, temperature) in [(1, 1e-3), (2, 0.1), (3, 1.0), (4, 10.0)] {
            let l = scores(&mut rng);
            let point: [f64; 10] = std::array::from_fn(|i| if i == 0 { temperature } else { l[i - 1] });
            let value = relaxation.call(seed, &point);
            let first = relaxation.call(seed, &Jet::variables(point));
            let (re, gradient, hessian) = relaxation.call(seed, &second_order::<10>(&point)).hessian();
            assert_eq!((first.re.to_bits(), re.to_bits()), (value.to_bits(), value.to_bits()), "{relaxation:?}");
            // scores 0 and 1 as the two directions of a hyper-dual number
            let mut hyper = point.map(HyperDual64::from);
            hyper[1].eps1 = 1.0;
            hyper[2].eps2 = 1.0;
            let h = relaxation.call(seed, &hyper);
            let mut dual = point.map(Dual2_64::from);
            dual[0] = dual[0].derivative();
            let d = relaxation.call(seed, &dual);
            assert_eq!((h.re.to_bits(), d.re.to_bits()), (value.to_bits(), value.to_bits()), "{relaxation:?}");
            let size = gradient.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
            let size_2 = hessian.as_flattened().iter().fold(size, |m: f64, g| m.max(g.abs()));
            for (got, want) in gradient.iter().zip(first.eps) {
                assert!(relative(*got, want, size) < 1e-13, "{relaxation:?}");
            }
            assert!(relative(h.eps1, gradient[1], size) < 1e-12 && relative(h.eps2, gradient[2], size) < 1e-12);
            assert!(relative(h.eps1eps2, hessian[1][2], size_2) < 1e-11, "{relaxation:?}");
            assert!(relative(d.v1, gradient[0], size) < 1e-12, "{relaxation:?}");
            assert!(relative(d.v2, hessian[0][0], size_2) < 1e-11, "{relaxation:?}");
        }
    }
}

/// Scores of 1e4 and 1e150, the coldest and hottest temperatures: no NaN in value, gradient or Hessian.
#[test]
fn extremes_are_finite() {
    let finite = |(value, gradient, hessian): (f64, [f64; 10], [[f64; 10]; 10])| {
        value.is_finite()
            && gradient.iter().all(|g| g.is_finite())
            && hessian.as_flattened().iter().all(|h| h.is_finite())
    };
    for relaxation in ALL {
        for temperature in [1e-6, 1e-3, 0.1, 1.0, 1e3, 1e6] {
            for size in [0.0, 1.0, 30.0, 1e4, 1e10, 1e100] {
                // sigmoid(-1e10) is 0, which is no probability or rate
                if size > 100.0 && matches!(relaxation, Relaxation::Binomial | Relaxation::Poisson) {
                    continue;
                }
                let l = [-1.0, 0.0, 1.0, 0.5, -0.5, 1.0, 0.0, -1.0, 0.3].map(|l| l * size);
                let x: [f64; 10] = std::array::from_fn(|i| if i == 0 { temperature } else { l[i - 1] });
                let y = relaxation.call(5, &second_order::<10>(&x)).hessian();
                assert!(finite(y), "{relaxation:?} {temperature} {size} {y:?}");
            }
        }
    }
}

/// Anything that is accepted: no NaN in any component, and the same value in every scalar.
#[test]
fn no_nan_wherever() {
    let score = prop_oneof![Just(0.0), verify::strategy::real(), (-150.0..150.0f64).prop_map(|e| -(10f64.powf(e)))];
    let point = ((-6.0..6.0f64).prop_map(|e| 10f64.powf(e)), prop::collection::vec(score, 9));
    let config = ProptestConfig {
        cases: 500,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    };
    proptest!(config, |((temperature, scores) in point, seed: u64)| {
        let x: [f64; 10] = std::array::from_fn(|i| if i == 0 { temperature } else { scores[i - 1] });
        for relaxation in ALL {
            // a probability or a rate of 0 is refused
            if scores[0].abs() > 30.0 && matches!(relaxation, Relaxation::Binomial | Relaxation::Poisson) {
                continue;
            }
            let value = relaxation.call(seed, &x);
            let (re, gradient, hessian) = relaxation.call(seed, &second_order::<10>(&x)).hessian();
            prop_assert_eq!(re.to_bits(), value.to_bits(), "{:?}", relaxation);
            let nan = re.is_nan() || gradient.iter().chain(hessian.as_flattened()).any(|x| x.is_nan());
            prop_assert!(!nan, "{relaxation:?} {re} {gradient:?} {hessian:?}");
        }
    });
}

/// A table that `make_relaxed.py` writes.
fn own_table(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name)
}

/// A density against a table: value and derivatives in parameters and argument.
fn check_table<const N: usize>(name: &str, f: impl Fn([Jet<f64, N>; N]) -> Jet<f64, N>) {
    let table = Table::read(&own_table(name));
    let (mut value, mut slope) = (Worst::default(), Worst::default());
    for row in &table.rows {
        let got = f(Jet::variables(std::array::from_fn(|i| row[i])));
        let size = row[N + 1..2 * N + 1].iter().fold(1.0, |m: f64, d| m.max(d.abs()));
        value.add(relative(got.re, row[N], 1.0), || format!("{row:?}"));
        for i in 0..N {
            slope.add(relative(got.eps[i], row[N + 1 + i], 1e-3 * size), || format!("{i} {row:?}"));
        }
    }
    println!("{name}: {value:?} {slope:?}");
    assert!(value.error < 1e-13, "{name}: {value:?}");
    assert!(slope.error < 1e-12, "{name}: {slope:?}");
}

#[test]
fn densities_against_mpmath() {
    check_table::<7>("relaxed_one_hot.csv", |[t, a, b, c, x, y, z]| {
        RelaxedOneHotCategorical::new(t, [a, b, c]).unwrap().ln_pdf(&[x, y, z])
    });
    check_table::<3>("relaxed_bernoulli.csv", |[t, l, y]| RelaxedBernoulli::new(t, l).unwrap().ln_pdf(y));
    let table = Table::read(&own_table("relaxed_bernoulli.csv"));
    for row in &table.rows {
        let law = RelaxedBernoulli::new(row[0], row[1]).unwrap();
        let cdf = row[table.column("cdf")];
        // sigmoid multiplies what rounding does to its argument by 1 - F
        let size = 1.0 + row[1].abs() + row[0] * row[2].logit().abs();
        assert!(relative(law.cdf(row[2]), cdf, 0.0) < 4e-16 * size, "{row:?}");
    }
}

/// The logarithmic form is the same density; where entries underflow it goes on.
#[test]
fn densities_at_the_edges() {
    let law = RelaxedOneHotCategorical::new(0.5, [0.3, -1.0]).unwrap();
    let y = [0.2, 0.8];
    let ln_y = y.map(|y: f64| y.ln());
    assert!((law.ln_pdf(&y) - (law.ln_pdf_ln(&ln_y) - ln_y[0] - ln_y[1])).abs() < 1e-14);
    // two entries are the binary law of the difference of logits
    let binary = RelaxedBernoulli::new(0.5, 1.3).unwrap();
    assert!((law.ln_pdf(&y) - binary.ln_pdf(0.2)).abs() < 1e-14);
    assert_eq!(law.ln_pdf(&[0.5, 0.6]), f64::NEG_INFINITY);
    assert_eq!(law.ln_pdf(&[-0.5, 1.5]), f64::NEG_INFINITY);
    assert!(law.ln_pdf(&[f64::NAN, 0.5]).is_nan());
    assert!(law.ln_pdf(&[0.0, 1.0]).is_finite());
    let cold = RelaxedOneHotCategorical::new(1e-3, [-1e4, 0.0, 1e4]).unwrap();
    assert!(cold.ln_pdf_ln(&cold.relax_ln(&[0.1, 0.2, 0.3])).is_finite());

    for (temperature, end) in [(0.5, f64::INFINITY), (2.0, f64::NEG_INFINITY)] {
        let law = RelaxedBernoulli::new(temperature, 0.7).unwrap();
        assert_eq!((law.ln_pdf(0.0), law.ln_pdf(1.0)), (end, end));
        assert_eq!((law.ln_pdf(-0.1), law.ln_pdf(1.1)), (f64::NEG_INFINITY, f64::NEG_INFINITY));
        assert!(law.ln_pdf(f64::NAN).is_nan());
        assert_eq!((law.cdf(0.0), law.cdf(1.0), law.quantile(0.0), law.quantile(1.0)), (0.0, 1.0, 0.0, 1.0));
        assert!(law.quantile(-0.1).is_nan());
    }
    let uniform = RelaxedBernoulli::new(1.0, 0.0).unwrap();
    for y in [0.0, 0.3, 1.0] {
        assert!(uniform.ln_pdf(y).abs() < 1e-15);
    }
}

/// A draw of the binary law follows its distribution function, which its quantile inverts; its logit is logistic.
#[test]
fn bernoulli_draws_follow_their_law() {
    for (temperature, logit) in [(0.1, 1.0), (0.5, -3.0), (1.0, 0.0), (4.0, 2.0)] {
        let law = RelaxedBernoulli::new(temperature, logit).unwrap();
        let mut rng = Xoshiro::seed_from_u64(3);
        // in logits, since many cold draws round to 0 or 1
        let noise = |rng: &mut Xoshiro| noise::uniform(rng).logit();
        let draws = (0..200_000).map(|_| law.relax_logit(noise(&mut rng))).collect();
        let p = kolmogorov_smirnov(draws, |z| (temperature * z - logit).sigmoid());
        assert!(p > FIVE_SIGMA, "{temperature} {logit}: {p}");
        if temperature >= 0.5 {
            let draws = (0..200_000).map(|_| law.sample(&mut rng)).collect();
            let p = kolmogorov_smirnov(draws, |y| law.cdf(y));
            assert!(p > FIVE_SIGMA, "{temperature} {logit}: {p}");
        }
        for p in [1e-10, 0.1, 0.5, 0.99] {
            let y = law.quantile(p);
            // near 1 doubles are too few to invert
            assert!(y > 1.0 - 1e-6 || relative(law.cdf(y), p, 0.0) < 1e-9, "{temperature} {logit} {p}: {y}");
        }
    }
}

/// The largest entry is that of a categorical draw, at every temperature; the coldest draws are one-hot.
#[test]
fn the_largest_entry_is_categorical() {
    let logits = [0.5, -1.0, 1.5];
    let sum: f64 = logits.iter().map(|l| l.exp()).sum();
    let mut rng = Xoshiro::seed_from_u64(4);
    for temperature in [1e-3, 1.0, 100.0] {
        let law = RelaxedOneHotCategorical::new(temperature, logits).unwrap();
        let draws: Vec<_> = (0..100_000).map(|_| law.sample(&mut rng)).collect();
        for (k, l) in logits.iter().enumerate() {
            let hard = mean_of(draws.iter().map(|y| straight_through(*y)[k]));
            assert!(hard.sigmas(l.exp() / sum) < 5.0, "{temperature} {k} {hard:?}");
        }
        if temperature == 1e-3 {
            let blurred = draws.iter().filter(|y| y.iter().all(|y| *y < 1.0 - 1e-9)).count();
            // P(gap of the two largest below 21 τ) is of the order of 21 τ
            assert!(blurred < 3000, "{blurred}");
        }
    }
}

/// Straight-through and Gumbel-Rao have one mean; the latter less variance; both draw the same law.
#[test]
fn gumbel_rao_is_straight_through_averaged() {
    let logits = Jet::variables([0.5, -1.0, 1.5]);
    let law = RelaxedOneHotCategorical::new(0.5.into(), logits).unwrap();
    let cost = |y: [Jet<f64, 3>; 3]| (y[0] * 3.0 - y[1] * 5.0 + y[2] * 0.5 - 1.0).powi(2);
    let mut rng = Xoshiro::seed_from_u64(5);
    let run = |draw: &mut dyn FnMut() -> [Jet<f64, 3>; 3]| (0..100_000).map(|_| cost(draw())).collect::<Vec<_>>();
    let plain = run(&mut || straight_through(law.sample(&mut rng)));
    let one = run(&mut || law.gumbel_rao(0, &mut rng));
    let many = run(&mut || law.gumbel_rao(30, &mut rng));
    let reference = mean_of(plain.iter().map(|y| y.re));
    for (draws, shrink) in [(&one, 1.1), (&many, 0.95)] {
        let value = mean_of(draws.iter().map(|y| y.re));
        assert!((value.mean - reference.mean).abs() < 5.0 * value.standard_error.hypot(reference.standard_error));
        for i in 0..3 {
            let [a, b] = [&plain, draws].map(|d| mean_of(d.iter().map(|y| y.eps[i])));
            assert!((a.mean - b.mean).abs() < 5.0 * a.standard_error.hypot(b.standard_error), "{i} {a:?} {b:?}");
            assert!(b.standard_error < shrink * a.standard_error, "{i} {a:?} {b:?}");
        }
    }
    // the generator goes on alike for every scalar
    let plain = RelaxedOneHotCategorical::new(0.5, logits.map(|l| l.re)).unwrap();
    let (mut one, mut other) = (Xoshiro::seed_from_u64(1), Xoshiro::seed_from_u64(1));
    assert_eq!(plain.gumbel_rao(3, &mut one), law.gumbel_rao(3, &mut other).map(|y| y.re));
    assert_eq!(one, other);
    // scores far apart: the conditional noise is finite
    let far = RelaxedOneHotCategorical::new(1e-3.into(), Jet::variables([-1e4, 0.0, 1e4])).unwrap();
    let y = far.gumbel_rao(10, &mut rng);
    assert!(y.iter().all(|y| y.re.is_finite() && y.eps.iter().all(|e| e.is_finite())));
}

/// ReinMax at τ = 1 is exact for quadratic functions, where straight-through is not.
#[test]
fn reinmax_is_exact_for_quadratic_functions() {
    let l = [0.5, -1.0, 1.5];
    let values = [3.0, -5.0, 0.5];
    let sum: f64 = l.iter().map(|l| l.exp()).sum();
    let p = l.map(|l| l.exp() / sum);
    let costs = values.map(|v: f64| (v - 1.0).powi(2));
    let mean: f64 = (0..3).map(|k| p[k] * costs[k]).sum();
    let logits = Jet::variables(l);
    let cost = |d: [Jet<f64, 3>; 3]| (weigh_by(&d, &values) - 1.0).powi(2);
    let mut rng = Xoshiro::seed_from_u64(6);
    let draws: Vec<_> = (0..200_000).map(|_| cost(reinmax(1.0, &logits, &mut rng).unwrap())).collect();
    for i in 0..3 {
        let slope = mean_of(draws.iter().map(|y| y.eps[i]));
        assert!(slope.sigmas(p[i] * (costs[i] - mean)) < 5.0, "{i} {slope:?}");
    }
    assert!(mean_of(draws.iter().map(|y| y.re)).sigmas(mean) < 5.0);
    let far = reinmax(1.5, &Jet::variables([-1e4, 0.0, 1e4]), &mut rng).unwrap();
    assert!(far.iter().all(|y| y.eps.iter().all(|e| e.is_finite())));
    assert_eq!(refused(reinmax(0.0, &logits, &mut rng)), "temperature");
}

fn weigh_by<S: Scalar>(d: &[S], values: &[f64]) -> S {
    d.iter().zip(values).fold(S::from(0.0), |sum, (d, v)| sum + *d * *v)
}

/// Cold: the k largest keys, and inclusion probabilities of draws without replacement. Any temperature: k in total.
#[test]
fn subsets() {
    let scores = [0.3, 2.0, -1.0, 1.0, 0.9];
    for temperature in [1e-3, 0.1, 1.0, 50.0] {
        for size in 1..=5 {
            let y = RelaxedSubset::new(size, temperature, scores).unwrap().relax(&[0.0; 5]);
            assert!((y.iter().sum::<f64>() - size as f64).abs() < 1e-12 && y.iter().all(|y| *y >= 0.0));
        }
    }
    let top = RelaxedSubset::new(3, 1e-3, scores).unwrap().relax(&[0.0; 5]);
    assert!(top.iter().zip([0.0, 1.0, 0.0, 1.0, 1.0]).all(|(y, want)| (y - want).abs() < 1e-12), "{top:?}");

    let p: [f64; 3] = [0.5, 0.3, 0.2];
    let law = RelaxedSubset::new(2, 1e-4, p.map(|p| p.ln())).unwrap();
    let mut rng = Xoshiro::seed_from_u64(7);
    let draws: Vec<_> = (0..100_000).map(|_| law.sample(&mut rng)).collect();
    for k in 0..3 {
        let second: f64 = (0..3).filter(|j| *j != k).map(|j| p[j] * p[k] / (1.0 - p[j])).sum();
        let included = mean_of(draws.iter().map(|y| y[k]));
        assert!(included.sigmas(p[k] + second) < 5.0, "{k} {included:?}");
    }
    assert_eq!(refused(RelaxedSubset::new(0, 1.0, scores)), "size");
    assert_eq!(refused(RelaxedSubset::new(6, 1.0, scores)), "size");
    assert_eq!(RelaxedSubset::new(1, 1.0, [7.0]).unwrap().relax(&[0.0]), [1.0]);
}

/// Softmax after softmax, each less what is gone: by the formula in mpmath, with the derivative of entry 3 in score 1.
#[test]
fn subsets_by_their_formula() {
    let scores = [0.3, 2.0, -1.0, 1.0, 0.9];
    for (temperature, size, want, slope) in [
        (
            1.0,
            3,
            [0.3788542563588444, 1.21789723005002, 0.11391593328664505, 0.6690635167188166, 0.620269063585674],
            -0.1354294256879117,
        ),
        (
            0.5,
            2,
            [0.13779721887794394, 0.9508483181588653, 0.010650566289586124, 0.4877962931796816, 0.412907603493923],
            -0.045020278922509795,
        ),
        (
            4.0,
            4,
            [0.724219220681781, 1.06084297159824, 0.5348324925168895, 0.8495517769475792, 0.8305535382555103],
            -0.049076012774551564,
        ),
    ] {
        let y =
            RelaxedSubset::new(size, temperature.into(), Jet::<f64, 5>::variables(scores)).unwrap().relax(&[0.0; 5]);
        for (y, want) in y.iter().zip(want) {
            assert!(relative(y.re, want, 0.0) < 1e-14, "{} for {want}", y.re);
        }
        assert!(relative(y[3].eps[1], slope, 0.0) < 1e-13, "{} for {slope}", y[3].eps[1]);
    }
}

/// Cold: the best matching of all 24. Warm: doubly stochastic.
#[test]
fn permutations() {
    let mut rng = Xoshiro::seed_from_u64(8);
    let orders: Vec<[usize; 4]> =
        (0..256).map(|c| [c & 3, c >> 2 & 3, c >> 4 & 3, c >> 6]).filter(|p| (0..4).all(|i| p.contains(&i))).collect();
    assert_eq!(orders.len(), 24);
    for _ in 0..50 {
        let scores: [[f64; 4]; 4] = std::array::from_fn(|_| std::array::from_fn(|_| noise::normal(&mut rng)));
        let warm = RelaxedPermutation::new(1.0, scores).unwrap().rounds(50).relax(&[[0.0; 4]; 4]);
        for (i, row) in warm.iter().enumerate() {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-6);
            assert!((warm.iter().map(|row| row[i]).sum::<f64>() - 1.0).abs() < 1e-14);
        }
        let total = |p: &[usize; 4]| (0..4).map(|i| scores[i][p[i]]).sum::<f64>();
        let mut ranked = orders.clone();
        ranked.sort_by(|a, b| total(b).total_cmp(&total(a)));
        // balanced matrices show the second best by e^(-gap/(τ n)) if it differs by a cycle of n
        if total(&ranked[0]) - total(&ranked[1]) > 0.4 {
            let cold = RelaxedPermutation::new(0.02, scores).unwrap().rounds(2000).relax(&[[0.0; 4]; 4]);
            for (i, row) in cold.iter().enumerate() {
                assert!(row[ranked[0][i]] > 0.99, "{cold:?} {ranked:?}");
            }
        }
    }
}

#[test]
fn sorting() {
    let mut rng = Xoshiro::seed_from_u64(9);
    for _ in 0..200 {
        let s = scores(&mut rng);
        let mut order: [usize; 9] = std::array::from_fn(|i| i);
        order.sort_by(|&i, &j| s[j].total_cmp(&s[i]));
        for sort in [neural_sort, soft_sort] {
            for (row, best) in sort(1e-6, &s).unwrap().iter().zip(order) {
                assert!(row[best] > 0.999);
            }
            for row in sort(0.7, &s).unwrap() {
                assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            }
        }
    }
}

/// Cold counts have the law's mean and variance.
#[test]
fn counts() {
    let mut rng = Xoshiro::seed_from_u64(10);
    let mut moments = |what: &str, draw: &mut dyn FnMut(&mut Xoshiro) -> f64, mean: f64, variance: f64| {
        let draws: Vec<f64> = (0..100_000).map(|_| draw(&mut rng)).collect();
        assert!(mean_of(draws.iter().copied()).sigmas(mean) < 5.0, "{what}");
        assert!(mean_of(draws.iter().map(|k| (k - mean).powi(2))).sigmas(variance) < 5.0, "{what}");
    };
    let binomial = RelaxedCount::<_, 13>::binomial(1e-5, 0.3).unwrap();
    moments("binomial", &mut |rng| binomial.sample(rng), 3.6, 2.52);
    let poisson = RelaxedCount::<_, 40>::poisson(1e-5, 7.0).unwrap();
    moments("poisson", &mut |rng| poisson.sample(rng), 7.0, 7.0);
    assert_eq!(refused(RelaxedCount::<_, 10>::poisson(1.0, 7.0)), "rate");
    assert_eq!(refused(RelaxedCount::<_, 10>::poisson(1.0, -1.0)), "rate");
    assert_eq!(refused(RelaxedCount::<f64, 0>::poisson(1.0, 1.0)), "logits");
    for p in [0.0, 1.0, -0.1, f64::NAN] {
        assert_eq!(refused(RelaxedCount::<_, 3>::binomial(1.0, p)), "p");
    }
}

/// Against all 81 paths: marginals at temperature 1 without noise, the best path when cold.
#[test]
fn chains() {
    let mut rng = Xoshiro::seed_from_u64(11);
    let paths: Vec<[usize; 4]> = (0..81).map(|c| [c % 3, c / 3 % 3, c / 9 % 3, c / 27]).collect();
    for _ in 0..30 {
        let transitions = square(scores(&mut rng));
        let states: [[f64; 3]; 4] = std::array::from_fn(|_| std::array::from_fn(|_| noise::normal(&mut rng)));
        let noise: [[f64; 3]; 4] = std::array::from_fn(|_| gumbel_noise(&mut rng));
        let total = |p: &[usize; 4], noisy: f64| {
            (0..4).map(|t| states[t][p[t]] + noisy * noise[t][p[t]]).sum::<f64>()
                + (1..4).map(|t| transitions[p[t - 1]][p[t]]).sum::<f64>()
        };
        let marginals = RelaxedChain::new(1.0, states, transitions).unwrap().relax(&[[0.0; 3]; 4]);
        let all: f64 = paths.iter().map(|p| total(p, 0.0).exp()).sum();
        for (t, marginals) in marginals.iter().enumerate() {
            for (k, marginal) in marginals.iter().enumerate() {
                let through = paths.iter().filter(|p| p[t] == k).map(|p| total(p, 0.0).exp()).sum::<f64>();
                assert!((marginal - through / all).abs() < 1e-14);
            }
        }
        let best = paths.iter().max_by(|a, b| total(a, 1.0).total_cmp(&total(b, 1.0))).unwrap();
        let cold = RelaxedChain::new(1e-6, states, transitions).unwrap().relax(&noise);
        assert!((0..4).all(|t| cold[t][best[t]] > 0.999), "{cold:?} {best:?}");
    }
}

/// Cold and place by place, each of the 27 paths has its probability.
#[test]
fn chains_in_turn_follow_the_chain() {
    let mut rng = Xoshiro::seed_from_u64(12);
    let transitions = square(scores(&mut rng));
    let states: [[f64; 3]; 3] = std::array::from_fn(|_| std::array::from_fn(|_| noise::normal(&mut rng)));
    let law = RelaxedChain::new(1e-5, states, transitions).unwrap();
    let weight = |p: [usize; 3]| {
        let places: f64 = (0..3).map(|t| states[t][p[t]]).sum();
        (places + transitions[p[0]][p[1]] + transitions[p[1]][p[2]]).exp()
    };
    let paths: Vec<[usize; 3]> = (0..27).map(|c| [c % 3, c / 3 % 3, c / 9]).collect();
    let all: f64 = paths.iter().map(|p| weight(*p)).sum();
    let draws: Vec<_> = (0..100_000)
        .map(|_| law.relax_in_turn(&std::array::from_fn(|_| gumbel_noise(&mut rng))).map(|y| y.map(f64::round)))
        .collect();
    for p in paths {
        let seen = mean_of(draws.iter().map(|y| y[0][p[0]] * y[1][p[1]] * y[2][p[2]]));
        let chance = weight(p) / all;
        let se = (chance * (1.0 - chance) / 1e5).sqrt();
        assert!((seen.mean - chance).abs() < 5.0 * se + 1e-4, "{p:?}: {seen:?} {chance}");
    }
}

#[test]
fn schedules_fall_to_their_floor() {
    for make in [Annealing::exponential, Annealing::linear, Annealing::cosine] {
        let schedule = make(2.0, 0.1, 1000).unwrap();
        assert_eq!((schedule.temperature(0), schedule.temperature(1000)), (2.0, 0.1));
        assert_eq!(schedule.temperature(u64::MAX), 0.1);
        assert!((0..1000).all(|t| schedule.temperature(t) >= schedule.temperature(t + 1)));
        assert_eq!(make(2.0, 0.1, 0).unwrap().temperature(0), 0.1);
        let of_each = ["floor", "floor", "start", "start"];
        for ((start, floor), at_fault) in
            [(0.1, 2.0), (1.0, 0.0), (f64::NAN, 0.1), (f64::INFINITY, 0.1)].into_iter().zip(of_each)
        {
            assert_eq!(refused(make(start, floor, 10)), at_fault);
        }
    }
    assert_eq!(Annealing::linear(2.0, 1.0, 4).unwrap().temperature(1), 1.75);
    assert!((Annealing::cosine(2.0, 1.0, 4).unwrap().temperature(2) - 1.5).abs() < 1e-15);
    assert_eq!(vertex_temperature(1), f64::INFINITY);
}

#[test]
fn what_is_refused() {
    let messages = [
        (
            RelaxedBernoulli::new(0.0, 1.0).map(drop),
            "the temperature of a relaxed Bernoulli law must be in [1e-6, 1e6], not 0",
        ),
        (soft_sort(1.0, &[1.0, 1e151]).map(drop), "the scores of SoftSort must be in [-1e150, 1e150], not 1e151"),
        (
            RelaxedSubset::new(3, 1.0, [0.0; 2]).map(drop),
            "the size of a relaxed subset must be from 1 to the number of scores, not 3",
        ),
        (
            RelaxedOneHotCategorical::<f64, 0>::new(1.0, []).map(drop),
            "the logits of a relaxed one-hot vector must be at least one, not 0",
        ),
        (
            RelaxedCount::<_, 3>::binomial(1.0, 1.0).map(drop),
            "the p of a relaxed binomial count must be strictly between 0 and 1, not 1",
        ),
        (
            Annealing::linear(1.0, 2.0, 3).map(drop),
            "the floor of an annealing schedule must be at most the start, not 2",
        ),
    ];
    for (refused, message) in messages {
        assert_eq!(refused.expect_err(message).to_string(), message);
    }
    for temperature in [0.0, -1.0, 1e-7, 1e7, f64::NAN, f64::INFINITY] {
        assert_eq!(refused(RelaxedOneHotCategorical::new(temperature, [0.0; 2])), "temperature");
        assert_eq!(refused(RelaxedBernoulli::new(temperature, 0.0)), "temperature");
        assert_eq!(refused(neural_sort(temperature, &[0.0])), "temperature");
        assert_eq!(refused(RelaxedChain::new(temperature, [[0.0]], [[0.0]])), "temperature");
    }
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e151] {
        assert_eq!(refused(RelaxedOneHotCategorical::new(1.0, [0.0, bad])), "logits");
        assert_eq!(refused(RelaxedBernoulli::new(1.0, bad)), "logit");
        assert_eq!(refused(RelaxedPermutation::new(1.0, [[bad]])), "scores");
        assert_eq!(refused(soft_sort(1.0, &[bad])), "scores");
    }
    assert_eq!(refused(RelaxedOneHotCategorical::<f64, 0>::new(1.0, [])), "logits");
    assert_eq!(RelaxedOneHotCategorical::new(1.0, [3.0]).unwrap().relax(&[0.5]), [1.0]);
    assert_eq!(RelaxedOneHotCategorical::new(1.0, [3.0]).unwrap().ln_pdf(&[1.0]), 0.0);
}

/// No entry is the largest beside one that is no number.
#[test]
fn hardening_what_is_no_number() {
    for soft in [[f64::NAN, 0.5], [0.5, f64::NAN], [f64::NAN, f64::NAN]] {
        assert!(straight_through(soft).iter().all(|y| y.is_nan()), "{soft:?}");
    }
    assert_eq!(straight_through([0.25, f64::INFINITY, 0.5]), [0.0, 1.0, 0.0]);
    let law = RelaxedBernoulli::new(0.5, 1.0).expect("valid");
    assert!(law.straight_through(f64::NAN).is_nan());
    assert_eq!([-1.5, -1.0, -0.5].map(|noise| law.straight_through(noise)), [0.0, 0.0, 1.0]);
    let noise = [0.1, f64::NAN, 0.3];
    let all_nan = |y: &[f64]| y.iter().all(|y| y.is_nan());
    let one_hot = RelaxedOneHotCategorical::new(0.5, [0.0, 1.0, 2.0]).expect("valid");
    assert!(all_nan(&one_hot.relax(&noise)) && all_nan(&one_hot.relax_ln(&noise)));
    assert!(all_nan(&RelaxedSubset::new(2, 0.5, [0.0, 1.0, 2.0]).expect("valid").relax(&noise)));
}
