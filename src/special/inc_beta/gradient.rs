//! How θ = logit x moves with the shapes at fixed I_x(a, b): the formulas of `series` and `fraction` differentiated by hand.
//!
//! h_a = dθ/da = -K d ln I/da and h_b likewise, in which no power or exponential occurs. For the upper tail
//! (h_a, h_b)(a, b, x) = (-h_b, -h_a)(b, a, y).

use super::fraction::fraction;
use super::point::Point;
use super::tail::{Region, region};
use super::uniform::{self as expansion, LENGTH};
use crate::scalar::{Jet, Scalar};
use crate::special::digamma_difference;

/// What the gradient needs of the shapes alone: (ψ(a+b) - ψ(1+a), ψ(a+b) - ψ(b)), and the same with a and b exchanged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Constants([(f64, f64); 2]);

impl Constants {
    /// Where no derivatives are asked for.
    pub const UNUSED: Self = Constants([(0.0, 0.0); 2]);

    pub fn new(a: f64, b: f64) -> Self {
        Constants([false, true].map(|swap| constants(a, b, swap)))
    }

    /// (h_a, h_b).
    fn gradient(&self, [a, b]: [f64; 2], at: Point<f64>) -> [f64; 2] {
        let (h_a, h_b) = gradient(a, b, at, |swap| self.0[usize::from(swap)]);
        [h_a, h_b]
    }
}

/// ψ(a+b) - ψ(1+a) and ψ(a+b) - ψ(b), with a and b exchanged or not.
pub(super) fn constants<T: Scalar>(a: T, b: T, swap: bool) -> (T, T) {
    let (a, b) = if swap { (b, a) } else { (a, b) };
    // from the smaller argument, which the other one's rounding might exceed
    let first = if b.re() < 1.0 { -digamma_difference(a + b, -b + 1.0) } else { digamma_difference(a + 1.0, b - 1.0) };
    (first, digamma_difference(b, a))
}

/// How θ moves with the shapes, its real part 0: right to `order`, which is at most [`KNOWN`].
///
/// First derivatives by formulas in doubles; what moves along its own gradient, to one order more by the same formulas in a scalar
/// of that order.
pub(crate) fn movement<S: Scalar>(a: S, b: S, theta: f64, at: Point<f64>, constants: &Constants, order: usize) -> S {
    let shapes = [a.re(), b.re()];
    let (da, db) = (a.with_re(0.0), b.with_re(0.0));
    let first = Jet { re: theta, eps: constants.gradient(shapes, at) };
    let [mut slope_a, mut slope_b] = first.eps.map(S::from);
    if order >= 2 {
        let second = second_order(shapes, at, first);
        // Taylor's polynomial; the mixed derivatives by those in b, which keep more digits
        let [in_a, in_b] = second.eps;
        let (mut aa, mut ab, mut bb) = (S::from(in_a.eps[0] / 2.0), S::from(in_b.eps[0]), S::from(in_b.eps[1] / 2.0));
        if order >= 3 {
            let [in_a, in_b] = third_order(shapes, at, second).eps.map(|e| e.eps);
            aa += da.chain(S::from(in_a[0].eps[0] / 6.0));
            ab += da.chain(S::from(in_b[0].eps[0] / 2.0)) + db.chain(S::from(in_b[0].eps[1] / 2.0));
            bb += db.chain(S::from(in_b[1].eps[1] / 6.0));
        }
        slope_a += da.chain(aa) + db.chain(ab);
        slope_b += db.chain(bb);
    }
    da.chain(slope_a) + db.chain(slope_b)
}

/// The order that [`movement`] reaches.
pub(crate) const KNOWN: usize = 3;

type First = Jet<f64, 2>;
type Second = Jet<First, 2>;

// not generic in the caller's scalar, and so compiled once
fn second_order(shapes: [f64; 2], at: Point<f64>, theta: First) -> Second {
    one_order_more(Jet::variables(shapes), at, theta)
}

