//! Sobol's points, scrambled.

use crate::noise::{GOLDEN, mix};
use alloc::vec::Vec;

/// The number of bits of an index: 2^32 points.
const BITS: usize = 32;

/// Dimensions beyond which coordinates are pseudo-random.
pub const MOST_DIMENSIONS: usize = 1024;

/// Sobol's points, with Owen's scrambling by hash: every randomization is an independent estimate, and its points fill
/// the cube evenly.
///
/// Direction numbers come from Sobol's recurrence, a primitive polynomial a dimension in order of degree, with initial
/// numbers at random: under scrambling they vary as tabulated ones do. The first 52 bits of a coordinate are scrambled;
/// there are 2^32 points and [`MOST_DIMENSIONS`] dimensions.
///
/// Source: Sobol 1967; Owen 1995; Laine & Karras 2011 and Burley 2020 (scrambling by hash).
///
/// ```
/// use reparam::program::Sobol;
/// // of 2^10 points each cell of width 2^-10 has one, in every dimension
/// let mut points = Sobol::new(7);
/// let mut cells = [false; 1024];
/// for _ in 0..1024 {
///     cells[(points.coordinate(5) * 1024.0) as usize] = true;
///     points.advance();
/// }
/// assert!(cells.iter().all(|c| *c));
/// ```
#[derive(Clone, Debug)]
pub struct Sobol {
    directions: Directions,
    seed: u64,
    index: u32,
    /// Gray-code states and scrambling seeds of the coordinates used so far.
    state: Vec<u32>,
    seeds: Vec<u64>,
}

impl Sobol {
    /// The points of a randomization, at the first one.
    pub fn new(seed: u64) -> Self {
        Sobol { directions: Directions::default(), seed: 0, index: 0, state: Vec::new(), seeds: Vec::new() }
            .restarted(seed)
    }

    /// Those of another randomization, at the first one.
    pub fn restart(&mut self, seed: u64) {
        self.seed = mix(seed ^ 0x50b0_1000_0000_0001);
        self.index = 0;
        self.state.fill(0);
        for (d, s) in self.seeds.iter_mut().enumerate() {
            *s = scrambling(self.seed, d);
        }
    }

    fn restarted(mut self, seed: u64) -> Self {
        self.restart(seed);
        self
    }

    /// Goes to the next point.
    #[inline]
    pub fn advance(&mut self) {
        self.index = self.index.wrapping_add(1);
        let bit = (self.index.trailing_zeros() as usize).min(BITS - 1);
        for (x, v) in self.state.iter_mut().zip(&self.directions.rows) {
            *x ^= v[bit];
        }
    }

    /// Coordinate d of the point, in (0, 1): 52 bits and a half.
    #[inline]
    pub fn coordinate(&mut self, d: usize) -> f64 {
        super::antithetic::open_unit(self.word(d))
    }

    /// The same as a fraction of 2^64.
    #[inline(always)]
    pub(super) fn word(&mut self, d: usize) -> u64 {
        if d >= self.state.len() {
            self.grow(d);
        }
        owen(u64::from(self.state[d]) << 32, self.seeds[d])
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, d: usize) {
        let gray = self.index ^ (self.index >> 1);
        for d in self.state.len()..=d {
            let v = self.directions.of(d);
            let bits = (0..BITS).filter(|j| gray >> j & 1 == 1);
            self.state.push(bits.fold(0, |x, j| x ^ v[j]));
            self.seeds.push(scrambling(self.seed, d));
        }
    }
}

/// The seed of a dimension's scrambling.
fn scrambling(seed: u64, d: usize) -> u64 {
    mix(seed.wrapping_add((d as u64 + 1).wrapping_mul(GOLDEN)))
}

/// Nested uniform scrambling: every bit is flipped by a hash of the bits above it, which multiplications and sums do to
/// reversed bits.
#[inline(always)]
fn owen(x: u64, seed: u64) -> u64 {
    let mut n = x.reverse_bits();
    // each step lets a bit depend on lower ones only: x ^ x even, sums, products with odd numbers; the constants are any even ones
    n ^= n.wrapping_mul(0x6c50_b47c_8e1d_3a96);
    n = n.wrapping_add(seed);
    n = n.wrapping_mul((seed >> 32) | 1);
    n ^= n.wrapping_mul(0xb82f_1e52_5a6f_0c3e);
    n ^= n.wrapping_mul(0x2f9a_c741_d5e8_b06a);
    n.reverse_bits()
}

/// Direction numbers, dimension after dimension as they are needed.
#[derive(Clone, Debug, Default)]
struct Directions {
    rows: Vec<[u32; BITS]>,
    /// The degree and the inner coefficients of the last polynomial.
    degree: u32,
    inner: u32,
}

