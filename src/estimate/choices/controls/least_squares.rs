//! Weighted least squares.

use crate::scalar::math;
use alloc::vec;
use alloc::vec::Vec;

/// Weighted least squares of several y on 1 and the columns of x, with a little ridge: normal equations and Cholesky's
/// factor.
#[derive(Clone, Debug)]
pub(in super::super) struct LeastSquares {
    size: usize,
    /// The lower triangle of Σ w x xᵀ.
    normal: Vec<f64>,
    /// Σ w x y, of each y.
    right: Vec<Vec<f64>>,
}

impl LeastSquares {
    pub fn new(columns: usize, results: usize) -> Self {
        let size = columns + 1;
        LeastSquares { size, normal: vec![0.0; size * size], right: vec![vec![0.0; size]; results] }
    }

    pub fn push(&mut self, weight: f64, x: &[f64], y: impl Iterator<Item = f64>) {
        let column = |i: usize| if i == 0 { 1.0 } else { x[i - 1] };
        for i in 0..self.size {
            let scaled = weight * column(i);
            if scaled == 0.0 {
                continue;
            }
            let row = &mut self.normal[i * self.size..i * self.size + i + 1];
            row[0] += scaled;
            row[1..].iter_mut().zip(x).for_each(|(sum, x)| *sum += scaled * x);
        }
        for (right, y) in self.right.iter_mut().zip(y) {
            right[0] += weight * y;
            right[1..].iter_mut().zip(x).for_each(|(sum, x)| *sum += weight * y * x);
        }
    }

    /// The coefficients of each y, the constant first. Columns that say nothing get 0.
    pub fn solve(mut self) -> Vec<Vec<f64>> {
        let n = self.size;
        let a = &mut self.normal;
        for i in 0..n {
            // a ridge in the unit of the column, none for the constant
            let whole = a[i * n + i];
            a[i * n + i] = if i == 0 { whole } else { whole * (1.0 + 1e-6) };
            for j in 0..=i {
                let dot: f64 = a[i * n..i * n + j].iter().zip(&a[j * n..j * n + j]).map(|(x, y)| x * y).sum();
                let rest = a[i * n + j] - dot;
                a[i * n + j] = match (i == j, a[j * n + j]) {
                    (true, _) if rest > 1e-12 * whole => math::sqrt(rest),
                    (true, _) => f64::INFINITY,
                    (false, pivot) => rest / pivot,
                };
            }
        }
        for b in &mut self.right {
            for i in 0..n {
                let dot: f64 = (0..i).map(|k| a[i * n + k] * b[k]).sum();
                b[i] = (b[i] - dot) / a[i * n + i];
            }
            for i in (0..n).rev() {
                let dot: f64 = (i + 1..n).map(|k| a[k * n + i] * b[k]).sum();
                b[i] = (b[i] - dot) / a[i * n + i];
            }
        }
        self.right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // a wrong triangle, a dependent column, an empty one
    #[test]
    fn least_squares() {
        let mut fit = LeastSquares::new(4, 2);
        for i in 0..40 {
            let (u, v) = ((f64::from(i) * 0.7).sin(), (f64::from(i) * 0.3).cos());
            let y = [2.0 + 3.0 * u - v, 5.0 * v];
            fit.push(1.0 + u * u, &[u, v, 2.0 * u, 0.0], y.into_iter());
        }
        let c = fit.solve();
        let of = |c: &[f64], u: f64, v: f64| c[0] + c[1] * u + c[2] * v + c[3] * 2.0 * u + c[4] * 7.0;
        for (u, v) in [(0.5, 0.25), (-1.0, 1.0)] {
            assert!((of(&c[0], u, v) - (2.0 + 3.0 * u - v)).abs() < 1e-4, "{c:?}");
            assert!((of(&c[1], u, v) - 5.0 * v).abs() < 1e-4, "{c:?}");
        }
    }
}