fn third_order(shapes: [f64; 2], at: Point<f64>, theta: Second) -> Jet<Second, 2> {
    one_order_more(Jet::second_order(shapes), at, theta)
}

/// θ with its slopes in the shapes `[a, b]`, from the derivatives of all three to the order of `T`.
fn one_order_more<T: Scalar>([a, b]: [T; 2], at: Point<f64>, theta: T) -> Jet<T, 2> {
    let (h_a, h_b) = gradient(a, b, at.along(theta), |swap| constants(a, b, swap));
    Jet { re: theta, eps: [h_a, h_b] }
}

/// The smallest a b / (a + b) at which the uniform expansion of the slopes takes less time than the series and the fraction.
pub(super) const UNIFORM_FROM: f64 = 60.0;

/// (h_a, h_b) by the region's formulas, with the constants of exchanged shapes or not.
#[inline]
pub(super) fn gradient<T: Scalar>(a: T, b: T, at: Point<T>, constants: impl Fn(bool) -> (T, T)) -> (T, T) {
    let (swap, region) = region(a.re(), b.re(), at.re(), UNIFORM_FROM);
    if swap {
        let (u, v) = lower(b, a, at.flip(), || constants(true), region);
        (-v, -u)
    } else {
        lower(a, b, at, || constants(false), region)
    }
}

/// (h_a, h_b) from the lower tail.
#[inline]
fn lower<T: Scalar>(a: T, b: T, at: Point<T>, constants: impl Fn() -> (T, T), region: Region) -> (T, T) {
    match region {
        Region::Uniform => uniform(a, b, at),
        Region::Short => {
            let (c1, c2) = constants();
            let (g, g_a, g_b) = short(a, b, at.x);
            let k = g.over(a) * (-b * at.ln_y).exp();
            (-k * (at.ln_x + c1 + g_a.over(g)), -k * (c2 + g_b.over(g)))
        }
        Region::Positive => {
            let (c1, c2) = constants();
            let (n, n_a, n_b) = positive(a, b, at.x);
            let k = n.over(a);
            (-k * (at.ln_x + c1 + n_a.over(n)), -k * (at.ln_y + c2 + n_b.over(n)))
        }
        Region::Fraction => {
            let (c1, c2) = constants();
            let (k, [k_a, k_b]) = fraction_with_slopes(a, b, at);
            (-k * (at.ln_x + c1 + a.recip() + k_a.over(k)), -k * (at.ln_y + c2 + k_b.over(k)))
        }
    }
}

/// K by the continued fraction, and its derivatives in a and b.
#[inline]
fn fraction_with_slopes<T: Scalar>(a: T, b: T, at: Point<T>) -> (T, [T; 2]) {
    let [x, y] = Jet::variables([a, b]);
    let k = fraction(
        x,
        y,
        at,
        |jet: Jet<T, 2>, point| Jet { re: jet.re * point, eps: jet.eps.map(|e| e * point) },
        Jet::constant,
    );
    (k.re, k.eps)
}

/// How many terms a sum takes whose values have converged after n: a derivative's need more.
#[inline]
fn until<T: Scalar>(n: f64) -> f64 {
    if T::ORDER == 0 { n } else { n * 1.25 + 4.0 }
}

/// 1/n for n = 1, 2, ...
const INVERSES: [f64; 200] = {
    let mut inverses = [0.0; 200];
    let mut n = 0;
    while n < 200 {
        inverses[n] = 1.0 / (n as f64 + 1.0);
        n += 1;
    }
    inverses
};

