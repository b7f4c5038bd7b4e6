//! Roots that carry derivatives: from a number that solves an equation to one that solves it to every order.
//!
//! If F(x; θ) = 0 defines x, one Newton step x - F/F' in dual arithmetic, begun at the root, turns derivatives of x that
//! are right to order k into ones right to order 2k + 1 (Griewank & Walther, *Evaluating Derivatives*, §15).
//!
//! Where dx/dθ is known as a function of θ and x it is a differential equation, and [`lift_along`] takes all derivatives
//! from it, in plain numbers: a draw of a law without a closed quantile is lifted that way. [`lift_along_all`] does so for
//! several parameters at once.

mod flow;
mod path;

pub use flow::{Flow, lift_along};
pub use path::{Slopes, lift_along_all};

use crate::scalar::Scalar;

/// The root of F(x; θ) = 0 with its derivatives in θ, from the root in `f64`.
///
/// `step(x)` is the Newton step F/F' in the arithmetic of the caller: F carries the derivatives in θ. The real part of
/// the result is `root`.
///
/// ```
/// use reparam::implicit::lift_root;
/// use reparam::scalar::Jet;
/// // x^2 = a at a = 4: dx/da = 1 / (2 x)
/// let [a] = Jet::variables([4.0]);
/// let x = lift_root(2.0, |x: Jet<f64, 1>| (x * x - a) / (x * 2.0));
/// assert_eq!(x, Jet { re: 2.0, eps: [0.25] });
/// ```
#[inline]
pub fn lift_root<S: Scalar>(root: f64, step: impl Fn(S) -> S) -> S {
    let mut x = S::from(root);
    let mut order = 0;
    while order < S::ORDER {
        x = (x - step(x)).with_re(root);
        order = 2 * order + 1;
    }
    x
}

/// The root in `[low, high]` of a function given with its slope, by Newton's method inside a shrinking bracket.
///
/// `f(x)` returns the pair (value, slope) and has the sign of `f(high)` on the right of the root; only signs and Newton
/// steps are used, so a slope of 0, inf or NaN costs a bisection and nothing else. Ends when the bracket or the step is
/// below the spacing of doubles, after 2100 halvings at the most. Where a root at an end leaves both ends with one sign, or rounding does, it is the end
/// with the smaller value.
///
/// ```
/// let x = reparam::implicit::find_root(0.0, 2.0, 1.0, |x: f64| (x * x - 2.0, 2.0 * x));
/// assert!((x - 2f64.sqrt()).abs() < 4e-16);
/// ```
pub fn find_root(low: f64, high: f64, start: f64, mut f: impl FnMut(f64) -> (f64, f64)) -> f64 {
    let at_high = f(high).0;
    let root = shrink([low, high], start, at_high >= 0.0, &mut f);
    if root - low > 4.0 * f64::EPSILON * root.abs() {
        return root;
    }
    // so it also ends when the sign at the upper end is wrong
    let at_low = f(low).0;
    if (at_low > 0.0) == (at_high >= 0.0) && at_high.abs() < at_low.abs() { high } else { root }
}

/// The root in a bracket of a function with this sign of its slope.
#[inline]
fn shrink([mut low, mut high]: [f64; 2], start: f64, rising: bool, f: &mut impl FnMut(f64) -> (f64, f64)) -> f64 {
    let mut x = if low < start && start < high { start } else { 0.5 * low + 0.5 * high };
    let mut last_step = f64::INFINITY;
    for _ in 0..2100 {
        let (value, slope) = f(x);
        if value == 0.0 {
            return x;
        }
        if (value > 0.0) == rising {
            high = x;
        } else {
            low = x;
        }
        let newton = x - value / slope;
        let step = (newton - x).abs();
        let next = if low < newton && newton < high && step < 0.5 * last_step {
            last_step = step;
            newton
        } else {
            last_step = high - low;
            0.5 * low + 0.5 * high
        };
        if next == x || (next - x).abs() <= f64::EPSILON * 0.5 * next.abs() || next <= low || next >= high {
            return next;
        }
        x = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Roots at an end, where the function is 0 or of the wrong sign by rounding.
    #[test]
    fn roots_at_an_end() {
        // y - m - s tanh(y/2), whose root m + s is the upper end; there it is -5e-14
        let (m, s) = (533.7240305660946, 6.404465301895655e-7);
        let f = |y: f64| (y - m - s * (0.5 * y).tanh(), 1.0);
        assert!(f(m + s).0 < 0.0 && f(m).0 < 0.0);
        assert_eq!(find_root(m, m + s, m + 0.5 * s, f), m + s);
        for slope in [1.0, -1.0] {
            for root in [0.0, 1.0, 3.0] {
                assert_eq!(find_root(0.0, 3.0, 2.0, |x| (slope * (x - root), slope)), root, "{slope}");
                // without Newton's steps
                let found = find_root(0.0, 3.0, 2.0, |x| (slope * (x - root), f64::NAN));
                assert!((found - root).abs() < 1e-15, "{found} for {root}, {slope}");
            }
            // beyond either end by rounding
            for (root, end) in [(-1e-17, 0.0), (3.0 + 1e-15, 3.0)] {
                assert!(
                    (find_root(0.0, 3.0, 2.0, |x| (slope * (x - root), slope)) - end).abs() < 1e-15,
                    "{slope} {end}"
                );
            }
        }
    }
}
