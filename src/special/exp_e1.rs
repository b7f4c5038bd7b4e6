//! The exponential integral E1, scaled.

use crate::scalar::taylor::ZERO;
use crate::scalar::{Derivatives, Scalar, math};

/// Euler's constant γ.
pub(crate) const EULER: f64 = 0.5772156649015329;

/// e^x E1(x) = ∫_0^∞ e^-s/(x + s) ds (DLMF 6.7.1), which neither under- nor overflows: about 1/x for large x, -γ - ln x for small.
///
/// inf at 0, 0 at inf, NaN below 0. Below 1 by the power series (DLMF 6.6.2), whose terms do not cancel there, above by the even part
/// of the continued fraction (DLMF 8.19.17); relative errors are of the order of 1e-15. The k-th derivative is (-1)^k k! x^-k e^x E_(k+1)(x):
/// each by its own fraction, below 1 by y' = y - 1/x.
///
/// # Example
/// ```
/// use reparam::{scalar::Jet, special::exp_e1};
/// let [x] = Jet::variables([1.0]);
/// let y = exp_e1(x);
/// assert!((y.re - 0.596347362323194).abs() < 1e-15);
/// assert!((y.eps[0] - (y.re - 1.0)).abs() < 1e-15);
/// assert!((exp_e1(1e300) * 1e300 - 1.0).abs() < 1e-15);
/// ```
pub fn exp_e1<S: Scalar>(x: S) -> S {
    let re = x.re();
    if !(re > 0.0 && re < f64::INFINITY) {
        return S::from(match re {
            0.0 => f64::INFINITY,
            f64::INFINITY => 0.0,
            _ => f64::NAN,
        });
    }
    x.lift(&derivatives(re, S::ORDER))
}

/// ln x + e^x E1(x) for x > 0, from -γ for small x to ln x for large: what is left of the two where their poles cancel. The derivative is e^x E1(x).
pub(crate) fn ln_plus_exp_e1<S: Scalar>(x: S) -> S {
    let re = x.re();
    let value = if re < 1.0 {
        math::exp(re) * (series(re) - EULER) - math::exp_m1(re) * math::ln(re)
    } else {
        math::ln(re) + exp_e1(re)
    };
    let mut d = derivatives(re, S::ORDER);
    d.copy_within(..S::ORDER, 1);
    d[0] = value;
    x.lift(&d)
}

/// e^x E1(x) and its derivatives, x > 0.
fn derivatives(x: f64, order: usize) -> Derivatives {
    let mut d = ZERO;
    if x < 1.0 {
        d[0] = math::exp(x) * (-EULER - math::ln(x) + series(x));
        // (-1)^(k-1) (k-1)!/x^k
        let mut pole = 1.0 / x;
        for k in 1..=order {
            d[k] = d[k - 1] - pole;
            pole *= -(k as f64) / x;
        }
    } else {
        // (-1)^k k!/x^k
        let mut factor = 1.0;
        for (k, d) in d.iter_mut().enumerate().take(order + 1) {
            *d = factor * fraction(k as f64 + 1.0, x);
            factor *= -(k as f64 + 1.0) / x;
        }
    }
    d
}

/// Σ (-1)^(k+1) x^k/(k k!), 0 < x < 1.
fn series(x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 0.0);
    for k in 1..=17 {
        let k = f64::from(k);
        term *= -x / k;
        sum -= term / k;
    }
    sum
}

/// e^x E_n(x) = 1/(x + n - n/(x + n + 2 - 2 (n + 1)/(x + n + 4 - ...))) for x >= 1, from a depth that leaves exp(-4 sqrt(depth x)).
fn fraction(n: f64, x: f64) -> f64 {
    let depth = 8 + (110.0 / x) as u32;
    let mut tail = 0.0;
    for j in (1..=depth).rev() {
        let j = f64::from(j);
        tail = j * (n - 1.0 + j) / (x + n + 2.0 * j - tail);
    }
    1.0 / (x + n - tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    /// Value and first three derivatives; printed by `tests/reference/make_composed.py`.
    #[test]
    fn against_mpmath() {
        for (x, want) in [
            (1e-05, [10.935829157788485, -99989.0641708422, 9999900010.935827, -1999990000099988.5]),
            (0.3, [1.2225356050805856, -2.1107977282527477, 9.000313382858364, -65.07376069121572]),
            (0.99999, [0.5963513988793885, -0.40365860122061253, 0.5963613990793913, -1.4036986021206284]),
            (1.0, [0.5963473623231941, -0.4036526376768059, 0.5963473623231941, -1.403652637676806]),
            (1.7, [0.40865559600056073, -0.17957969811708635, 0.1664410631285884, -0.24064218539573487]),
            (5.0, [0.1704221762847322, -0.0295778237152678, 0.010422176284732201, -0.005577823715267798]),
            (40.0, [0.024404115079628575, -0.0005958849203714237, 2.911507962857627e-05, -2.13492037142373e-06]),
            (1000000.0, [9.99999000002e-07, -9.99998000006e-13, 1.9999940000239998e-18, -5.999976000119999e-24]),
        ] {
            let [t] = Jet::variables(Jet::second_order([x]));
            let y = exp_e1(t);
            let got = [y.re.re.re, y.re.re.eps[0], y.re.eps[0].eps[0], y.eps[0].eps[0].eps[0]];
            for (order, (got, want)) in got.into_iter().zip(want).enumerate() {
                assert!((got - want).abs() <= 4e-15 * f64::abs(want), "{x:e}, order {order}: {got:e}, not {want:e}");
            }
        }
    }

    #[test]
    fn edges() {
        assert_eq!((exp_e1(0.0), exp_e1(f64::INFINITY)), (f64::INFINITY, 0.0));
        assert!(exp_e1(-1.0).is_nan() && exp_e1(f64::NAN).is_nan());
        assert!((exp_e1(5e-324) / 743.86 - 1.0).abs() < 1e-4);
    }
}
