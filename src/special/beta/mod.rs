//! The logarithm of the beta function.

mod divergence;
mod entropy;

pub(crate) use divergence::beta_divergence;
pub(crate) use entropy::{entropy_of_logit_beta, entropy_of_student_t};

use crate::quadrature::gauss_legendre::integrate;
use crate::scalar::taylor;
use crate::scalar::{Derivatives, Scalar, math};
use crate::special::gamma::digamma::{self, clamp, difference_taylor};
use crate::special::gamma::digamma_taylor::digamma_taylor;
use crate::special::gamma::stirling::{STIRLING_FROM, stirling_remainder};
use crate::special::gamma::{self, HALF_LN_TWO_PI};

/// ln B(a, b) = ln Γ(a) + ln Γ(b) - ln Γ(a + b) for a, b > 0, without the cancellation of large logarithms.
///
/// Symmetric bit for bit. Accurate relative to max(|ln B|, 1) (B crosses 1 along a curve through (1, 1)); where both arguments
/// are large or one is, Stirling's series is used with its logarithms combined (DiDonato and Morris 1992, ACM TOMS 18, section 5).
///
/// First derivatives are the digamma differences ψ(a) - ψ(a + b), and higher ones likewise free of cancellation.
///
/// inf if an argument is 0, -inf if one is inf and the other positive, NaN for negative arguments; derivatives are NaN in all
/// these cases. Derivatives beyond the range of a double may come out as ±`f64::MAX`.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::ln_beta;
/// let [a, b] = Jet::variables([2.0, 3.0]);
/// let y = ln_beta(a, b); // B(a, 3) = 2 / (a (a + 1) (a + 2))
/// assert!((y.re - (1.0_f64 / 12.0).ln()).abs() < 5e-16);
/// assert!((y.eps[0] - -(1.0 / 2.0 + 1.0 / 3.0 + 1.0 / 4.0)).abs() < 4e-16);
/// ```
pub fn ln_beta<S: Scalar>(a: S, b: S) -> S {
    let (a, b) = if a.re() <= b.re() { (a, b) } else { (b, a) };
    let value = kernel(a.re(), b.re());
    if S::ORDER == 0 {
        return S::from(value);
    }
    if !(a.re() > 0.0 && b.re() < f64::INFINITY) {
        let mut d = [f64::NAN; crate::scalar::MAX_ORDER + 1];
        d[0] = value;
        return (a.lift(&d) + b.lift(&d)).with_re(value);
    }
    let alone_in_a = alone(value, difference_taylor(a.re(), b.re(), S::ORDER - 1), S::ORDER);
    mixed(a, b, alone_in_a)
}

/// ln(a B(a, b)) = ln Γ(1 + a) + ln Γ(b) - ln Γ(a + b) for positive and finite a and b: of the size of a where a is small,
/// and accurate relative to min(a, 1) max(|ln Γ|, 1) there.
pub(crate) fn ln_beta_1p<S: Scalar>(a: S, b: S) -> S {
    let (x, y) = (a.re(), b.re());
    let value = if x < 0.5 && y < STIRLING_FROM {
        gamma::kernel_1p(x) - ln_gamma_increment(y, x)
    } else if x < STIRLING_FROM && y >= STIRLING_FROM {
        gamma::kernel_1p(x) - ln_gamma_growth(y, x)
    } else {
        kernel(x.min(y), x.max(y)) + math::ln(x)
    };
    if S::ORDER == 0 {
        return S::from(value);
    }
    // ψ(a + b) - ψ(1 + a), through ψ(1 + a + b) where b - 1 would be rounded
    let order = S::ORDER - 1;
    let mut difference = difference_taylor(1.0 + x, if y < 0.5 { y } else { y - 1.0 }, order);
    if y < 0.5 {
        let r = -1.0 / (x + y);
        let mut power = r;
        for c in difference.iter_mut().take(order + 1) {
            *c += power;
            power *= r;
        }
    }
    mixed(a, b, alone(value, difference, S::ORDER))
}