impl Directions {
    fn of(&mut self, d: usize) -> [u32; BITS] {
        while self.rows.len() <= d {
            let row = match self.rows.len() {
                0 => core::array::from_fn(|j| 1 << (31 - j)),
                n => {
                    self.next_polynomial();
                    recurrence(self.degree, self.inner, n as u64)
                }
            };
            self.rows.push(row);
        }
        self.rows[d]
    }

    /// The next primitive polynomial, by degree and coefficients.
    fn next_polynomial(&mut self) {
        loop {
            if self.degree == 0 || self.inner + 1 == 1 << (self.degree - 1) {
                (self.degree, self.inner) = (self.degree + 1, 0);
            } else {
                self.inner += 1;
            }
            if is_primitive(self.degree, self.inner) {
                return;
            }
        }
    }
}

/// Sobol's recurrence from the polynomial's initial numbers, which are odd and at random.
fn recurrence(degree: u32, inner: u32, d: u64) -> [u32; BITS] {
    let (s, mut v) = (degree as usize, [0u32; BITS]);
    for j in 0..BITS {
        v[j] = if j < s {
            let m = (mix(d.wrapping_mul(GOLDEN) ^ j as u64) as u32 & ((1 << (j + 1)) - 1)) | 1;
            m << (31 - j)
        } else {
            let taps = (1..s).filter(|k| inner >> (s - 1 - k) & 1 == 1).fold(0, |x, k| x ^ v[j - k]);
            v[j - s] ^ (v[j - s] >> s) ^ taps
        };
    }
    v
}

/// Whether x^s + inner coefficients + 1 is primitive over two elements: x has the order 2^s - 1.
fn is_primitive(s: u32, inner: u32) -> bool {
    if s == 1 {
        return true;
    }
    let polynomial = 1u64 << s | u64::from(inner) << 1 | 1;
    let product = |x: u64, mut y: u64| {
        let mut z = 0;
        for i in 0..s {
            if x >> i & 1 == 1 {
                z ^= y;
            }
            y <<= 1;
            if y >> s & 1 == 1 {
                y ^= polynomial;
            }
        }
        z
    };
    let power = |mut n: u64| {
        let (mut x, mut z) = (2, 1);
        while n > 0 {
            if n & 1 == 1 {
                z = product(z, x);
            }
            x = product(x, x);
            n >>= 1;
        }
        z
    };
    let order = (1u64 << s) - 1;
    let is_prime = |q: &u64| (2..*q).take_while(|r| r * r <= *q).all(|r| !q.is_multiple_of(r));
    power(order) == 1
        && (2..=order).filter(|q| order.is_multiple_of(*q)).filter(is_prime).all(|q| power(order / q) != 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    // a wrong recurrence or polynomial: then some cells have two of the points and others none
    #[test]
    fn one_point_in_each_cell_of_every_dimension() {
        let mut points = Sobol::new(3);
        let dimensions = 300;
        let mut cells = std::vec![0u64; dimensions * 16];
        for _ in 0..1024 {
            for d in 0..dimensions {
                let cell = (points.coordinate(d) * 1024.0) as usize;
                cells[d * 16 + cell / 64] |= 1 << (cell % 64);
            }
            points.advance();
        }
        assert!(cells.iter().all(|c| *c == u64::MAX));
    }

    // the first two dimensions are a (0, m, 2)-net: every dyadic rectangle of area 2^-10 has one of 2^10 points, scrambled or not
    #[test]
    fn the_first_two_dimensions_are_a_net() {
        for seed in 0..5 {
            for split in 0..=10u32 {
                let mut points = Sobol::new(seed);
                let mut seen = std::vec![false; 1024];
                for _ in 0..1024 {
                    let (x, y) = (points.coordinate(0), points.coordinate(1));
                    let cell = ((x * f64::from(1u32 << split)) as usize) << (10 - split)
                        | (y * f64::from(1u32 << (10 - split))) as usize;
                    assert!(!std::mem::replace(&mut seen[cell], true), "{seed} {split}");
                    points.advance();
                }
            }
        }
    }

    // scrambling with a bias, or that leaves pairs of dimensions dependent
    #[test]
    fn randomizations_are_uniform() {
        let n = 4000;
        let (mut mean, mut product) = ([0.0; 3], 0.0);
        for seed in 0..n {
            let mut points = Sobol::new(seed);
            let u = [points.coordinate(0), points.coordinate(1), points.coordinate(40)];
            (0..3).for_each(|i| mean[i] += u[i] / n as f64);
            product += (u[0] - 0.5) * (u[2] - 0.5) / n as f64;
        }
        // standard deviations 1/sqrt(12) and 1/12
        let se = 1.0 / (n as f64).sqrt();
        assert!(mean.iter().all(|m| (m - 0.5).abs() < 5.0 * 0.2887 * se), "{mean:?}");
        assert!(product.abs() < 5.0 / 12.0 * se, "{product}");
    }
}
