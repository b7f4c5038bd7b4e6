//! How draws of the von Mises law move with its concentration.

use super::cells::Cells;
use crate::scalar::{Jet, Scalar, math};
use crate::special::{bessel_i_ratio_complement, von_mises_lift};
use core::f64::consts::PI;

const CELLS: usize = 32;

/// M derivatives in κ of an angle θ over θ, and over π - |θ| where the table ends at π, as functions of 1 + |θ|/reach
/// in cells of one width.
#[derive(Clone)]
pub struct VonMisesTable<const M: usize> {
    /// The largest |θ|, and its reciprocal.
    reach: f64,
    scale: f64,
    cells: Cells<M, CELLS>,
}

impl<const M: usize> VonMisesTable<M> {
    /// The table of a valid concentration.
    pub(crate) fn new(kappa: f64) -> Self {
        // 4.2 standard deviations where there are as many to π
        let reach = if kappa < 4.41 { PI } else { 2.0 * math::asin(2.1 / math::sqrt(kappa)) };
        let complement = bessel_i_ratio_complement(kappa);
        let mut table = VonMisesTable { reach, scale: 1.0 / reach, cells: Cells::EMPTY };
        table.cells = Cells::new(1.0, 2.0 - f64::EPSILON, 5, |v| {
            let theta = reach * (v - 1.0);
            movement(kappa, complement, theta).map(|d: f64| d / table.factor(theta))
        });
        table
    }

    #[inline(always)]
    fn factor(&self, theta: f64) -> f64 {
        if self.reach == PI { theta * (PI - theta.abs()) } else { theta }
    }

    /// θ with its derivatives in whatever κ depends on; `None` where there is no table.
    #[inline(always)]
    pub(crate) fn lift<S: Scalar>(&self, kappa: S, theta: f64) -> Option<S> {
        if S::ORDER > M {
            return None;
        }
        let d = self.cells.at(1.0 + theta.abs() * self.scale, S::ORDER)?;
        let factor = self.factor(theta);
        Some(if S::ORDER == 1 {
            kappa.lift(&[theta, factor * d[0]])
        } else {
            kappa.lift(&[theta, factor * d[0], factor * d[M - 1]])
        })
    }
}

/// The derivatives of θ in κ.
fn movement<const M: usize>(kappa: f64, complement: f64, theta: f64) -> [f64; M] {
    let all = if M == 1 {
        [von_mises_lift(Jet::<f64, 1>::variable(kappa, 0), complement, theta).eps[0], 0.0]
    } else {
        let [kappa] = Jet::<Jet<f64, 1>, 1>::second_order([kappa]);
        let (_, first, second) = von_mises_lift(kappa, complement, theta).hessian();
        [first[0], second[0][0]]
    };
    core::array::from_fn(|i| all[i])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::table::reference;

    /// dz/dκ and d²z/dκ² where there are cells.
    #[test]
    fn against_mpmath() {
        let (mut worst, mut inside) = ([0.0f64; 3], 0);
        for row in reference("von_mises") {
            let (kappa, theta) = (row[1], row[2] - row[0]);
            let first = VonMisesTable::<1>::new(kappa).lift(Jet::<f64, 1>::variable(kappa, 0), theta);
            let [variable] = Jet::second_order([kappa]);
            let second = VonMisesTable::<2>::new(kappa).lift(variable, theta);
            let (Some(first), Some(second)) = (first, second) else { continue };
            inside += 1;
            let (_, slope, curvature) = second.hessian();
            // at the very end the digits of θ are not those of π - θ
            let bound = 1.0 + 1e-3 / (PI - theta.abs());
            worst[0] = worst[0].max((first.eps[0] / row[10] - 1.0).abs() / bound);
            worst[1] = worst[1].max((slope[0] / row[10] - 1.0).abs() / bound);
            let floor = 0.1 * row[10].abs() / (1.0 + kappa);
            worst[2] = worst[2].max((curvature[0][0] - row[13]).abs() / row[13].abs().max(floor) / bound);
        }
        std::println!("{worst:?} {inside}");
        assert!(worst[0] < 2e-13 && worst[1] < 2e-13 && worst[2] < 2e-12, "{worst:?}");
        assert!(inside > 10);
    }
}
