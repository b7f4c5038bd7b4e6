//! Forms whose draws come in lanes.

use super::{ExpOf, Placed, Standard, Tabled};
use crate::distr::in_lanes::{FirstOrder, in_blocks, place};
use crate::distr::table::Table;
use crate::noise::Lanes;
use crate::noise::lanes::elementary::times_exp;

/// A standard law without shapes whose draws come in lanes.
pub(crate) trait StandardInLanes {
    /// Draws into a slice.
    fn fill(lanes: &mut Lanes, out: &mut [f64]);
}

/// A standard law with a table whose draws come in lanes.
pub(crate) trait TabledInLanes<S: FirstOrder<N>, T: Table, const N: usize>: Tabled<S, T> {
    /// So many draws, each with its number.
    fn draw_in_lanes(&self, table: &T, lanes: &mut Lanes, draws: usize, each: impl FnMut(usize, Self::Draw));
}

/// A form whose draws come in lanes.
pub(crate) trait FormInLanes<S: FirstOrder<N>, const N: usize> {
    /// Values and partials into slices.
    fn fill(&self, lanes: &mut Lanes, values: &mut [f64], partials: &mut [&mut [f64]; N]);
}

impl<S: FirstOrder<N>, K: Standard<S> + StandardInLanes, const N: usize> FormInLanes<S, N> for Placed<S, K> {
    fn fill(&self, lanes: &mut Lanes, values: &mut [f64], partials: &mut [&mut [f64]; N]) {
        in_blocks(values, partials, |values, partials| {
            K::fill(lanes, values);
            place(self.location, self.scale, values, partials);
        });
    }
}

impl<S: FirstOrder<N>, K: Standard<S> + StandardInLanes, const N: usize> FormInLanes<S, N> for ExpOf<S, K> {
    /// Of x = c e^y the derivatives are x (dc/c + dy): the first is a location of the second.
    fn fill(&self, lanes: &mut Lanes, values: &mut [f64], partials: &mut [&mut [f64]; N]) {
        let ln = &self.ln;
        let (factor, location) = match self.factor {
            None => (1.0, ln.location),
            Some(c) => {
                let location = ln.location.unwrap_or(S::from(0.0));
                (c.re(), Some(location + (c / c.re()).with_re(0.0)))
            }
        };
        in_blocks(values, partials, |values, mut partials| {
            K::fill(lanes, values);
            place(location, ln.scale, values, partials.each_mut().map(|slice| &mut **slice));
            for x in &mut *values {
                *x = times_exp(factor, *x);
            }
            for slice in partials {
                for (partial, x) in slice.iter_mut().zip(&*values) {
                    // as in lone draws, no derivatives of infinity
                    *partial = if *x < f64::INFINITY { *partial * x } else { 0.0 };
                }
            }
        });
    }
}
