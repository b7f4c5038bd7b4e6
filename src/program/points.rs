//! Sets of points of the unit cube that are spread more evenly than random ones: Latin hypercubes, strata; Sobol's
//! points have a file of their own.

use super::sobol::{MOST_DIMENSIONS, Sobol};
use crate::noise::{GOLDEN, mix};
use alloc::vec::Vec;

/// Points of the unit cube, one after the other, in as many randomizations as wanted: [`Sobol`], [`Latin`], [`Strata`].
/// Sealed.
pub trait PointSet: sealed::Sealed {
    /// The number of coordinates; what is beyond is random.
    #[doc(hidden)]
    fn dimensions(&self) -> usize;

    /// Goes to the first point of another randomization.
    #[doc(hidden)]
    fn randomize(&mut self, seed: u64);

    /// Goes to the next point.
    #[doc(hidden)]
    fn step(&mut self);

    /// Coordinate d of the point, as a fraction of 2^64.
    #[doc(hidden)]
    fn fraction(&mut self, d: usize) -> u64;
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for Sobol {}

impl PointSet for Sobol {
    #[inline(always)]
    fn dimensions(&self) -> usize {
        MOST_DIMENSIONS
    }
    #[inline(always)]
    fn randomize(&mut self, seed: u64) {
        self.restart(seed);
    }
    #[inline(always)]
    fn step(&mut self) {
        self.advance();
    }
    #[inline(always)]
    fn fraction(&mut self, d: usize) -> u64 {
        self.word(d)
    }
}

/// A place in cell k of n of the unit interval, as a fraction of 2^64.
#[inline(always)]
fn in_cell(k: u64, n: u64, place: u64) -> u64 {
    (((u128::from(k) << 64) | u128::from(place)) / u128::from(n)) as u64
}

/// The random place of a point in its cell, in dimension d.
#[inline(always)]
fn place(seed: u64, index: u64, d: usize) -> u64 {
    mix(mix(seed.wrapping_add(index.wrapping_mul(GOLDEN))).wrapping_add((d as u64 + 1).wrapping_mul(GOLDEN)))
}

/// A Latin hypercube: each of n cells of width 1/n has one of n points, in every dimension; which, is a random
/// permutation a dimension.
///
/// Source: McKay, Beckman & Conover 1979.
///
/// ```
/// use reparam::program::Latin;
/// let mut points = Latin::new(100, 1);
/// let mut cells = [false; 100];
/// for _ in 0..100 {
///     cells[(points.coordinate(3) * 100.0) as usize] = true;
///     points.advance();
/// }
/// assert!(cells.iter().all(|c| *c));
/// ```
#[derive(Clone, Debug)]
pub struct Latin {
    points: u32,
    seed: u64,
    index: u32,
    /// The cells of all points, dimension after dimension as they are needed.
    cells: Vec<Vec<u32>>,
}

impl Latin {
    /// The largest number of points: each dimension keeps four bytes a point.
    pub const MOST_POINTS: u64 = 1 << 24;

    /// The hypercube of this many points, from 1 to [`Latin::MOST_POINTS`] (others are moved there), at the first one.
    pub fn new(points: u64, seed: u64) -> Self {
        let points = points.clamp(1, Self::MOST_POINTS) as u32;
        let mut latin = Latin { points, seed: 0, index: 0, cells: Vec::new() };
        latin.randomize(seed);
        latin
    }

    /// Goes to the next point, and from the last to the first.
    pub fn advance(&mut self) {
        self.index = (self.index + 1) % self.points;
    }

    /// Coordinate d of the point, in (0, 1).
    pub fn coordinate(&mut self, d: usize) -> f64 {
        super::antithetic::open_unit(self.fraction(d))
    }

    /// The permutations of the dimensions up to d, by Fisher & Yates.
    #[cold]
    fn grow(&mut self, d: usize) {
        for d in self.cells.len()..=d {
            let mut cells: Vec<u32> = (0..self.points).collect();
            for i in (1..cells.len()).rev() {
                let word = place(!self.seed, i as u64, d);
                let j = ((u128::from(word) * (i as u128 + 1)) >> 64) as usize;
                cells.swap(i, j);
            }
            self.cells.push(cells);
        }
    }
}

impl sealed::Sealed for Latin {}

impl PointSet for Latin {
    fn dimensions(&self) -> usize {
        MOST_DIMENSIONS
    }
    fn randomize(&mut self, seed: u64) {
        (self.seed, self.index) = (mix(seed ^ 0x1a71_0000_0000_0001), 0);
        self.cells.clear();
    }
    fn step(&mut self) {
        self.advance();
    }
    fn fraction(&mut self, d: usize) -> u64 {
        if d >= self.cells.len() {
            self.grow(d);
        }
        let cell = self.cells[d][self.index as usize];
        in_cell(u64::from(cell), u64::from(self.points), place(self.seed, u64::from(self.index), d))
    }
}

/// A grid over the first K dimensions: a random point in each of its cells.
///
/// ```
/// use reparam::program::Strata;
/// let mut points = Strata::new([3, 4], 1);
/// let mut cells = [[false; 4]; 3];
/// for _ in 0..12 {
///     let [x, y] = [0, 1].map(|d| points.coordinate(d));
///     cells[(x * 3.0) as usize][(y * 4.0) as usize] = true;
///     points.advance();
/// }
/// assert!(cells.as_flattened().iter().all(|c| *c));
/// ```
#[derive(Clone, Debug)]
pub struct Strata<const K: usize> {
    cells: [u32; K],
    seed: u64,
    index: u64,
}

impl<const K: usize> Strata<K> {
    /// The grid of so many cells in each of K dimensions (0 counts as 1), at the first of its points.
    pub fn new(cells: [u32; K], seed: u64) -> Self {
        let mut strata = Strata { cells: cells.map(|c| c.max(1)), seed: 0, index: 0 };
        strata.randomize(seed);
        strata
    }

    /// The number of cells; at most 2^64 - 1.
    pub fn count(&self) -> u64 {
        self.cells.iter().fold(1, |product: u64, c| product.saturating_mul(u64::from(*c)))
    }

    /// Goes to the next point.
    pub fn advance(&mut self) {
        self.index += 1;
    }

    /// Coordinate d of the point, in (0, 1); those beyond the grid are random.
    pub fn coordinate(&mut self, d: usize) -> f64 {
        super::antithetic::open_unit(self.fraction(d))
    }
}

impl<const K: usize> sealed::Sealed for Strata<K> {}

impl<const K: usize> PointSet for Strata<K> {
    fn dimensions(&self) -> usize {
        K
    }
    fn randomize(&mut self, seed: u64) {
        (self.seed, self.index) = (mix(seed ^ 0x57a7_0000_0000_0001), 0);
    }
    fn step(&mut self) {
        self.advance();
    }
    fn fraction(&mut self, d: usize) -> u64 {
        let place = place(self.seed, self.index, d);
        let Some(n) = self.cells.get(d) else { return place };
        let before = self.cells[..d].iter().fold(1, |product: u64, c| product.saturating_mul(u64::from(*c)));
        in_cell(self.index / before % u64::from(*n), u64::from(*n), place)
    }
}
