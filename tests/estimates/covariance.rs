//! Covariances of what is estimated: closed forms, standard errors on the diagonal, the same estimate as without.

use reparam::estimate::{
    self,
    Component::{Gradient, Hessian, Value},
    Estimator, Sampler,
};
use reparam::prelude::*;

// x = m + s z and y = x² - m²: all moments of z are known
#[test]
fn closed_forms() {
    let (m, s) = (0.5, 2.0);
    let f = program!(|[m, s]: [S; 2], chance| -> [S; 2] {
        let x = m + s * chance.normal();
        [x, x * x - m * m]
    });
    let e = estimate::pathwise_program([m, s], f).samples(200_000).covariances().run_seed(5).unwrap();
    let n = e.estimate.observations as f64;
    assert_eq!(e.numbers().len(), 6);
    // Var x = s², Cov(x, y) = 2 m s², Var y = 2 s⁴ + 4 m² s²; dx/ds = z, dy/ds = 2 x z, dy/dm = 2 x - 2 m = 2 s z
    let cases = [
        (((0, Value), (0, Value)), s * s),
        (((0, Value), (1, Value)), 2.0 * m * s * s),
        (((1, Value), (1, Value)), 2.0 * s.powi(4) + 4.0 * m * m * s * s),
        (((0, Value), (0, Gradient(1))), s),
        (((0, Gradient(1)), (1, Gradient(0))), 2.0 * s),
        // Cov(x, 2 x z) = E[(s z) (2 m z + 2 s z²)] = 2 m s
        (((0, Value), (1, Gradient(1))), 2.0 * m * s),
        (((1, Gradient(1)), (1, Gradient(1))), 4.0 * m * m + 8.0 * s * s),
        (((0, Gradient(0)), (1, Value)), 0.0),
    ];
    for ((a, b), want) in cases {
        let got = n * e.covariance(a, b);
        assert_eq!(got, n * e.covariance(b, a));
        // fourth moments of normal variables: the standard error of a covariance is below 4 sqrt(Var a Var b / n)
        let bound = 5.0 * 4.0 * n * (e.covariance(a, a) * e.covariance(b, b) / n).sqrt() + 1e-9;
        assert!(
            (got - want).abs() < bound && bound < 0.05 * want.abs() + 1e-6 * f64::from(want == 0.0) + 1.0,
            "{a:?} {b:?}: {got}, not {want} (± {bound})"
        );
    }
    let sum = e.standard_error_of(&[((0, Value), 3.0), ((1, Value), -1.0)]);
    let want = (9.0 * e.covariance((0, Value), (0, Value)) - 6.0 * e.covariance((0, Value), (1, Value))
        + e.covariance((1, Value), (1, Value)))
    .sqrt();
    assert!((sum - want).abs() < 1e-12 * want);
}

/// The diagonal is that of standard errors, the estimate the same bit for bit, and correlations lie in [-1, 1].
fn agrees<M: Sampler + Clone>(what: &str, estimator: Estimator<M>, se: impl Fn(&M::Estimate, estimate::Number) -> f64)
where
    M::Estimate: PartialEq + core::fmt::Debug,
    M::Error: core::fmt::Debug,
{
    let plain = estimator.clone().run_seed(3).unwrap();
    let e = estimator.covariances().run_seed(3).unwrap();
    assert_eq!(e.estimate, plain, "{what}");
    for &a in e.numbers() {
        let (got, want) = (e.covariance(a, a).max(0.0).sqrt(), se(&plain, a));
        assert!((got - want).abs() <= 1e-9 * want + 1e-14, "{what} {a:?}: {got:e}, not {want:e}");
        for &b in e.numbers() {
            let correlation = e.correlation(a, b);
            assert!(correlation.is_nan() || correlation.abs() <= 1.0, "{what}");
        }
    }
}

#[test]
fn every_estimator() {
    let walk = program!(|[p, s]: [S; 2], chance| -> [S; 2] {
        let mut x = S::from(0.0);
        for _ in 0..5 {
            x += if chance.bernoulli(p) { s * chance.exponential() } else { S::from(-1.0) };
        }
        [x, x * x]
    });
    let of = |e: &estimate::Estimate<[[f64; 2]; 2], [f64; 2]>, (k, c): estimate::Number| match c {
        Value => e.value_se[k],
        Gradient(i) => e.gradient_se[k][i],
        other => panic!("{other}"),
    };
    let theta = [0.6, 0.5];
    agrees("score", estimate::score(theta, walk).samples(3000), of);
    agrees("replay", estimate::replay(theta, walk).samples(3000), of);
    agrees("mix", estimate::mix(theta, walk).samples(3000), of);
    agrees("martingale", estimate::martingale(theta, walk).samples(3000), of);
    agrees("quasi", estimate::quasi(theta, walk).points(64), of);
    agrees(
        "score_dyn",
        estimate::score_dyn(
            &theta,
            program!(|t: &[S], chance| -> [S; 2] {
                let x = if chance.bernoulli(t[0]) { t[1] * chance.exponential() } else { t[0] };
                [x, x * t[1]]
            }),
        )
        .samples(3000),
        |e, (k, c)| match c {
            Value => e.value_se[k],
            Gradient(i) => e.gradient_se[k][i],
            other => panic!("{other}"),
        },
    );
    agrees(
        "hessian",
        estimate::pathwise_hessian(theta, |[a, b], chance| [a * b * chance.normal(), a * a * b]).samples(3000),
        |e, (k, c)| match c {
            Value => e.value_se[k],
            Gradient(i) => e.gradient_se[k][i],
            Hessian(i, j) => e.hessian_se[k][i][j],
            other => panic!("{other}"),
        },
    );
}

