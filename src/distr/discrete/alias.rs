//! Walker's alias method.

use super::Cells;
use rand::{Rng, RngExt};

/// A cell of the table: keep it if 64 random bits are below the threshold, else take the alias.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Column {
    keep: u64,
    alias: usize,
}

/// 2^64
const SCALE: f64 = 18_446_744_073_709_551_616.0;

/// The table of probabilities that sum to 1 (Vose 1991, "A linear algorithm for generating random numbers with a given
/// distribution", IEEE Trans. Softw. Eng. 17).
///
/// A cell of probability 0 is never kept and never an alias: no draw is one.
pub(crate) fn table<C: Cells>(p: &C, probability: impl Fn(&C::Entry) -> f64) -> C::Like<Column> {
    let entries = p.as_ref();
    let n = entries.len();
    let mut columns = p.like(Column { keep: u64::MAX, alias: 0 });
    let mut height = p.like(0.0);
    // a worklist from both ends: columns that are too low from the front, too high ones from the back
    let mut work = p.like(0usize);
    let (table, height, work) = (columns.as_mut(), height.as_mut(), work.as_mut());
    let (mut low, mut high, mut tallest) = (0, n, 0);
    for (i, entry) in entries.iter().enumerate() {
        height[i] = probability(entry) * n as f64;
        table[i].alias = i;
        if height[i] > height[tallest] {
            tallest = i;
        }
        if height[i] < 1.0 {
            work[low] = i;
            low += 1;
        } else {
            high -= 1;
            work[high] = i;
        }
    }
    // low columns done so far, and the high one that is being used up
    let mut done = 0;
    while done < low && high < n {
        let (i, donor) = (work[done], work[high]);
        done += 1;
        table[i] = Column { keep: (height[i] * SCALE) as u64, alias: donor };
        height[donor] -= 1.0 - height[i];
        if height[donor] < 1.0 {
            // it joins the low ones: there is room, for one of them is done
            high += 1;
            work[low] = donor;
            low += 1;
        }
    }
    // what rounding has left over is full, or empty
    for &i in &work[done..low] {
        if height[i] < 0.5 {
            table[i] = Column { keep: 0, alias: tallest };
        }
    }
    columns
}

/// A cell, from 64 random bits that choose a column and what to do with it.
#[inline]
pub(crate) fn draw<R: Rng + ?Sized>(table: &[Column], rng: &mut R) -> usize {
    let product = u128::from(rng.random::<u64>()) * table.len() as u128;
    let i = (product >> 64) as usize;
    // the low half is uniform too, to within the number of columns over 2^64
    let Column { keep, alias } = table[i];
    if (product as u64) < keep { i } else { alias }
}
