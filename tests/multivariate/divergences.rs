//! Divergences between two laws; `tests/reference/make_multivariate.py` and `make_divergences.py` print the numbers.

use nalgebra::{Const, DMatrix, DVector, Dyn, Matrix2, Matrix2x3, Matrix3, Matrix3x2, Vector3, matrix, vector};
use reparam::distr::KlDivergence;
use reparam::linalg;
use reparam::prelude::*;

/// The divergence is this number, and 0 from a law to itself.
#[track_caller]
fn divergence<L: KlDivergence<f64>>(from: &L, to: &L, want: f64) {
    let got = from.kl_divergence(to);
    assert!((got - want).abs() <= 1e-13 * want, "{got:e}, not {want:e}");
    assert!(from.kl_divergence(from).abs() < 1e-13 && to.kl_divergence(to).abs() < 1e-13);
}

const SIGMA: Matrix3<f64> = matrix![4.0, 1.0, -0.5; 1.0, 2.0, 0.3; -0.5, 0.3, 1.0];
const OTHER: Matrix3<f64> = matrix![1.0, 0.2, 0.1; 0.2, 1.5, -0.4; 0.1, -0.4, 0.7];
const MU: Vector3<f64> = vector![1.0, -2.0, 0.5];

#[test]
fn of_matrices() {
    let of = |df, scale| {
        InverseWishart::from_cholesky(df, linalg::cholesky(scale).expect("positive definite")).expect("valid")
    };
    divergence(&of(4.5, &SIGMA), &of(6.0, &OTHER), 4.928575753921739);

    let of = |concentration| LkjCholesky::new(Const::<2>, concentration).expect("valid");
    divergence(&of(1.4), &of(3.0), 0.24091214566084043);
    let of = |concentration| LkjCholesky::new(Dyn(4), concentration).expect("valid");
    divergence(&of(1.4), &of(3.0), 0.7946957430161993);
    assert!(of(1.4).kl_divergence(&LkjCholesky::new(Dyn(3), 1.4).expect("valid")).is_nan());

    let mean = Matrix2x3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    let rows = [Matrix2::new(1.5, 0.0, 0.6, 0.8), Matrix2::new(1.0, 0.0, -0.4, 1.2)];
    let columns = [
        Matrix3::new(0.7, 0.0, 0.0, -0.5, 1.0, 0.0, 0.3, 0.7, 1.0),
        Matrix3::new(1.0, 0.0, 0.0, 0.2, 0.9, 0.0, 0.0, 0.1, 1.1),
    ];
    let first = MatrixNormal::from_cholesky(mean, rows[0], columns[0]).expect("valid");
    let second = MatrixNormal::from_cholesky(Matrix2x3::zeros(), rows[1], columns[1]).expect("valid");
    divergence(&first, &second, 39.62058504641454);
}

/// Scales that are far apart, where the square of a ratio rounds to 0: sums of divergences of normal laws by mpmath.
#[test]
fn of_normal_laws_that_are_far_apart() {
    let of = |mean, std_devs: [f64; 2]| MultivariateNormal::from_std_devs(mean, std_devs.into()).expect("valid");
    divergence(&of(vector![1.0, 1.0], [1.0, 2.0]), &of(vector![0.0, 0.0], [1e20, 3.0]), 45.734_944_745_766_85);
    divergence(&of(vector![2.0, -1.0], [1e-8, 2.0]), &of(vector![0.0, 0.0], [1.0, 1e9]), 39.450_799_400_338_83);
}

#[test]
fn of_low_rank_normal_laws() {
    let (w1, w2) = (Matrix3x2::new(1.0, 0.5, -0.3, 2.0, 0.7, 0.1), Matrix3x2::new(0.4, 0.0, 1.0, 0.0, -2.0, 0.0));
    let first = LowRankNormal::new(MU, w1, vector![0.5, 1.5, 0.25]).expect("valid");
    // one factor: the second column is 0
    let second = LowRankNormal::new(Vector3::zeros(), w2, vector![1.0, 2.0, 0.5]).expect("valid");
    divergence(&first, &second, 2.7869338067302647);
    // the numbers of factors may differ where they are known at run time only
    let of = |mean: &[f64], w: &Matrix3x2<f64>, factors: usize, diagonal: &[f64]| {
        let vector = |x: &[f64]| DVector::from_row_slice(x);
        let w = DMatrix::from_fn(3, factors, |i, j| w[(i, j)]);
        LowRankNormal::new(vector(mean), w, vector(diagonal)).expect("valid")
    };
    let first = of(&[1.0, -2.0, 0.5], &w1, 2, &[0.5, 1.5, 0.25]);
    divergence(&first, &of(&[0.0; 3], &w2, 1, &[1.0, 2.0, 0.5]), 2.7869338067302647);
}

