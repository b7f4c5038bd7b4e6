//! The inverse of the regularized incomplete beta function in x, and derivatives at fixed noise.

use super::gradient::{Constants, KNOWN, movement};
use super::point::Point;
use super::shapes_are_valid;
use super::tail::{Tail, tail};
use crate::scalar::{Scalar, math};
use crate::special::beta::ln_beta_1p;
use crate::special::normal_quantile_ln;
use core::f64::consts::LN_2;

/// θ = logit x of the x with ln I_x(a, b) = `ln_p`: the inverse of [`ln_inc_beta_logit`](crate::special::ln_inc_beta_logit).
///
/// As a logit it loses neither an x next to 0 or below the range of doubles nor one next to 1; x is θ's
/// [`sigmoid`](Scalar::sigmoid) and 1 - x that of -θ. By Halley's method on the logarithm of the smaller tail, which is
/// concave in θ. Derivatives in a, b and `ln_p` are those of the equation that θ solves.
///
/// -inf at `ln_p` = -inf, inf at 0, NaN above 0 and for shapes that are not positive and finite.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::logit_inc_beta_inv_ln;
/// let [a, b] = Jet::variables([2.0, 1.0]);
/// let x = logit_inc_beta_inv_ln(a, b, 0.25f64.ln().into()).sigmoid(); // x = p^(1/a)
/// assert!((x.re - 0.5).abs() < 1e-15);
/// assert!((x.eps[0] - -0.25f64.ln() / 4.0 * 0.5).abs() < 1e-15);
/// ```
pub fn logit_inc_beta_inv_ln<S: Scalar>(a: S, b: S, ln_p: S) -> S {
    if !(shapes_are_valid(a, b) && ln_p.re() <= 0.0) {
        S::from(f64::NAN)
    } else if ln_p.re() > -LN_2 {
        -invert(b, a, ln_p.ln_1m_exp())
    } else {
        invert(a, b, ln_p)
    }
}

/// θ = logit x of the x with ln(1 - I_x(a, b)) = `ln_q`; see [`logit_inc_beta_inv_ln`].
///
/// # Example
/// ```
/// use reparam::special::logit_inc_beta_complement_inv_ln;
/// let theta = logit_inc_beta_complement_inv_ln(1.0, 2.0, -2000.0); // 1 - x = e^-1000
/// assert!((theta - 1000.0).abs() < 1e-12);
/// ```
pub fn logit_inc_beta_complement_inv_ln<S: Scalar>(a: S, b: S, ln_q: S) -> S {
    -logit_inc_beta_inv_ln(b, a, ln_q)
}

/// The θ of a lower tail, best one not above 1/2.
pub(crate) fn invert<S: Scalar>(a: S, b: S, ln_p: S) -> S {
    if ln_p.re() == f64::NEG_INFINITY {
        return S::from(f64::NEG_INFINITY);
    }
    if ln_p.re() == 0.0 {
        return S::from(f64::INFINITY);
    }
    if let Some(theta) = normal_limit(a, b, ln_p) {
        return theta;
    }
    let theta = solve(a.re(), b.re(), ln_p.re());
    if S::ORDER == 0 {
        return S::from(theta);
    }
    let at = Point::from_logit(theta);
    let constants = Constants::new(a.re(), b.re());
    lift(a, b, theta, at, &constants, Some(ln_p))
}

/// θ where its law is normal to all digits: at shapes so large that the doubles beside its mean are far apart in its width,
/// where the tail at a double says nothing about the root. What is left out is of the order of the square of the width.
fn normal_limit<S: Scalar>(a: S, b: S, ln_p: S) -> Option<S> {
    const NARROW: f64 = 1e-9;
    if a.re().min(b.re()) < 1.0 / (NARROW * NARROW) {
        return None;
    }
    let distance = normal_quantile_ln(ln_p) * (a.recip() + b.recip()).sqrt();
    let excess = (a - b).over(b);
    let mean = if excess.re().abs() < 0.5 { excess.ln_1p() } else { a.over(b).ln() };
    (distance.re().abs() < NARROW).then(|| mean + distance)
}

/// θ with its derivatives at fixed noise: at a fixed value of I_x(a, b), or with `ln_p` where the noise is a logarithm of it
/// that carries derivatives of its own.
///
/// By formulas in doubles as far as these go; then, or where the noise moves too, one order more with each step of Newton's method
/// in the arithmetic of `S`.
pub(crate) fn lift<S: Scalar>(a: S, b: S, theta: f64, at: Point<f64>, constants: &Constants, ln_p: Option<S>) -> S {
    if S::ORDER == 0 || !theta.is_finite() {
        return S::from(theta);
    }
    let noise = ln_p.map(|l| l.with_re(0.0)).filter(|l| l.max_abs() > 0.0);
    let known = if noise.is_none() { KNOWN.min(S::ORDER) } else { 1 };
    let mut lifted = movement(a, b, theta, at, constants, known);
    if noise.is_none() && known == S::ORDER {
        return lifted.with_re(theta);
    }
    let Tail { upper, mills, .. } = tail(a.re(), b.re(), at);
    // dθ/d ln of the computed tail
    let slope = if upper { -mills } else { mills };
    // the fixed value of the computed tail, as a perturbation of its logarithm
    let fixed = match (noise, ln_p) {
        (Some(_), Some(ln_p)) if upper => ln_p.ln_1m_exp().with_re(0.0),
        (Some(noise), _) => noise,
        _ => S::from(0.0),
    };
    lifted = (lifted + fixed.chain(S::from(slope))).with_re(theta);
    for _ in known..S::ORDER {
        let residual = tail(a, b, at.along(lifted)).ln.with_re(0.0) - fixed;
        lifted = (lifted - residual * slope).with_re(theta);
    }
    lifted
}

