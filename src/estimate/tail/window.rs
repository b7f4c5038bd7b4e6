//! Samples near the edge of a tail: what derivatives are there on average, and how many samples there are.

use super::losses::Row;
use core::array;

/// The least number of samples in a window.
const FEWEST: usize = 8;

/// Something of each sample as a parabola in its result, by least squares in a window around `at`: what it is there,
/// and its slope. The bias is of the order of width⁴, as the parabola takes what is of lower order.
pub(super) struct Parabola<const N: usize> {
    at: f64,
    width: f64,
    /// The inverse of the matrix of the moments, of distances in widths.
    inverse: [[f64; 3]; 3],
    /// Constant, linear, quadratic coefficients.
    coefficients: [[f64; 3]; N],
    /// f'/f, f the density of the results.
    pub log_slope: f64,
    /// The number of samples.
    pub count: usize,
}

impl<const N: usize> Parabola<N> {
    /// `None` if there are too few samples.
    pub fn fit(rows: &[Row<N>], at: f64, width: f64, y: impl Fn(&Row<N>) -> [f64; N]) -> Option<Self> {
        let (mut s, mut t, mut count) = ([0.0; 5], [[0.0; 3]; N], 0);
        for row in rows {
            let d = (row.value - at) / width;
            let w = epanechnikov(d);
            if w == 0.0 {
                continue;
            }
            count += 1;
            let mut power = w;
            for k in 0..5 {
                s[k] += power;
                if k < 3 {
                    t.iter_mut().zip(y(row)).for_each(|(t, y)| t[k] += power * y);
                }
                power *= d;
            }
        }
        if count < FEWEST {
            return None;
        }
        let inverse = inverse([[s[0], s[1], s[2]], [s[1], s[2], s[3]], [s[2], s[3], s[4]]])?;
        let coefficients = t.map(|t| array::from_fn(|i| (0..3).map(|j| inverse[i][j] * t[j]).sum()));
        // the mean distance is f'/f times the kernel's second moment, 1/5
        let log_slope = 5.0 * s[1] / (s[0] * width);
        Some(Parabola { at, width, inverse, coefficients, log_slope, count })
    }

    /// What it is at the edge.
    pub fn value(&self) -> [f64; N] {
        self.coefficients.map(|c| c[0])
    }

    /// How it changes there.
    pub fn slope(&self) -> [f64; N] {
        self.coefficients.map(|c| c[1] / self.width)
    }

    /// What a sample adds to the error of the value: its weight times its residual, larger by the freedom that the fit
    /// has taken.
    pub fn influence(&self, row: &Row<N>, y: [f64; N]) -> [f64; N] {
        let d = (row.value - self.at) / self.width;
        let [a, b, c] = self.inverse[0];
        let weight = epanechnikov(d) * (a + d * (b + d * c));
        let count = self.count as f64;
        let up = crate::scalar::math::sqrt(count / (count - 3.0));
        array::from_fn(|i| {
            let [c0, c1, c2] = self.coefficients[i];
            weight * up * (y[i] - (c0 + d * (c1 + d * c2)))
        })
    }
}

/// Epanechnikov's kernel on (-1, 1).
fn epanechnikov(d: f64) -> f64 {
    (0.75 * (1.0 - d * d)).max(0.0)
}

/// Its kin of order 4: second and third moments are 0, so that the bias is of the order of width⁴.
///
/// Source: Gasser, Müller & Mammitzsch 1985.
pub(super) fn of_order_4(d: f64) -> f64 {
    if d.abs() < 1.0 { 15.0 / 32.0 * (1.0 - d * d) * (3.0 - 7.0 * d * d) } else { 0.0 }
}

/// The inverse of a symmetric positive matrix by its cofactors.
fn inverse(m: [[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let cofactor = |i: usize, j: usize| {
        let [(a, b), (c, d)] = [((i + 1) % 3, (j + 1) % 3), ((i + 2) % 3, (j + 2) % 3)];
        m[a][b] * m[c][d] - m[a][d] * m[c][b]
    };
    let determinant: f64 = (0..3).map(|j| m[0][j] * cofactor(0, j)).sum();
    let scale = m[0][0] * m[1][1].max(m[0][0] * 1e-3) * m[2][2].max(m[0][0] * 1e-3);
    // all samples at two places or fewer
    (determinant > 1e-9 * scale).then(|| array::from_fn(|i| array::from_fn(|j| cofactor(j, i) / determinant)))
}
