//! Multivariate normal laws.

use crate::harness::*;
use nalgebra::{Const, DMatrix, DVector, Matrix2, OMatrix, SMatrix, SVector, Vector2, matrix};
use reparam::prelude::*;

/// The symmetric 2 by 2 matrix of three numbers.
pub fn symmetric<S: Scalar>(a: S, b: S, c: S) -> Matrix2<S> {
    Matrix2::new(a, b, b, c)
}

pub fn vector<S: Scalar, const D: usize>(x: &[S]) -> SVector<S, D> {
    SVector::from_fn(|i, _| x[i])
}

/// m1, m2, l11, l21, l22.
struct FromCholesky;

impl FromCholesky {
    fn law<S: Scalar>(t: &[S]) -> MultivariateNormal<S, Const<2>> {
        let factor = Matrix2::new(t[2], S::from(0.0), t[3], t[4]);
        MultivariateNormal::from_cholesky(Vector2::new(t[0], t[1]), factor).expect("valid")
    }
}

impl Simulation for FromCholesky {
    const THETA: &'static [f64] = &[0.4, -0.2, 0.6, 0.4, 0.8];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&Self::law(theta)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&vector(x))
    }
}

/// m1, m2, v11, v21, v22, of a covariance or, `PRECISION`, of a precision.
struct FromSymmetric<const PRECISION: bool>;

impl<const PRECISION: bool> FromSymmetric<PRECISION> {
    fn law<S: Scalar>(t: &[S]) -> MultivariateNormal<S, Const<2>> {
        let (mean, m) = (Vector2::new(t[0], t[1]), symmetric(t[2], t[3], t[4]));
        let law = if PRECISION { MultivariateNormal::from_precision } else { MultivariateNormal::from_covariance };
        law(mean, m).expect("valid")
    }
}

impl<const PRECISION: bool> Simulation for FromSymmetric<PRECISION> {
    const THETA: &'static [f64] = &[0.4, -0.2, 1.5, 0.6, 0.8];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&Self::law(theta)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&vector(x))
    }
}

/// Two means, a factor of one column, a diagonal.
struct LowRank;

impl LowRank {
    fn law<S: Scalar>(t: &[S]) -> LowRankNormal<S, Const<2>, Const<1>> {
        LowRankNormal::new(vector(t), vector(&t[2..]), vector(&t[4..])).expect("valid")
    }
}

impl Simulation for LowRank {
    const THETA: &'static [f64] = &[0.4, -0.2, 0.7, -1.1, 0.3, 0.8];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&Self::law(theta)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&vector(x))
    }
}

divergence!(FromCholesky, FromSymmetric<false>, LowRank);

#[test]
fn divergences() {
    divergence_is_that_of_draws::<FromCholesky>(&[0.0, 0.3, 0.9, 0.1, 0.7]);
    divergence_is_that_of_draws::<FromSymmetric<false>>(&[0.0, 0.3, 1.2, -0.2, 1.1]);
    divergence_is_that_of_draws::<LowRank>(&[0.0, 0.3, 0.2, 0.5, 0.9, 0.6]);
    let of = |n| LowRankNormal::new(DVector::zeros(n), DMatrix::zeros(n, 1), DVector::from_element(n, 1.0)).unwrap();
    assert!(of(2).kl_divergence(&of(3)).is_nan());
    // one law with factors of different ranks
    let of = |w: DMatrix<f64>| LowRankNormal::new(DVector::zeros(2), w, DVector::from_element(2, 1.0)).unwrap();
    let divergence = of(DMatrix::from_element(2, 1, 2.0)).kl_divergence(&of(DMatrix::from_element(2, 4, 1.0)));
    assert!(divergence.abs() < 1e-14, "{divergence:e}");
}

#[test]
fn modes() {
    let parts = [1.0, 0.1, 1e-3];
    mode_is_highest::<FromCholesky>(FromCholesky::law(FromCholesky::THETA).mode().unwrap().as_slice(), &parts);
    mode_is_highest::<LowRank>(LowRank::law(LowRank::THETA).mode().unwrap().as_slice(), &parts);
}

/// The covariance by rows.
fn by_rows<const D: usize>(covariance: SMatrix<f64, D, D>) -> Vec<f64> {
    covariance.transpose().as_slice().to_vec()
}

#[test]
fn values_are_the_same_for_every_scalar() {
    same_values::<FromCholesky>();
    same_values::<FromSymmetric<false>>();
    same_values::<FromSymmetric<true>>();
    same_values::<LowRank>();
}

#[test]
fn derivatives() {
    let x = [1.3, 0.5];
    density_derivatives::<FromCholesky>(&x, &[0, 1, 2, 3, 4, 5, 6]);
    density_derivatives::<FromSymmetric<false>>(&x, &[0, 1, 2, 3, 4, 5, 6]);
    density_derivatives::<FromSymmetric<true>>(&x, &[0, 1, 2, 3, 4, 5, 6]);
    density_derivatives::<LowRank>(&x, &[0, 1, 2, 3, 4, 5, 6, 7]);
    draw_derivatives::<FromCholesky>(&[0, 1, 2, 3, 4]);
    draw_derivatives::<FromSymmetric<false>>(&[0, 1, 2, 3, 4]);
    draw_derivatives::<FromSymmetric<true>>(&[0, 1, 2, 3, 4]);
    draw_derivatives::<LowRank>(&[0, 1, 2, 3, 4, 5]);
}

