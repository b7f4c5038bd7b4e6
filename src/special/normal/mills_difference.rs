//! The difference of Mills' ratio at two points.

use crate::quadrature::gauss_legendre;
use crate::scalar::Scalar;
use crate::special::normal::hazard::{normal_hazard, normal_hazard_excess};

/// M(c) - M(c + h) for h >= 0 and c >= -1, where M = Q/φ is Mills' ratio of the normal law.
///
/// The difference where it is more than half of M(c); else the integral of -M' = M K_1 from c to c + h, K_1 the hazard's excess, by
/// 16 points: M is entire and falls by half at the most, so that all digits and all derivatives are right.
pub(crate) fn mills_difference<S: Scalar>(c: S, h: S) -> S {
    let (near, far) = (normal_hazard(c), normal_hazard(c + h));
    if far.re() > 2.0 * near.re() {
        return near.recip() - far.recip();
    }
    gauss_legendre::nodes().fold(S::from(0.0), |sum, (t, weight)| sum + minus_mills_slope(c + h * t) * weight) * h
}

/// -M'(t) = 1 - t M(t) = M(t) K_1(t).
#[inline]
pub(crate) fn minus_mills_slope<S: Scalar>(t: S) -> S {
    normal_hazard_excess(t).over(normal_hazard(t))
}

#[cfg(test)]
mod tests {
    use super::mills_difference;
    use crate::scalar::Jet;

    // values: mpmath, erfc at 50 digits
    #[test]
    fn values() {
        for (c, h, want) in VALUES {
            let [x, y] = Jet::variables([c, h]);
            let got = mills_difference(x, y);
            assert!((got.re - want[0]).abs() <= 2e-15 * want[0], "{c} {h}: {} for {}", got.re, want[0]);
            for i in 0..2 {
                let bound = 1e-14 * want[i + 1].abs();
                assert!((got.eps[i] - want[i + 1]).abs() <= bound, "{c} {h} [{i}]: {} for {}", got.eps[i], want[i + 1]);
            }
        }
    }

    /// c, h and the difference with its derivatives in c and h.
    const VALUES: [(f64, f64, [f64; 3]); 9] = [
        (-1.0, 0.25, [0.9088800567371199, -1.5509229954787636, 2.926128816224931]),
        (0.0, 1e-08, [9.999999937334294e-09, -1.2533141273155004e-08, 0.9999999874668587]),
        (0.0, 5.0, [1.0605060326001845, -0.9640405235765789, 0.03595947642342118]),
        (0.5, 1.0, [0.360548818235729, -0.33554122910009887, 0.22627654267305497]),
        (3.0, 0.001, [8.620615816628677e-05, -4.588561805307669e-05, 0.08618321825163704]),
        (3.0, 4.0, [0.16448611525705306, -0.0669583880410418, 0.01927071582864831]),
        (40.0, 30.0, [0.010701603588749583, -0.00041987495914636166, 0.00020395681203079244]),
        (1000.0, 1.0, [9.98998005005969e-07, -1.996992025035783e-09, 9.980000079899642e-07]),
        (20.0, 100.0, [0.04154317123168572, -0.002412050381391446, 6.942998187288106e-05]),
    ];
}
