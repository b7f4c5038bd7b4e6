//! Natural gradients.

use super::StepError;
use super::error::{check_gradient, setting};
use crate::linalg::{Square, cholesky, solve_lower, solve_lower_transpose};
use nalgebra::{Const, DefaultAllocator, Dim, OMatrix, OVector, U1};

/// The Fisher information of a law in its parameters, by the covariance of its scores, and natural gradients by it.
///
/// F = E[s sᵀ] with s = d ln q(z; θ)/dθ at draws z of the law itself, whose mean is 0. The natural gradient F⁻¹ g is the
/// direction of steepest descent if steps are measured by how far the law moves (its divergence) in place of the
/// parameters: it does not depend on how the law is parameterized.
///
/// * Needs: scores; [`objective::score`](crate::objective::score) has them in its partial derivatives. More of them than
///   parameters, or damping.
/// * Bias: of order 1/n with n scores, as the inverse of an average is not the average of inverses. It bends the
///   direction; where the gradient is 0 stays where it is.
/// * Cost: N² a score and N³/3 a solution, for N parameters.
/// * When: some dozens of parameters that pull at each other, as means and scales of a variational law do.
///
/// Source: Amari 1998, "Natural gradient works efficiently in learning"; the damping is Levenberg and Marquardt's.
///
/// ```
/// use reparam::prelude::*;
/// use reparam::program::{Plain, Stream};
/// use reparam::{objective, step::Fisher};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // a normal law with mean m and scale e^l: F = diag(1/s², 2)
/// let [m, l] = Jet::variables([0.0, -1.0]);
/// let (law, mut chance) = (Normal::new(m, l.exp())?, Plain::new(Stream::new(1)));
/// let mut fisher = Fisher::fixed::<2>();
/// for _ in 0..10_000 {
///     let z = chance.draw(&law);
///     fisher.push(&objective::score(&law, &z).eps)?;
/// }
/// let mut direction = [0.0; 2];
/// fisher.natural(&[1.0, 1.0], 0.0, &mut direction)?;
/// assert!((direction[0] - (-2f64).exp()).abs() < 0.01 && (direction[1] - 0.5).abs() < 0.05);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fisher<D: Dim>
where
    DefaultAllocator: Square<D>,
{
    count: u64,
    sum: OMatrix<f64, D, D>,
}

impl Fisher<Const<0>> {
    /// Of no scores of `N` parameters, without a heap.
    pub fn fixed<const N: usize>() -> Fisher<Const<N>> {
        Fisher { count: 0, sum: OMatrix::<f64, Const<N>, Const<N>>::zeros() }
    }

    /// Of no scores of a number of parameters known at run time.
    #[cfg(feature = "alloc")]
    pub fn dynamic(parameters: usize) -> Fisher<nalgebra::Dyn> {
        Fisher { count: 0, sum: OMatrix::<f64, nalgebra::Dyn, nalgebra::Dyn>::zeros(parameters, parameters) }
    }
}

impl<D: Dim> Fisher<D>
where
    DefaultAllocator: Square<D>,
{
    /// Adds a score.
    ///
    /// # Errors
    /// If it has another length, or an entry that is not in [-1e150, 1e150].
    pub fn push(&mut self, score: &[f64]) -> Result<(), StepError> {
        check_gradient(self.sum.nrows(), score)?;
        self.count += 1;
        for (j, b) in score.iter().enumerate() {
            for (i, a) in score.iter().enumerate() {
                self.sum[(i, j)] += a * b;
            }
        }
        Ok(())
    }

    /// The mean of s sᵀ; `None` where there are no scores.
    pub fn information(&self) -> Option<OMatrix<f64, D, D>> {
        (self.count > 0).then(|| self.sum.map(|x| x / self.count as f64))
    }

    /// Writes (F + damping · diag F)⁻¹ g into `direction`.
    ///
    /// # Errors
    /// If the gradient or the direction has another length, the gradient an entry that is not in [-1e150, 1e150], the
    /// damping is not in [0, 1e150], or the matrix has no inverse.
    pub fn natural(&self, gradient: &[f64], damping: f64, direction: &mut [f64]) -> Result<(), StepError> {
        let parameters = self.sum.nrows();
        check_gradient(parameters, gradient)?;
        super::error::check_length("direction", parameters, direction.len())?;
        setting("damping", "in [0, 1e150]", damping, (0.0..=1e150).contains(&damping))?;
        let singular = StepError::Singular { scores: self.count, parameters };
        let mut information = self.information().ok_or(singular)?;
        for i in 0..parameters {
            information[(i, i)] *= 1.0 + damping;
        }
        let factor = cholesky(&information).ok_or(singular)?;
        let rows = self.sum.shape_generic().0;
        let mut x = OVector::<f64, D>::from_fn_generic(rows, U1, |i, _| gradient[i]);
        solve_lower(&factor, &mut x);
        solve_lower_transpose(&factor, &mut x);
        direction.iter_mut().zip(x.iter()).for_each(|(d, x)| *d = *x);
        Ok(())
    }
}