/// G, dG/da and dG/db of DLMF 8.17.7, the factor that vanishes at whole b carried outside its logarithm.
#[inline]
fn short<T: Scalar>(a: T, b: T, x: T) -> (T, T, T) {
    let zero = T::from(0.0);
    let (mut u, mut u_b) = (T::from(1.0), zero);
    let (mut sum, mut sum_a, mut sum_b) = (zero, zero, zero);
    let (mut n, mut last) = (0.0, f64::INFINITY);
    let tail = 1.0 / (1.0 - x.re());
    for inverses in INVERSES.chunks_exact(4) {
        // two terms at a time: one reciprocal serves both, and the second does not wait for the first
        for inverse in inverses.chunks_exact(2) {
            let (n1, n2) = (n + 1.0, n + 2.0);
            let (c1, c2) = (a + n1, a + n2);
            let both = (c1 * c2).recip();
            let (r1, r2) = (both * c2, both * c1);
            let (step1, step2) = (x * inverse[0], x * inverse[1]);
            let (f1, f2) = ((-b + n1) * step1, (-b + n2) * step2);
            let f = f1 * f2;
            let (p1, p2) = (u * f1 * r1, u * f * r2);
            sum += p1 + p2;
            sum_a += p1 * (r1 * n1) + p2 * (r2 * n2);
            let v1 = u_b * f1 - u * step1;
            u_b = u_b * f - u * (step1 * f2 + f1 * step2);
            sum_b += v1 * r1 + u_b * r2;
            (u, n) = (u * f, n2);
        }
        let left = (u.re().abs() + u_b.re().abs()) * tail;
        let enough =
            left <= 1e-17 * n * sum_a.re().abs().min(sum_b.re().abs()) || (n > b.re() && left <= 1e-19 * x.re());
        if enough && last == f64::INFINITY {
            last = until::<T>(n);
        }
        if n >= last {
            break;
        }
    }
    (a * sum + 1.0, sum_a, a * sum_b)
}

/// N, dN/da and dN/db of DLMF 8.17.8.
#[inline]
fn positive<T: Scalar>(a: T, b: T, x: T) -> (T, T, T) {
    let (mut t, mut l_a, mut l_b) = (T::from(1.0), T::from(0.0), T::from(0.0));
    let (mut sum, mut sum_a, mut sum_b) = (T::from(1.0), T::from(0.0), T::from(0.0));
    let (mut s, mut c) = (a + b, a + 1.0);
    let (mut n, mut last) = (0.0, f64::INFINITY);
    while n < last {
        for _ in 0..2 {
            // one reciprocal serves the term and both logarithmic derivatives
            let r = (s * c).recip();
            t *= x * (s * s * r);
            l_a += (-b + 1.0) * r;
            l_b += c * r;
            sum += t;
            sum_a += t * l_a;
            sum_b += t * l_b;
            (s, c) = (s + 1.0, c + 1.0);
        }
        n += 2.0;
        let ratio = x.re() * s.re() / c.re();
        let term = t.re() * l_b.re().max(l_a.re().abs()).max(1.0);
        let enough = ratio < 1.0 && term <= 1e-17 * (1.0 - ratio) * sum_b.re().min(sum.re());
        if last == f64::INFINITY && (enough || t.re() < 1e-300) {
            last = until::<T>(n);
        }
    }
    (sum, sum_a, sum_b)
}

/// The expansion a h_a = Σ H_k(D) m^-k with H_0 = R L / (q D), L = D - ln(q + p e^D), H_k = R (H_(k-1)' - H_(k-1)'(0)) / D,
/// and -b h_b the same with p and q exchanged and -D for D; R, D, m, p and q as in `uniform`.
fn uniform<T: Scalar>(a: T, b: T, at: Point<T>) -> (T, T) {
    let mut d = T::from(expansion::offset(a.re(), b.re(), at.re()));
    if T::ORDER > 0 {
        d = (at.ln_x - at.ln_y - a.ln() + b.ln()).with_re(d.re());
    }
    let [of_a, of_b] = uniform_sums(a, b, d, 1.0);
    (of_a.over(a), -of_b.over(b))
}

/// a h_a - 1 and -b h_b - 1 at D by the expansion: what is left of the slopes of D, for whose mean they are 0.
pub(super) fn beyond_uniform_means<T: Scalar>(a: T, b: T, d: T) -> [T; 2] {
    uniform_sums(a, b, d, 0.0)
}

