//! A piece of the normal density, relative to its value at one end.

use crate::quadrature::gauss_legendre;
use crate::scalar::taylor::ZERO;
use crate::scalar::{MAX_ORDER, Scalar, math};
use crate::special::normal::hazard::normal_hazard;

/// Whether the integrand of [`mills_integral`] for this c < 0 stays so small that quadrature may take it directly.
#[inline]
pub(crate) fn is_direct(c: f64, h: f64) -> bool {
    c >= 0.0 || (h <= 3.0 && -c * h <= 8.0)
}

/// J(c, h) = ∫_0^h exp(-c t - t²/2) dt = (Φ(c + h) - Φ(c)) / φ(c), for h >= 0, inf among them, where [`is_direct`] holds.
///
/// Mills' ratio is J(c, inf). Value: M(c) - exp(-c h - h²/2) M(c + h) unless that cancels, then quadrature. Derivatives in c:
/// (-1)^k times the moments ∫ t^k exp(-c t - t²/2) dt by quadrature, whose terms are all positive, so that nothing cancels
/// however short the piece or far the tail. Derivatives in h: the integral over the nilpotent part of h.
pub(crate) fn mills_integral<S: Scalar>(c: S, h: S) -> S {
    let (c0, h0) = (c.re(), h.re());
    let value = mills_integral_value(c0, h0);
    if S::ORDER == 0 {
        return S::from(value);
    }
    let mut d = moments(c0, 1.0, h0, S::ORDER);
    d[0] = value;
    for d in d.iter_mut().skip(1).step_by(2) {
        *d = -*d;
    }
    c.lift(&d) + last_step(c, S::from(1.0), h)
}

/// ∫_0^y exp(-t - w t²/2) dt for w, y >= 0, inf among them: J(c, y/c) c with w = 1/c², smooth down to w = 0.
///
/// Far in the tail the distance y in units of 1/c is what hardly depends on c. Derivatives in w: the moments of t²; in y as
/// for [`mills_integral`].
pub(crate) fn tail_integral<S: Scalar>(w: S, y: S) -> S {
    let (w0, y0) = (w.re(), y.re());
    let c = 1.0 / math::sqrt(w0);
    let value = if c >= 1e9 { -math::exp_m1(-y0) } else { c * mills_integral_value(c, y0 / c) };
    if S::ORDER == 0 {
        return S::from(value);
    }
    let even = moments(1.0, w0, y0, 2 * S::ORDER);
    let mut d = ZERO;
    d[0] = value;
    let mut factor = 1.0;
    for k in 1..=S::ORDER {
        factor *= -0.5;
        d[k] = factor * even[2 * k];
    }
    w.lift(&d) + last_step(S::from(1.0), w, y)
}

/// ∫ exp(-k t - w t²/2) dt from the real part of h to h, term by term.
fn last_step<S: Scalar>(k: S, w: S, h: S) -> S {
    let h0 = h.re();
    let step = h.with_re(0.0);
    let exponent = (k + w * (0.5 * h0)) * -h0;
    // where the integrand is 0 as a double, so are its derivatives
    if h0 == f64::INFINITY || step.max_abs() == 0.0 || exponent.re() < -1000.0 {
        return S::from(0.0);
    }
    // q_n are the Taylor coefficients of exp(-(k + w h0) s - w s²/2)
    let slope = k + w * h0;
    let (mut before, mut q, mut power) = (S::from(0.0), S::from(1.0), step);
    let mut sum = step;
    for n in 1..S::ORDER {
        let n = n as f64;
        (before, q) = (q, -(slope * q + w * before) / n);
        power *= step;
        sum += q * power / (n + 1.0);
    }
    (exponent.exp() * sum).with_re(0.0)
}

/// J(c, h) in `f64`.
fn mills_integral_value(c: f64, h: f64) -> f64 {
    if h == f64::INFINITY {
        return 1.0 / normal_hazard(c);
    }
    let exponent = h * (c + 0.5 * h);
    if c >= 0.0 && exponent > 1.0 {
        let rest = if exponent < 800.0 { math::exp(-exponent) / normal_hazard(c + h) } else { 0.0 };
        return 1.0 / normal_hazard(c) - rest;
    }
    let density = |t: f64| math::exp(-t * (c + 0.5 * t));
    let range = if c >= 0.0 { exponent } else { -c * h + 0.5 * h * h };
    if range < 1.5 {
        return gauss_legendre::integrate_short(h, density);
    }
    // as many panels as hold the change of the exponent on each to about 8
    gauss_legendre::integrate(0.0, h, 1 + (range / 8.0) as usize, density)
}

/// ∫_0^h t^j exp(-k t - w t²/2) dt for j = 0 to `order`, where k >= 0 or the exponent stays small.
fn moments(k: f64, w: f64, h: f64, order: usize) -> [f64; 2 * MAX_ORDER + 1] {
    // beyond, the integrand is below e^-44 of its maximum for every j
    let drop = 44.0 + 4.0 * order as f64;
    let reach = if k >= 0.0 { 2.0 * drop / (k + math::sqrt(k * k + 2.0 * w * drop)) } else { f64::INFINITY };
    let length = h.min(reach);
    let exponent = |t: f64| t * (k + 0.5 * w * t);
    let range = if k >= 0.0 { exponent(length) } else { length * (0.5 * w * length - k) };
    let panels = 1 + (range / 8.0) as usize;
    let panel = length / panels as f64;
    let mut sums = [0.0; 2 * MAX_ORDER + 1];
    for i in 0..panels {
        for (x, weight) in gauss_legendre::nodes() {
            let t = panel * (i as f64 + x);
            let mut term = weight * panel * math::exp(-exponent(t));
            for sum in sums.iter_mut().take(order + 1) {
                *sum += term;
                term *= t;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    // mpmath: J = lambda c, h: quad(lambda t: exp(-c*t - t*t/2), [0, h]), and diff of it
    #[test]
    fn values_and_derivatives_by_mpmath() {
        for (c, h, want) in [
            (
                0.5,
                0.25,
                [
                    0.23265621497556868,
                    -0.028326565204793118,
                    0.8553453273074225,
                    0.004656600546316499,
                    -0.21383633182685563,
                ],
            ),
            (
                -2.0,
                1.5,
                [5.293244874732889, -5.065670629135665, 6.5208191203301125, 5.643357452509051, -9.781228680495168],
            ),
            (30.0, f64::INFINITY, [0.03329641907249721, -0.0011074278250835985, 0.0, 7.358431998925706e-05, 0.0]),
            (
                3.0,
                2.0,
                [
                    0.3045256187966146,
                    -0.08608768098225371,
                    0.00033546262790251185,
                    0.04559165059404845,
                    -0.0006709252558050237,
                ],
            ),
        ] {
            let [cj, hj] = Jet::variables(Jet::variables([c, h]));
            let j = mills_integral(cj, hj);
            let got = [j.re.re, j.re.eps[0], j.re.eps[1], j.eps[0].eps[0], j.eps[0].eps[1]];
            for (g, w) in got.iter().zip(want) {
                assert!((g - w).abs() <= 1e-14 * w.abs(), "{c} {h}: {got:?}");
            }
        }
    }
}
