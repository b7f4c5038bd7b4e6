//! Derivatives by extrapolated finite differences.

use crate::estimate::Returned;
use crate::program::Values;
use crate::scalar::Jet;
use core::fmt;
use std::format;
use std::string::String;

/// The numbers in which [`gradient`] calls a function: value, N first and N² second derivatives.
pub type Second<const N: usize> = Jet<Jet<f64, N>, N>;

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
/// The steps start at a twentieth of |x| (of 1 at 0), so that a positive parameter stays positive, and shrink by 1.4
/// from one to the next. Where that does not settle, because the function is NaN a little off x, say, smaller starts
/// are tried, down to 1e-9 |x|.
///
/// Not checked: whether f has a derivative at x. A kink or a jump shows as a large error, if steps on both sides see
/// it.
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
    /// Which of the results, counted from 0.
    pub result: usize,
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
        let Mismatch { result, variable, order, dual, difference: Difference { value, error } } = self;
        let of = if *result == 0 { String::new() } else { format!(" of result {result}") };
        write!(
            f,
            "derivative of order {order}{of} in variable {variable}: dual numbers {dual:e}, \
             differences {value:e} ± {error:e}"
        )
    }
}

impl core::error::Error for Mismatch {}

/// Why [`gradient`] did not pass.
#[derive(Clone, PartialEq)]
pub enum GradientError<E> {
    /// The function's own error at the point.
    Function(E),
    /// A derivative that finite differences contradict.
    Mismatch(Mismatch),
}

impl<E: fmt::Display> fmt::Display for GradientError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GradientError::Function(e) => e.fmt(f),
            GradientError::Mismatch(mismatch) => mismatch.fmt(f),
        }
    }
}

/// As `Display`: it is what `main` prints of an error that it returns.
impl<E: fmt::Display> fmt::Debug for GradientError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<E: fmt::Display> core::error::Error for GradientError<E> {}

/// A function of one number.
pub(crate) type Univariate<'a> = &'a dyn Fn(f64) -> f64;

/// Whether derivatives, all of the same thing, agree with finite differences of `f`, the order below, to `tolerance`
/// relative to the larger of the derivative and `scale`, beside the differences' own error.
///
/// One size of steps must agree: which one can see the derivative depends on the function. Differences whose own error
/// is above a hundred tolerances see nothing. On disagreement, the differences that are known best.
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
/// The function is a closure as [`estimate::pathwise`](crate::estimate::pathwise()) takes it, without the noise: it
/// gets an array of numbers and returns a number, an array or a `Vec` of them, or a `Result` of one of these. A sampler
/// becomes such a function by fixing its noise: seed a generator inside. Laws that are drawn by rejection do not move
/// along at fixed noise, but their quantiles do: see [`family()`](super::family()).
///
/// Not checked: mixed derivatives of two variables, third and higher orders, other points than this one. Where the
/// function fails beside the point, the differences take smaller steps.
///
/// # Errors
/// The first derivative that differs, or the function's own error at the point.
///
/// ```
/// use reparam::prelude::*;
/// use reparam::verify;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// verify::gradient([2.0, 0.5], |[x, y]| x * y.exp(), 1e-6)?;
///
/// fn low<S: Scalar>([mean, std_dev]: [S; 2]) -> Result<S, LawError> {
///     Ok(Normal::new(mean, std_dev)?.quantile(0.1.into()))
/// }
/// verify::gradient([0.3, 1.2], low, 1e-6)?;
///
/// // a branch that forgets the derivative
/// let error = verify::gradient([2.0], |[x]| x * x.re().re(), 1e-6).unwrap_err();
/// assert!(error.to_string().starts_with("derivative of order 1 in variable 0: dual numbers 2e0, differences"));
/// # Ok(()) }
/// ```
pub fn gradient<const N: usize, F, O>(
    theta: [f64; N],
    f: F,
    tolerance: f64,
) -> Result<(), GradientError<<O as Returned<Second<N>>>::Error>>
where
    F: Fn([Second<N>; N]) -> O,
    O: Returned<Second<N>>,
{
    let at = |theta: [f64; N]| f(Jet::second_order(theta)).result();
    let here = at(theta).map_err(GradientError::Function)?;
    let here: &[Second<N>] = O::Values::slice(&here);
    for (result, y) in here.iter().enumerate() {
        for variable in 0..N {
            // NaN where the function fails
            let beside = |t: f64, part: &dyn Fn(&Second<N>) -> f64| {
                let mut theta = theta;
                theta[variable] = t;
                let values = at(theta).ok();
                values.and_then(|values| O::Values::slice(&values).get(result).map(part)).unwrap_or(f64::NAN)
            };
            let slope = |y: &Second<N>| y.re.eps[variable];
            let value_at = |t: f64| beside(t, &|y| y.re.re);
            let slope_at = |t: f64| beside(t, &slope);
            let at = theta[variable];
            let unit = if at == 0.0 { 1.0 } else { at.abs() };
            let orders: [(usize, f64, f64, Univariate); 2] =
                [(1, slope(y), y.re.re, &value_at), (2, y.eps[variable].eps[variable], slope(y), &slope_at)];
            for (order, dual, below, f) in orders {
                agrees(f, at, &[dual], below.abs() / unit, tolerance).map_err(|difference| {
                    GradientError::Mismatch(Mismatch { result, variable, order, dual, difference })
                })?;
            }
        }
    }
    Ok(())
}
