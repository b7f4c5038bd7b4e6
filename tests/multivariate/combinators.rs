//! Bijections of vectors, laws of images, independent entries, affine maps.

use crate::harness::*;
use crate::normal::vector;
use nalgebra::{Const, DMatrix, DVector, Dyn, Matrix2, Matrix3, SMatrix, SVector, Vector2, Vector3, Vector6, vector};
use reparam::distr::bijection::*;
use reparam::linalg;
use reparam::prelude::*;

/// The logarithm of the Jacobian against the determinant of the derivatives of the entries `free` of the image, and the inverse
/// against the point.
#[track_caller]
fn check_map<const K: usize, I, J>(
    map: impl Bijection<SVector<f64, K>, Scalar = f64, Image = I>
    + Bijection<SVector<Jet<f64, K>, K>, Scalar = Jet<f64, K>, Image = J>,
    x: [f64; K],
    free: impl Fn(&J) -> Vec<Jet<f64, K>>,
) {
    let y = free(&map.forward(&SVector::from(Jet::variables(x))));
    assert_eq!(y.len(), K);
    let jacobian = SMatrix::<f64, K, K>::from_fn(|i, j| y[i].eps[j]);
    let want = DMatrix::from_column_slice(K, K, jacobian.as_slice()).determinant().abs().ln();
    let got: f64 = map.ln_abs_det_jacobian(&SVector::from(x));
    assert!((got - want).abs() < 1e-13 * want.abs().max(1.0), "{got} {want}");
    let x = SVector::from(x);
    let back: SVector<f64, K> = map.inverse(&map.forward(&x)).expect("in the image");
    assert!((back - x).abs().max() < 1e-13, "{back} {x}");
}

#[test]
fn jacobians_and_inverses() {
    check_map(Entrywise(Softplus), [-3.0, 0.5, 4.0], |y| y.as_slice().to_vec());
    check_map(Ordered, [-3.0, 0.5, 1.0, -2.0], |y| y.as_slice().to_vec());
    check_map(Simplex, [-3.0, 0.5, 1.0], |y: &SVector<_, 4>| y.as_slice()[..3].to_vec());
    check_map(Simplex, [-20.0, 30.0], |y: &SVector<_, 3>| y.as_slice()[..2].to_vec());
    let lower = |y: &Matrix3<_>| vec![y[(0, 0)], y[(1, 0)], y[(1, 1)], y[(2, 0)], y[(2, 1)], y[(2, 2)]];
    let map = CholeskyFactor::new(Const::<3>, Const::<6>).unwrap();
    check_map(map, [-3.0, 0.5, 1.0, 2.0, -1.0, 0.1], lower);
    let below = |y: &Matrix3<_>| vec![y[(1, 0)], y[(2, 0)], y[(2, 1)]];
    let map = CorrelationCholesky::new(Const::<3>, Const::<3>).unwrap();
    check_map(map, [-3.0, 0.5, 1.0], below);
    let map = Then(Entrywise(Exp), Entrywise(Tanh));
    check_map(map, [-3.0, 0.5], |y| y.as_slice().to_vec());
}

#[test]
fn outside_the_image() {
    assert_eq!(Simplex.inverse(&Vector3::new(0.5, 0.5, 0.5)), None::<Vector2<f64>>);
    assert_eq!(Simplex.inverse(&Vector3::new(1.5, -0.25, -0.25)), None::<Vector2<f64>>);
    assert_eq!(Ordered.inverse(&Vector2::new(1.0, 0.0)), None);
    let map = CholeskyFactor::new(Const::<2>, Const::<3>).unwrap();
    assert_eq!(map.inverse(&Matrix2::new(1.0, 0.1, 0.0, 1.0)), None);
    assert_eq!(map.inverse(&Matrix2::new(1.0, 0.0, 0.0, -1.0)), None);
    assert!(map.inverse(&(Matrix2::identity() * f64::NAN)).is_none_or(|x| x.iter().any(|x| x.is_nan())));
    let map = CorrelationCholesky::new(Const::<2>, Const::<1>).unwrap();
    assert_eq!(map.inverse(&Matrix2::new(1.0, 0.0, 0.6, 0.7)), None);
    let error = CholeskyFactor::new(Const::<2>, Const::<4>).unwrap_err();
    assert_eq!((error.parameter(), error.value()), ("free", 4.0));
    assert_eq!(CorrelationCholesky::new(Dyn(3), Dyn(4)).unwrap_err().value(), 4.0);
    let map = CorrelationCholesky::new(Dyn(3), Dyn(3)).unwrap();
    assert!(map.forward(&DVector::from_element(2, 0.5)).iter().all(|l| l.is_nan()));
    assert!(map.inverse(&DMatrix::<f64>::identity(2, 2)).unwrap().iter().all(|x| x.is_nan()));
}

/// Two means, l11, l21, l22 of a normal law of two numbers.
fn two<S: Scalar>(t: &[S]) -> MultivariateNormal<S, Const<2>> {
    let factor = Matrix2::new(t[2], S::from(0.0), t[3], t[4]);
    MultivariateNormal::from_cholesky(Vector2::new(t[0], t[1]), factor).expect("valid")
}

