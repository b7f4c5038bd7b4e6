//! Storage for as many numbers as a law has outcomes: arrays, or vectors where there is a heap.

/// One number for each cell of a categorical law: an array, or with the feature `alloc` a `Vec`.
///
/// ```
/// use reparam::distr::Cells;
/// assert_eq!([1.0, 2.0, 3.0].like(0u64), [0, 0, 0]);
/// ```
pub trait Cells: AsRef<[Self::Entry]> + AsMut<[Self::Entry]> + Clone + core::fmt::Debug {
    /// What a cell holds.
    type Entry: Copy + core::fmt::Debug;

    /// The same storage with other entries.
    type Like<T: Copy + core::fmt::Debug>: Cells<Entry = T>;

    /// As many cells, each with this entry.
    fn like<T: Copy + core::fmt::Debug>(&self, entry: T) -> Self::Like<T>;
}

impl<E: Copy + core::fmt::Debug, const K: usize> Cells for [E; K] {
    type Entry = E;
    type Like<T: Copy + core::fmt::Debug> = [T; K];

    fn like<T: Copy + core::fmt::Debug>(&self, entry: T) -> [T; K] {
        [entry; K]
    }
}

#[cfg(feature = "alloc")]
impl<E: Copy + core::fmt::Debug> Cells for alloc::vec::Vec<E> {
    type Entry = E;
    type Like<T: Copy + core::fmt::Debug> = alloc::vec::Vec<T>;

    fn like<T: Copy + core::fmt::Debug>(&self, entry: T) -> alloc::vec::Vec<T> {
        alloc::vec![entry; self.len()]
    }
}
