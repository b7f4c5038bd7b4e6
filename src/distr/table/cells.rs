//! Piecewise polynomials on cells that are cut by the leading bits of a double.

use super::chebyshev::{Chebyshev, evaluate_by_parts, rescaled};

/// Coefficients of a cell's polynomial: degree 9.
const TERMS: usize = 10;

/// Terms of the Taylor polynomials from which those of cells are made.
pub(super) const TAYLOR: usize = 17;

/// Row n: what x^n less its multiple of T_n, the smallest on [-1, 1], has of lower powers.
const ECONOMY: [[f64; TAYLOR]; TAYLOR] = {
    let mut powers = [[0.0; TAYLOR]; TAYLOR];
    powers[0][0] = 1.0;
    powers[1][1] = 1.0;
    let mut rows = [[0.0; TAYLOR]; TAYLOR];
    let mut n = 2;
    while n < TAYLOR {
        let mut k = 0;
        while k <= n {
            let shifted = if k > 0 { powers[n - 1][k - 1] } else { 0.0 };
            powers[n][k] = 2.0 * shifted - powers[n - 2][k];
            k += 1;
        }
        let mut k = 0;
        while k < n {
            rows[n][k] = -powers[n][k] / powers[n][n];
            k += 1;
        }
        n += 1;
    }
    rows
};

/// Takes multiples of Chebyshev's polynomials away from the top down to degree 9.
fn economized(mut c: [f64; TAYLOR]) -> [f64; TERMS] {
    for n in (TERMS..TAYLOR).rev() {
        let top = c[n];
        for k in (n % 2..n).step_by(2) {
            c[k] += top * ECONOMY[n][k];
        }
    }
    core::array::from_fn(|k| c[k])
}

/// M functions of a positive variable on at most N cells [2^e (1 + j/2^k), 2^e (1 + (j + 1)/2^k)), each around its
/// middle.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cells<const M: usize, const N: usize> {
    /// The leading bits of the first cell.
    first: u64,
    count: usize,
    /// How many bits are inside of a cell.
    shift: u32,
    polynomials: [[[f64; TERMS]; M]; N],
}

impl<const M: usize, const N: usize> Cells<M, N> {
    /// No cells: there is no table.
    pub const EMPTY: Self = Cells { first: 0, count: 0, shift: 52, polynomials: [[[0.0; TERMS]; M]; N] };

    /// The functions on [low, high], or on as much of it, from above, as there are cells for: 2^`bits` cells an octave.
    pub fn new(low: f64, high: f64, bits: u32, f: impl Fn(f64) -> [f64; M]) -> Self {
        Self::of_polynomials(low, high, bits, |middle, half| {
            let values = Chebyshev::<TERMS>::NODES.map(|x| f(middle + half * x));
            core::array::from_fn(|m| Chebyshev::interpolated(values.map(|v| v[m])))
        })
    }

    /// The same from Taylor's polynomials: coefficients of ((x - middle)/half)^n from the middle and half of the width
    /// of a cell.
    pub fn by_taylor(low: f64, high: f64, bits: u32, f: impl Fn(f64, f64) -> [[f64; TAYLOR]; M]) -> Self {
        Self::of_polynomials(low, high, bits, |middle, half| f(middle, half).map(economized))
    }

    fn of_polynomials(low: f64, high: f64, bits: u32, f: impl Fn(f64, f64) -> [[f64; TERMS]; M]) -> Self {
        let shift = 52 - bits;
        let last = high.to_bits() >> shift;
        let first = (low.to_bits() >> shift).max((last + 1).saturating_sub(N as u64));
        let mut cells = Cells { first, shift, count: (last + 1 - first) as usize, ..Self::EMPTY };
        for i in 0..cells.count {
            let (low, middle) = cells.cell(i);
            cells.polynomials[i] = f(middle, middle - low).map(|c| rescaled(c, middle - low));
        }
        cells
    }

    /// The lower end of the first cell and the upper end of the last.
    #[cfg(test)]
    fn ends(&self) -> [f64; 2] {
        [self.first, self.first + self.count as u64].map(|bits| f64::from_bits(bits << self.shift))
    }

    /// The same functions in another order, times a factor.
    pub fn reordered(mut self, order: [usize; M], factor: f64) -> Self {
        for polynomials in &mut self.polynomials {
            *polynomials = order.map(|m| polynomials[m].map(|c| factor * c));
        }
        self
    }

    /// A cell's lower end and its middle.
    fn cell(&self, i: usize) -> (f64, f64) {
        let bits = (self.first + i as u64) << self.shift;
        (f64::from_bits(bits), f64::from_bits(bits | (1 << (self.shift - 1))))
    }

    /// The first `m` functions at x, the others 0; `None` outside of the cells.
    #[inline(always)]
    pub fn at(&self, x: f64, m: usize) -> Option<[f64; M]> {
        let bits = x.to_bits();
        let i = (bits >> self.shift).wrapping_sub(self.first) as usize;
        if i >= self.count {
            return None;
        }
        let polynomials = self.polynomials.get(i)?;
        let middle = f64::from_bits((bits >> self.shift << self.shift) | (1 << (self.shift - 1)));
        let mut values = [0.0; M];
        for (value, polynomial) in values.iter_mut().zip(polynomials).take(m) {
            *value = evaluate_by_parts(polynomial, x - middle);
        }
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A polynomial of degree 9 is itself but for the rounding of values, a hundredfold where it triples over a cell; a
    /// logarithm is one to the last digits.
    #[test]
    fn interpolates() {
        let of = |x: f64| [(1.0 + x) * x.powi(8) + 3.0, x.ln()];
        let cells = Cells::<2, 40>::new(0.5, 7.9, 3, of);
        assert_eq!(cells.ends(), [0.5, 8.0]);
        for i in 0..1000 {
            let x = 0.5 + 7.4 * f64::from(i) / 1000.0;
            let (got, want) = (cells.at(x, 2).unwrap(), of(x));
            assert!((got[0] / want[0] - 1.0).abs() < 3e-14, "{x}: {got:?} {want:?}");
            assert!((got[1] - want[1]).abs() < 6e-15, "{x}: {got:?} {want:?}");
            assert_eq!(cells.at(x, 1).unwrap(), [got[0], 0.0]);
        }
        for outside in [0.49, 8.0, 0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(cells.at(outside, 2), None);
        }
        assert_eq!(Cells::<1, 4>::EMPTY.at(1.0, 1), None);
    }

    /// e^x.
    #[test]
    fn from_taylor() {
        let cells = Cells::<1, 24>::by_taylor(1.0, 7.9, 3, |middle, half| {
            let mut term = middle.exp();
            [core::array::from_fn(|n| {
                if n > 0 {
                    term *= half / n as f64;
                }
                term
            })]
        });
        for i in 0..1000 {
            let x = 1.0 + 6.9 * f64::from(i) / 1000.0;
            assert!((cells.at(x, 1).unwrap()[0] / x.exp() - 1.0).abs() < 2e-15, "{x}");
        }
    }

    /// Where there are more cells than fit, those at the lower end are left out.
    #[test]
    fn too_many_cells() {
        let cells = Cells::<1, 8>::new(1e-3, 1.9, 3, |x| [x]);
        assert_eq!(cells.ends(), [1.0, 2.0]);
    }
}