/// Stick-breaking of two normal numbers.
struct Sticks;

impl Simulation for Sticks {
    const THETA: &'static [f64] = &[0.4, -0.2, 0.9, 0.4, 0.8];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        let x: Vector3<S> = chance.draw_joint(&MultivariateTransformed::new(two(theta), Simplex));
        x.as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        MultivariateTransformed::new(two(theta), Simplex).ln_pdf(&vector(x))
    }
}

/// Two normal numbers in order.
struct InOrder;

impl Simulation for InOrder {
    const THETA: &'static [f64] = &[0.4, -0.2, 0.9, 0.4, 0.8];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&MultivariateTransformed::new(two(theta), Ordered)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        MultivariateTransformed::new(two(theta), Ordered).ln_pdf(&vector(x))
    }
}

/// A factor of a 3 by 3 correlation matrix from three logistic numbers of one scale.
struct Factors;

impl Factors {
    fn law<S: Scalar>(
        t: &[S],
    ) -> MultivariateTransformed<S, Independent<Logistic<S>, Const<3>>, CorrelationCholesky<Const<3>, Const<3>>> {
        let laws = Vector3::from_fn(|i, _| Logistic::new(t[i], t[3]).expect("valid"));
        let map = CorrelationCholesky::new(Const, Const).expect("sizes that fit");
        MultivariateTransformed::new(Independent::new(laws), map)
    }
}

impl Simulation for Factors {
    const THETA: &'static [f64] = &[0.4, -0.2, 0.1, 0.3];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        let l = chance.draw_joint(&Self::law(theta));
        [(1, 0), (2, 0), (2, 1)].map(|i| l[i]).to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        let zero = S::from(0.0);
        let (l22, l33) = ((-x[0] * x[0] + 1.0).sqrt(), (-x[1] * x[1] - x[2] * x[2] + 1.0).sqrt());
        Self::law(theta).ln_pdf(&Matrix3::new(S::from(1.0), zero, zero, x[0], l22, zero, x[1], x[2], l33))
    }
}

/// A matrix and a shift of two Laplace numbers.
struct Sheared;

impl Sheared {
    fn law<S: Scalar>(t: &[S]) -> Affine<S, Independent<Laplace<S>, Const<2>>, Const<2>> {
        let of = |scale| Laplace::new(S::from(0.0), scale).expect("valid");
        let base = Independent::new(vector![of(t[6]), of(S::from(2.0))]);
        Affine::new(base, Matrix2::new(t[0], t[1], t[2], t[3]), Vector2::new(t[4], t[5])).expect("valid")
    }
}

impl Simulation for Sheared {
    const THETA: &'static [f64] = &[0.4, 1.2, -0.9, 0.4, 0.8, -0.3, 1.5];
    fn draw<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Vec<S> {
        chance.draw_joint(&Self::law(theta)).as_slice().to_vec()
    }
    fn ln_pdf<S: Scalar>(theta: &[S], x: &[S]) -> S {
        Self::law(theta).ln_pdf(&vector(x))
    }
}

#[test]
fn values_are_the_same_for_every_scalar() {
    same_values::<Sticks>();
    same_values::<InOrder>();
    same_values::<Factors>();
    same_values::<Sheared>();
}