/// With respect to μ the Hessian of ln f is -Σ⁻¹, and the gradient Σ⁻¹ (x - μ).
#[test]
fn gradient_and_hessian_in_closed_form() {
    let theta: [f64; 5] = FromSymmetric::<true>::THETA.try_into().unwrap();
    let jets = Jet::second_order(theta);
    let (_, gradient, hessian) = FromSymmetric::<true>::ln_pdf(&jets, &[1.3.into(), 0.5.into()]).hessian();
    let precision = symmetric(1.5, 0.6, 0.8);
    let want = precision * Vector2::new(0.9, 0.7);
    for i in 0..2 {
        assert!((gradient[i] - want[i]).abs() < 4e-15);
        assert!((0..2).all(|j| (hessian[i][j] + precision[(i, j)]).abs() < 4e-15));
    }
}

#[test]
fn draws_have_the_moments() {
    let mean = [0.4, -0.2];
    let covariance = |l: &dyn Fn() -> Option<OMatrix<f64, Const<2>, Const<2>>>| by_rows(l().unwrap());
    moments::<FromCholesky>(&mean, &[0.36, 0.24, 0.24, 0.8]);
    moments::<FromSymmetric<false>>(&mean, &[1.5, 0.6, 0.6, 0.8]);
    let inverse = symmetric(1.5, 0.6, 0.8).try_inverse().unwrap();
    moments::<FromSymmetric<true>>(&mean, &by_rows(inverse));
    moments::<LowRank>(&mean, &[0.49 + 0.3, -0.77, -0.77, 1.21 + 0.8]);
    let law = LowRank::law(LowRank::THETA);
    assert!(
        (Vector2::from_column_slice(&covariance(&|| law.covariance())[..2]) - Vector2::new(0.79, -0.77)).norm() < 1e-15
    );
}

#[test]
fn densities_are_those_of_draws() {
    density_is_that_of_draws::<FromCholesky>(FromCholesky::law(FromCholesky::THETA).entropy());
    density_is_that_of_draws::<LowRank>(LowRank::law(LowRank::THETA).entropy());
}

/// E[cos(.5 x1 + .75 x2)]: value, gradient and Hessian, and Pyro's derivative in l21.
#[test]
fn cosine_of_a_projection() {
    let (theta, value, gradient, hessian) =
        row("multivariate normal, x = L e + m (d=2, L = [[l11,0],[l21,l22]]): E[cos(.5 x1 + .75 x2)]");
    let theta: [f64; 5] = theta.try_into().unwrap();
    let gradient: [f64; 5] = gradient.try_into().unwrap();
    expectation_at::<FromCholesky, 5>(theta, 400_000, |x| (x[0] * 0.5 + x[1] * 0.75).cos(), value, gradient, &hessian);
    // d/dl21 exp(-|L' a|²/2) for a = (.5, .75), by hand: -(a1 l11 + a2 l21) a2 e^..
    let (s, t) = (0.5f64 * 0.6 + 0.75 * 0.4, 0.75f64 * 0.8);
    let v = (-(s * s + t * t) / 2.0).exp();
    assert!((-s * 0.75 * v - -0.3139543467).abs() < 1e-10);
    let want = [0.0, 0.0, -s * 0.5 * v, -0.3139543467, -t * 0.75 * v];
    let at = [0.0, 0.0, 0.6, 0.4, 0.8];
    expectation_at::<FromCholesky, 5>(at, 400_000, |x| (x[0] * 0.5 + x[1] * 0.75).cos(), v, want, &[]);
}

/// Sizes known at run time give the same bits as static ones.
#[test]
fn dynamic_sizes() {
    let fixed = MultivariateNormal::from_covariance(Vector2::new(1.0, 2.0), matrix![2.0, 0.5; 0.5, 1.0]).unwrap();
    let dynamic = MultivariateNormal::from_covariance(
        DVector::from_column_slice(&[1.0, 2.0]),
        DMatrix::from_row_slice(2, 2, &[2.0, 0.5, 0.5, 1.0]),
    )
    .unwrap();
    let (x, y) = (fixed.sample(&mut rng(1)), dynamic.sample(&mut rng(1)));
    assert_eq!(x.as_slice(), y.as_slice());
    assert_eq!(fixed.ln_pdf(&x), dynamic.ln_pdf(&y));
    assert_eq!(dynamic.shape(), (2, 1));
}

// a coordinate taken twice or left out, a derivative that is not that of the map from coordinates
#[test]
fn from_coordinates() {
    derivatives_at_coordinates::<FromCholesky>(&[0, 1, 2, 3, 4]);
    derivatives_at_coordinates::<FromSymmetric<false>>(&[0, 1, 2, 3, 4]);
    derivatives_at_coordinates::<LowRank>(&[0, 1, 2, 3, 4, 5]);
    quasi_random::<FromCholesky, 5>(2.0);
    quasi_random::<FromSymmetric<false>, 5>(2.0);
    quasi_random::<LowRank, 6>(2.0);
}
