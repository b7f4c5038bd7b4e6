//! The Gauss-Legendre rules of 16 points and, for short intervals, of 8.

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

/// The same for the rule of 8 points.
const SHORT_RULE: [(f64, f64); 4] = [
    (0.1834346424956498, 0.362683783378362),
    (0.525532409916329, 0.31370664587788727),
    (0.7966664774136267, 0.22238103445337448),
    (0.9602898564975363, 0.10122853629037626),
];

/// The nodes in (0, 1) with their weights, whose sum is 1.
#[inline]
fn on_unit_interval(rule: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> {
    rule.iter().flat_map(|&(x, w)| [(0.5 - 0.5 * x, 0.5 * w), (0.5 + 0.5 * x, 0.5 * w)])
}

/// The 16 nodes in (0, 1) with their weights, whose sum is 1.
#[inline]
pub(crate) fn nodes() -> impl Iterator<Item = (f64, f64)> {
    on_unit_interval(&RULE)
}

/// ∫ f(t) dt over [0, h] by 8 points: to all digits where f is the exponential of something that changes by 2 at most.
#[inline]
pub(crate) fn integrate_short(h: f64, f: impl Fn(f64) -> f64) -> f64 {
    on_unit_interval(&SHORT_RULE).map(|(x, w)| w * f(h * x)).sum::<f64>() * h
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
        moment = integrate_short(1.0, |t| crate::scalar::math::powf(t, 15.0));
        assert!((moment * 16.0 - 1.0).abs() < 1e-14, "{moment}");
    }
}
