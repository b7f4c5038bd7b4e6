//! Laws of matrices.

use crate::harness::*;
use crate::normal::symmetric;
use nalgebra::{Const, DMatrix, Dyn, Matrix2, Matrix2x3, Matrix3};
use reparam::linalg;
use reparam::prelude::*;
use reparam::special::digamma;

/// The lower triangle of a 2 by 2 matrix.
fn lower<S: Scalar>(x: &Matrix2<S>) -> Vec<S> {
    vec![x[(0, 0)], x[(1, 0)], x[(1, 1)]]
}

fn factor<S: Scalar>(t: &[S]) -> Matrix2<S> {
    Matrix2::new(t[0], S::from(0.0), t[1], t[2])
}

/// Degrees of freedom, l11, l21, l22; points by their lower triangles.
struct OfWishart;

impl OfWishart {
    fn law<S: Scalar>(t: &[S]) -> Wishart<S, Const<2>> {
        Wishart::from_cholesky(t[0], factor(&t[1..])).expect("valid")
    }
}

impl Simulation for OfWishart {
    const THETA: &'static [f64] = &[3.5, 1.5, 0.6, 0.8];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        lower(&chance.draw_joint(&Self::law(theta)))
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&symmetric(x[0], x[1], x[2]))
    }
}

/// The same of its inverse.
struct OfInverse;

impl OfInverse {
    fn law<S: Scalar>(t: &[S]) -> InverseWishart<S, Const<2>> {
        InverseWishart::from_cholesky(t[0], factor(&t[1..])).expect("valid")
    }
}

impl Simulation for OfInverse {
    const THETA: &'static [f64] = &[15.0, 1.5, 0.6, 0.8];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        lower(&chance.draw_joint(&Self::law(theta)))
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&symmetric(x[0], x[1], x[2]))
    }
}

/// Concentration; points by l21, l31, l32, then l22, l33, which follow from them.
struct Correlations;

impl Correlations {
    fn law<S: Scalar>(t: &[S]) -> LkjCholesky<S, Const<3>> {
        LkjCholesky::new(Const, t[0]).expect("valid")
    }
}

impl Simulation for Correlations {
    const THETA: &'static [f64] = &[1.4];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        let l = chance.draw_joint(&Self::law(theta));
        [(1, 0), (2, 0), (2, 1), (1, 1), (2, 2)].map(|i| l[i]).to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        let zero = S::from(0.0);
        let (l22, l33) = ((-x[0] * x[0] + 1.0).sqrt(), (-x[1] * x[1] - x[2] * x[2] + 1.0).sqrt());
        let l = Matrix3::new(S::from(1.0), zero, zero, x[0], l22, zero, x[1], x[2], l33);
        Self::law(theta).ln_pdf(&l)
    }
}

/// One mean, a factor of two rows and one of three columns.
struct Gaussian;

impl Gaussian {
    fn law<S: Scalar>(t: &[S]) -> MatrixNormal<S, Const<2>, Const<3>> {
        let (zero, one) = (S::from(0.0), S::from(1.0));
        let columns = Matrix3::new(t[4], zero, zero, t[5], one, zero, t[6], t[4], one);
        MatrixNormal::from_cholesky(Matrix2x3::from_element(t[0]), factor(&t[1..]), columns).expect("valid")
    }
}

impl Simulation for Gaussian {
    const THETA: &'static [f64] = &[0.4, 1.5, 0.6, 0.8, 0.7, -0.5, 0.3];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&Self::law(theta)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&Matrix2x3::from_column_slice(x))
    }
}

#[test]
fn values_are_the_same_for_every_scalar() {
    same_values::<OfWishart>();
    same_values::<OfInverse>();
    same_values::<Correlations>();
    same_values::<Gaussian>();
}

