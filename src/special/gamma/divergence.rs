//! Divergences of laws made of gamma variables, without the cancellation of large logarithms.
//!
//! A divergence from parameters x to x + d is ∫ (1 - t) Q(x + t d) dt over [0, 1], Q(y) the second derivative of its
//! generating function at y in the direction d: for the gamma law's shape that is d² ψ'(y). Of ψ' the part 1/y is
//! integrated in closed form, the rest by quadrature; all terms are positive.

use crate::quadrature::gauss_legendre::nodes;
use crate::scalar::{Scalar, math};
use crate::special::{digamma, entropy_of_ln_gamma, ln_1p_minus, ln_gamma};

/// B_2j for j = 1, 2, ...
const BERNOULLI: [f64; 8] =
    [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0, -3617.0 / 510.0];

/// From here on the series of ψ' has all digits.
const SERIES_FROM: f64 = 16.0;

/// x² (ψ'(x) - 1/x) for x > 0: between 1 at 0 and 1/2 at infinity.
///
/// By ψ'(x) - 1/x = Σ 1/((x + k)² (x + k + 1)) over k < n and the same at x + n, there by its series (DLMF 5.15.8).
pub(crate) fn trigamma_excess<S: Scalar>(x: S) -> S {
    let (mut y, mut sum) = (x, S::from(0.0));
    while y.re() < SERIES_FROM {
        let share = x.over(y);
        sum += (share * share).over(y + 1.0);
        y += S::from(1.0);
    }
    let (share, r) = (x.over(y), y.recip());
    let square = r * r;
    let series = BERNOULLI.iter().rev().fold(S::from(0.0), |sum, b| sum * square + *b) * r + 0.5;
    sum + share * share * series
}

/// The largest ratio of parameters for which divergences are integrals: its square is a double.
pub(crate) const LARGEST_RATIO: f64 = 1e150;

/// ∫ (1 - t) f(t, 1 - t) dt over [0, 1] for a function of numbers that go from one value to another, the ratios of the
/// second to the first being between `smallest` and `largest`.
pub(crate) fn mean_on_the_way<S: Scalar>(smallest: f64, largest: f64, mut f: impl FnMut(f64, f64) -> S) -> S {
    let mut sum = S::from(0.0);
    if smallest >= 0.25 && largest <= 4.0 {
        for (t, w) in nodes() {
            sum += f(t, 1.0 - t) * (w * (1.0 - t));
        }
        return sum;
    }
    half_way(largest, |t, w| sum += f(t, 1.0 - t) * (w * (1.0 - t)));
    half_way(1.0 / smallest, |t, w| sum += f(1.0 - t, t) * (w * t));
    sum
}

/// Nodes t of [0, 1/2] with their weights, in panels that grow with the distance from 0: for a function of 1 + t (ratio
/// - 1).
fn half_way(ratio: f64, mut f: impl FnMut(f64, f64)) {
    let rate = math::ln_1p(0.5 * (ratio - 1.0)).max(1e-3);
    let (panels, whole) = (1 + (rate / 1.4) as usize, math::exp_m1(rate));
    let width = rate / panels as f64;
    for i in 0..panels {
        for (x, w) in nodes() {
            let u = width * (i as f64 + x);
            f(0.5 * math::exp_m1(u) / whole, 0.5 * w * width * math::exp(u) / whole);
        }
    }
}

/// ∫ (1 - t) (ψ'(y) - 1/y) d² dt at y = x + t d: the rest of ln Γ(x + d) - ln Γ(x) - d ψ(x) beside (x + d) ln(1 + d/x)
/// - d. The step d to `other` is given for where they are rounded.
pub(crate) fn shape_divergence<S: Scalar>(x: S, other: S, d: S) -> S {
    let ratio = other.re() / x.re();
    mean_on_the_way(ratio.min(1.0), ratio.max(1.0), |t, rest| {
        let y = x * rest + other * t;
        let step = d.over(y);
        step * step * trigamma_excess(y)
    })
}

