//! Integrals by Gauss-Legendre's rule on panels, with an estimate of their errors.

use core::num::NonZeroUsize;
use core::ops::AddAssign;
use gauss_quad::GaussLegendre;
use std::vec::Vec;

/// An integral and how far it may be off.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Integral {
    pub value: f64,
    pub error: f64,
}

impl AddAssign for Integral {
    fn add_assign(&mut self, other: Self) {
        self.value += other.value;
        self.error += other.error;
    }
}

const POINTS: NonZeroUsize = NonZeroUsize::new(16).expect("a number of points");
/// The error that a panel may have.
const TOLERANCE: f64 = 1e-10;
/// The most halvings of panels; where they do not suffice, the error tells.
const HALVINGS: usize = 400;

/// ∫ f between the first and the last of these points: the rule on panels between them, which are halved until it
/// agrees with itself on both halves.
pub(super) fn integrate(f: impl Fn(f64) -> f64, points: &[f64]) -> Integral {
    let rule = GaussLegendre::new(POINTS);
    let panel = |a: f64, b: f64| (a, b, rule.integrate(a, b, &f));
    let mut open: Vec<_> = points.windows(2).map(|ends| panel(ends[0], ends[1])).collect();
    let mut total = Integral::default();
    let mut halvings = 0;
    while let Some((a, b, whole)) = open.pop() {
        if whole.abs() < 1e-3 * TOLERANCE {
            total += Integral { value: whole, error: whole.abs() };
            continue;
        }
        let middle = 0.5 * (a + b);
        let halves = [panel(a, middle), panel(middle, b)];
        let value = halves[0].2 + halves[1].2;
        let found = Integral { value, error: (value - whole).abs() };
        if found.error > TOLERANCE && halvings < HALVINGS {
            halvings += 1;
            open.extend(halves);
        } else {
            total += found;
        }
    }
    total
}

/// Where panels begin, of an integral over the logarithm of a probability.
const LOGARITHMS: [f64; 9] = [0.0, 2.0, 6.0, 14.0, 30.0, 62.0, 126.0, 254.0, 690.0];

/// ∫ g(p) dp over (0, 1/2), p = e^-t/2: smooth in t where g is a power or a logarithm of p next to 0.
pub(super) fn integrate_tail(g: impl Fn(f64) -> f64) -> Integral {
    let of_t = |t: f64| {
        let p = 0.5 * (-t).exp();
        p * g(p)
    };
    let mut integral = integrate(of_t, &LOGARITHMS);
    // what is left out falls more slowly than it should
    let end = LOGARITHMS[LOGARITHMS.len() - 1];
    integral.error += end * of_t(end).abs();
    integral
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(found: Integral, want: f64) {
        assert!((found.value - want).abs() <= found.error + 1e-14 * want.abs(), "{found:?} for {want}");
    }

    #[test]
    fn closed_forms() {
        let smooth = integrate(|x| x.exp(), &[0.0, 1.0]);
        holds(smooth, 1f64.exp() - 1.0);
        assert!(smooth.error < 1e-14);
        // a kink
        let kink = integrate(|x| (x - 0.3).abs(), &[0.0, 1.0]);
        holds(kink, 0.29);
        assert!(kink.error < 1e-8);
        // ln p, and a power that is hardly integrable
        let logarithm = integrate_tail(f64::ln);
        holds(logarithm, -0.5 * (1.0 + 2f64.ln()));
        assert!(logarithm.error < 1e-9);
        let power = integrate_tail(|p| p.powf(-0.9));
        holds(power, 10.0 * 0.5f64.powf(0.1));
        assert!(power.error < 1e-8, "{power:?}");
    }

    /// What does not settle has an error that says so.
    #[test]
    fn no_integral() {
        assert!(integrate_tail(|p| p.powf(-0.999)).error > 1e-6);
        assert!(integrate_tail(|p| 1.0 / p).error > 1e-6);
        let nan = integrate_tail(|p| if p < 1e-200 { f64::NAN } else { 1.0 });
        assert!(nan.value.is_nan() && nan.error.is_nan());
    }
}
