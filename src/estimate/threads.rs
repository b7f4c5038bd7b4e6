//! Work on all threads of rayon's current pool.

use alloc::vec::Vec;
use core::ops::Range;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// `f` of each number, in their order.
///
/// What rayon makes of a closure is several functions: here it is one closure for all programs, which are called through it.
pub(super) fn map<T: Send>(numbers: Range<u64>, f: &(impl Fn(u64) -> T + Sync + ?Sized)) -> Vec<T> {
    let results: Vec<Mutex<Option<T>>> = numbers.clone().map(|_| Mutex::new(None)).collect();
    each(results.len(), &|k| {
        let result = f(numbers.start + k as u64);
        *results[k].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    });
    results.into_iter().filter_map(|x| x.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

fn each(count: usize, f: &(dyn Fn(usize) + Sync)) {
    (0..count).into_par_iter().for_each(f);
}
