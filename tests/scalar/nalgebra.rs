//! Numbers with derivatives as entries of nalgebra's matrices and ndarray's arrays.

use nalgebra::{Matrix2, Matrix3, Vector2, Vector3};
use ndarray::{Array1, Array2, array};
use num_dual::{Dual2_64, Dual64};
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::{Gamma, Normal};
use reparam::prelude::Distribution;
use reparam::scalar::{Jet, Scalar};

#[test]
fn products_of_matrices_carry_derivatives() {
    // R(t) (1, 0) = (cos t, sin t)
    let [t] = Jet::variables([0.3]);
    let rotation = Matrix2::new(t.cos(), -t.sin(), t.sin(), t.cos());
    let turned = rotation * Vector2::new(Jet::from(1.0), Jet::from(0.0));
    assert_eq!((turned.x.re, turned.x.eps), (0.3f64.cos(), [-0.3f64.sin()]));
    assert_eq!((turned.y.re, turned.y.eps), (0.3f64.sin(), [0.3f64.cos()]));
    // the identity does not move
    let back = rotation.transpose() * rotation - Matrix2::identity();
    assert!(back.iter().all(|x| x.re.abs() < 1e-15 && x.eps[0].abs() < 1e-15));
}

/// x + A x rate dt, once for every scalar.
fn euler<S: Scalar>(a: &Matrix2<S>, x: Vector2<S>, rate: S, dt: f64) -> Vector2<S> {
    let drift = a * x;
    x + drift * rate * S::from(dt)
}

/// Two steps of a decay by 1 - r/2 each: ((1 - r/2)^2)' = -(1 - r/2), and '' = 1/2.
#[test]
fn generic_steps_of_vectors() {
    let twice = |r| {
        let a = -Matrix2::identity();
        euler(&a, euler(&a, Vector2::new(Dual2_64::from(1.0), Dual2_64::from(0.0)), r, 0.5), r, 0.5)
    };
    let x = twice(Dual2_64::from(0.5).derivative()).x;
    assert_eq!((x.re, x.v1, x.v2), (0.5625, -0.75, 0.5));
    let [r] = Jet::second_order([0.5]);
    let a = -Matrix2::identity();
    let x = euler(&a, Vector2::new(Jet::from(1.0), Jet::from(0.0)), r, 0.5);
    assert_eq!(x.x.hessian(), (0.75, [-0.5], [[0.0]]));
}

/// A symmetric matrix of draws, and the plain number it is multiplied by the scale of: eigenvalues and factors that are
/// proportional to the scale and to its root.
fn draws(scale: Dual2_64) -> Matrix3<Dual2_64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(5);
    let diagonal = Gamma::new(Dual2_64::from(9.0), Scalar::recip(scale)).unwrap();
    let around_0 = Normal::new(Dual2_64::from(0.0), scale).unwrap();
    let d = Vector3::from_fn(|_, _| diagonal.sample(&mut rng));
    let [a, b, c] = [0; 3].map(|_| around_0.sample(&mut rng));
    Matrix3::new(d.x, a, b, a, d.y, c, b, c, d.z)
}

/// num-dual's numbers from our draws into nalgebra's own factorizations, to the second order.
#[test]
fn draws_in_the_factorizations_of_nalgebra() {
    let scale = 2.5;
    let m = draws(Dual2_64::from(scale).derivative());
    for x in m.symmetric_eigenvalues().iter() {
        assert!(x.re > 0.0 && (x.v1 - x.re / scale).abs() < 1e-12 * x.re, "{x}");
        assert!(x.v2.abs() < 1e-12 * x.re, "{x}");
    }
    let l = m.cholesky().unwrap().unpack();
    for x in l.lower_triangle().iter() {
        let size = x.re.abs();
        assert!((x.v1 - x.re / (2.0 * scale)).abs() <= 1e-13 * size, "{x}");
        assert!((x.v2 + x.re / (4.0 * scale * scale)).abs() <= 1e-13 * size, "{x}");
    }
}

/// The eigenvalues of (a 1; 1 0) are a/2 ± sqrt(a²/4 + 1): slopes 1/2 ± a / (4 sqrt(a²/4 + 1)).
#[test]
fn slopes_of_eigenvalues() {
    let a = Dual64::from(3.0).derivative();
    let (zero, one) = (Dual64::from(0.0), Dual64::from(1.0));
    let eigenvalues = Matrix2::new(a, one, one, zero).symmetric_eigenvalues();
    let root = 3.25f64.sqrt();
    for (x, sign) in [(eigenvalues.max(), 1.0), (eigenvalues.min(), -1.0)] {
        assert!((x.re - 1.5 - sign * root).abs() < 1e-14);
        assert!((x.eps - 0.5 - sign * 0.75 / root).abs() < 1e-14);
    }
}

/// ndarray asks for num-traits' zero and one.
#[test]
fn products_of_arrays_carry_derivatives() {
    let [x, y] = Jet::variables([3.0, 0.5]);
    let v: Array1<Jet<f64, 2>> = array![x, y];
    assert_eq!(v.dot(&v), Jet { re: 9.25, eps: [6.0, 1.0] });
    let a: Array2<Jet<f64, 2>> = array![[x, y], [y, x]];
    let product = a.dot(&v);
    assert_eq!(product[0], Jet { re: 9.25, eps: [6.0, 1.0] });
    assert_eq!(product[1], Jet { re: 3.0, eps: [1.0, 6.0] }); // 2 x y
    assert_eq!(v.sum(), x + y);
    assert_eq!(v.mean(), Some((x + y) / 2.0));
    assert_eq!(Array2::<Jet<f64, 2>>::eye(2).dot(&v), v);
}
