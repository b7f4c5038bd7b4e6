//! Jets as entries of nalgebra's matrices.

use nalgebra::{Matrix2, Vector2};
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