#[test]
fn of_power_spherical_laws() {
    let mu = vector![0.3, -0.4, 0.0, 1.0, 2.0];
    let of = |kappa| PowerSpherical::new(mu, kappa).expect("valid");
    divergence(&of(3.5), &of(1.0), 0.2524827801911772);
    // other directions have no closed form, but nothing has a direction at κ = 0
    let across = |kappa| PowerSpherical::new(vector![1.0, 0.0, 0.0, 0.0, 0.0], kappa).expect("valid");
    assert!(of(3.5).kl_divergence(&across(1.0)).is_nan());
    assert_eq!(of(3.5).kl_divergence(&across(0.0)), of(3.5).kl_divergence(&of(0.0)));
    // the uniform law: the difference of entropies
    let gap = of(0.0).entropy().unwrap() - of(3.5).entropy().unwrap();
    assert!((of(3.5).kl_divergence(&of(0.0)) - gap).abs() < 1e-14);
    // nor have directions that move apart
    let moving = mu.map(|m| Jet::<f64, 1>::variable(m, 0));
    let [first, second] = [mu.map(Jet::from), moving].map(|mu| PowerSpherical::new(mu, Jet::from(1.0)).expect("valid"));
    assert!(first.kl_divergence(&second).re.is_nan() && !second.kl_divergence(&second).re.is_nan());
}

#[test]
fn of_normal_laws_of_different_type() {
    let full = MultivariateNormal::from_covariance(MU, SIGMA).expect("valid");
    let w = Matrix3x2::new(1.0, 0.5, -0.3, 2.0, 0.7, 0.1);
    let low = LowRankNormal::new(vector![0.0, 0.3, -0.2], w, vector![0.5, 1.5, 0.25]).expect("valid");
    let each = |mean, std_dev| Normal::new(mean, std_dev).expect("valid");
    let independent = Independent::new(vector![each(0.5, 1.2), each(-1.0, 0.7), each(0.0, 2.0)]);
    let cases = [
        (full.kl_divergence(&low), 3.3414723593403757),
        (full.kl_divergence(&independent), 2.829597329235463),
        (low.kl_divergence(&full), 4.508403061006353),
        (low.kl_divergence(&independent), 6.571177808469383),
        (independent.kl_divergence(&full), 2.4650613310322975),
        (independent.kl_divergence(&low), 4.658480155545554),
    ];
    for (got, want) in cases {
        assert!((got - want).abs() < 1e-13 * want, "{got:e}, not {want:e}");
    }
    // the same law in two forms, and other sizes
    let diagonal = Matrix3::from_diagonal(&vector![1.44, 0.49, 4.0]);
    let same = MultivariateNormal::from_covariance(vector![0.5, -1.0, 0.0], diagonal).expect("valid");
    assert!(same.kl_divergence(&independent).abs() < 1e-15 && independent.kl_divergence(&same).abs() < 1e-15);
    let of =
        |n: usize| MultivariateNormal::from_std_devs(DVector::zeros(n), DVector::from_element(n, 1.0)).expect("valid");
    let pair = Independent::new(DVector::from_element(2, each(0.0, 1.0)));
    assert_eq!(pair.kl_divergence(&of(2)), 0.0);
    assert!(pair.kl_divergence(&of(3)).is_nan() && of(3).kl_divergence(&pair).is_nan());
}

#[test]
fn of_proportions_and_their_logarithms() {
    let (a, b) = (vector![0.3, 2.0, 5.5], vector![1.0, 1.0, 2.0]);
    let (law, logs) = (Dirichlet::new(a).expect("valid"), LogDirichlet::new(b).expect("valid"));
    assert_eq!(law.kl_divergence(&logs), law.kl_divergence(&Dirichlet::new(b).expect("valid")));
    assert_eq!(logs.kl_divergence(&law), Dirichlet::new(b).expect("valid").kl_divergence(&law));
}
