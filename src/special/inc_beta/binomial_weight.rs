//! The binomial mass for real counts, of which the laws of counts are made.

use super::point::{Point, excess};
use crate::scalar::Scalar;
use crate::special::gamma::HALF_LN_TWO_PI;
use crate::special::inc_gamma::{LARGE, stirling};
use crate::special::{ln_1p_minus, ln_beta};

/// ln [Γ(1+a+b) / (Γ(1+a) Γ(1+b)) x^a y^b] for a, b >= 0 and a point (x, y = 1 - x) inside (0, 1).
///
/// For large a and b by the deviance a ln((a+b) x / a) + b ln((a+b) y / b) and the remainders of Stirling's series, in which no
/// large logarithms cancel, in derivatives either (Loader 2000, "Fast and accurate computation of binomial probabilities").
pub(crate) fn ln_binomial_weight<S: Scalar>(a: S, b: S, at: Point<S>) -> S {
    let excess = if at.x.re() <= 0.5 { (a + b) * at.x - a } else { -((a + b) * at.y - b) };
    ln_binomial_weight_by(a, b, at, excess.with_re(self::excess(a.re(), b.re(), at.re())))
}

/// The same with (a + b) x - a given, where the caller knows it better.
pub(crate) fn ln_binomial_weight_by<S: Scalar>(a: S, b: S, at: Point<S>, excess: S) -> S {
    let s = a + b;
    if a.re().min(b.re()) >= LARGE {
        let remainders = stirling(a) + stirling(b) - stirling(s);
        let scale = (a.over(s) * b).ln() * 0.5 + HALF_LN_TWO_PI;
        return deviance(a, excess, s, at.ln_x) + deviance(b, -excess, s, at.ln_y) - scale - remainders;
    }
    if b.re() == 0.0 {
        return a * at.ln_x;
    }
    if a.re() == 0.0 {
        return b * at.ln_y;
    }
    a * at.ln_x + b * at.ln_y - ln_beta(a + 1.0, b + 1.0) - (s + 1.0).ln()
}

/// a ln(s x / a) - (s x - a), where e = s x - a.
fn deviance<S: Scalar>(a: S, e: S, s: S, ln_x: S) -> S {
    let t = e.over(a);
    if (-0.5..=1.0).contains(&t.re()) { a * ln_1p_minus(t) } else { a * (ln_x - a.over(s).ln()) - e }
}
