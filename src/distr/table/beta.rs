//! How draws of the beta law move with its shapes.

use super::cells::{Cells, TAYLOR};
use crate::scalar::{Jet, Scalar, math};
use crate::special::{IncBetaConstants, UnitPoint, digamma_difference, inc_beta_lift, logit_inc_beta_inv_ln};
use core::f64::consts::LN_2;

/// Cells of a half.
const CELLS: usize = 64;

/// The derivatives of θ = logit x in the shapes: the first, of M = 2 functions, or the first and the second, of 5.
///
/// As functions of x below 1/2 and of 1 - x above, in cells of 1/8 of an octave, fewer for narrow laws, on all but one
/// draw in 10 000 at each end, as far as 2^-9.
#[derive(Clone)]
pub struct BetaTable<const M: usize> {
    halves: [Cells<M, CELLS>; 2],
}

/// One draw in so many is left out at either end.
const OUTSIDE: f64 = 1e-4;

impl<const M: usize> BetaTable<M> {
    /// The table of valid shapes.
    pub(crate) fn new(a: f64, b: f64) -> Self {
        // θ of the law with its shapes exchanged, at 1 - x, is -θ
        let exchanged = core::array::from_fn(|i| [1, 0, 4, 3, 2][i]);
        BetaTable { halves: [lower_half(a, b), lower_half(b, a).reordered(exchanged, -1.0)] }
    }

    /// θ of the draw x with its derivatives in whatever the shapes depend on, its value left out; `None` where there is
    /// no table.
    #[inline(always)]
    pub(crate) fn lift<S: Scalar>(&self, [a, b]: [S; 2], x: f64, y: f64) -> Option<S> {
        let known = if M == 2 { 1 } else { 2 };
        if S::ORDER == 0 || S::ORDER > known {
            return None;
        }
        // chosen without a branch, which draws make unpredictable
        let near = if x < y { x } else { y };
        let d = self.halves[usize::from(x >= y)].at(near, if S::ORDER == 1 { 2 } else { M })?;
        let [da, db] = [a, b].map(|shape| shape.with_re(0.0));
        let first = da * d[0] + db * d[1];
        if S::ORDER < 2 {
            return Some(first);
        }
        let [aa, ab, bb] = [2, 3, 4].map(|i| d[i % M]);
        Some(first + (da * da * aa + db * db * bb) * 0.5 + da * db * ab)
    }
}

/// The cells below 1/2.
fn lower_half<const M: usize>(a: f64, b: f64) -> Cells<M, CELLS> {
    let [low, high] =
        [math::ln(OUTSIDE), math::ln_1p(-OUTSIDE)].map(|ln_p| logit_inc_beta_inv_ln(a, b, ln_p).sigmoid());
    // the ninth power of a cell's width is a double
    let (low, high) = (low.max(1e-30), high.min(0.5 - f64::EPSILON));
    // of the order of the logit's precision
    let narrow = a / (a / b + 1.0);
    if low >= high || narrow > 1e20 {
        return Cells::EMPTY;
    }
    let bits = if narrow < 64.0 { 3 } else { 3 + (0.5 * math::ln(narrow / 16.0) / LN_2) as u32 };
    let constants = IncBetaConstants::new(a, b);
    // farther on Taylor's coefficients lose digits
    if M > 2 || a + b > 100.0 {
        return Cells::new(low, high, bits, |x| movement([a, b], x, &constants));
    }
    let means = [digamma_difference(a, b), digamma_difference(b, a)];
    Cells::by_taylor(low, high, bits, |x, half| {
        let slopes: [f64; M] = movement([a, b], x, &constants);
        let logarithms = [math::ln(x) + means[0], math::ln_1p(-x) + means[1]];
        core::array::from_fn(|i| taylor([a, b], x, half, slopes[i], logarithms[i], i == 1))
    })
}

/// Taylor's polynomial of a slope h around x, in steps of `half`, from x y h' = ((a + b) x - a) h - l, where l, of the
/// value `logarithm`, is ln x or ln y and a constant.
fn taylor([a, b]: [f64; 2], x: f64, half: f64, slope: f64, logarithm: f64, of_y: bool) -> [f64; TAYLOR] {
    let (y, sum) = (1.0 - x, a + b);
    let scale = half / (x * y);
    // half/x with alternating signs, or half/y with one
    let q = if of_y { half / y } else { -half / x };
    let (mut l, mut power) = (logarithm, -1.0);
    let mut c = [0.0; TAYLOR];
    c[0] = slope;
    for n in 0..TAYLOR - 1 {
        let k = n as f64;
        let before = if n > 0 { half * (sum + k - 1.0) * c[n - 1] } else { 0.0 };
        c[n + 1] = scale / (k + 1.0) * ((sum * x - a - (y - x) * k) * c[n] + before - l);
        power *= q;
        l = power / (k + 1.0);
    }
    c
}

/// The derivatives of θ at x in the shapes: h_a, h_b and, of five, those in a twice, in a and b, in b twice.
fn movement<const M: usize>(shapes: [f64; 2], x: f64, constants: &IncBetaConstants) -> [f64; M] {
    let at = UnitPoint::new(x);
    let theta = at.ln_x - at.ln_y;
    let all = if M == 2 {
        let [a, b] = Jet::variables(shapes);
        let first = inc_beta_lift(a, b, theta, at, constants, None).eps;
        [first[0], first[1], 0.0, 0.0, 0.0]
    } else {
        let [a, b] = Jet::second_order(shapes);
        let (_, first, second) = inc_beta_lift(a, b, theta, at, constants, None).hessian();
        [first[0], first[1], second[0][0], second[0][1], second[1][1]]
    };
    core::array::from_fn(|i| all[i])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::table::reference;

    /// dz/dα, dz/dβ and the second derivatives where there are cells.
    #[test]
    fn against_mpmath() {
        let (mut worst, mut inside) = ([0.0f64; 3], 0);
        for row in reference("beta") {
            let (a, b, z) = (row[0], row[1], row[2]);
            let first = BetaTable::<2>::new(a, b).lift(Jet::variables([a, b]), z, 1.0 - z);
            let second = BetaTable::<5>::new(a, b).lift(Jet::second_order([a, b]), z, 1.0 - z);
            let (Some(first), Some(second)) = (first, second) else { continue };
            inside += 1;
            let theta = math::ln(z) - math::ln_1p(-z);
            let first = first.with_re(theta).sigmoid().eps;
            let (_, again, second) = second.with_re(theta).sigmoid().hessian();
            let row_size = row[11..14].iter().fold(0.0f64, |m, x| m.max(x.abs()));
            for i in 0..2 {
                worst[0] = worst[0].max((first[i] / row[9 + i] - 1.0).abs());
                worst[1] = worst[1].max((again[i] / row[9 + i] - 1.0).abs());
            }
            for (got, want) in [second[0][0], second[0][1], second[1][1]].into_iter().zip(&row[11..14]) {
                worst[2] = worst[2].max((got - want).abs() / want.abs().max(1e-2 * row_size));
            }
        }
        std::println!("{worst:?} {inside}");
        assert!(worst[0] < 5e-14 && worst[1] < 5e-14 && worst[2] < 1e-12, "{worst:?}");
        assert!(inside > 10);
    }
}
