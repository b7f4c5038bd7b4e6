//! argmin's BFGS on a function at fixed random numbers.

use argmin::core::{Executor, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::BFGS;
use gallery::Error;
use nalgebra::DMatrix;
use reparam_argmin::{Evaluated, SameNoise};

/// Where the problem's cost is least next to a start, in all parameters, and that cost. `curvature` is a first guess of the
/// Hessian in all parameters.
///
/// # Errors
/// The function has no value at a point that is tried, or the search does not end.
pub fn minimize<F, O>(
    problem: SameNoise<F, O>,
    start: &[f64],
    curvature: &DMatrix<f64>,
) -> Result<(Vec<f64>, f64), Error>
where
    F: Fn(&[f64], u64) -> Result<O, Error>,
    O: Evaluated + Clone,
{
    let free: Vec<usize> = (0..start.len()).filter(|i| !problem.is_held(*i)).collect();
    let of_free = DMatrix::from_fn(free.len(), free.len(), |i, j| curvature[(free[i], free[j])]);
    let inverse = of_free.cholesky().ok_or("the first guess of the Hessian is not positive definite")?.inverse();
    let inverse: Vec<Vec<f64>> = inverse.row_iter().map(|row| row.iter().copied().collect()).collect();
    // never further than the quadratic model says: beyond it the function may have no value
    let line = MoreThuenteLineSearch::new().with_bounds(1e-8, 1.0)?;
    let search = BFGS::new(line).with_tolerance_grad(1e-6)?.with_tolerance_cost(1e-12)?;
    let first = problem.free(start);
    let result = Executor::new(problem, search)
        .configure(|state| state.param(first).inv_hessian(inverse).max_iters(100))
        .run()?;
    let best = result.state().get_best_param().ok_or("argmin returned no point")?;
    let problem = result.problem().problem.as_ref().ok_or("argmin returned no problem")?;
    Ok((problem.whole(best), result.state().get_best_cost()))
}
