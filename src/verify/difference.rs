//! Derivatives by extrapolated finite differences.

use crate::scalar::{Jet, Scalar};
use core::fmt;
use std::vec::Vec;

/// A derivative by finite differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The derivative.
    pub value: f64,
    /// How far the extrapolation's last columns differ: the size of its error.
    pub error: f64,
}

/// df/dx by central differences extrapolated to step 0, with an estimate of the error.
///
/// The steps start at a twentieth of |x| (of 1 at 0), so that a positive parameter stays positive, and shrink by 1.4 from
/// one to the next. Where that does not settle, because the function is NaN a little off x, say, smaller starts are tried,
/// down to 1e-9 |x|.
///
/// Source: Ridders 1982, "Accurate computation of F'(x) and F'(x) F''(x)", Adv. Eng. Software 4.
///
/// ```
/// let d = reparam::verify::derivative(f64::exp, 1.0);
/// assert!((d.value - 1f64.exp()).abs() < 1e-10);
/// assert!(d.error < 1e-9);
/// ```
pub fn derivative(mut f: impl FnMut(f64) -> f64, x: f64) -> Difference {
    let mut best = Difference { value: f64::NAN, error: f64::INFINITY };
    for found in differences(&mut f, x) {
        if found.error < best.error {
            best = found;
        }
        // the larger the steps, the better their differences are known: small ones agree by luck
        if best.error <= 1e-7 * best.value.abs() {
            break;
        }
    }
    best
}

/// The extrapolated differences from large first steps to small ones.
fn differences(f: &mut impl FnMut(f64) -> f64, x: f64) -> impl Iterator<Item = Difference> {
    let unit = if x == 0.0 { 1.0 } else { x.abs() };
    [0.05, 1e-3, 1e-5, 1e-7, 1e-9].into_iter().map(move |h| ridders(f, x, h * unit))
}

fn ridders(f: &mut impl FnMut(f64) -> f64, x: f64, h: f64) -> Difference {
    const ROWS: usize = 12;
    const SHRINK: f64 = 1.4;
    let mut table = [[0.0; ROWS]; ROWS];
    let mut h = h;
    let mut best = Difference { value: f64::NAN, error: f64::INFINITY };
    for i in 0..ROWS {
        let (right, left) = (x + h, x - h);
        let (f_right, f_left) = (f(right), f(left));
        table[0][i] = (f_right - f_left) / (right - left);
        // two values that agree by luck prove nothing below their own rounding
        let rounding = f64::EPSILON * f_right.abs().max(f_left.abs()) / (right - left);
        let mut factor = 1.0;
        for j in 1..=i {
            factor *= SHRINK * SHRINK;
            table[j][i] = (table[j - 1][i] * factor - table[j - 1][i - 1]) / (factor - 1.0);
            let error =
                (table[j][i] - table[j - 1][i]).abs().max((table[j][i] - table[j - 1][i - 1]).abs()).max(rounding);
            if error <= best.error && table[j][i].is_finite() {
                best = Difference { value: table[j][i], error };
            }
        }
        if i > 0 && (table[i][i] - table[i - 1][i - 1]).abs() > 2.0 * best.error {
            break;
        }
        h /= SHRINK;
    }
    best
}

/// A derivative that finite differences contradict.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Mismatch {
    /// Which variable, counted from 0.
    pub variable: usize,
    /// The order of the derivative: 1 or 2.
    pub order: usize,
    /// What the dual numbers say.
    pub dual: f64,
    /// What finite differences of the order below say.
    pub difference: Difference,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch { variable, order, dual, difference: Difference { value, error } } = self;
        write!(
            f,
            "derivative of order {order} in variable {variable}: dual numbers {dual:e}, differences {value:e} ± {error:e}"
        )
    }
}

impl core::error::Error for Mismatch {}

/// A function of several variables that can be computed over any scalar, for [`gradient`].
pub trait Function {
    /// The value at a point.
    fn call<S: Scalar>(&self, x: &[S]) -> S;
}

/// A function of one number.
pub(crate) type Univariate<'a> = &'a dyn Fn(f64) -> f64;

/// Whether derivatives, all of the same thing, agree with finite differences of `f`, the order below, to `tolerance` relative
/// to the larger of the derivative and `scale`, beside the differences' own error.
///
/// One size of steps must agree: which one can see the derivative depends on the function. Differences whose own error is
/// above a hundred tolerances see nothing. On disagreement, the differences that are known best.
pub(crate) fn agrees(
    mut f: impl FnMut(f64) -> f64,
    x: f64,
    duals: &[f64],
    scale: f64,
    tolerance: f64,
) -> Result<(), Difference> {
    let close = |dual: f64, d: Difference| {
        let scale = dual.abs().max(scale);
        (dual - d.value).abs() <= tolerance * scale + 10.0 * d.error && d.error <= 100.0 * tolerance * scale
    };
    if duals.is_empty() || differences(&mut f, x).any(|d| duals.iter().all(|dual| close(*dual, d))) {
        Ok(())
    } else {
        Err(derivative(f, x))
    }
}

/// Compares first and second derivatives of a function, variable by variable, with finite differences to a relative
/// tolerance (1e-6 is a good one).
///
/// A sampler becomes a function by fixing its noise: seed a generator inside [`Function::call`].
///
/// # Errors
/// The first derivative that differs.
///
/// ```
/// use reparam::scalar::Scalar;
/// struct Product;
/// impl reparam::verify::Function for Product {
///     fn call<S: Scalar>(&self, x: &[S]) -> S { x[0] * x[1].exp() }
/// }
/// assert_eq!(reparam::verify::gradient(&Product, &[2.0, 0.5], 1e-6), Ok(()));
///
/// struct Wrong; // a branch that forgets the derivative
/// impl reparam::verify::Function for Wrong {
///     fn call<S: Scalar>(&self, x: &[S]) -> S { S::from(x[0].re()) * x[0] }
/// }
/// let mismatch = reparam::verify::gradient(&Wrong, &[2.0], 1e-6).unwrap_err();
/// assert_eq!(mismatch.dual, 2.0);
/// ```
pub fn gradient(f: &impl Function, x: &[f64], tolerance: f64) -> Result<(), Mismatch> {
    for variable in 0..x.len() {
        let value_at = |t: f64| f.call::<f64>(&with(x, variable, t));
        let slope_at = |t: f64| {
            let mut point: Vec<Jet<f64, 1>> = x.iter().map(|x| Jet::from(*x)).collect();
            point[variable] = Jet::variable(t, 0);
            f.call(&point).eps[0]
        };
        let curvature = {
            let mut point: Vec<Jet<Jet<f64, 1>, 1>> = x.iter().map(|x| Jet::from(*x)).collect();
            [point[variable]] = Jet::second_order([x[variable]]);
            f.call(&point).eps[0].eps[0]
        };
        let at = x[variable];
        let unit = if at == 0.0 { 1.0 } else { at.abs() };
        let orders: [(usize, f64, f64, Univariate); 2] =
            [(1, slope_at(at), value_at(at), &value_at), (2, curvature, slope_at(at), &slope_at)];
        for (order, dual, below, f) in orders {
            agrees(f, at, &[dual], below.abs() / unit, tolerance).map_err(|difference| Mismatch {
                variable,
                order,
                dual,
                difference,
            })?;
        }
    }
    Ok(())
}

/// The point with one coordinate replaced.
fn with(x: &[f64], variable: usize, t: f64) -> Vec<f64> {
    let mut point = x.to_vec();
    point[variable] = t;
    point
}
