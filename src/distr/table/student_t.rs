//! How draws of Student's t law move with its degrees of freedom.

use super::cells::Cells;
use crate::scalar::Scalar;

const CELLS: usize = 128;

/// M derivatives in ν of t, at a fixed value of the distribution function, over t: functions of 1 + |t| in cells of 1/8
/// of an octave.
#[derive(Clone)]
pub struct StudentTable<const M: usize>(Cells<M, CELLS>);

impl<const M: usize> StudentTable<M> {
    /// The table up to `high` or as far as there are cells, from the derivatives at t > 0.
    pub(crate) fn new(high: f64, derivatives: impl Fn(f64) -> [f64; M]) -> Self {
        let high = (1.0 + high).min(65_535.0);
        StudentTable(Cells::new(1.0, high, 3, |v| {
            let t = v - 1.0;
            derivatives(t).map(|d| d / t)
        }))
    }

    /// t with its derivatives in whatever ν depends on; `None` where there is no table.
    #[inline(always)]
    pub(crate) fn lift<S: Scalar>(&self, df: S, t: f64) -> Option<S> {
        if S::ORDER > M {
            return None;
        }
        let d = self.0.at(1.0 + t.abs(), S::ORDER)?;
        Some(if S::ORDER == 1 { df.lift(&[t, t * d[0]]) } else { df.lift(&[t, t * d[0], t * d[M - 1]]) })
    }
}