#[test]
fn derivatives_of_densities() {
    density_derivatives::<OfWishart>(&[2.0, 0.5, 1.0], &[0, 1, 2, 3, 4, 5, 6]);
    density_derivatives::<OfInverse>(&[2.0, 0.5, 1.0], &[0, 1, 2, 3, 4, 5, 6]);
    density_derivatives::<Correlations>(&[0.3, -0.5, 0.4], &[0, 1, 2, 3]);
    density_derivatives::<Gaussian>(&[0.3, -0.5, 0.4, 1.0, 2.0, -1.0], &[0, 1, 2, 3, 4, 5, 6, 7, 12]);
    // what is not made of gamma or beta noise moves as differences say
    draw_derivatives::<OfWishart>(&[1, 2, 3]);
    draw_derivatives::<OfInverse>(&[1, 2, 3]);
    draw_derivatives::<Gaussian>(&[0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn densities_are_those_of_draws() {
    density_is_that_of_draws::<OfWishart>(OfWishart::law(OfWishart::THETA).entropy());
    density_is_that_of_draws::<OfInverse>(OfInverse::law(OfInverse::THETA).entropy());
    density_is_that_of_draws::<Correlations>(Correlations::law(Correlations::THETA).entropy());
    density_is_that_of_draws::<Gaussian>(Gaussian::law(Gaussian::THETA).entropy());
}

divergence!(OfWishart, OfInverse, Correlations, Gaussian);

#[test]
fn divergences() {
    divergence_is_that_of_draws::<OfWishart>(&[4.5, 1.2, 0.1, 1.1]);
    divergence_is_that_of_draws::<OfInverse>(&[12.0, 1.2, 0.1, 1.1]);
    divergence_is_that_of_draws::<Correlations>(&[3.0]);
    divergence_is_that_of_draws::<Gaussian>(&[0.0, 1.2, 0.1, 1.1, 0.9, -0.2, 0.0]);
    let of = |n| LkjCholesky::new(Dyn(n), 1.5).unwrap();
    assert!(of(2).kl_divergence(&of(3)).is_nan());
    let of = |n| InverseWishart::from_cholesky(3.5, DMatrix::<f64>::identity(n, n)).unwrap();
    assert!(of(2).kl_divergence(&of(3)).is_nan());
    let of = |n| {
        MatrixNormal::from_cholesky(DMatrix::zeros(n, 2), DMatrix::identity(n, n), DMatrix::<f64>::identity(2, 2))
            .unwrap()
    };
    assert!(of(2).kl_divergence(&of(3)).is_nan());
}

#[test]
fn modes() {
    let parts = [1.0, 0.1, 1e-3];
    mode_is_highest::<OfWishart>(&lower(&OfWishart::law(OfWishart::THETA).mode().unwrap()), &parts);
    mode_is_highest::<OfInverse>(&lower(&OfInverse::law(OfInverse::THETA).mode().unwrap()), &parts);
    mode_is_highest::<Gaussian>(Gaussian::law(Gaussian::THETA).mode().unwrap().as_slice(), &parts);
    assert_eq!(Correlations::law(&[1.4]).mode(), Some(Matrix3::identity()));
    mode_is_highest::<Correlations>(&[0.0, 0.0, 0.0, 1.0, 1.0], &parts);
    assert_eq!((Correlations::law(&[1.0]).mode(), OfWishart::law(&[3.0, 1.0, 0.0, 1.0]).mode()), (None, None));
}

/// cov(X_ij, X_kl) = ν (V_ik V_jl + V_il V_jk).
#[test]
fn wishart_moments() {
    let law = OfWishart::law(OfWishart::THETA);
    let v = symmetric(2.25, 0.9, 1.0);
    let places = [(0, 0), (1, 0), (1, 1)];
    let covariance: Vec<f64> = places
        .iter()
        .flat_map(|&(i, j)| places.map(|(k, l)| 3.5 * (v[(i, k)] * v[(j, l)] + v[(i, l)] * v[(j, k)])))
        .collect();
    moments::<OfWishart>(&lower(&(v * 3.5)), &covariance);
    assert!((law.mean().unwrap() - v * 3.5).norm() < 1e-14);
    let variance = lower(&law.variance().unwrap());
    assert!((0..3).all(|i| (variance[i] - covariance[4 * i]).abs() < 1e-14));
}

/// In ν as well, by E X = ν V, E[X11 X22] = ν² V11 V22 + 2 ν V21², E ln det X = ψ(ν/2) + ψ((ν - 1)/2) + 2 ln 2 + ln det V.
#[test]
fn wishart_expectations() {
    expectation_in_closed_form::<OfWishart, 4>(200_000, |x| x[1], |t| t[0] * t[1] * t[2]);
    expectation_in_closed_form::<OfWishart, 4>(
        400_000,
        |x| x[0] * x[2],
        |t| {
            let (v11, v21, v22) = (t[1] * t[1], t[1] * t[2], t[2] * t[2] + t[3] * t[3]);
            t[0] * t[0] * v11 * v22 + t[0] * v21 * v21 * 2.0
        },
    );
    expectation_in_closed_form::<OfWishart, 4>(
        400_000,
        |x| (x[0] * x[2] - x[1] * x[1]).ln(),
        |t| {
            let half = t[0] * 0.5;
            digamma(half) + digamma(half - 0.5) + 2.0 * 2f64.ln() + (t[1] * t[3]).ln() * 2.0
        },
    );
}

/// E X = Ψ/(ν - 3), E[X11²] = Ψ11²/((ν - 3)(ν - 5)).
#[test]
fn inverse_wishart_expectations() {
    expectation_in_closed_form::<OfInverse, 4>(200_000, |x| x[1], |t| t[1] * t[2] / (t[0] - 3.0));
    expectation_in_closed_form::<OfInverse, 4>(
        400_000,
        |x| x[0] * x[0],
        |t| t[1].powi(4) / ((t[0] - 3.0) * (t[0] - 5.0)),
    );
    let law = OfInverse::law(OfInverse::THETA);
    let (mean, variance) = (law.mean().unwrap(), law.variance().unwrap());
    // by the two expectations
    assert!((mean[(0, 0)] - 2.25 / 12.0).abs() < 1e-16);
    assert!((variance[(0, 0)] - (2.25f64.powi(2) / 120.0 - (2.25f64 / 12.0).powi(2))).abs() < 1e-16);
    let draws = draws::<OfInverse>(9, 100_000);
    let (second, se) = mean_and_error(draws.iter().map(|x| (x[1] - mean[(1, 0)]).powi(2)));
    assert!((second - variance[(1, 0)]).abs() <= 5.0 * se, "{second} ± {se}, not {}", variance[(1, 0)]);
}

/// In one dimension the Wishart laws are gamma and inverse gamma.
#[test]
fn one_dimension() {
    let x = nalgebra::matrix![0.7];
    let l = nalgebra::matrix![1.5];
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-14, "{a} {b}");
    let gamma = Gamma::new(1.75, 0.5 / 2.25).unwrap();
    near(Wishart::from_cholesky(3.5, l).unwrap().ln_pdf(&x), gamma.ln_pdf(0.7));
    near(Wishart::from_cholesky(3.5, l).unwrap().entropy().unwrap(), gamma.entropy());
    let inverse = InverseGamma::new(1.75, 2.25 * 0.5).unwrap();
    near(InverseWishart::from_cholesky(3.5, l).unwrap().ln_pdf(&x), inverse.ln_pdf(0.7));
    near(InverseWishart::from_cholesky(3.5, l).unwrap().entropy().unwrap(), inverse.entropy());
}

/// Every correlation has the law of 2 Beta(a, a) - 1 with a = η + D/2 - 1 (the paper's theorem 1), so E r² = 1/(2η + D - 1)
/// and E r⁴ = 3/((2a + 1)(2a + 3)).
#[test]
fn correlations() {
    type J = Jet<Jet<f64, 1>, 1>;
    let r = |x: &[J]| x[0] * x[1] + x[3] * x[2];
    expectation_in_closed_form::<Correlations, 1>(200_000, |x| r(x).powi(2), |t| (t[0] * 2.0 + 2.0).recip());
    expectation_in_closed_form::<Correlations, 1>(200_000, |x| x[1].powi(2), |t| (t[0] * 2.0 + 2.0).recip());
    let fourth = |t: &[J]| J::from(3.0) / ((t[0] * 2.0 + 2.0) * (t[0] * 2.0 + 4.0));
    expectation_in_closed_form::<Correlations, 1>(200_000, |x| r(x).powi(4), fourth);
    let law = Correlations::law(Correlations::THETA);
    let (mean, variance) = (law.mean().unwrap(), law.variance().unwrap());
    let at = [(1, 0), (2, 0), (2, 1), (1, 1), (2, 2)];
    for (k, place) in at.into_iter().enumerate() {
        let m = draws::<Correlations>(4, 100_000).iter().map(|x| x[k]).sum::<f64>() / 1e5;
        assert!((m - mean[place]).abs() <= 5.0 * (variance[place] / 1e5).sqrt(), "{place:?}");
    }
    assert!((variance[(2, 0)] - 1.0 / 4.8).abs() < 1e-15);
}

/// Draws are positive definite, or singular only by underflow; extremes give no NaN.
#[test]
fn extremes() {
    let mut rng = rng(1);
    for df in [1.1, 1.5, 1e3, 1e100] {
        let theta = Jet::variables([df, 1.0, 0.5, 1.0]);
        for _ in 0..1000 {
            let fine = |x: &Jet<f64, 4>| x.re.is_finite() && x.eps.iter().all(|e| !e.is_nan());
            let (x, y) = (OfWishart::law(&theta).sample(&mut rng), OfInverse::law(&theta).sample(&mut rng));
            assert!(x.iter().all(fine), "{df} {x:?}");
            assert!(y.iter().all(|y| !y.re.is_nan() && y.eps.iter().all(|e| !e.is_nan())), "{df} {y:?}");
        }
    }
    for concentration in [1e-100, 1e-3, 1e6, 1e100] {
        let [eta] = Jet::variables([concentration]);
        for _ in 0..1000 {
            let l = Correlations::law(&[eta]).sample(&mut rng);
            assert!(l.iter().all(|x| x.re.is_finite() && x.eps[0].is_finite()), "{concentration} {l:?}");
            let c = linalg::from_cholesky(&l);
            assert!((0..3).all(|i| (c[(i, i)].re - 1.0).abs() < 1e-14));
            assert!(!Correlations::law(&[eta]).ln_pdf(&l).re.is_nan());
        }
    }
}

#[test]
fn dynamic_sizes() {
    let fixed = OfWishart::law(OfWishart::THETA);
    let l = DMatrix::from_column_slice(2, 2, factor(&OfWishart::THETA[1..]).as_slice());
    let dynamic = Wishart::from_cholesky(3.5, l.clone()).unwrap();
    assert_eq!(fixed.sample(&mut rng(1)).as_slice(), dynamic.sample(&mut rng(1)).as_slice());
    assert!(dynamic.ln_pdf(&DMatrix::identity(3, 3)).is_nan());
    assert!(Wishart::from_cholesky(3.5, DMatrix::<f64>::identity(2, 3)).is_err());
    assert!(MatrixNormal::from_cholesky(DMatrix::zeros(2, 3), l.clone(), l).is_err());
    let lkj = LkjCholesky::new(Dyn(3), 1.4).unwrap();
    let same = Correlations::law(&[1.4]);
    assert_eq!(lkj.sample(&mut rng(1)).as_slice(), same.sample(&mut rng(1)).as_slice());
}

// a coordinate taken twice or left out, a derivative that is not that of the map from coordinates
#[test]
fn from_coordinates() {
    derivatives_at_coordinates::<OfWishart>(&[0, 1, 2, 3]);
    derivatives_at_coordinates::<OfInverse>(&[0, 1, 2, 3]);
    derivatives_at_coordinates::<Correlations>(&[0]);
    derivatives_at_coordinates::<Gaussian>(&[0, 1, 2, 3, 4, 5, 6]);
    quasi_random::<OfWishart, 4>(2.0);
    quasi_random::<OfInverse, 4>(2.0);
    quasi_random::<Correlations, 1>(2.0);
    quasi_random::<Gaussian, 7>(2.0);
}
