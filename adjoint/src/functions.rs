//! Derivatives of deterministic functions.

use crate::Var;
use crate::tape::{Base, Run};
use reparam::scalar::Jet;

/// f and its gradient: one run, and one way back.
///
/// ```
/// use reparam::scalar::Scalar;
/// let x: Vec<f64> = (0..1000).map(|i| i as f64 / 1000.0).collect();
/// let (value, slope) = reparam_adjoint::gradient(&x, |x| x.iter().map(|x| x.exp()).sum());
/// assert_eq!(slope[7], 0.007f64.exp());
/// assert!((value - 1000.0 * (1f64.exp() - 1.0)).abs() < 1.0);
/// ```
pub fn gradient(x: &[f64], f: impl FnOnce(&[Var]) -> Var) -> (f64, Vec<f64>) {
    let run = Run::new(x.len());
    let y = f(&variables(&run, x));
    (y.value(), run.back(y.derivative(), <[f64]>::to_vec))
}

/// The values of f and its Jacobian, row k of which has the derivatives of value k: one run, and one way back for each
/// value.
///
/// ```
/// let (values, rows) = reparam_adjoint::jacobian(&[2.0, 3.0], |x| vec![x[0] * x[1], x[0] + 1.0, 5.0.into()]);
/// assert_eq!(values, [6.0, 3.0, 5.0]);
/// assert_eq!(rows, [[3.0, 2.0], [1.0, 0.0], [0.0, 0.0]]);
/// ```
pub fn jacobian(x: &[f64], f: impl FnOnce(&[Var]) -> Vec<Var>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let run = Run::new(x.len());
    let y = f(&variables(&run, x));
    let rows = y.iter().map(|y| run.back(y.derivative(), <[f64]>::to_vec)).collect();
    (y.iter().map(|y| y.value()).collect(), rows)
}

/// f, its gradient, and the product of its Hessian with v: one run in reverse over jets with one partial.
///
/// # Panics
/// If x and v are not of one length.
///
/// ```
/// use reparam::scalar::Scalar;
/// // Σ x³ has the Hessian 6 x on the diagonal
/// let (x, v) = ([1.0, 2.0, 3.0], [1.0, 0.0, -1.0]);
/// let (value, slope, product) = reparam_adjoint::hessian_vector(&x, &v, |x| x.iter().map(|x| x.powi(3)).sum());
/// assert_eq!((value, slope, product), (36.0, vec![3.0, 12.0, 27.0], vec![6.0, 0.0, -18.0]));
/// ```
pub fn hessian_vector(
    x: &[f64],
    v: &[f64],
    f: impl FnOnce(&[Var<Jet<f64, 1>>]) -> Var<Jet<f64, 1>>,
) -> (f64, Vec<f64>, Vec<f64>) {
    assert_eq!(x.len(), v.len(), "a direction has as many components as there are parameters");
    let run = Run::new(x.len());
    let point: Vec<_> = x.iter().zip(v).map(|(x, v)| Jet { re: *x, eps: [*v] }).collect();
    let y = f(&variables(&run, &point));
    run.back(y.derivative(), |d| (y.value().re, d.iter().map(|d| d.re).collect(), d.iter().map(|d| d.eps[0]).collect()))
}

/// f, its gradient and its Hessian, row by row: a run in reverse over jets for every eight parameters.
///
/// ```
/// let (value, slope, rows) = reparam_adjoint::hessian(&[2.0, 3.0], |x| x[0] * x[0] * x[1]);
/// assert_eq!((value, slope), (12.0, vec![12.0, 4.0]));
/// assert_eq!(rows, [[6.0, 4.0], [4.0, 0.0]]);
/// ```
pub fn hessian(x: &[f64], f: impl Fn(&[Var<Jet<f64, 8>>]) -> Var<Jet<f64, 8>>) -> (f64, Vec<f64>, Vec<Vec<f64>>) {
    const CHUNK: usize = 8;
    let (mut value, mut slope, mut rows) = (f64::NAN, Vec::new(), Vec::new());
    let mut point: Vec<Jet<f64, CHUNK>> = x.iter().map(|x| Jet::constant(*x)).collect();
    // without parameters there is still a value
    for first in (0..x.len().max(1)).step_by(CHUNK) {
        let chunk = first..x.len().min(first + CHUNK);
        chunk.clone().for_each(|i| point[i] = Jet::variable(x[i], i - first));
        let run = Run::new(x.len());
        let y = f(&variables(&run, &point));
        chunk.clone().for_each(|i| point[i] = Jet::constant(x[i]));
        run.back(y.derivative(), |d| {
            value = y.value().re;
            slope = d.iter().map(|d| d.re).collect();
            // the Hessian is symmetric: columns are rows
            rows.extend((0..chunk.len()).map(|k| d.iter().map(|d| d.eps[k]).collect::<Vec<_>>()));
        });
    }
    (value, slope, rows)
}

/// The variables of a run at a point.
fn variables<T: Base>(run: &Run<T>, point: &[T]) -> Vec<Var<T>> {
    run.variables().zip(point).map(|(origin, x)| Var::new(*x, T::from(1.0), origin)).collect()
}

/// The same in place of those of another run.
pub(crate) fn renew<T: Base>(run: &Run<T>, point: &[T], variables: &mut [Var<T>]) {
    for ((variable, origin), x) in variables.iter_mut().zip(run.variables()).zip(point) {
        *variable = Var::new(*x, T::from(1.0), origin);
    }
}
