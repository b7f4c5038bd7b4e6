//! Derivatives of deterministic functions.

use super::Jet;

/// f and its gradient.
///
/// ```
/// use reparam::scalar::{Jet, Scalar, gradient};
/// let (value, slope) = gradient([2.0, 3.0], |[x, y]| x * y + y.powi(2));
/// assert_eq!((value, slope), (15.0, [3.0, 8.0]));
/// ```
pub fn gradient<const N: usize>(x: [f64; N], f: impl FnOnce([Jet<f64, N>; N]) -> Jet<f64, N>) -> (f64, [f64; N]) {
    let y = f(Jet::variables(x));
    (y.re, y.eps)
}

/// f, its gradient and its Hessian.
///
/// ```
/// use reparam::scalar::hessian;
/// let (value, slope, curvature) = hessian([2.0, 3.0], |[x, y]| x * x * y);
/// assert_eq!((value, slope, curvature), (12.0, [12.0, 4.0], [[6.0, 4.0], [4.0, 0.0]]));
/// ```
pub fn hessian<const N: usize>(
    x: [f64; N],
    f: impl FnOnce([Jet<Jet<f64, N>, N>; N]) -> Jet<Jet<f64, N>, N>,
) -> (f64, [f64; N], [[f64; N]; N]) {
    f(Jet::second_order(x)).hessian()
}

/// The values of f and its Jacobian: row k has the derivatives of value k.
///
/// ```
/// use reparam::scalar::{Scalar, jacobian};
/// // polar coordinates
/// let (values, rows) = jacobian([2.0, 0.0], |[r, angle]| [r * angle.cos(), r * angle.sin()]);
/// assert_eq!((values, rows), ([2.0, 0.0], [[1.0, 0.0], [0.0, 2.0]]));
/// ```
pub fn jacobian<const N: usize, const K: usize>(
    x: [f64; N],
    f: impl FnOnce([Jet<f64, N>; N]) -> [Jet<f64, N>; K],
) -> ([f64; K], [[f64; N]; K]) {
    let y = f(Jet::variables(x));
    (y.map(|y| y.re), y.map(|y| y.eps))
}

/// The derivative of the gradient along v, which is the Hessian times v, in one run: f, its gradient, and that product.
///
/// ```
/// use reparam::scalar::hessian_vector;
/// let (value, slope, product) = hessian_vector([2.0, 3.0], [1.0, 10.0], |[x, y]| x * x * y);
/// assert_eq!((value, slope, product), (12.0, [12.0, 4.0], [46.0, 4.0]));
/// ```
pub fn hessian_vector<const N: usize>(
    x: [f64; N],
    v: [f64; N],
    f: impl FnOnce([Jet<Jet<f64, N>, 1>; N]) -> Jet<Jet<f64, N>, 1>,
) -> (f64, [f64; N], [f64; N]) {
    let along = |i: usize| Jet { re: Jet::variable(x[i], i), eps: [Jet::constant(v[i])] };
    let y = f(core::array::from_fn(along));
    (y.re.re, y.re.eps, y.eps[0].eps)
}

/// The number of parameters of a chunk.
#[cfg(feature = "alloc")]
const CHUNK: usize = 8;

/// f and its gradient at any number of parameters, in runs of eight at a time.
///
/// ```
/// use reparam::scalar::{Jet, gradient_dyn};
/// let x: Vec<f64> = (1..=20).map(f64::from).collect();
/// let (value, slope) = gradient_dyn(&x, |x| x.iter().map(|x| *x * *x).sum::<Jet<f64, 8>>());
/// assert_eq!((value, slope[19]), (2870.0, 40.0));
/// ```
#[cfg(feature = "alloc")]
pub fn gradient_dyn(x: &[f64], f: impl Fn(&[Jet<f64, CHUNK>]) -> Jet<f64, CHUNK>) -> (f64, alloc::vec::Vec<f64>) {
    let mut numbers: alloc::vec::Vec<_> = x.iter().map(|x| Jet::constant(*x)).collect();
    let mut slope = alloc::vec::Vec::with_capacity(x.len());
    let mut value = f64::NAN;
    // without parameters there is still a value
    for first in (0..x.len().max(1)).step_by(CHUNK) {
        let chunk = first..x.len().min(first + CHUNK);
        chunk.clone().for_each(|i| numbers[i] = Jet::variable(x[i], i - first));
        let y = f(&numbers);
        chunk.clone().for_each(|i| numbers[i] = Jet::constant(x[i]));
        value = y.re;
        slope.extend_from_slice(&y.eps[..chunk.len()]);
    }
    (value, slope)
}

/// f, its gradient, and the product of its Hessian with v, at any number of parameters: in as many runs as
/// [`gradient_dyn`].
///
/// ```
/// use reparam::scalar::{Scalar, hessian_vector_dyn};
/// let x = [1.0; 12];
/// let v: Vec<f64> = (0..12).map(f64::from).collect();
/// let (_, _, product) = hessian_vector_dyn(&x, &v, |x| x.iter().fold((x[0] * 0.0).exp() - 1.0, |sum, x| sum + x.powi(3)));
/// assert_eq!(product[11], 66.0);
/// ```
///
/// # Panics
/// If x and v are not of one length.
#[cfg(feature = "alloc")]
pub fn hessian_vector_dyn(
    x: &[f64],
    v: &[f64],
    f: impl Fn(&[Jet<Jet<f64, CHUNK>, 1>]) -> Jet<Jet<f64, CHUNK>, 1>,
) -> (f64, alloc::vec::Vec<f64>, alloc::vec::Vec<f64>) {
    assert_eq!(x.len(), v.len(), "a direction has as many components as there are parameters");
    let constant = |i: usize| Jet { re: Jet::constant(x[i]), eps: [Jet::constant(v[i])] };
    let mut numbers: alloc::vec::Vec<_> = (0..x.len()).map(constant).collect();
    let (mut slope, mut product) = (alloc::vec::Vec::new(), alloc::vec::Vec::new());
    let mut value = f64::NAN;
    for first in (0..x.len().max(1)).step_by(CHUNK) {
        let chunk = first..x.len().min(first + CHUNK);
        chunk.clone().for_each(|i| numbers[i].re = Jet::variable(x[i], i - first));
        let y = f(&numbers);
        chunk.clone().for_each(|i| numbers[i] = constant(i));
        value = y.re.re;
        slope.extend_from_slice(&y.re.eps[..chunk.len()]);
        product.extend_from_slice(&y.eps[0].eps[..chunk.len()]);
    }
    (value, slope, product)
}