// parts of a run, merged in any order; and a large mean, which sums of products would lose
#[test]
fn parts_and_large_means() {
    let f = |[m, s]: [Jet<f64, 2>; 2], chance: &mut estimate::Handle<Jet<f64, 2>>| {
        let z = chance.normal();
        [m + s * z, m - s * z * 3.0]
    };
    let estimator = estimate::pathwise([1e9, 2.0], f).samples(5000).covariances();
    let whole = estimator.clone().run_seed(9).unwrap();
    let [mut all, second, third] = [3..5, 0..2, 2..3].map(|blocks| estimator.clone().part(9, blocks).unwrap());
    all.merge(&second).unwrap();
    all.merge(&third).unwrap();
    assert_eq!(estimator.of_parts(&all).unwrap(), whole);
    let (a, b) = ((0, Value), (1, Value));
    assert!((whole.correlation(a, b) + 1.0).abs() < 1e-9, "{}", whole.correlation(a, b));
    let ratio = whole.covariance(b, b) / whole.covariance(a, a);
    assert!((ratio - 9.0).abs() < 1e-6, "{ratio}");
    assert!(
        serde_json::from_str::<estimate::WithCovariances<estimate::Estimate<[[f64; 2]; 2], [f64; 2]>>>(
            &serde_json::to_string(&whole).unwrap()
        )
        .unwrap()
            == whole
    );
}

// products beyond the doubles, and below them
#[test]
fn overflow_is_named() {
    let f = |[m]: [Jet<f64, 1>; 1], chance: &mut estimate::Handle<Jet<f64, 1>>| [m, m * 1e200 * chance.normal()];
    let e = estimate::pathwise([1.0], f).samples(100).covariances().run_seed(1).unwrap_err();
    assert_eq!(e, estimate::EstimateError::Overflow);
    // a result that is not finite is told as that
    let f = |[m]: [Jet<f64, 1>; 1], _: &mut estimate::Handle<Jet<f64, 1>>| [m, m / 0.0];
    let e = estimate::pathwise([1.0], f).samples(100).covariances().run_seed(1).unwrap_err();
    assert!(matches!(e, estimate::EstimateError::NotFinite { result: 1, .. }), "{e}");
    // products below the doubles are 0, and correlations then no number
    let f = |[m]: [Jet<f64, 1>; 1], chance: &mut estimate::Handle<Jet<f64, 1>>| m * chance.normal();
    let e = estimate::pathwise([1e-165], f).samples(100).covariances().run_seed(1).unwrap();
    assert!(e.correlation((0, Value), (0, Gradient(0))).is_nan());
}

// one observation at a time, merged, against the sums of an estimate; a large mean, and too few
#[test]
fn scatter() {
    let draw = |chance: &mut program::Coupled<()>| {
        let [a, b]: [f64; 2] = [Chance::<f64>::normal(chance), Chance::<f64>::uniform(chance)];
        [1e8 + a, a * b, b]
    };
    let rows: Vec<[f64; 3]> = (0..1000).map(|seed| draw(&mut program::Coupled::new(seed))).collect();
    let (mut all, mut parts) = (estimate::Scatter::new(), [estimate::Scatter::new(); 3]);
    for (i, row) in rows.iter().enumerate() {
        all.push(row);
        parts[i % 3].push(row);
    }
    let [mut merged, second, third] = parts;
    merged.merge(&second);
    merged.merge(&third);
    merged.merge(&estimate::Scatter::new());
    let mean = |f: &dyn Fn(&[f64; 3]) -> f64| rows.iter().map(f).sum::<f64>() / 1000.0;
    let (a, b) = (all.covariance().unwrap(), merged.covariance().unwrap());
    for i in 0..3 {
        let of_i = mean(&|row| row[i] - rows[0][i]);
        for j in 0..3 {
            let of_j = mean(&|row| row[j] - rows[0][j]);
            let want = mean(&|row| (row[i] - rows[0][i] - of_i) * (row[j] - rows[0][j] - of_j)) * 1000.0 / 999.0;
            assert!((a[i][j] - want).abs() < 1e-6 * (1.0 + want.abs()), "{i} {j}: {} {want}", a[i][j]);
            assert!((a[i][j] - b[i][j]).abs() < 1e-6, "{i} {j}: {} {}", a[i][j], b[i][j]);
            assert_eq!(a[i][j], a[j][i]);
        }
    }
    assert_eq!((merged.count(), estimate::Scatter::<2>::new().covariance()), (1000, None));
}