#[test]
fn derivatives() {
    density_derivatives::<Sticks>(&[0.25, 0.125, 0.625], &[0, 1, 2, 3, 4]);
    density_derivatives::<InOrder>(&[0.25, 1.5], &[0, 1, 2, 3, 4, 5, 6]);
    density_derivatives::<Factors>(&[0.3, -0.5, 0.4], &[0, 1, 2, 3, 4, 5, 6]);
    density_derivatives::<Sheared>(&[0.3, -0.5], &[0, 1, 2, 3, 4, 5, 6, 7, 8]);
    draw_derivatives::<Sticks>(&[0, 1, 2, 3, 4]);
    draw_derivatives::<InOrder>(&[0, 1, 2, 3, 4]);
    draw_derivatives::<Factors>(&[0, 1, 2, 3]);
    draw_derivatives::<Sheared>(&[0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn densities_are_those_of_draws() {
    density_is_that_of_draws::<Sticks>(None);
    density_is_that_of_draws::<InOrder>(None);
    density_is_that_of_draws::<Factors>(None);
    density_is_that_of_draws::<Sheared>(Sheared::law(Sheared::THETA).entropy());
    let law = Sheared::law(Sheared::THETA);
    moments::<Sheared>(law.mean().unwrap().as_slice(), law.covariance().unwrap().as_slice());
    // A diag(2 · 1.5², 8) Aᵀ
    let want = Matrix2::new(
        0.16 * 4.5 + 1.44 * 8.0,
        -0.36 * 4.5 + 0.48 * 8.0,
        -0.36 * 4.5 + 0.48 * 8.0,
        0.81 * 4.5 + 0.16 * 8.0,
    );
    assert!((law.covariance().unwrap() - want).abs().max() < 1e-14);
}

/// A normal vector through an affine map is the normal law of that mean and covariance.
#[test]
fn affine_map_of_a_normal_vector() {
    let base = MultivariateNormal::from_covariance(Vector2::new(1.0, -1.0), Matrix2::new(2.0, 0.5, 0.5, 1.0)).unwrap();
    let a = Matrix2::new(0.1, 2.0, -3.0, 0.4);
    let law = Affine::new(base.clone(), a, Vector2::new(0.5, 0.0)).unwrap();
    let same = MultivariateNormal::from_covariance(law.mean().unwrap(), law.covariance().unwrap()).unwrap();
    for y in [Vector2::new(0.3, -0.4), Vector2::new(-7.0, 2.0)] {
        assert!((law.ln_pdf(&y) - same.ln_pdf(&y)).abs() < 1e-13);
    }
    assert!((law.entropy().unwrap() - same.entropy().unwrap()).abs() < 1e-14);
    let refused = |a: Matrix2<f64>| Affine::new(base.clone(), a, Vector2::zeros()).unwrap_err();
    assert_eq!(
        (refused(Matrix2::new(1.0, 2.0, 2.0, 4.0)).parameter(), refused(a * f64::NAN).parameter()),
        ("matrix", "matrix")
    );
    assert!(refused(a * f64::NAN).value().is_nan());
    let shift = Vector2::new(f64::NAN, 0.0);
    assert_eq!(Affine::new(base, a, shift).unwrap_err().parameter(), "shift");
}

/// Cholesky factors of covariances: the scale of a normal law from six free numbers, with a density.
#[test]
fn covariance_factors() {
    let base = Independent::new(Vector6::from_element(Normal::new(0.0, 1.0).unwrap()));
    let map = CholeskyFactor::new(Const::<3>, Const::<6>).unwrap();
    let law = MultivariateTransformed::new(base, map);
    assert_eq!(law.shape(), (3, 3));
    let mut rng = rng(1);
    for _ in 0..100 {
        let l = law.sample(&mut rng);
        assert!(linalg::cholesky(&linalg::from_cholesky(&l)).is_some_and(|again| (again - l).abs().max() < 1e-9));
        assert!(law.ln_pdf(&l).is_finite());
    }
    assert_eq!(law.ln_pdf(&Matrix3::from_element(1.0)), f64::NEG_INFINITY);
    // at the identity: the density of six zeros, with a Jacobian of 1
    let want = -3.0 * (2.0 * std::f64::consts::PI).ln();
    assert!((law.ln_pdf(&Matrix3::identity()) - want).abs() < 1e-14);
}

#[test]
fn independent_entries() {
    let law = Independent::new(vector![Gamma::new(2.0, 1.0).unwrap(), Gamma::new(0.5, 2.0).unwrap()]);
    let [a, b] = [law.laws()[0], law.laws()[1]];
    assert_eq!(law.ln_pdf(&vector![1.0, 2.0]), a.ln_pdf(1.0) + b.ln_pdf(2.0));
    assert_eq!(law.ln_pdf(&vector![-1.0, 0.0]), f64::NEG_INFINITY);
    assert!(law.ln_pdf(&vector![f64::NAN, 1.0]).is_nan());
    assert_eq!(law.entropy(), Some(a.entropy() + b.entropy()));
    assert_eq!(law.variance(), Some(vector![2.0, 0.125]));
    // the second density has no bound
    assert_eq!(law.mode(), None);
    let normal = Independent::new(vector![Normal::new(1.0, 1.0).unwrap(), Normal::new(2.0, 2.0).unwrap()]);
    assert_eq!(normal.mode(), Some(vector![1.0, 2.0]));
    let turned = Affine::new(normal, Matrix2::new(0.0, -1.0, 1.0, 0.0), vector![0.5, 0.0]).unwrap();
    assert_eq!(turned.mode(), Some(vector![-1.5, 1.0]));
    let other = Independent::new(vector![Gamma::new(1.0, 1.0).unwrap(), Gamma::new(0.5, 1.0).unwrap()]);
    let want = a.kl_divergence(&other.laws()[0]) + b.kl_divergence(&other.laws()[1]);
    assert_eq!(law.kl_divergence(&other), want);
    // a law without a mean
    let cauchy = Independent::new(DVector::from_element(3, Cauchy::new(0.0, 1.0).unwrap()));
    assert_eq!(cauchy.mean(), None);
    assert!(cauchy.ln_pdf(&DVector::from_element(2, 0.0)).is_nan());
}

// a coordinate taken twice or left out, a derivative that is not that of the map from coordinates
#[test]
fn from_coordinates() {
    derivatives_at_coordinates::<Sticks>(&[0, 1, 2, 3, 4]);
    derivatives_at_coordinates::<InOrder>(&[0, 1, 2, 3, 4]);
    derivatives_at_coordinates::<Factors>(&[0, 1, 2, 3]);
    derivatives_at_coordinates::<Sheared>(&[0, 1, 2, 3, 4, 5, 6]);
    quasi_random::<Sticks, 5>(2.0);
    quasi_random::<InOrder, 5>(2.0);
    quasi_random::<Factors, 4>(2.0);
    quasi_random::<Sheared, 7>(2.0);
}
