//! argmin's BFGS on a function that comes with its gradient, and the profile of a maximum.

use argmin::core::{CostFunction, Executor, Gradient, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::BFGS;
use gallery::Error;
use nalgebra::DMatrix;

/// A function to be made small: its value and gradient at a point.
pub trait Function {
    /// Both.
    ///
    /// # Errors
    /// The function has no value there.
    fn at(&self, point: &[f64]) -> Result<(f64, Vec<f64>), Error>;
}

/// The function with some of its parameters held: argmin's problem.
struct Problem<'a, F> {
    function: &'a F,
    /// The values of those that are held.
    held: &'a [Option<f64>],
}

impl<F: Function> Problem<'_, F> {
    fn whole(&self, free: &[f64]) -> Vec<f64> {
        let mut free = free.iter();
        self.held.iter().map(|held| held.unwrap_or_else(|| *free.next().unwrap_or(&f64::NAN))).collect()
    }
}

impl<F: Function> CostFunction for Problem<'_, F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, free: &Vec<f64>) -> Result<f64, argmin::core::Error> {
        Ok(self.function.at(&self.whole(free)).map_err(argmin::core::Error::from_boxed)?.0)
    }
}

impl<F: Function> Gradient for Problem<'_, F> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, free: &Vec<f64>) -> Result<Vec<f64>, argmin::core::Error> {
        let (_, gradient) = self.function.at(&self.whole(free)).map_err(argmin::core::Error::from_boxed)?;
        Ok(self.held.iter().zip(gradient).filter(|(held, _)| held.is_none()).map(|(_, slope)| slope).collect())
    }
}

/// The minimum next to a start, and the value there; parameters with a value in `held` keep it. `curvature` is a first
/// guess of the Hessian in all parameters.
///
/// # Errors
/// The function has no value at a point that is tried, or the search does not end.
pub fn minimize(
    function: &impl Function,
    start: &[f64],
    held: &[Option<f64>],
    curvature: &DMatrix<f64>,
) -> Result<(Vec<f64>, f64), Error> {
    let free: Vec<usize> = (0..start.len()).filter(|i| held[*i].is_none()).collect();
    let of_free = DMatrix::from_fn(free.len(), free.len(), |i, j| curvature[(free[i], free[j])]);
    let inverse = of_free.cholesky().ok_or("the first guess of the Hessian is not positive definite")?.inverse();
    let inverse: Vec<Vec<f64>> = inverse.row_iter().map(|row| row.iter().copied().collect()).collect();
    let problem = Problem { function, held };
    // never further than the quadratic model says: beyond it the function may have no value
    let line = MoreThuenteLineSearch::new().with_bounds(1e-8, 1.0)?;
    let search = BFGS::new(line).with_tolerance_grad(1e-6)?.with_tolerance_cost(1e-12)?;
    let first: Vec<f64> = free.iter().map(|i| start[*i]).collect();
    let result = Executor::new(problem, search)
        .configure(|state| state.param(first).inv_hessian(inverse).max_iters(100))
        .run()?;
    let best = result.state().get_best_param().ok_or("argmin returned no point")?;
    Ok((Problem { function, held }.whole(best), result.state().get_best_cost()))
}
