//! The 16-point Gauss-Legendre rule.

use crate::scalar::Scalar;

/// Positive nodes on [-1, 1] and their weights. Printed by `tests/reference/make_gauss_legendre.py`.
const RULE: [(f64, f64); 8] = [
    (0.09501250983763744, 0.1894506104550685),
    (0.2816035507792589, 0.18260341504492358),
    (0.45801677765722737, 0.16915651939500254),
    (0.6178762444026438, 0.14959598881657674),
    (0.755404408355003, 0.12462897125553388),
    (0.8656312023878318, 0.09515851168249279),
    (0.9445750230732326, 0.062253523938647894),
    (0.9894009349916499, 0.027152459411754096),
];

/// The nodes in (0, 1) with their weights, whose sum is 1.
#[inline]
pub(crate) fn nodes() -> impl Iterator<Item = (f64, f64)> {
    RULE.iter().flat_map(|&(x, w)| [(0.5 - 0.5 * x, 0.5 * w), (0.5 + 0.5 * x, 0.5 * w)])
}

/// ∫ f(t) dt over [from, to], cut into equal panels.
pub(crate) fn integrate<S: Scalar>(from: S, to: S, panels: usize, mut f: impl FnMut(S) -> S) -> S {
    let panel = (to - from) / panels as f64;
    let mut sum = S::from(0.0);
    for i in 0..panels {
        for (x, w) in nodes() {
            sum += f(panel * (i as f64 + x) + from) * w;
        }
    }
    sum * panel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_for_polynomials_of_degree_31() {
        let mut moment = integrate(0.0, 1.0, 1, |t: f64| crate::scalar::math::powf(t, 31.0));
        assert!((moment * 32.0 - 1.0).abs() < 1e-14, "{moment}");
        moment = integrate(-1.0, 2.0, 3, |t: f64| t * t);
        assert!((moment - 3.0).abs() < 1e-14, "{moment}");
    }
}
