//! The Gauss-Legendre rules of 16 points and, for short intervals, of 8; of 28 for a whole exponential decay.

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

/// The same for the rule of 28 points.
const LONG_RULE: [(f64, f64); 14] = [
    (0.05507928988403427, 0.1100470130164752),
    (0.16456928213338076, 0.10871119225829413),
    (0.2720616276351781, 0.10605576592284642),
    (0.3762515160890787, 0.10211296757806076),
    (0.4758742249551183, 0.09693065799792992),
    (0.5697204718114017, 0.09057174439303284),
    (0.656651094038865, 0.08311341722890121),
    (0.7356108780136318, 0.07464621423456878),
    (0.8056413709171791, 0.0652729239669996),
    (0.8658925225743951, 0.05510734567571675),
    (0.9156330263921321, 0.04427293475900423),
    (0.9542592806289382, 0.03290142778230438),
    (0.9813031653708727, 0.02113211259277126),
    (0.9964424975739544, 0.009124282593094517),
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

/// The same of the 8 nodes: to all digits for the exponential of something that changes by 2 at most.
#[inline]
pub(crate) fn short_nodes() -> impl Iterator<Item = (f64, f64)> {
    on_unit_interval(&SHORT_RULE)
}

/// By how much a function rises above its tangent at x over a step, from its second derivative: step² ∫ (1 - t) f''(x + t step) dt over
/// [0, 1], by these nodes.
#[inline]
pub(crate) fn above_tangent<S: Scalar>(
    nodes: impl Iterator<Item = (f64, f64)>,
    x: S,
    step: S,
    second: impl Fn(S) -> S,
) -> S {
    nodes.fold(S::from(0.0), |sum, (t, w)| sum + second(x + step * t) * (w * (1.0 - t))) * step * step
}

/// The mean of f(t) over t in [0, 1] by 28 points: to all digits for the exponential of something smooth that falls by 40.
#[inline]
pub(crate) fn mean_long<S: Scalar>(mut f: impl FnMut(f64) -> S) -> S {
    on_unit_interval(&LONG_RULE).fold(S::from(0.0), |sum, (x, w)| sum + f(x) * w)
}

/// ∫ f(t) dt over [0, h] by 8 points: to all digits where f is the exponential of something that changes by 2 at most.
#[inline]
pub(crate) fn integrate_short(h: f64, f: impl Fn(f64) -> f64) -> f64 {
    short_nodes().map(|(x, w)| w * f(h * x)).sum::<f64>() * h
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

/// A function of x from its value without the derivatives in x and from its slope: value + ∫ slope over [re x, x], which the
/// rules give exactly, as no power of x - re x beyond the order of the derivatives counts.
pub(crate) fn moved<S: Scalar>(value: S, x: S, slope: impl Fn(S) -> S) -> S {
    let d = x.with_re(0.0);
    let at = |t: f64| slope(d * t + x.re());
    match S::ORDER {
        0 => value,
        1 | 2 => value + d.chain(at(0.5)),
        // (1 ∓ 1/√3)/2
        3 | 4 => value + d.chain((at(0.2113248654051871) + at(0.7886751345948129)) * 0.5),
        _ => value + d.chain(short_nodes().fold(S::from(0.0), |sum, (t, w)| sum + at(t) * w)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    /// e^x from its slope, to the fourth order, and with a second variable.
    #[test]
    fn moves_along_a_slope() {
        type Second = Jet<Jet<f64, 2>, 2>;
        let [x, y]: [Second; 2] = Jet::second_order([0.5, 2.0]);
        let (value, gradient, hessian) = moved(y * 0.5f64.exp(), x, |x| x.exp() * y).hessian();
        let e = 0.5f64.exp();
        let wanted = [2.0 * e, 2.0 * e, e, 2.0 * e, e, 0.0];
        let got = [value, gradient[0], gradient[1], hessian[0][0], hessian[0][1], hessian[1][1]];
        assert!(got.iter().zip(wanted).all(|(got, want)| (got - want).abs() < 1e-15), "{got:?}");
        let [x] = Jet::variables(Jet::variables(Jet::second_order([0.5])));
        let [x3] = Jet::variables(Jet::second_order([0.5]));
        let third = moved(Jet::from(e), x3, Scalar::exp).eps[0].eps[0].eps[0];
        assert!((third / e - 1.0).abs() < 1e-15, "{third}");
        let fourth = moved(Jet::from(e), x, Scalar::exp).eps[0].eps[0].eps[0].eps[0];
        assert!((fourth / e - 1.0).abs() < 1e-14, "{fourth}");
    }

    #[test]
    fn exact_for_polynomials_of_degree_31() {
        let mut moment = integrate(0.0, 1.0, 1, |t: f64| crate::scalar::math::powf(t, 31.0));
        assert!((moment * 32.0 - 1.0).abs() < 1e-14, "{moment}");
        moment = integrate(-1.0, 2.0, 3, |t: f64| t * t);
        assert!((moment - 3.0).abs() < 1e-14, "{moment}");
        moment = integrate_short(1.0, |t| crate::scalar::math::powf(t, 15.0));
        assert!((moment * 16.0 - 1.0).abs() < 1e-14, "{moment}");
        moment = mean_long(|t| crate::scalar::math::powf(t, 55.0));
        assert!((moment * 56.0 - 1.0).abs() < 1e-14, "{moment}");
    }
}
