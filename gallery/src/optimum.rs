//! Maxima of likelihoods and their curvature: Newton's method with gradients and Hessians by jets, damped as Levenberg
//! and Marquardt do.
//!
//! argmin's Newton has no damping, and its trust region with Steihaug's steps panics where the gradient is exactly 0.

use crate::Error;
use nalgebra::{SMatrix, SVector};
use reparam::prelude::*;

/// A number with gradient and Hessian in N parameters.
pub type Second<const N: usize> = Jet<Jet<f64, N>, N>;

/// Newton's steps at the most.
const STEPS: u32 = 300;

/// The last step is taken where it raises the function by less than half of this: the value hardly shows it, and the
/// distance to the maximum is by then 1e-4 standard errors before the step and about 1e-8 after it.
const LAST: f64 = 1e-8;

/// A maximum of a logarithm of a likelihood.
#[derive(Clone, Debug)]
pub struct Maximum<const N: usize> {
    /// Where it is.
    pub point: [f64; N],
    /// The function there.
    pub value: f64,
    /// The inverse of the negative Hessian: the covariance of the parameters, for many data.
    pub covariance: SMatrix<f64, N, N>,
}

impl<const N: usize> Maximum<N> {
    /// The standard errors of the parameters.
    pub fn errors(&self) -> [f64; N] {
        std::array::from_fn(|i| self.covariance[(i, i)].sqrt())
    }

    /// A function of the parameters and its standard error by the delta method: √(∇f' V ∇f).
    pub fn of(&self, f: impl FnOnce([Jet<f64, N>; N]) -> Jet<f64, N>) -> (f64, f64) {
        let y = f(Jet::variables(self.point));
        (y.re, self.delta(&y.eps))
    }

    /// The standard error of a function with this gradient.
    pub fn delta(&self, gradient: &[f64; N]) -> f64 {
        let gradient = SVector::from(*gradient);
        (gradient.transpose() * self.covariance * gradient)[0].sqrt()
    }
}

/// The maximum of f next to the start. Where f is an error or not finite no step leads.
///
/// # Errors
/// f cannot be evaluated at the start, or no maximum is found.
pub fn maximize<const N: usize, E: Into<Error>>(
    start: [f64; N],
    f: impl Fn([Second<N>; N]) -> Result<Second<N>, E>,
) -> Result<Maximum<N>, Error> {
    let at = |x: &SVector<f64, N>| -> Result<_, Error> {
        let (value, gradient, hessian) = f(Jet::second_order((*x).into())).map_err(Into::into)?.hessian();
        let curvature = SMatrix::<f64, N, N>::from_fn(|i, j| -hessian[i][j]);
        if value.is_finite() && gradient.iter().chain(curvature.iter()).all(|d| d.is_finite()) {
            Ok((value, SVector::from(gradient), curvature))
        } else {
            Err(format!("the function to be maximized is {value}, or has such derivatives, at {:?}", x.as_slice())
                .into())
        }
    };
    let mut x = SVector::from(start);
    let (mut value, mut gradient, mut curvature) = at(&x)?;
    let mut damping: f64 = 0.0;
    for _ in 0..STEPS {
        let damped = curvature + SMatrix::from_diagonal(&curvature.diagonal().map(|d| damping * d.abs()));
        if let Some(step) = damped.cholesky().map(|c| c.solve(&gradient)) {
            let next = x + step;
            let is_last = damping == 0.0 && step.dot(&gradient) < LAST;
            match at(&next) {
                Ok(there) if is_last || there.0 > value => {
                    (x, (value, gradient, curvature)) = (next, there);
                    damping = if damping < 1e-3 { 0.0 } else { damping / 8.0 };
                    if let (true, Some(covariance)) = (is_last, curvature.try_inverse()) {
                        return Ok(Maximum { point: x.into(), value, covariance });
                    }
                    continue;
                }
                _ => {}
            }
        }
        damping = if damping == 0.0 { 1e-3 } else { damping * 4.0 };
    }
    Err(format!("no maximum found in {STEPS} steps; the last point was {:?}", x.as_slice()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley: the maximum is at (1, 1), with the Hessian of the negative ((802, -400), (-400, 200)).
    #[test]
    fn finds_the_end_of_a_valley() {
        let valley =
            |[x, y]: [Second<2>; 2]| -> Result<_, LawError> { Ok(-(x - 1.0).powi(2) - (y - x * x).powi(2) * 100.0) };
        let maximum = maximize([-1.2, 1.0], valley).unwrap();
        assert!(maximum.point.iter().all(|x| (x - 1.0).abs() < 1e-9), "{maximum:?}");
        let inverse = [[0.5, 1.0], [1.0, 2.005]];
        for (i, j) in [(0, 0), (0, 1), (1, 1)] {
            assert!((maximum.covariance[(i, j)] - inverse[i][j]).abs() < 1e-7, "{maximum:?}");
        }
        // x + y: 0.5 + 2 + 2.005
        let (sum, se) = maximum.of(|[x, y]| x + y);
        assert!((sum - 2.0).abs() < 1e-9 && (se - 4.505f64.sqrt()).abs() < 1e-7);
    }

    #[test]
    fn says_that_there_is_none() {
        let slope = |[x]: [Second<1>; 1]| -> Result<_, LawError> { Ok(x) };
        assert!(maximize([0.0], slope).unwrap_err().to_string().contains("no maximum found"));
        let hole = |[x]: [Second<1>; 1]| -> Result<_, LawError> { Ok(-x.ln()) };
        assert!(maximize([-1.0], hole).unwrap_err().to_string().contains("NaN"));
    }
}