/// ln Γ(x + d) - ln Γ(x) - d ψ(x), the step d to `other` being given likewise.
pub(crate) fn ln_gamma_above_tangent<S: Scalar>(x: S, other: S, d: S) -> S {
    if !(1.0 / LARGEST_RATIO..=LARGEST_RATIO).contains(&(other.re() / x.re())) {
        return ln_gamma(other) - ln_gamma(x) - d * digamma(x);
    }
    mean_divergence(other, [x.over(other)], [-d.over(other)]) + shape_divergence(x, other, d)
}

/// One of two sums that are the same number, by which is rounded less: of laws that are far apart the `plain` formula of a divergence,
/// whose terms then hardly cancel; of others that of its terms of second order, if there is one and they are smaller.
pub(crate) fn sum_of_less_rounding<S: Scalar, const N: usize, const M: usize>(
    plain: [S; N],
    of_second_order: impl FnOnce() -> Option<[S; M]>,
) -> S {
    let (sum, size) = (total(plain), size(plain));
    if sum.re() == f64::INFINITY {
        // its derivatives would be sums of infinities of both signs
        return S::from(f64::INFINITY);
    }
    if sum.re() > 0.1 * size {
        return sum;
    }
    of_second_order().filter(|terms| self::size(*terms) < size).map_or(sum, total)
}

fn total<S: Scalar, const N: usize>(terms: [S; N]) -> S {
    terms.into_iter().fold(S::from(0.0), |sum, term| sum + term)
}

fn size<S: Scalar, const N: usize>(terms: [S; N]) -> f64 {
    terms.into_iter().fold(0.0, |sum, term| sum + term.re().abs())
}

/// a (x - 1 - ln x) at a = `other`, x the product of the factors and x - 1 the sum of `excess`, which is used where its terms
/// are small: the divergence of the means alone.
pub(crate) fn mean_divergence<S: Scalar, const N: usize, const M: usize>(
    other: S,
    factors: [S; N],
    excess: [S; M],
) -> S {
    let ratio = factors.iter().fold(S::from(1.0), |product, x| product * *x);
    let terms_are_small = excess.iter().all(|term| term.re().abs() < 0.5);
    let excess = if terms_are_small { excess.iter().fold(S::from(0.0), |sum, x| sum + *x) } else { ratio - 1.0 };
    if excess.re() > -0.5 {
        return -(other * ln_1p_minus(excess));
    }
    // a product may be below the doubles
    let is_normal = ratio.re() >= 1e-290;
    let ln = if is_normal { ratio.ln() } else { factors.iter().fold(S::from(0.0), |sum, x| sum + x.ln()) };
    other * (ratio - 1.0 - ln)
}

/// The divergence from the gamma law with shape α₁ and rate β₁ to that with α₂ and β₂:
/// (α₁-α₂) ψ(α₁) - ln Γ(α₁) + ln Γ(α₂) - α₂ ln r + α₁ (r - 1), r = β₂/β₁.
///
/// ```text
/// α₂ (z - ln(1 + z)) + ∫ (1 - t) (ψ'(y) - 1/y) (α₂ - α₁)² dt,  1 + z = α₁ r/α₂,  y = α₁ + t (α₂ - α₁)
/// ```
pub(crate) fn gamma_divergence<S: Scalar>([a, rate]: [S; 2], [other, other_rate]: [S; 2]) -> S {
    let (r, d) = (other_rate.over(rate), (other_rate - rate).over(rate));
    // the quotient of doubles may leave their range
    let (factors, ln_r) = if r.re().is_normal() {
        ([r, S::from(1.0)], r.ln())
    } else {
        ([other_rate, rate.recip()], other_rate.ln() - rate.ln())
    };
    // the entropy across less the law's own, of the logarithms
    let plain =
        [ln_gamma(other), -other * digamma(a), -other * ln_r, a * factors[0] * factors[1], -entropy_of_ln_gamma(a)];
    sum_of_less_rounding(plain, || {
        let is_possible = (1.0 / LARGEST_RATIO..=LARGEST_RATIO).contains(&(other.re() / a.re()));
        is_possible.then(|| {
            let (step, factors) = (other - a, [a.over(other), factors[0], factors[1]]);
            let means = mean_divergence(other, factors, [(a * d).over(other), -step.over(other)]);
            [means, shape_divergence(a, other, step)]
        })
    })
}