/// A function of a (of which the derivatives are given) + ln Γ(b) - [ln Γ(a + b) but for its derivatives in a alone].
fn mixed<S: Scalar>(a: S, b: S, alone_in_a: Derivatives) -> S {
    // G(a) + G(b) - G(a + b) = (what depends on a only) + (on b only) - (what mixes them), G = ln Γ
    let alone = a.lift(&alone_in_a) + b.lift(&alone(0.0, difference_taylor(b.re(), a.re(), S::ORDER - 1), S::ORDER));
    if S::ORDER == 1 {
        return alone;
    }
    // (α + β)^k - α^k - β^k for each k >= 2, α and β the perturbations of a and b
    let mut d = taylor::integrate(&digamma_taylor(a.re() + b.re(), S::ORDER - 1), 0.0, S::ORDER);
    d[1] = 0.0;
    taylor::to_derivatives(&mut d, S::ORDER);
    let d = d.map(clamp);
    alone - ((a + b).lift(&d) - a.lift(&d) - b.lift(&d))
}

/// A value followed by the derivatives whose negative first has these Taylor coefficients.
fn alone(value: f64, negative_slope: Derivatives, order: usize) -> Derivatives {
    let mut d = taylor::integrate(&negative_slope.map(|d| -d), value, order);
    taylor::to_derivatives(&mut d, order);
    d
}

/// ln B(a, b) for a <= b.
fn kernel(a: f64, b: f64) -> f64 {
    if a < 0.0 || a.is_nan() || b.is_nan() {
        f64::NAN
    } else if b == f64::INFINITY {
        if a == 0.0 { f64::NAN } else { f64::NEG_INFINITY }
    } else if a >= STIRLING_FROM {
        let remainders = stirling_remainder(a) + stirling_remainder(b) - stirling_remainder(a + b);
        let h = a / b;
        HALF_LN_TWO_PI - 0.5 * math::ln(b) + remainders - (a - 0.5) * math::ln_1p(b / a) - b * math::ln_1p(h)
    } else if b >= STIRLING_FROM {
        gamma::kernel(a) - ln_gamma_growth(b, a)
    } else {
        small(a, b)
    }
}

/// ln Γ(x + d) - ln Γ(x) for x >= 10 and d > 0.
fn ln_gamma_growth(x: f64, d: f64) -> f64 {
    if d < 3e-3 {
        // the integral of ψ by two points of Gauss: the difference of remainders would not be accurate relative to d
        let (middle, offset) = (x + 0.5 * d, d * 0.288_675_134_594_812_9);
        return 0.5 * d * (digamma::kernel(middle - offset) + digamma::kernel(middle + offset));
    }
    let h = math::ln_1p(d / x);
    let growth = d * math::ln(x) + (x * h - d) + (d - 0.5) * h;
    growth + (stirling_remainder(x + d) - stirling_remainder(x))
}

/// ln Γ(x + d) - ln Γ(x) for 0 < d < 1/2 by quadrature of ψ, which keeps the relative accuracy of small d.
fn ln_gamma_increment(x: f64, d: f64) -> f64 {
    // ψ is smooth on the scale of d from 1 on
    let (from, below) = if x < 1.0 { (1.0 + x, math::ln_1p(d / x)) } else { (x, 0.0) };
    d * integrate(0.0, 1.0, 1, |t: f64| digamma::kernel(from + d * t)) - below
}

/// ln B(a, b) for arguments below 10, reduced below 2 by B(a + 1, b) = B(a, b) a / (a + b), where no logarithm is large.
fn small(mut a: f64, mut b: f64) -> f64 {
    let (mut numerator, mut denominator) = (1.0, 1.0);
    while a >= 2.0 {
        a -= 1.0;
        numerator *= a;
        denominator *= a + b;
    }
    while b >= 2.0 {
        b -= 1.0;
        numerator *= b;
        denominator *= a + b;
    }
    math::ln(numerator / denominator) + (gamma::kernel(a) + (gamma::kernel(b) - gamma::kernel(a + b)))
}