/// θ with ln I = `ln_p` in doubles.
fn solve(a: f64, b: f64, ln_p: f64) -> f64 {
    let mut theta = start(a, b, ln_p);
    for _ in 0..100 {
        // beyond the range of doubles there is nothing to improve
        if !theta.is_finite() {
            return theta;
        }
        let at = Point::from_logit(theta);
        let tail = tail(a, b, at);
        let (ln, mills) = if tail.upper {
            let ln = tail.ln.ln_1m_exp();
            // I / (x y f) from (1 - I) / (x y f)
            (ln, tail.mills * math::exp(ln - tail.ln))
        } else {
            (tail.ln, tail.mills)
        };
        let newton = (ln - ln_p) * mills;
        // l''/l' is negative throughout; far out l' is a y - b x but for an order of 1, and the difference has no digits:
        // (a y - b x)'/(a y - b x)
        let rise = a * at.y - b * at.x;
        let curvature = if mills < 1e-8 { -(a + b) * at.x * at.y / rise } else { rise - 1.0 / mills };
        let bend = 0.5 * newton * curvature;
        let limit = 2.0 + 0.5 * theta.abs();
        let step = (newton / (1.0 - bend).max(0.5)).clamp(-limit, limit);
        if step.is_nan() {
            return theta;
        }
        theta -= step;
        // what Halley's method leaves, and where the curvature is yet to come
        if step.abs() * bend * bend <= 1e-17 * mills && step.abs() < 0.1 {
            break;
        }
    }
    theta
}

/// A first guess: the power law at the lower end, its mirror image at the upper end, or a normal law in θ.
fn start(a: f64, b: f64, ln_p: f64) -> f64 {
    let logit_of_ln = |ln_x: f64| ln_x - math::ln_1m_exp(ln_x);
    let lower = (ln_p + ln_beta_1p(a, b)) / a;
    if lower < -math::ln_1p(b) - 1.0 {
        return logit_of_ln(lower);
    }
    if b < 1.0 {
        let upper = (math::ln_1m_exp(ln_p) + ln_beta_1p(b, a)) / b;
        if upper < -math::ln_1p(a) - 1.0 {
            return -logit_of_ln(upper);
        }
    }
    let width = math::sqrt(1.0 / a + 1.0 / b);
    math::ln(a / b) + (normal_quantile_ln(ln_p) * width).clamp(-3.0, 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    /// Far out in the tails of large shapes, where the logarithm of the tail has few digits and its slope is known to these: what comes
    /// back is the θ that the tail was taken at.
    #[test]
    fn far_tails_of_large_shapes() {
        for exponent in 14..=60 {
            for b in [0.5, 3.0, 1e4, 1e20] {
                let a = 10f64.powf(f64::from(exponent) / 2.0);
                for out in [0.3, 1.0, 3.0, 10.0, 20.0, 35.0] {
                    // below the mean, in units of θ
                    let theta = math::ln(a / b) - out;
                    let ln_p = tail(a, b, Point::from_logit(theta));
                    let ln_p = if ln_p.upper { ln_p.ln.ln_1m_exp() } else { ln_p.ln };
                    if !(-1e40..-50.0).contains(&ln_p) {
                        continue;
                    }
                    let got = logit_inc_beta_inv_ln(a, b, ln_p);
                    let near = |x: f64| (got - x).abs() <= 1e-14 * (1.0 + theta.abs() + math::ln(a).abs());
                    assert!(near(theta), "a {a:e}, b {b:e}: {got:?} for {theta:?} at {ln_p:e}");
                }
            }
        }
    }

    /// At shapes whose law of θ is normal: ln(a/b) + z sqrt(1/a + 1/b), z the quantile of 1e-8, and its slopes.
    #[test]
    fn large_shapes() {
        let z = -5.612001244174789;
        for (a, b, mean) in
            [(1e20, 1e20, 0.0), (4e18, 1e20, -3.218_875_824_868_201), (2.5e30, 1e30, 0.916_290_731_874_155)]
        {
            let width = (1.0 / a + 1.0 / b).sqrt();
            let [shape, other, ln_p] = Jet::variables([a, b, 1e-8f64.ln()]);
            let theta = logit_inc_beta_inv_ln(shape, other, ln_p);
            assert!((theta.re - (mean + z * width)).abs() <= 4e-16 * mean.abs() + 1e-14 * width, "{theta:?}");
            // width/(2 a) is nothing beside 1/a; p/φ(z)
            for (got, want) in theta.eps.into_iter().zip([1.0 / a, -1.0 / b, 1e-8 * width / 5.780_344_184_7e-8]) {
                assert!((got / want - 1.0).abs() < 1e-6, "{got:e} for {want:e}");
            }
        }
    }
}
