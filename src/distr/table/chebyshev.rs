//! Polynomials through values at Chebyshev's nodes.

use core::f64::consts::{FRAC_PI_2, PI};

/// Polynomials of T coefficients, T even, on [-1, 1].
pub(super) struct Chebyshev<const T: usize>;

/// cos x = sin(π/2 - x) for x in [0, π], by the series of the sine.
const fn cos(x: f64) -> f64 {
    let y = FRAC_PI_2 - x;
    let (mut sum, mut n) = (1.0, 24.0);
    while n > 1.0 {
        sum = 1.0 - y * y / (n * (n + 1.0)) * sum;
        n -= 2.0;
    }
    y * sum
}

impl<const T: usize> Chebyshev<T> {
    /// cos((2j + 1)π/2T)
    pub const NODES: [f64; T] = {
        let mut nodes = [0.0; T];
        let mut j = 0;
        while j < T / 2 {
            nodes[j] = cos((2 * j + 1) as f64 * PI / (2 * T) as f64);
            nodes[T - 1 - j] = -nodes[j];
            j += 1;
        }
        nodes
    };

    /// Coefficients of powers from values at the nodes, by those of Chebyshev's polynomials T_n = 2x T_(n-1) - T_(n-2).
    const FROM_VALUES: [[f64; T]; T] = {
        let mut powers = [[0.0; T]; T];
        powers[0][0] = 1.0;
        powers[1][1] = 1.0;
        let mut values = [[1.0; T]; T];
        values[1] = Self::NODES;
        let mut n = 2;
        while n < T {
            let mut k = 0;
            while k < T {
                let shifted = if k > 0 { powers[n - 1][k - 1] } else { 0.0 };
                powers[n][k] = 2.0 * shifted - powers[n - 2][k];
                values[n][k] = 2.0 * Self::NODES[k] * values[n - 1][k] - values[n - 2][k];
                k += 1;
            }
            n += 1;
        }
        let mut matrix = [[0.0; T]; T];
        let mut n = 0;
        while n < T {
            let weight = if n == 0 { 1.0 } else { 2.0 } / T as f64;
            let mut k = 0;
            while k <= n {
                let mut j = 0;
                while j < T {
                    matrix[k][j] += weight * powers[n][k] * values[n][j];
                    j += 1;
                }
                k += 1;
            }
            n += 1;
        }
        matrix
    };

    /// The polynomial that has these values at the nodes.
    pub fn interpolated(values: [f64; T]) -> [f64; T] {
        // of what is left of them beside a line, which is small: the weights are large
        let (first, last) = (values[0], values[T - 1]);
        let slope = (first - last) / (2.0 * Self::NODES[0]);
        let middle = 0.5 * first + 0.5 * last;
        let mut rest = values;
        for (rest, x) in rest.iter_mut().zip(&Self::NODES) {
            *rest = (*rest - middle) - slope * x;
        }
        let mut c = Self::FROM_VALUES.map(|row| row.iter().zip(&rest).map(|(weight, v)| weight * v).sum());
        c[0] += middle;
        c[1] += slope;
        c
    }
}

/// The polynomial of x/`scale`.
pub(super) fn rescaled<const T: usize>(mut c: [f64; T], scale: f64) -> [f64; T] {
    let mut power = 1.0;
    for c in &mut c {
        *c *= power;
        power /= scale;
    }
    c
}

/// A polynomial as its even and its odd part, which are computed side by side: compilers have pairs of lanes for that.
#[inline(always)]
pub(super) fn evaluate_by_parts<const T: usize>(c: &[f64; T], t: f64) -> f64 {
    let square = t * t;
    let fourth = square * square;
    let pair = |k: usize| [c[k], c[k + 1]];
    let plus = |a: [f64; 2], b: [f64; 2], x: f64| [a[0] + b[0] * x, a[1] + b[1] * x];
    let four = |k: usize| if k + 2 < T { plus(pair(k), pair(k + 2), square) } else { pair(k) };
    let mut k = (T - 1) / 4 * 4;
    let mut sum = four(k);
    while k > 0 {
        k -= 4;
        sum = plus(four(k), sum, fourth);
    }
    sum[0] + t * sum[1]
}

/// A polynomial by Estrin's scheme, whose chains are short.
#[inline(always)]
pub(super) fn evaluate<const T: usize>(c: &[f64; T], t: f64) -> f64 {
    let square = t * t;
    let fourth = square * square;
    let pair = |k: usize| c[k] + c[k + 1] * t;
    let four = |k: usize| if k + 2 < T { pair(k) + pair(k + 2) * square } else { pair(k) };
    let mut k = (T - 1) / 4 * 4;
    let mut sum = four(k);
    while k > 0 {
        k -= 4;
        sum = four(k) + fourth * sum;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nodes are cosines, and a polynomial of the degree is itself.
    #[test]
    fn reproduces_polynomials() {
        fn check<const T: usize>() {
            for (j, x) in Chebyshev::<T>::NODES.into_iter().enumerate() {
                assert!((x - ((2 * j + 1) as f64 * PI / (2 * T) as f64).cos()).abs() < 4e-16);
            }
            let f = |x: f64| (1.0 - 0.3 * x) * (2.0 + x).powi(T as i32 - 2);
            let c = Chebyshev::<T>::interpolated(Chebyshev::<T>::NODES.map(f));
            for i in -10..=10 {
                let x = f64::from(i) / 10.0;
                let size = 3f64.powi(T as i32 - 2);
                assert!((evaluate(&c, x) - f(x)).abs() < 2e-13 * size, "{x}");
                assert!((evaluate(&rescaled(c, 2.0), 2.0 * x) - f(x)).abs() < 2e-13 * size, "{x}");
                assert!((evaluate_by_parts(&c, x) - f(x)).abs() < 2e-13 * size, "{x}");
            }
        }
        check::<4>();
        check::<10>();
        check::<12>();
    }
}