/// a h_a and -b h_b, or what they are beyond 1 if that is 0 instead of the 1 that both begin with.
fn uniform_sums<T: Scalar>(a: T, b: T, d: T, first: f64) -> [T; 2] {
    let s = a + b;
    let (p, q) = (a.over(s), b.over(s));
    let m = a * q;
    let (length, powers) = (expansion::length(m.re(), d.re()), expansion::powers(m.re()));
    // x as a series in D: x' = x (1 - x)
    let mut x = [T::from(0.0); LENGTH];
    x[0] = p;
    x[1] = p * q;
    let skew = q - p;
    for n in 2..length {
        let mut square = if n % 2 == 0 { T::from(0.0) } else { x[n / 2] * x[n / 2] * 0.5 };
        for i in 1..n / 2 {
            square += x[i] * x[n - 1 - i];
        }
        x[n] = (x[n - 1] * skew - square * 2.0) * (1.0 / n as f64);
    }
    // both as series in D, on which both recurrences are the same
    let mut h = [[T::from(0.0); 2]; LENGTH];
    h[0] = [T::from(1.0); 2];
    let (over_p, over_q) = (p.recip(), q.recip());
    for n in 1..length {
        let term = x[n] * (1.0 / (n as f64 + 1.0));
        h[n] = [-term * over_q, term * over_p];
    }
    let half = (p - q) * 0.5;
    expansion::times_r(&mut h[..length], half);
    let mut sum = h;
    sum[0] = [T::from(first); 2];
    let inverse_m = m.recip();
    let mut left = length;
    for _ in 1..powers {
        if left <= 3 {
            break;
        }
        left -= 2;
        for n in 0..left {
            h[n] = h[n + 2].map(|h| h * inverse_m * (n as f64 + 2.0));
        }
        expansion::times_r(&mut h[..left], half);
        for n in 0..left {
            for l in 0..2 {
                sum[n][l] += h[n][l];
            }
        }
    }
    sum[..length].iter().rev().fold([T::from(0.0); 2], |sum, h| [sum[0] * d + h[0], sum[1] * d + h[1]])
}

#[cfg(test)]
mod tests {
    use super::{Point, constants, expansion, gradient, uniform};
    use crate::scalar::{Jet, Scalar};

    /// The series and the fraction against the uniform expansion, where either serves.
    #[test]
    fn formulas_agree_around_the_mean() {
        let mut worst = [(0.0f64, 0.0, 0.0, 0.0); 2];
        for m in [16.5, 30.0, 45.0, 59.0] {
            for skew in [1e-6f64, 1e-3, 0.1, 0.3, 0.5, 0.7, 0.97, 0.9999, 0.999_999_9] {
                // m = a b / (a + b), skew = a / (a + b)
                let (a, b) = (m / (1.0 - skew), m / skew);
                for offset in [-0.69, -0.4, -0.1, -1e-3, 1e-9, 0.02, 0.2, 0.6] {
                    let [x, y] = Jet::<f64, 2>::variables([a, b]);
                    let theta = Jet { re: (a / b).ln() + offset, eps: [0.9 / a, -0.9 / b] };
                    let at = Point::from_logit(theta);
                    assert!(expansion::offset(a, b, at.re()).abs() < 0.7);
                    let by_series = gradient(x, y, at, |swap| constants(x, y, swap));
                    let by_expansion = uniform(x, y, at);
                    for (got, want) in [(by_series.0, by_expansion.0), (by_series.1, by_expansion.1)] {
                        // with relative changes of the shapes
                        let Jet { re: value, eps: [in_a, in_b] } = (got - want) * (1.0 / want.re());
                        let (value, slope) = (value.abs(), (in_a * a).abs().max((in_b * b).abs()));
                        for (worst, error) in worst.iter_mut().zip([value, slope]) {
                            if error.is_nan() || error > worst.0 {
                                *worst = (error, a, b, offset);
                            }
                        }
                    }
                }
            }
        }
        std::println!("value {:?}, slope {:?}", worst[0], worst[1]);
        assert!(worst[0].0 < 1e-13 && worst[1].0 < 1e-13);
    }
}
